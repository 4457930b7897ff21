"""Integrated gradients (Sundararajan, Taly & Yan 2017): explains a network that is not a sum.

Along the straight path from a spectrum without any absorption to the measured one. What the points
of a column's cell get is that column's share.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from train.faithfulness.explainers import Evidence, Floats, Found, Geometry, Rows
from train.networks.checkpoint import logits_of

STEPS = 16
BATCH = 16  # spectra at a time, each STEPS times


@dataclass(frozen=True)
class Gradient:
    """Any network, explained by integrated gradients; its ``geometry`` is that of its cells."""

    network: nn.Module
    geometry: Geometry

    def logits(self, vectors: Floats, groups: Rows) -> Floats:
        """See Explainer."""
        return logits_of(self.network, vectors)[np.arange(len(groups)), groups]

    def evidence(self, vectors: Floats, groups: Rows) -> list[Evidence]:
        """See Explainer. Points before the first cell and after the last are left out."""
        first, end = self.geometry.cells((0, self.geometry.positions))
        points = np.concatenate(
            [
                integrated(self.network, vectors[s : s + BATCH], groups[s : s + BATCH])
                for s in range(0, len(vectors), BATCH)
            ]
        )
        columns = points[:, first:end].reshape(len(vectors), -1, self.geometry.stride).sum(2)
        return [Evidence(row) for row in columns]


def integrated(network: nn.Module, vectors: Floats, groups: Rows, steps: int = STEPS) -> Floats:
    """What every point adds to its spectrum's logit, compared with no absorption: (n, points).

    Midpoint rule, in equal steps of the path's square root, in which the square root of two_views
    is straight. Its slope has no end at zero absorption; a point that is zero all along the path
    adds nothing.
    """
    spectra = torch.from_numpy(vectors)
    root = (torch.arange(steps) + 0.5) / steps
    path = (root[:, None, None] ** 2 * spectra).flatten(0, 1).requires_grad_()
    chosen = torch.from_numpy(groups).repeat(steps)
    logits: Tensor = network(path)[0].gather(1, chosen[:, None])
    (slope,) = torch.autograd.grad(logits.sum(), path)
    slope = (2 * root[:, None, None] * slope.reshape(steps, *spectra.shape)).mean(0)
    return torch.nan_to_num(slope * spectra, nan=0.0, posinf=0.0, neginf=0.0).double().numpy()


def best_regions(positions: Floats, widths: Sequence[int]) -> list[Found]:
    """Where columns of these numbers hold most of an attribution (positions,), none twice.

    Gradients change sign from point to point, so runs of one sign would be narrow; this gives
    them the widths of the regions they are compared with.
    """
    running = np.concatenate([[0.0], np.cumsum(positions)])
    free = np.ones(positions.size, bool)
    found = []
    for width in widths:
        sums = running[width:] - running[:-width]
        blocked = np.convolve(~free, np.ones(width), "valid") > 0
        start = int(np.where(blocked, -np.inf, sums).argmax())
        own = slice(start, start + width)
        free[own] = False
        peak = start + int(positions[own].argmax())
        found.append(Found((start, start + width), float(sums[start]), peak))
    return sorted(found, key=lambda each: -each.contribution)
