"""Spectra of attenuated total reflection (ATR): benzenes, drugs and their salts, plastics.

Every source is optional: a folder that is not there gives nothing. A molecule takes the fold it has
in the NIST index, so that no fold sees it; a study of plastics is in one fold altogether.
"""

from __future__ import annotations

import csv
import lzma
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from rdkit import Chem

from irclassify.spectra.spectrum import Spectrum
from irclassify.spectra.units import measured_part
from train.arrays import Answers, Floats
from train.data.index import fold_of, read_bytes, readable
from train.data.records import Record, Sample
from train.labels.details import KINDS, answers_of, leave_open, polymer_answers
from train.labels.groups import is_single_organic, molecule, skeleton
from train.settings import SETTINGS, path, read_table

BENZENES, DRUGS, SALTS = "ATR benzenes", "ATR drugs", "ATR salts"
# Groups of the acids that are not hydrogen halides, which a salt holds besides its amine.
_OF_THE_ACID = (
    "alcohol",
    "carboxylic_acid",
    "alkene",
    "alkane",
    "aliphatic_alcohol",
    "secondary_alcohol",
)
# Plastics more alike than this (correlation of their vectors) are taken to be one spectrum.
ALIKE = 0.9995
# Of a transmittance of zero the absorbance is not known: that of 0.01 % is taken.
_LEAST_PERCENT = 0.01


def samples(funnel: Counter[str]) -> Iterator[Sample]:
    """All spectra of all sources; counts in ``funnel`` what is kept and what is not."""
    sources = ((_benzenes, "atr_index"), (_drugs, "drugs"), (_plastics, "polymers"))
    for read, needed in sources:
        if path(needed).exists():
            for sample in read(funnel):
                funnel[f"  kept: {sample.record.collection}, fold {sample.record.fold}"] += 1
                yield sample


def _benzenes(funnel: Counter[str]) -> Iterator[Sample]:
    smiles = {row["file"]: row["smiles"] for row in read_table(path("atr_index"))}
    for name, spectrum in readable(read_bytes(path("atr_spectra")), funnel, "ATR "):
        mol = molecule(smiles[name])
        if mol is None:
            funnel["  ATR without a single structure"] += 1
        else:
            yield _sample(name, BENZENES, spectrum, mol, answers_of(mol))


def _drugs(funnel: Counter[str]) -> Iterator[Sample]:
    """Absorbance relative to its maximum; the SMILES of a salt is that of the free amine."""
    rows = {row["file"]: row for row in read_table(path("drugs") / "index.csv")}
    files = ((name, (path("drugs") / name).read_bytes()) for name in rows)
    for name, spectrum in readable(files, funnel, "ATR "):
        salt, mol = rows[name]["salt"], molecule(rows[name]["smiles"])
        answers = answers_of(mol, salt=bool(salt))
        if salt not in ("", "HCl"):
            leave_open(answers, _OF_THE_ACID)
        yield _sample(name, SALTS if salt else DRUGS, spectrum, mol, answers)


def _sample(
    name: str, collection: str, spectrum: Spectrum, mol: Chem.Mol, answers: Answers
) -> Sample:
    single, of = is_single_organic(mol), skeleton(mol)
    fold, smiles = fold_of(of), Chem.MolToSmiles(mol)
    record = Record(name, of, smiles, fold, collection, "atr", single_organic=single)
    return Sample(record, spectrum, answers, mol, mol)


def _plastics(funnel: Counter[str]) -> Iterator[Sample]:
    """Plastics of known kinds; of near-duplicates in a study the first."""
    for study, fold in SETTINGS["data"]["plastics_folds"].items():
        kept: list[Floats] = []
        for name, kind, spectrum in _study(path("polymers") / f"{study}.csv.xz"):
            if kind not in KINDS:
                funnel[f"  {study}: mixtures and other kinds"] += 1
                continue
            shape = _shape(spectrum)
            if any(float(shape @ other) > ALIKE for other in kept):
                funnel[f"  {study}: near-duplicates"] += 1
                continue
            kept.append(shape)
            own = {"origin": kind, "single_organic": False}
            record = Record(f"{study}/{name}", study, "", fold, study, "atr", **own)
            yield Sample(record, spectrum, polymer_answers(kind))


def _study(file: Path) -> Iterator[tuple[str, str, Spectrum]]:
    """(sample, kind, spectrum) of a study. FLOPP and SLoPP give %T, Kedzierski 100 absorbance."""
    with lzma.open(file, "rt") as stream:
        header, *rows = csv.reader(stream)
    wavenumber = np.array(header[5:], float)
    order = np.argsort(wavenumber)  # the columns are sorted as text
    for row in rows:
        values = np.array([float(value or "nan") for value in row[5:]])[order]
        measured = np.isfinite(values)
        x, y = wavenumber[order][measured], values[measured]
        part = measured_part(x, y)
        x, y = x[part], y[part]
        percent = file.name.startswith("frond")
        absorbance = -np.log10(np.clip(y, _LEAST_PERCENT, None) / 100) if percent else y / 100
        yield row[1], row[2], Spectrum(x, absorbance)


def _shape(spectrum: Spectrum) -> Floats:
    """The spectrum on a common axis, centred, of length 1: the product of two is a correlation."""
    common = np.linspace(700, 3900, 801)
    y = np.interp(common, spectrum.wavenumber, spectrum.absorbance)
    y = y - y.mean()
    shape: Floats = y / max(float(np.linalg.norm(y)), 1e-12)
    return shape
