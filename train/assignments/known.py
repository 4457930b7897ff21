"""Spectra of known structure, as assignments are measured on them: their bands, what they hold.

NIST gas and condensed spectra of single organic molecules, and ATR spectra of benzenes and of
drug-like molecules (no salts). Reading them and looking for every substructure of the tables takes
some minutes, so the result is kept in the work folder.
"""

from __future__ import annotations

import hashlib
import pickle
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from rdkit import Chem

from irclassify.evaluation.structures import Matcher
from irclassify.explain.bands import structures
from irclassify.explain.observed import Observed
from irclassify.explain.peaks import Curve, extents
from irclassify.model.calibration import probabilities
from irclassify.spectra.spectrum import Spectrum
from train.arrays import Bools
from train.data.atr import SALTS
from train.data.dataset import load, samples
from train.fit.out_of_fold import held_out
from train.labels.details import ANSWERED
from train.labels.groups import SMARTS, is_single_organic, skeleton
from train.settings import path

MODEL = "default"
FITTED_ON, CHOSEN_ON, TESTED_ON = (0, 1), (2,), (3, 4)
PEAKS = 30  # the highest bands of a spectrum


@dataclass(frozen=True)
class Known:
    """One spectrum: ``found`` (names,) says which of ``NAMES`` its molecule holds."""

    file: str
    phase: str  # gas, condensed, atr
    fold: int
    molecule: str
    smiles: str
    state: str  # of the sample, in the file's words
    bands: Observed
    found: Bools


def names() -> tuple[str, ...]:
    """The groups of the model and the structures of the tables, in the order of ``Known.found``."""
    return tuple({**SMARTS, **structures()})


@cache
def matcher() -> Matcher:
    """Finds them in a molecule."""
    return Matcher({**SMARTS, **structures()}.values())


def known_spectra() -> list[Known]:
    """All of them; read once, then from the work folder."""
    wanted = {**SMARTS, **structures()}
    digest = hashlib.sha256(repr(sorted(wanted.items())).encode()).hexdigest()[:12]
    kept = path("work") / f"known-{digest}.pickle"
    if kept.exists():
        found: list[Known] = pickle.loads(kept.read_bytes())
        return found
    holds: dict[str, Bools] = {}
    found = []
    for sample in samples(Counter()):
        record, mol = sample.record, sample.structure
        usable = record.formula_matches and record.collection != SALTS and mol is not None
        bands = observed(sample.spectrum)
        if not usable or not is_single_organic(mol) or not len(bands.cm1):
            continue
        smiles, state = Chem.MolToSmiles(mol), sample.spectrum.state or ""
        if smiles not in holds:
            holds[smiles] = np.array(matcher().found_in(mol))
        place = record.file, record.phase, record.fold
        found.append(Known(*place, skeleton(mol), smiles, state, bands, holds[smiles]))
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(pickle.dumps(found))
    return found


def observed(spectrum: Spectrum) -> Observed:
    """The highest bands of a spectrum, from high to low wavenumber, between 400 and 4000 cm-1."""
    curve = Curve.of(spectrum)
    inside = [each for each in extents(curve) if 400 <= each.band.cm1 <= 4000]
    strongest = sorted(inside, key=lambda each: -each.band.absorbance)[:PEAKS]
    return Observed.of(sorted(strongest, key=lambda each: -each.band.cm1), curve)


@dataclass(frozen=True)
class Answered:
    """A spectrum, and each group's and detail's probability by networks that never saw it."""

    known: Known
    probabilities: dict[str, float]


def answered() -> list[Answered]:
    """All known spectra that have held-out logits."""
    data = load(MODEL)
    found = probabilities(held_out(MODEL, data, ANSWERED).astype(float))
    rows = dict(zip(data.column("file").tolist(), found, strict=True))
    return [
        Answered(each, dict(zip(ANSWERED, rows[each.file].tolist(), strict=True)))
        for each in known_spectra()
        if each.file in rows
    ]


def in_folds(spectra: Sequence[Answered], folds: Sequence[int]) -> list[Answered]:
    """Those of some folds."""
    return [each for each in spectra if each.known.fold in folds]


def holds(known: Known) -> dict[str, bool]:
    """Which groups and structures a molecule has, by name."""
    return dict(zip(names(), known.found.tolist(), strict=True))
