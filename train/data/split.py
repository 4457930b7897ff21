"""Which spectra train, choose and test. A molecule (InChIKey skeleton) may be kept on one side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from train.arrays import Bools, Ints
from train.data.atr import BENZENES, DRUGS, SALTS
from train.data.records import Dataset
from train.settings import ROOT, SETTINGS, read_table

# The folds of the index, as the kinds of networks that leave one out are called.
FOLDS = tuple(f"fold{k}" for k in range(SETTINGS["default"]["folds"]))

MISLABELLED = ROOT / "train" / "data" / "mislabelled.csv"


@dataclass(frozen=True)
class Split:
    """Row numbers, disjoint."""

    train: Ints
    validation: Ints
    test: Ints


def random_split(count: int, seed: int) -> Split:
    """70/15/15 at random, as in the paper: stereoisomers may be on two sides."""
    order = np.random.default_rng(seed).permutation(count)
    held_out = round(0.15 * count)
    return Split(order[2 * held_out :], order[held_out : 2 * held_out], order[:held_out])


def grouped_split(molecules: NDArray[np.generic], tested: Bools, part: int, parts: int) -> Split:
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


def training_rows(data: Dataset, kind: str) -> Bools:
    """Which spectra (n,) may train networks of a kind (``all``, or ``fold3``: without fold 3).

    Never spectra of doubtful identity: whose formula is another one, or that are MISLABELLED.
    """
    folds = data.column("fold")
    usable: Bools = data.column("formula_matches") & ~np.isin(data.column("file"), mislabelled())
    return usable if kind == "all" else usable & (folds != FOLDS.index(kind))


def mislabelled() -> list[str]:
    """Files whose spectrum looks like that of another molecule (train/data/mislabelled.csv).

    They train nothing; tests keep them.
    """
    return [row["file"] for row in read_table(MISLABELLED)]


def testing_folds(data: Dataset) -> Ints:
    """The fold (n,) whose networks may be tested on each spectrum: the one it is in."""
    folds: Ints = data.column("fold")
    return folds


def phase_rows(data: Dataset, phase: str) -> Bools:
    """Which spectra (n,) a phase is judged on."""
    if phase == "gas":
        return data.column("in_paper")
    if phase == "atr":
        return data.column("phase") == "atr"
    coblentz = data.column("collection") == "COBLENTZ"
    return coblentz & (data.column("phase") == phase) & data.column("single_organic")


# The sets that are reported: the two phases of NIST, and the collections of ATR spectra.
SETS = ("gas", "condensed", "benzenes", "drugs", "salts", "plastics")
_COLLECTIONS = {
    "benzenes": [BENZENES],
    "drugs": [DRUGS],
    "salts": [SALTS],
    "plastics": list(SETTINGS["data"]["plastics_folds"]),
}


def set_rows(data: Dataset, name: str) -> Bools:
    """Which spectra (n,) belong to one of SETS."""
    if name in _COLLECTIONS:
        return np.isin(data.column("collection"), _COLLECTIONS[name])
    return phase_rows(data, name)


def choosing_phases(model: str, data: Dataset) -> dict[str, Bools]:
    """Phase -> which spectra (n,) calibration and thresholds of a model are chosen on."""
    return {phase: phase_rows(data, phase) for phase in SETTINGS[model]["phases"]}


def choosing_rows(model: str, data: Dataset) -> Bools:
    """The same, all phases together: (n,)."""
    return np.logical_or.reduce(list(choosing_phases(model, data).values()))
