"""What is examined: a network and how it explainers for a logit, in regions of its columns.

``Additive`` is an exact sum, merged into regions by train.networks.columns; ``Gradient``
(gradient.py) is any network with integrated gradients, merged by the same rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from irclassify.explain.contributions import pair_matrix, position_terms
from irclassify.model.head import Head
from train.networks.checkpoint import logits_of
from train.networks.columns import Stretch, merge_columns

Floats = NDArray[np.floating]
Rows = NDArray[np.intp]

BATCH = 256


@dataclass(frozen=True)
class Found:
    """A region: its columns, what it adds to the logit, and the column that adds most."""

    columns: Stretch
    contribution: float
    peak: int


@dataclass(frozen=True)
class Evidence:
    """What positions (positions,) add to one logit, and pairs (positions, positions) if any."""

    positions: Floats
    pairs: Floats | None = None

    @property
    def shared(self) -> Floats:
        """With half of every pair on either side: each position's Shapley value."""
        return self.positions if self.pairs is None else self.positions + self.pairs.sum(1)

    @property
    def total(self) -> float:
        """The logit without the bias."""
        return float(self.shared.sum())

    def block(self, a: Stretch, b: Stretch) -> float:
        """What the pairs with one position in either stretch add (half of it for a is b)."""
        return 0.0 if self.pairs is None else 2 * float(self.pairs[slice(*a), slice(*b)].sum())

    @property
    def halved(self) -> Evidence:
        """The same with every pair shared half and half, so that none is left."""
        return Evidence(self.shared)

    def regions(self) -> list[Found]:
        """The regions that users see, strongest for the group first."""
        found = [
            Found(
                own,
                float(self.positions[slice(*own)].sum()) + self.block(own, own) / 2,
                own[0] + int(self.positions[slice(*own)].argmax()),
            )
            for own in merge_columns(self.positions)
        ]
        return sorted(found, key=lambda each: -each.contribution)


@dataclass(frozen=True)
class Geometry:
    """Where columns look: column p sees the points p * stride .. p * stride + field - 1."""

    field: int
    stride: int
    positions: int

    def cells(self, columns: Stretch) -> Stretch:
        """Points from the first column's cell to the last's: the region as users see it."""
        start = (self.field - self.stride) // 2
        return start + columns[0] * self.stride, start + columns[1] * self.stride

    def sees(self, columns: Stretch) -> Stretch:
        """Points that any of the columns sees: nothing else moves their contribution."""
        return columns[0] * self.stride, (columns[1] - 1) * self.stride + self.field


class Explainer(Protocol):
    """A network with its explanation. Vectors (n, points), groups (n,): one group a spectrum."""

    @property
    def geometry(self) -> Geometry:
        """Where its columns look."""

    def logits(self, vectors: Floats, groups: Rows) -> Floats:
        """The logit of each spectrum's group, (n,)."""

    def evidence(self, vectors: Floats, groups: Rows) -> list[Evidence]:
        """What makes up the logit of each spectrum's group."""


@dataclass(frozen=True)
class Additive:
    """A network whose logit is an exact sum, by its head."""

    network: nn.Module
    head: Head
    geometry: Geometry

    def logits(self, vectors: Floats, groups: Rows) -> Floats:
        """See Explainer."""
        return logits_of(self.network, vectors)[np.arange(len(groups)), groups]

    def latent(self, vectors: Floats) -> Floats:
        """(n, points) -> (n, channels, positions)."""
        with torch.no_grad():
            return self.network(torch.from_numpy(vectors))[1].numpy()

    def evidence(self, vectors: Floats, groups: Rows) -> list[Evidence]:
        """See Explainer."""
        return [
            each
            for start in range(0, len(vectors), BATCH)
            for each in evidence_of(
                self.latent(vectors[start : start + BATCH]),
                self.head,
                groups[start : start + BATCH],
            )
        ]


def evidence_of(latent: Floats, head: Head, groups: Rows) -> list[Evidence]:
    """Latent (n, channels, positions), groups (n,): one group a spectrum."""
    own, left, right = position_terms(latent, head)
    own = own[np.arange(len(groups)), groups]
    if not len(head.left):
        return [Evidence(row) for row in own]
    return [
        Evidence(own[i], pair_matrix(left[i : i + 1], right[i : i + 1], head.mix, int(group))[0])
        for i, group in enumerate(groups)
    ]


def strongest(regions: Sequence[Found], count: int) -> list[Stretch]:
    """Columns of the ``count`` regions that speak most for the group."""
    return [each.columns for each in regions[:count] if each.contribution > 0]
