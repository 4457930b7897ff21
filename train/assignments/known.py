"""Spectra of known structure, as assignments are measured on them: their bands, what they hold.

NIST gas and condensed spectra of single organic molecules, and ATR spectra of benzenes and of
drug-like molecules (no salts). Reading them and looking for every substructure of the tables takes
some minutes, so the result is kept in the work folder.
"""

from __future__ import annotations

import csv
import hashlib
import pickle
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rdkit import Chem

from irclassify.errors import IrclassifyError
from irclassify.evaluation.structures import Matcher, repaired
from irclassify.explain.bands import structures
from irclassify.explain.observed import Observed
from irclassify.explain.peaks import Curve, extents
from irclassify.readers import read_spectrum
from irclassify.spectra.spectrum import Spectrum
from train.data.dataset import read_bytes
from train.data.index import read_index
from train.labels.groups import SMARTS, is_single_organic, molecule, skeleton
from train.settings import ROOT, TrainingError, evaluation_folder, path

DATA = ROOT / "../shared/data"
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
    found: NDArray[np.bool_]


def names() -> tuple[str, ...]:
    """The groups of the model and the structures of the tables, in the order of ``Known.found``."""
    return tuple({**SMARTS, **structures()})


def known_spectra() -> list[Known]:
    """All of them; read once, then from the work folder."""
    wanted = {**SMARTS, **structures()}
    digest = hashlib.sha256(repr(sorted(wanted.items())).encode()).hexdigest()[:12]
    kept = path("work") / f"known-{digest}.pickle"
    if kept.exists():
        found: list[Known] = pickle.loads(kept.read_bytes())
        return found
    matcher = Matcher(wanted.values())
    holds: dict[str, NDArray[np.bool_]] = {}
    found = []
    for file, phase, fold, mol, spectrum in _spectra():
        smiles = Chem.MolToSmiles(mol)
        if smiles not in holds:
            holds[smiles] = np.array(matcher.found_in(mol))
        bands = observed(spectrum)
        if len(bands.cm1):
            found.append(
                Known(
                    file,
                    phase,
                    fold,
                    skeleton(mol),
                    smiles,
                    spectrum.state or "",
                    bands,
                    holds[smiles],
                )
            )
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(pickle.dumps(found))
    return found


def observed(spectrum: Spectrum) -> Observed:
    """The highest bands of a spectrum, from high to low wavenumber, between 400 and 4000 cm-1."""
    curve = Curve.of(spectrum)
    inside = [each for each in extents(curve) if 400 <= each.band.cm1 <= 4000]
    strongest = sorted(inside, key=lambda each: -each.band.absorbance)[:PEAKS]
    return Observed.of(sorted(strongest, key=lambda each: -each.band.cm1), curve)


def _spectra() -> Iterator[tuple[str, str, int, Chem.Mol, Spectrum]]:
    """File, phase, fold, molecule and spectrum."""
    yield from _nist()
    yield from _benzenes()
    yield from _drugs()


def _nist() -> Iterator[tuple[str, str, int, Chem.Mol, Spectrum]]:
    rows = read_index(path("index"))
    with (DATA / "nist_structures.csv").open(newline="") as stream:
        curated = {row["file"]: row["smiles"] for row in csv.DictReader(stream)}
    for name, content in read_bytes(path("spectra")):
        row = rows.get(name)
        mol = row and (molecule(curated.get(name, "")) or _as_amide(row["smiles"]))
        if not mol or not is_single_organic(mol) or row["formula_matches"] != "True":
            continue
        try:
            spectrum = read_spectrum(content, name)
        except IrclassifyError:
            continue
        gas = (spectrum.state or "").lower().startswith("gas")
        yield name, "gas" if gas else "condensed", int(row["fold"]), mol, spectrum


def _as_amide(smiles: str) -> Chem.Mol | None:
    mol = molecule(smiles)
    return None if mol is None else repaired(mol)


def _benzenes() -> Iterator[tuple[str, str, int, Chem.Mol, Spectrum]]:
    with path("atr_index").open(newline="") as stream:
        rows = {row["file"]: row["smiles"] for row in csv.DictReader(stream)}
    for name, content in read_bytes(path("atr_spectra")):
        mol = molecule(rows[name])
        if mol is not None:
            yield name, "atr", _fold(mol), mol, read_spectrum(content, name)


def _drugs() -> Iterator[tuple[str, str, int, Chem.Mol, Spectrum]]:
    folder: Path = DATA / "atr_drugs"
    with (folder / "index.csv").open(newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if not row["salt"]]
    for row in rows:
        mol = molecule(row["smiles"])
        if mol is None or not is_single_organic(mol):
            continue
        spectrum = read_spectrum((folder / row["file"]).read_bytes(), row["file"])
        yield row["file"], "atr", _fold(mol), mol, spectrum


def _fold(mol: Chem.Mol) -> int:
    """The fold of a molecule that NIST's index may not hold: by its name, the same each time."""
    key = skeleton(mol)
    return _folds().get(key, int(hashlib.sha256(key.encode()).hexdigest(), 16) % 5)


@cache
def _folds() -> dict[str, int]:
    rows = read_index(path("index")).values()
    return {row["inchikey"].split("-")[0]: int(row["fold"]) for row in rows}


MODEL = "default"
FITTED_ON, CHOSEN_ON, TESTED_ON = (0, 1), (2,), (3, 4)


@dataclass(frozen=True)
class Answered:
    """A spectrum, and each group's and detail's probability by networks that never saw it."""

    known: Known
    probabilities: dict[str, float]


def held_out_file() -> Path:
    """Where the held-out logits of the default model are stored."""
    return evaluation_folder(MODEL) / "out_of_fold.npz"


def answered(file: Path) -> list[Answered]:
    """All spectra that ``file`` (held-out logits) answers. Raises TrainingError without it."""
    if not file.exists():
        raise TrainingError(f"{file} does not exist: python -m train fit --model {MODEL}")
    with np.load(file, allow_pickle=False) as stored:
        logits = stored["logits"].astype(float)
        rows = {name: row for row, name in enumerate(stored["files"].tolist())}
        outputs = stored["outputs"].tolist()
    probabilities = 1 / (1 + np.exp(-logits))
    useful = [i for i, name in enumerate(outputs) if not name.startswith("phase_")]
    return [
        Answered(each, {outputs[i]: float(probabilities[rows[each.file], i]) for i in useful})
        for each in known_spectra()
        if each.file in rows
    ]


def in_folds(spectra: Sequence[Answered], folds: Sequence[int]) -> list[Answered]:
    """Those of some folds."""
    return [each for each in spectra if each.known.fold in folds]


def holds(known: Known) -> dict[str, bool]:
    """Which groups and structures a molecule has, by name."""
    return dict(zip(names(), known.found.tolist(), strict=True))
