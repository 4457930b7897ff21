"""Figure 6: do ten networks look at the same places? Largest weight over channels, by position.

The paper shows it; the number here is the mean correlation of these profiles between two seeds.
"""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from train.labels.groups import GROUPS
from train.reproduction.canvas import (
    BLUE,
    mark_bands,
    panels,
    save,
    save_csv,
    save_json,
    wavenumbers,
)
from train.reproduction.material import CENTRE, Material

NAME = "fig6_consistency"


def draw(material: Material) -> dict[str, Any]:
    """Mean and standard deviation over seeds, and the correlation between seeds, of every group."""
    profiles = material.weights.max(2)  # (seeds, 17, 209)
    mean, spread = profiles.mean(0), profiles.std(0, ddof=1)
    agreement = {g: agreement_of(profiles[:, i]) for i, g in enumerate(GROUPS)}
    figure, axes = panels()
    for i, (axis, group) in enumerate(zip(axes, GROUPS, strict=True)):
        low, high = mean[i] - spread[i], mean[i] + spread[i]
        axis.fill_between(CENTRE, low, high, color=BLUE, alpha=0.3, lw=0)
        axis.plot(CENTRE, mean[i], color=BLUE, lw=0.8)
        axis.set_ylim(top=high.max() + 0.12 * (high.max() - low.min()))
        mark_bands(axis, group)
        axis.set_title(f"{group}  r = {agreement[group]:.2f}")
        wavenumbers(axis, CENTRE[0], CENTRE[-1], label=False)
    figure.supylabel("largest weight over channels", size=8)
    figure.supxlabel("wavenumber / cm$^{-1}$", size=8)
    save(figure, NAME)
    header = ["cm1", *(f"{g}_{what}" for g in GROUPS for what in ("mean", "sd"))]
    both = np.stack([mean, spread], 2).transpose(1, 0, 2).reshape(len(CENTRE), -1)
    save_csv(header, ([x, *row] for x, row in zip(CENTRE, both, strict=True)), NAME)
    numbers = {"seeds": len(profiles), "agreement": agreement}
    save_json(numbers, NAME)
    return numbers


def agreement_of(profiles: NDArray[np.floating]) -> float:
    """Mean correlation of two seeds' profiles: (seeds, positions) -> one number."""
    return float(np.mean([np.corrcoef(a, b)[0, 1] for a, b in combinations(profiles, 2)]))
