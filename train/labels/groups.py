"""Structures -> the 17 functional groups, by SMARTS with RDKit (Rieger et al. 2023, Table S1)."""

from __future__ import annotations

import numpy as np
from rdkit import Chem

from irclassify.evaluation.structures import Matcher, molecule, repaired
from train.arrays import Bools
from train.settings import ROOT, read_table

__all__ = ["GROUPS", "SMARTS", "TABLE", "groups_of", "is_single_organic", "molecule", "repaired"]

# ``title`` is what a person reads, ``covers`` the groups that the definition includes: an ether is
# there in every ester too. The order is the order of every matrix, file and table of this project.
TABLE = read_table(ROOT / "train" / "labels" / "groups.csv")
SMARTS = {row["name"]: row["smarts"] for row in TABLE}
GROUPS = tuple(SMARTS)
_MATCHER = Matcher(SMARTS.values())

# Elements an organic collection holds; anything else (metals) is not what the groups describe.
_ORGANIC = {"H", "B", "C", "N", "O", "F", "Si", "P", "S", "Cl", "Se", "Br", "I"}


def skeleton(mol: Chem.Mol) -> str:
    """First block of the InChIKey: the same for stereoisomers and isotopologues."""
    return Chem.MolToInchiKey(mol).split("-")[0]


def groups_of(mol: Chem.Mol) -> Bools:
    """Which groups a molecule contains, shape (17,)."""
    return np.array(_MATCHER.found_in(mol))


def is_single_organic(mol: Chem.Mol) -> bool:
    """One covalent molecule with carbon and hydrogen or two carbons, of the usual elements."""
    symbols = [atom.GetSymbol() for atom in mol.GetAtoms()]
    has_hydrocarbon = symbols.count("C") > 1 or any(
        atom.GetSymbol() == "C" and atom.GetTotalNumHs() for atom in mol.GetAtoms()
    )
    return len(Chem.GetMolFrags(mol)) == 1 and has_hydrocarbon and set(symbols) <= _ORGANIC
