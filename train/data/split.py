"""Which spectra train, choose and test. A molecule (InChIKey skeleton) may be kept on one side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from train.data.dataset import Dataset
from train.settings import SETTINGS

# The folds of the index, as the kinds of networks that leave one out are called.
FOLDS = tuple(f"fold{k}" for k in range(SETTINGS["default"]["folds"]))

Rows = NDArray[np.bool_]


@dataclass(frozen=True)
class Split:
    """Row numbers, disjoint."""

    train: NDArray[np.intp]
    validation: NDArray[np.intp]
    test: NDArray[np.intp]


def random_split(count: int, seed: int) -> Split:
    """70/15/15 at random, as in the paper: stereoisomers may be on two sides."""
    order = np.random.default_rng(seed).permutation(count)
    held_out = round(0.15 * count)
    return Split(order[2 * held_out :], order[held_out : 2 * held_out], order[:held_out])


def grouped_split(molecules: NDArray[np.generic], tested: Rows, part: int, parts: int) -> Split:
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


def training_rows(data: Dataset, kind: str) -> Rows:
    """Which spectra (n,) may train networks of a kind (``all``, or ``fold3``: without fold 3).

    Never the ATR spectra, which are in no fold, and never spectra of doubtful identity.
    """
    folds = data.column("fold")
    usable: Rows = (folds >= 0) & data.column("formula_matches").astype(bool)
    return usable if kind == "all" else usable & (folds != FOLDS.index(kind))


def testing_folds(data: Dataset) -> NDArray[np.int_]:
    """The fold (n,) whose networks may be tested on each spectrum.

    ATR spectra are in no fold: those of a molecule that a fold knows are tested by that fold's
    networks, the others by fold 0's.
    """
    folds = data.column("fold").astype(int)
    molecules = data.column("molecule")
    known = {m: f for m, f in zip(molecules, folds, strict=True) if f >= 0}
    return np.array(
        [known.get(m, 0) if f < 0 else f for m, f in zip(molecules, folds, strict=True)]
    )


def phase_rows(data: Dataset, phase: str) -> Rows:
    """Which spectra (n,) a phase is judged on."""
    if phase == "gas":
        return data.column("in_paper").astype(bool)
    if phase == "atr":
        return data.column("phase") == "atr"
    coblentz = data.column("collection") == "COBLENTZ"
    return coblentz & (data.column("phase") == phase) & data.column("single_organic").astype(bool)


def choosing_phases(model: str, data: Dataset) -> dict[str, Rows]:
    """Phase -> which spectra (n,) calibration and thresholds of a model are chosen on."""
    return {phase: phase_rows(data, phase) for phase in SETTINGS[model]["phases"]}


def choosing_rows(model: str, data: Dataset) -> Rows:
    """The same, all phases together: (n,)."""
    return np.logical_or.reduce(list(choosing_phases(model, data).values()))


def stated_phases(data: Dataset) -> list[str | None]:
    """The phase that a user would state for each spectrum (n); None for ATR spectra.

    The files of ATR spectra state no phase. One in 17 condensed-phase files does not either: its
    phase is stated as with ``--phase``.
    """
    return [None if record.phase == "atr" else record.phase for record in data.records]
