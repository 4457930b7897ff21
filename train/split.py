"""Which rows train, choose and test. A molecule (InChIKey skeleton) may be kept on one side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Split:
    """Row numbers, disjoint."""

    train: NDArray[np.intp]
    validation: NDArray[np.intp]
    test: NDArray[np.intp]


def random_split(count: int, seed: int) -> Split:
    """70/15/15 at random, as in the paper: the two spectra of a stereoisomer pair may be parted."""
    order = np.random.default_rng(seed).permutation(count)
    held_out = round(0.15 * count)
    return Split(order[2 * held_out :], order[held_out : 2 * held_out], order[:held_out])


def grouped_split(folds: NDArray[np.generic], test: int, validation: int) -> Split:
    """By the index's folds, which never share a molecule: one tests, one validates."""
    chosen = (folds != test) & (folds != validation)
    return Split(
        np.flatnonzero(chosen), np.flatnonzero(folds == validation), np.flatnonzero(folds == test)
    )
