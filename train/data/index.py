"""Which structure belongs to which file: the shared index, or the manifest fetch writes.

``train/data/folds.csv`` holds the fold of every molecule and CAS number of the shared index, so
that the cross-validation can be repeated with spectra fetched anew.
"""

from __future__ import annotations

import csv
import hashlib
import zipfile
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from rdkit import Chem

from train.labels import groups as labels
from train.settings import ROOT, SETTINGS, path

Row = dict[str, str]

FOLDS = ROOT / "train" / "data" / "folds.csv"


def read_index(index: Path) -> dict[str, Row]:
    """File name -> row with at least file, cas, smiles, inchikey, formula_matches and fold.

    A manifest knows the InChI only; the rest is derived from it. A molecule (InChIKey skeleton)
    always falls into the same fold: that of FOLDS, or one by its hash when it is not there.
    """
    with index.open(newline="") as stream:
        return {row["file"]: _completed(row) for row in csv.DictReader(stream) if row["file"]}


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
        "fold": str(fold_of(labels.skeleton(mol))),
    }


def write_folds(rows: Iterable[Row]) -> None:
    """Rewrite FOLDS from the rows of an index that says which fold each molecule is in."""
    known = {(row["cas"], row["inchikey"].split("-")[0], row["fold"]) for row in rows}
    with FOLDS.open("w", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(("cas", "molecule", "fold"))
        writer.writerows(sorted(entry for entry in known if entry[1]))


def read_structures() -> dict[str, str]:
    """File name -> SMILES as PubChem writes it; empty where that table is not there."""
    if not path("structures").exists():
        return {}
    with path("structures").open(newline="") as stream:
        return {row["file"]: row["smiles"] for row in csv.DictReader(stream)}


def fold_of(molecule: str) -> int:
    """The fold of a molecule (InChIKey skeleton): that of FOLDS, or one by its hash."""
    known = _folds_by_molecule().get(molecule)
    if known is not None:
        return known
    return int(hashlib.sha256(molecule.encode()).hexdigest(), 16) % int(
        SETTINGS["default"]["folds"]
    )


@cache
def _folds_by_molecule() -> dict[str, int]:
    with FOLDS.open(newline="") as stream:
        return {row["molecule"]: int(row["fold"]) for row in csv.DictReader(stream)}


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
