"""Figure 3: what activates each channel most, among the test spectra of the first network.

The paper overlays the 100 fragments and shows five of them. Fragments are parts of copyrighted
spectra: here their quantiles are drawn.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib import pyplot as plt

from irclassify.explain.fragments import shapes_of, width_points
from train.arrays import Floats, Singles
from train.export.patterns import FRAGMENTS, pattern_of, top_fragments
from train.networks.rieger2023 import Rieger2023
from train.reproduction.canvas import BLUE, ORANGE, save, save_csv
from train.reproduction.material import CENTRE, FIELD, GRID, STRIDE, Material

NAME = "fig3_patterns"
SEED = 0
OFFSET = GRID[:FIELD] - GRID[:FIELD].mean()  # cm-1 from the window's middle
QUANTILES = (10, 25, 50, 75, 90)


def draw(material: Material) -> dict[str, Any]:
    """Pattern, quantiles, shape and place of every channel."""
    fragments, places = zip(
        *(fragments_of(material, c) for c in range(Rieger2023.CHANNELS)), strict=True
    )
    _averages(fragments)
    rows = []
    for channel, own in enumerate(fragments):
        bands = np.percentile(own, QUANTILES, 0)
        for i, offset in enumerate(OFFSET):
            rows.append([channel, offset, *bands[:, i]])
    save_csv(["channel", "offset_cm1", *(f"q{q}" for q in QUANTILES)], rows, NAME)
    step = GRID[1] - GRID[0]
    return {
        "network": f"random-{SEED:02d}",
        "test_spectra": len(material.splits[SEED].test),
        "fragments": FRAGMENTS,
        "window_cm1": float(OFFSET[-1] - OFFSET[0]),
        "channels": [
            {
                "channel": channel,
                "shape": most_common(own),
                "width_cm1": width_points(pattern_of(own)) * step,
                "quartiles_cm1": np.percentile(place, [25, 75]).round(0).tolist(),
                "single_windows": shapes_of(own),
            }
            for channel, (own, place) in enumerate(zip(fragments, places, strict=True))
        ],
    }


def fragments_of(material: Material, channel: int) -> tuple[Singles, Floats]:
    """The windows (100, 16) that activate a channel most, one a spectrum, and where (cm-1)."""
    latent = material.test_latent(SEED)[:, channel]
    vectors = material.data.vectors[material.splits[SEED].test]
    fragments, position = top_fragments(vectors, latent.max(1), latent.argmax(1), FIELD, STRIDE)
    return fragments, CENTRE[position]


def most_common(fragments: Singles) -> str:
    """The shape that most fragments have."""
    return next(iter(shapes_of(fragments)))


def _averages(fragments: tuple[Singles, ...]) -> None:
    figure, axes = plt.subplots(2, 4, figsize=(9, 4), sharex=True, sharey=True)
    for channel, (axis, own) in enumerate(zip(axes.flat, fragments, strict=True)):
        low, lower, _, upper, high = np.percentile(own, QUANTILES, 0)
        axis.fill_between(OFFSET, low, high, color=BLUE, alpha=0.15, lw=0, label="10-90 %")
        axis.fill_between(OFFSET, lower, upper, color=BLUE, alpha=0.3, lw=0, label="25-75 %")
        axis.plot(OFFSET, pattern_of(own), color=ORANGE, lw=1.5, label="median")
        axis.set_title(f"channel {channel}: {most_common(own)}")
        axis.set_xlim(OFFSET[-1], OFFSET[0])
    axes[0, 0].legend(frameon=False, fontsize=6, loc="upper left")
    figure.supxlabel("offset from the window's middle / cm$^{-1}$", size=8)
    figure.supylabel("absorbance (highest band = 1)", size=8)
    save(figure, NAME)
