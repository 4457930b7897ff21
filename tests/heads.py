"""Heads of random weights, and the sum that they stand for written out."""

from __future__ import annotations

import numpy as np

from irclassify.explain.contributions import pair_matrix, position_terms
from irclassify.model.head import Head


def random_head(
    rng: np.random.Generator, groups: int, factors: int, shape: tuple[int, int]
) -> Head:
    """A head of random weights around a random reference."""

    def draw(*size: int) -> np.ndarray:
        return rng.normal(size=size).astype(np.float32)

    return Head(
        bias=draw(groups),
        weight=draw(groups, *shape),
        reference=draw(*shape),
        left=draw(factors, *shape),
        right=draw(factors, *shape),
        mix=draw(groups, factors),
    )


def direct_logits(latent: np.ndarray, head: Head) -> np.ndarray:
    """The logits by the definition in artifact.Head, in float64."""
    d = latent.astype(np.float64) - head.reference
    single = (head.weight * d).sum((1, 2))
    left, right = (head.left * d).sum((1, 2)), (head.right * d).sum((1, 2))
    return head.bias + single + head.mix @ (left * right)


def position_contributions(latent: np.ndarray, head: Head) -> np.ndarray:
    """What the columns of one spectrum (channels, positions) add: (groups, positions)."""
    return position_terms(latent[None], head)[0][0]


def pair_contributions(latent: np.ndarray, head: Head, group: int) -> np.ndarray:
    """What the pairs of columns of one spectrum add to one logit: (positions, positions)."""
    _, left, right = position_terms(latent[None], head)
    return pair_matrix(left, right, head.mix, group)[0]
