"""How figures look, and how they and their numbers are stored: the same bytes for the same data."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from irclassify.explain.bands import bands_of
from train.labels.groups import GROUPS
from train.settings import path

# Okabe and Ito 2008: distinguishable for colour-blind readers.
BLUE, ORANGE, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "#777777"

mpl.use("Agg")
mpl.rcParams |= {
    "svg.hashsalt": "irclassify",
    "svg.fonttype": "none",
    "path.simplify": True,
    "font.size": 8,
    "axes.titlesize": 8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.6,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "figure.constrained_layout.use": True,
    "savefig.dpi": 100,
    "savefig.bbox": "tight",
    "savefig.pad_inches": 0.05,
}


def folder() -> Path:
    """Where figures and their numbers go."""
    target = path("exported") / "rieger2023" / "reproduction"
    target.mkdir(parents=True, exist_ok=True)
    return target


def save(figure: Figure, name: str, *, to: Path | None = None) -> None:
    """NAME.svg and NAME.png, without a date."""
    target = to or folder()
    target.mkdir(parents=True, exist_ok=True)
    figure.savefig(target / f"{name}.svg", metadata={"Date": None, "Creator": None})
    figure.savefig(target / f"{name}.png", metadata={"Software": None})
    plt.close(figure)


def save_csv(header: Sequence[str], rows: Iterable[Sequence[Any]], name: str) -> None:
    """NAME.csv; numbers to four significant digits."""
    with (folder() / f"{name}.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(header)
        for row in rows:
            writer.writerow([f"{x:.4g}" if _real(x) else x for x in row])


def panels(**size: Any) -> tuple[Figure, list[Axes]]:
    """A page with an axis for every group; the axes that are left over are blank."""
    figure, axes = plt.subplots(6, 3, figsize=(10, 11), sharex=True, **size)
    flat = list(axes.flat)
    for left_over in flat[len(GROUPS) :]:
        left_over.axis("off")
    for axis in axes[-2, len(GROUPS) % 3 :]:
        axis.tick_params(labelbottom=True)
    return figure, flat[: len(GROUPS)]


def wavenumbers(axis: Axes, low: float, high: float, *, label: bool = True) -> None:
    """The axis as chemists draw it."""
    axis.set_xlim(high, low)
    if label:
        axis.set_xlabel("wavenumber / cm$^{-1}$")


def mark_bands(axis: Axes, group: str) -> None:
    """The literature's ranges of a group as bars along the top, inside the axis."""
    for band in bands_of(group):
        axis.axvspan(band.low, band.high, 0.94, 1.0, color=GREEN, lw=0, zorder=5)


def _real(value: Any) -> bool:
    return isinstance(value, float) or hasattr(value, "dtype")
