"""Which structure and fold belong to which file, and the files themselves.

Structures: the shared index, or the manifest that fetch writes. ``train/data/folds.csv`` holds the
fold of every molecule and CAS number of the shared index, so that the cross-validation can be
repeated with spectra fetched anew.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from rdkit import Chem

from irclassify.errors import IrclassifyError
from irclassify.readers import read_spectrum
from irclassify.spectra.spectrum import Spectrum
from train.labels.groups import skeleton
from train.settings import ROOT, SETTINGS, path, read_table

Row = dict[str, str]


def read_index(index: Path) -> dict[str, Row]:
    """File name -> row with at least file, cas, smiles, inchikey, formula_matches and fold.

    A manifest knows the InChI only; the rest is derived from it.
    """
    return {row["file"]: _completed(row) for row in read_table(index) if row["file"]}


def _completed(row: Row) -> Row:
    if "smiles" in row:
        return row
    mol = Chem.MolFromInchi(row["inchi"]) if row["inchi"] else None
    if mol is None:
        return row | {"smiles": "", "inchikey": "", "formula_matches": "", "fold": "0"}
    return row | {
        "smiles": Chem.MolToSmiles(mol),
        "inchikey": Chem.MolToInchiKey(mol),
        "formula_matches": "True",  # the WebBook gives spectrum and structure on one page
        "fold": str(fold_of(skeleton(mol))),
    }


def fold_of(molecule: str) -> int:
    """The fold of a molecule (InChIKey skeleton): that of folds.csv, or one by its hash."""
    by_hash = int(hashlib.sha256(molecule.encode()).hexdigest(), 16) % SETTINGS["default"]["folds"]
    return _folds().get(molecule, by_hash)


@cache
def _folds() -> dict[str, int]:
    rows = read_table(ROOT / "train" / "data" / "folds.csv")
    return {row["molecule"]: int(row["fold"]) for row in rows}


def read_bytes(spectra: Path) -> Iterator[tuple[str, bytes]]:
    """(file name, content) of every spectrum in a zip or a folder, sorted by name."""
    if spectra.is_dir():
        for file in sorted(spectra.rglob("*.jdx")):
            yield file.name, file.read_bytes()
        return
    with zipfile.ZipFile(spectra) as archive:
        for member in sorted(archive.namelist()):
            if not member.endswith("/"):
                yield Path(member).name, archive.read(member)


def nist_spectra() -> Iterator[tuple[str, Spectrum]]:
    """(file name, spectrum) of every NIST file that holds one, sorted by name."""
    yield from readable(read_bytes(path("spectra")), Counter(), "")


def readable(
    files: Iterator[tuple[str, bytes]], funnel: Counter[str], kind: str
) -> Iterator[tuple[str, Spectrum]]:
    """(file name, spectrum) of those that the tool reads; counts the others in ``funnel``."""
    for name, content in files:
        try:
            yield name, read_spectrum(content, name)
        except IrclassifyError as error:
            funnel[f"  {kind}refused by the reader: {error.code}"] += 1
