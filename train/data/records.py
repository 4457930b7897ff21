"""What is known of a spectrum, and many of them with their answers and vectors."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rdkit import Chem

from irclassify.spectra.spectrum import Spectrum
from train.arrays import Answers, Bools, Floats, Singles
from train.labels.details import UNKNOWN
from train.labels.groups import GROUPS


@dataclass(frozen=True)
class Record:
    """What is known of one spectrum. ``molecule`` is the unit that is never shared by two folds."""

    file: str
    molecule: str  # InChIKey skeleton; of a plastic its study, so that a study is in one fold
    smiles: str
    fold: int
    collection: str  # MSDC-IR, COBLENTZ, ..., and those of train/data/atr.py
    phase: str  # gas, condensed, atr
    cas: str = ""
    origin: str = ""
    formula_matches: bool = True
    single_organic: bool = True
    in_paper: bool = False  # gas phase, absorbance against cm-1, structure known


@dataclass(frozen=True)
class Sample:
    """A spectrum with its record and what is to be answered of it (train/labels/details.py).

    ``mol``: its structure as the index writes it; ``structure``: the one that is answered of. None:
    a plastic.
    """

    record: Record
    spectrum: Spectrum
    answers: Answers
    mol: Chem.Mol | None = None
    structure: Chem.Mol | None = None


@dataclass(frozen=True)
class Dataset:
    """Records with their answers and vectors (n, points) float32, row by row.

    ``answers``: (n, 17) bool for the groups; or (n, 88) int8 for the groups and the details below
    them: 1, 0 or UNKNOWN.
    """

    records: list[Record]
    answers: NDArray[Any]
    vectors: Singles

    @property
    def labels(self) -> Bools:
        """Which of the 17 groups are there, (n, 17); False too where it is not known."""
        found: Bools = self.answers[:, : len(GROUPS)] == 1
        return found

    @property
    def known(self) -> Bools:
        """Of which of the 17 groups the structure says whether they are there, (n, 17)."""
        found: Bools = self.answers[:, : len(GROUPS)] != UNKNOWN
        return found

    def where(self, chosen: Bools) -> Dataset:
        """The rows for which ``chosen`` (n,) is true."""
        rows = np.flatnonzero(chosen)
        return Dataset([self.records[i] for i in rows], self.answers[rows], self.vectors[rows])

    def column(self, name: str) -> NDArray[Any]:
        """One attribute of every record, shape (n,)."""
        return np.array([getattr(record, name) for record in self.records])

    @property
    def fingerprint(self) -> str:
        """sha256 over files, folds and answers: which spectra there are, and what is true of them.

        Not over the vectors: a reader that learns to cut an end that was not measured, say, changes
        a few of them by a little, and neither splits nor answers.
        """
        packed = np.packbits(self.answers) if self.answers.dtype == bool else self.answers
        digest = hashlib.sha256()
        digest.update("\n".join(f"{r.file} {r.fold}" for r in self.records).encode())
        digest.update(np.ascontiguousarray(packed).tobytes())
        return digest.hexdigest()

    @property
    def signatures(self) -> Floats:
        """One number a spectrum (n,): the sum of its vector, weighted from 1 to 2 on the grid."""
        weights = np.linspace(1, 2, self.vectors.shape[1])
        found: Floats = self.vectors.astype(np.float64) @ weights
        return found
