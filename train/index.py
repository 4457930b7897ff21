"""Which structure belongs to which file: the shared index, or the manifest fetch writes."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

from rdkit import Chem

from train import labels
from train.settings import SETTINGS

Row = dict[str, str]


def read_index(index: Path) -> dict[str, Row]:
    """File name -> row with at least file, cas, smiles, inchikey, formula_matches and fold.

    A manifest knows the InChI only; the rest is derived from it. A molecule (InChIKey skeleton)
    always falls into the same fold.
    """
    with index.open(newline="") as stream:
        return {row["file"]: _completed(row) for row in csv.DictReader(stream) if row["file"]}


def _completed(row: Row) -> Row:
    if "smiles" in row:
        return row
    mol = Chem.MolFromInchi(row["inchi"]) if row["inchi"] else None
    if mol is None:
        return row | {"smiles": "", "inchikey": "", "formula_matches": "", "fold": "0"}
    fold = int(hashlib.sha256(labels.skeleton(mol).encode()).hexdigest(), 16)
    return row | {
        "smiles": Chem.MolToSmiles(mol),
        "inchikey": Chem.MolToInchiKey(mol),
        "formula_matches": "True",  # the WebBook gives spectrum and structure on one page
        "fold": str(fold % SETTINGS["default"]["folds"]),
    }
