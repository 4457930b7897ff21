"""Accuracy against the window of a latent column, and against the number of pair factors."""

from __future__ import annotations

from typing import Any

from matplotlib import pyplot as plt
from matplotlib.axes import Axes

from train.fit.models import DEFAULT
from train.reproduction.canvas import BLUE, ORANGE, save
from train.settings import evaluation_folder

NAME = "trials_curves"
COLOURS = {"gas": BLUE, "condensed": ORANGE}


def draw_curves(results: list[dict[str, Any]], spacing_cm1: float) -> None:
    """Two panels, gas and condensed phase each, from the trials' results."""
    figure, (window, factors) = plt.subplots(1, 2, figsize=(8, 3), sharey=True)
    windows = [r for r in results if r["varies"] == "window"]
    for phase, colour in COLOURS.items():
        for pairs, style in ((True, "o-"), (False, "s--")):
            some = [r for r in windows if bool(r["factors"]) == pairs]
            label = f"{phase}, {'with' if pairs else 'without'} pairs"
            _line(window, [(_cm1(r, spacing_cm1), r) for r in some], phase, style, colour, label)
    usual = [r for r in windows if r["window_points"] == DEFAULT.new_network().receptive_field]
    varied = usual + [r for r in results if r["varies"] == "factors"]
    for phase, colour in COLOURS.items():
        _line(factors, [(r["factors"], r) for r in varied], phase, "o-", colour, phase)
    window.set(xlabel="window of a latent column / cm$^{-1}$", ylabel="molecular perfection")
    factors.set(xlabel="pair factors")
    for axis in (window, factors):
        axis.legend(frameon=False)
    save(figure, NAME, to=evaluation_folder("default"))


def _cm1(result: dict[str, Any], spacing: float) -> float:
    return (result["window_points"] - 1) * spacing


def _line(
    axis: Axes,
    points: list[tuple[float, dict[str, Any]]],
    phase: str,
    style: str,
    colour: str,
    label: str,
) -> None:
    points = sorted(points, key=lambda point: point[0])
    values = [result["tested"][phase]["molecular_perfection"] for _, result in points]
    axis.plot([x for x, _ in points], values, style, color=colour, label=label, markersize=4)
