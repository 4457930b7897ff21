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


def grouped_split(
    molecules: NDArray[np.generic], tested: NDArray[np.bool_], part: int, parts: int
) -> Split:
    """The rows ``tested`` (n,) test; of the other molecules one part in ``parts`` validates.

    Every molecule validates for exactly one ``part`` (0-based), and is never on two sides as long
    as ``tested`` keeps the spectra of a molecule together, as the index's folds do.
    """
    names = np.unique(molecules)
    dealt = np.random.default_rng(0).permutation(names.size) % parts
    validating = (dealt[np.searchsorted(names, molecules)] == part) & ~tested
    return Split(
        np.flatnonzero(~validating & ~tested), np.flatnonzero(validating), np.flatnonzero(tested)
    )
