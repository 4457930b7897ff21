"""Figure 4: the alkene classifier between 1350 and 1950 cm-1, each channel's pattern beside it."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib import pyplot as plt

from irclassify.explain.bands import bands_of
from train.export.patterns import pattern_of
from train.labels.groups import GROUPS
from train.networks.rieger2023 import Rieger2023
from train.reproduction.canvas import GREEN, ORANGE, save, save_csv, save_json
from train.reproduction.fig3_patterns import OFFSET, SEED, fragments_of, most_common
from train.reproduction.material import CENTRE, STEP, Material

NAME = "fig4_alkene"
LOW, HIGH = 1350.0, 1950.0


def draw(material: Material) -> dict[str, Any]:
    """The heat map and the patterns; says where the largest weight stands."""
    inside = np.flatnonzero((CENTRE >= LOW) & (CENTRE <= HIGH))
    weights = material.weights[SEED][GROUPS.index("alkene")][:, inside]
    channels = Rieger2023.CHANNELS
    figure = plt.figure(figsize=(9, 4.5))
    grid = figure.add_gridspec(channels, 3, width_ratios=[8, 2, 1.6])
    heat = figure.add_subplot(grid[:, 0])
    limit = np.abs(weights).max()
    image = heat.imshow(
        weights,
        extent=(CENTRE[inside[0]] - STEP / 2, CENTRE[inside[-1]] + STEP / 2, channels - 0.5, -0.5),
        aspect="auto",
        cmap="RdBu_r",
        vmin=-limit,
        vmax=limit,
        interpolation="nearest",
    )
    image.set_rasterized(True)
    heat.set_xlim(CENTRE[inside[-1]] + STEP / 2, CENTRE[inside[0]] - STEP / 2)
    for band in bands_of("alkene"):
        if band.low < HIGH and band.high > LOW:
            heat.plot([band.low, band.high], [-0.75, -0.75], color=GREEN, lw=4, clip_on=False)
    heat.set_ylim(channels - 0.5, -0.5)
    heat.set(xlabel="wavenumber / cm$^{-1}$", ylabel="channel")
    heat.set_title("alkene: weights, the literature's ranges in green", pad=18)
    figure.colorbar(image, ax=heat, location="left", shrink=0.8)
    for channel in range(channels):
        fragments, _ = fragments_of(material, channel)
        axis = figure.add_subplot(grid[channel, 1])
        axis.plot(OFFSET, pattern_of(fragments), color=ORANGE, lw=1.2)
        axis.set_xlim(OFFSET[-1], OFFSET[0])
        axis.axis("off")
        name = figure.add_subplot(grid[channel, 2])
        name.axis("off")
        name.text(0, 0.5, f"{channel}: {most_common(fragments)}", va="center")
    save(figure, NAME)
    save_csv(
        ["channel", *(f"{x:.1f}" for x in CENTRE[inside])],
        ([c, *row] for c, row in enumerate(weights)),
        NAME,
    )
    channel, position = np.unravel_index(int(weights.argmax()), weights.shape)
    numbers = {
        "largest": float(weights.max()),
        "channel": int(channel),
        "shape": most_common(fragments_of(material, int(channel))[0]),
        "cm1": float(CENTRE[inside[position]]),
    }
    save_json(numbers, NAME)
    return numbers
