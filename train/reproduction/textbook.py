"""Does each group's evidence stand where the literature has its bands? How large are the models?

Two readings: the largest weights (mean over the ten networks of figure 6), and the regions that in
the exported model lift the logit most (patterns.json), which weigh a weight by how much the
spectra with and without the group differ there. Sizes are parameters, and multiply-adds for one
spectrum.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from scipy.signal import find_peaks
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from irclassify.explain.bands import bands_between
from irclassify.model.folder import load_spec
from irclassify.results.patterns import GroupKnowledge, LearnedRegion
from train.arrays import Floats
from train.fit.models import DEFAULT
from train.labels.groups import GROUPS
from train.networks.rieger2023 import average, parameter_count
from train.reproduction.material import CENTRE, FIELD, GRID, Material
from train.settings import ROOT

MODEL = ROOT / "exported" / "rieger2023"
SHOWN = 3
HALF_WINDOW = float(GRID[FIELD - 1] - GRID[0]) / 2

# What the paper's figures show, to be found again: group, low, high, among how many regions.
EXPECTED = [
    ("nitrile", 2200.0, 2280.0, 1),
    ("alkene", 885.0, 1000.0, 4),
    ("alkene", 1600.0, 1680.0, 4),
    ("alkene", 3000.0, 3100.0, 4),
    ("methyl", 2860.0, 3000.0, 1),
]


def compared(material: Material) -> dict[str, Any]:
    """By group: strongest weights and regions with their known bands; and what was expected."""
    learned = {group.name: group for group in load_spec(MODEL).learned.groups}
    profiles = material.weights.max(2).mean(0)
    groups = {
        group: {
            "weights": _weights(group, profiles[i]),
            "regions": [
                _region(learned[group], region) for region in learned[group].regions[:SHOWN]
            ],
            "consistency": learned[group].consistency,
        }
        for i, group in enumerate(GROUPS)
    }
    return {
        "groups": groups,
        "expected": [
            {
                "group": group,
                "low": low,
                "high": high,
                "among": among,
                "regions": _found(learned[group], low, high, among),
                "weights": _stands(profiles[GROUPS.index(group)], low, high, among),
            }
            for group, low, high, among in EXPECTED
        ],
    }


def _region(group: GroupKnowledge, region: LearnedRegion) -> dict[str, Any]:
    """Known when a band of the group lies in the window where the region is strongest."""
    inside = np.flatnonzero((region.from_cm1 <= CENTRE) & (region.to_cm1 >= CENTRE))
    strength = np.abs(np.array(group.lift)[inside])
    peak = float(CENTRE[inside[strength.argmax()]])
    bands = bands_between(peak - HALF_WINDOW, peak + HALF_WINDOW, group.name)
    return {
        "from_cm1": region.from_cm1,
        "to_cm1": region.to_cm1,
        "peak_cm1": peak,
        "lift": region.lift,
        "reads": region.reads,
        "known": bands[0].label if bands and region.reads != "gap" else None,
    }


def strongest(profile: Floats, count: int) -> list[float]:
    """Wavenumbers (cm-1) of the highest maxima of a profile (positions,), highest first."""
    padded = np.pad(profile, 1, constant_values=-np.inf)  # a maximum may stand at the edge
    peaks = find_peaks(padded, distance=4)[0] - 1
    return [float(CENTRE[p]) for p in peaks[np.argsort(-profile[peaks])][:count]]


def _weights(group: str, profile: Floats) -> list[dict[str, Any]]:
    found = []
    for cm1 in strongest(profile, SHOWN):
        bands = bands_between(cm1 - HALF_WINDOW, cm1 + HALF_WINDOW, group)
        found.append({"cm1": cm1, "known": bands[0].label if bands else None})
    return found


def _found(group: GroupKnowledge, low: float, high: float, among: int) -> list[float] | None:
    """The region, among the strongest that want a band, that overlaps ``low`` to ``high``."""
    wanted = [region for region in group.regions if region.reads != "gap"][:among]
    near = (r for r in wanted if r.from_cm1 < high and r.to_cm1 > low)
    return next(([r.from_cm1, r.to_cm1] for r in near), None)


def _stands(profile: Floats, low: float, high: float, among: int) -> float | None:
    """The maximum of the weights, among the strongest, whose window overlaps the range."""
    near = (x for x in strongest(profile, among) if low - HALF_WINDOW < x < high + HALF_WINDOW)
    return next(near, None)


PUBLISHED = [
    {"model": "Rieger et al. 2023", "parameters": 28_845},
    {"model": "Jung et al. 2023", "parameters": 64_000_000},
]


def sizes(material: Material) -> dict[str, Any]:
    """Ours and the published ones."""
    seeds = len(material.networks)
    return {
        "published": PUBLISHED,
        "ours": [
            _row("rieger2023-single", material.networks[0]),
            _row(f"rieger2023 ({seeds} averaged)", average(material.networks)),
            _row("default", DEFAULT.new_network()),
        ],
    }


def _row(name: str, network: nn.Module) -> dict[str, Any]:
    return {
        "model": name,
        "parameters": parameter_count(network),
        "multiply_adds": multiply_adds(network),
    }


def multiply_adds(network: nn.Module) -> int:
    """Of the convolutions and linear layers, for one spectrum; other operations hardly count."""
    counter = FlopCounterMode(display=False)
    with torch.no_grad(), counter:
        network.eval()(torch.zeros(1, len(GRID)))
    return counter.get_total_flops() // 2
