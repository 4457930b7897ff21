"""Structures -> the 17 functional groups, by SMARTS with RDKit (Rieger et al. 2023, Table S1)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from rdkit import Chem

from irclassify.evaluation.structures import Matcher, molecule, repaired

__all__ = ["GROUPS", "SMARTS", "groups_of", "is_single_organic", "molecule", "repaired", "skeleton"]

# The order is the order of every matrix, file and table of this project.
SMARTS = {
    "alkane": "[CX4;H0,H1,H2,H4]",
    "methyl": "[CH3]",
    "alkene": "[CX3]=[CX3]",
    "alkyne": "[CX2]#C",
    "alcohol": "[#6][OX2H]",
    "amine": "[NX3;H2,H1;!$(NC=O)]",
    "nitrile": "[NX1]#[CX2]",
    "aromatic": "[$([cX3](:*):*),$([cX2+](:*):*)]",
    "alkyl_halide": "[#6][F,Cl,Br,I]",
    "ester": "[#6][CX3](=O)[OX2H0][#6]",
    "ketone": "[#6][CX3](=O)[#6]",
    "aldehyde": "[CX3H1](=O)[#6]",
    "carboxylic_acid": "[CX3](=O)[OX2H1]",
    "ether": "[OD2]([#6])[#6]",
    "acyl_halide": "[CX3](=[OX1])[F,Cl,Br,I]",
    "amide": "[NX3][CX3](=[OX1])[#6]",
    "nitro": "[$([NX3](=O)=O),$([NX3+](=O)[O-])][!#8]",
}
GROUPS = tuple(SMARTS)
_MATCHER = Matcher(SMARTS.values())

# Elements an organic collection holds; anything else (metals) is not what the groups describe.
_ORGANIC = {"H", "B", "C", "N", "O", "F", "Si", "P", "S", "Cl", "Se", "Br", "I"}


def skeleton(mol: Chem.Mol) -> str:
    """First block of the InChIKey: the same for stereoisomers and isotopologues."""
    return Chem.MolToInchiKey(mol).split("-")[0]


def groups_of(mol: Chem.Mol) -> NDArray[np.bool_]:
    """Which groups a molecule contains, shape (17,)."""
    return np.array(_MATCHER.found_in(mol))


def is_single_organic(mol: Chem.Mol) -> bool:
    """One covalent molecule with carbon and hydrogen or two carbons, of the usual elements."""
    symbols = [atom.GetSymbol() for atom in mol.GetAtoms()]
    has_hydrocarbon = symbols.count("C") > 1 or any(
        atom.GetSymbol() == "C" and atom.GetTotalNumHs() for atom in mol.GetAtoms()
    )
    return len(Chem.GetMolFrags(mol)) == 1 and has_hydrocarbon and set(symbols) <= _ORGANIC
