"""Figure 5: every group's classifier as a channel x wavenumber heat map, the literature over it."""

from __future__ import annotations

from typing import Any

import numpy as np

from train.labels.groups import GROUPS
from train.reproduction.canvas import mark_bands, panels, save, save_csv, wavenumbers
from train.reproduction.fig3_patterns import SEED
from train.reproduction.material import CENTRE, STEP, Material

NAME = "fig5_weights"


def draw(material: Material) -> dict[str, Any]:
    """The weights of the network whose patterns figure 3 shows."""
    weights = material.weights[SEED]
    figure, axes = panels()
    extent = (CENTRE[0] - STEP / 2, CENTRE[-1] + STEP / 2, 8.5, -0.5)
    for axis, group, own in zip(axes, GROUPS, weights, strict=True):
        limit = np.abs(own).max()
        # A ninth, empty row keeps the literature's ranges off the channels.
        padded = np.vstack([own, np.zeros(own.shape[1])])[::-1]
        image = axis.imshow(
            padded,
            extent=(extent[0], extent[1], -0.5, 8.5),
            aspect="auto",
            origin="upper",
            cmap="RdBu_r",
            vmin=-limit,
            vmax=limit,
            interpolation="nearest",
        )
        image.set_rasterized(True)
        mark_bands(axis, group)
        axis.set_title(f"{group}  (±{limit:.2f})")
        axis.set_yticks(range(0, 8, 2))
        wavenumbers(axis, extent[0], extent[1], label=False)
    figure.supylabel("channel", size=8)
    figure.supxlabel("wavenumber / cm$^{-1}$", size=8)
    save(figure, NAME)
    rows = (
        [group, channel, *own[channel].round(3)]
        for group, own in zip(GROUPS, weights, strict=True)
        for channel in range(own.shape[0])
    )
    save_csv(["group", "channel", *(f"{x:.1f}" for x in CENTRE)], rows, NAME)
    return {"largest": float(np.abs(weights).max())}
