"""Figures 4 to 6: what the classifiers weigh, channel by channel, and network by network.

Figure 4: the alkene classifier between 1350 and 1950 cm-1, each channel's pattern beside it. Figure
5: every group's classifier as a channel x wavenumber heat map. Figure 6: do ten networks look at
the same places? The paper shows the largest weight over channels, by position; the number here is
the mean correlation of these profiles between two seeds.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage

from irclassify.explain.bands import bands_of
from train.arrays import Numbers
from train.export import patterns
from train.labels.groups import GROUPS
from train.networks.rieger2023 import Rieger2023
from train.reproduction import canvas
from train.reproduction.fig3_patterns import OFFSET, SEED, fragments_of, most_common
from train.reproduction.material import CENTRE, STEP, Material

LOW, HIGH = 1350.0, 1950.0
CHANNELS = Rieger2023.CHANNELS


def alkene(material: Material) -> dict[str, Any]:
    """The heat map and the patterns; says where the largest weight stands."""
    inside = np.flatnonzero((CENTRE >= LOW) & (CENTRE <= HIGH))
    weights = material.weights[SEED][GROUPS.index("alkene")][:, inside]
    fragments = [fragments_of(material, channel)[0] for channel in range(CHANNELS)]
    figure = plt.figure(figsize=(9, 4.5))
    grid = figure.add_gridspec(CHANNELS, 3, width_ratios=[8, 2, 1.6])
    heat = figure.add_subplot(grid[:, 0])
    left, right = CENTRE[inside[0]] - STEP / 2, CENTRE[inside[-1]] + STEP / 2
    image = _heat_map(heat, weights, (left, right, CHANNELS - 0.5, -0.5))
    heat.set_xlim(right, left)
    for band in bands_of("alkene"):
        if band.low < HIGH and band.high > LOW:
            heat.plot([band.low, band.high], [-0.75] * 2, color=canvas.GREEN, lw=4, clip_on=False)
    heat.set_ylim(CHANNELS - 0.5, -0.5)
    heat.set(xlabel="wavenumber / cm$^{-1}$", ylabel="channel")
    heat.set_title("alkene: weights, the literature's ranges in green", pad=18)
    figure.colorbar(image, ax=heat, location="left", shrink=0.8)
    for channel, own in enumerate(fragments):
        axis = figure.add_subplot(grid[channel, 1])
        axis.plot(OFFSET, patterns.pattern_of(own), color=canvas.ORANGE, lw=1.2)
        axis.set_xlim(OFFSET[-1], OFFSET[0])
        axis.axis("off")
        name = figure.add_subplot(grid[channel, 2])
        name.axis("off")
        name.text(0, 0.5, f"{channel}: {most_common(own)}", va="center")
    canvas.save(figure, "fig4_alkene")
    rows = ([c, *row] for c, row in enumerate(weights))
    canvas.save_csv(["channel", *(f"{x:.1f}" for x in CENTRE[inside])], rows, "fig4_alkene")
    channel, position = np.unravel_index(int(weights.argmax()), weights.shape)
    return {
        "largest": float(weights.max()),
        "channel": int(channel),
        "shape": most_common(fragments[channel]),
        "cm1": float(CENTRE[inside[position]]),
    }


def every_group(material: Material) -> None:
    """The weights of the network whose patterns figure 3 shows."""
    weights = material.weights[SEED]
    figure, axes = canvas.panels()
    left, right = CENTRE[0] - STEP / 2, CENTRE[-1] + STEP / 2
    for axis, group, own in zip(axes, GROUPS, weights, strict=True):
        # A ninth, empty row keeps the literature's ranges off the channels.
        padded = np.vstack([own, np.zeros(own.shape[1])])[::-1]
        _heat_map(axis, padded, (left, right, -0.5, CHANNELS + 0.5))
        canvas.mark_bands(axis, group)
        axis.set_title(f"{group}  (±{np.abs(own).max():.2f})")
        axis.set_yticks(range(0, CHANNELS, 2))
        canvas.wavenumbers(axis, left, right, label=False)
    _finish(figure, "channel", "fig5_weights")
    rows = (
        [group, channel, *own[channel].round(3)]
        for group, own in zip(GROUPS, weights, strict=True)
        for channel in range(CHANNELS)
    )
    canvas.save_csv(["group", "channel", *(f"{x:.1f}" for x in CENTRE)], rows, "fig5_weights")


def consistency(material: Material) -> dict[str, Any]:
    """Mean and standard deviation over seeds, and the correlation between seeds, of every group."""
    profiles = material.weights.max(2)  # (seeds, 17, 209)
    mean, spread = profiles.mean(0), profiles.std(0, ddof=1)
    agreement = {g: patterns.consistency(profiles[:, i]) for i, g in enumerate(GROUPS)}
    figure, axes = canvas.panels()
    for i, (axis, group) in enumerate(zip(axes, GROUPS, strict=True)):
        low, high = mean[i] - spread[i], mean[i] + spread[i]
        axis.fill_between(CENTRE, low, high, color=canvas.BLUE, alpha=0.3, lw=0)
        axis.plot(CENTRE, mean[i], color=canvas.BLUE, lw=0.8)
        axis.set_ylim(top=high.max() + 0.12 * (high.max() - low.min()))
        canvas.mark_bands(axis, group)
        axis.set_title(f"{group}  r = {agreement[group]:.2f}")
        canvas.wavenumbers(axis, CENTRE[0], CENTRE[-1], label=False)
    _finish(figure, "largest weight over channels", "fig6_consistency")
    header = ["cm1", *(f"{g}_{what}" for g in GROUPS for what in ("mean", "sd"))]
    both = np.stack([mean, spread], 2).transpose(1, 0, 2).reshape(len(CENTRE), -1)
    rows = ([x, *row] for x, row in zip(CENTRE, both, strict=True))
    canvas.save_csv(header, rows, "fig6_consistency")
    return {"seeds": len(profiles), "agreement": agreement}


def _heat_map(axis: Axes, weights: Numbers, extent: tuple[float, ...]) -> AxesImage:
    limit = np.abs(weights).max()
    colours = {"cmap": "RdBu_r", "vmin": -limit, "vmax": limit, "interpolation": "nearest"}
    image = axis.imshow(weights, extent=extent, aspect="auto", origin="upper", **colours)
    image.set_rasterized(True)
    return image


def _finish(figure: Figure, label: str, name: str) -> None:
    figure.supylabel(label, size=8)
    figure.supxlabel("wavenumber / cm$^{-1}$", size=8)
    canvas.save(figure, name)
