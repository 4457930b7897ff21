"""Structures -> the 17 functional groups, by SMARTS with RDKit (Rieger et al. 2023, Table S1)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from rdkit import Chem, RDLogger
from rdkit.Chem import AllChem

RDLogger.DisableLog("rdApp.*")

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
_PATTERNS = [Chem.MolFromSmarts(smarts) for smarts in SMARTS.values()]

# Elements an organic collection holds; anything else (metals) is not what the groups describe.
_ORGANIC = {"H", "B", "C", "N", "O", "F", "Si", "P", "S", "Cl", "Se", "Br", "I"}


def molecule(smiles: str) -> Chem.Mol | None:
    """An RDKit molecule, None when there is no structure or RDKit refuses it."""
    return Chem.MolFromSmiles(smiles) if smiles else None


# A standard InChI does not say whether a mobile hydrogen is on N or O, and RDKit puts it on O: the
# index's structures show N-H amides, lactams, carbamates and ureas as imidic acids, C(O)=N.
_IMIDIC_ACID = Chem.MolFromSmarts("[OX2H][CX3]=[NX2]")
_TO_AMIDE = AllChem.ReactionFromSmarts("[OX2H:1][CX3:2]=[NX2:3]>>[OX1H0:1]=[CX3:2][NX3:3]")


def repaired(mol: Chem.Mol) -> Chem.Mol:
    """The molecule with every imidic acid written as the amide (carbamate, urea) that it is."""
    for _ in range(len(mol.GetSubstructMatches(_IMIDIC_ACID))):
        products = _TO_AMIDE.RunReactants((mol,), maxProducts=1)
        if not products:
            break
        candidate = products[0][0]
        if Chem.SanitizeMol(candidate, catchErrors=True):
            break
        mol = candidate
    return mol


def skeleton(mol: Chem.Mol) -> str:
    """First block of the InChIKey: the same for stereoisomers and isotopologues."""
    return Chem.MolToInchiKey(mol).split("-")[0]


def groups_of(mol: Chem.Mol) -> NDArray[np.bool_]:
    """Which groups a molecule contains, shape (17,)."""
    return np.array([mol.HasSubstructMatch(pattern) for pattern in _PATTERNS])


def is_single_organic(mol: Chem.Mol) -> bool:
    """One covalent molecule with carbon and hydrogen or two carbons, of the usual elements."""
    symbols = [atom.GetSymbol() for atom in mol.GetAtoms()]
    has_hydrocarbon = symbols.count("C") > 1 or any(
        atom.GetSymbol() == "C" and atom.GetTotalNumHs() for atom in mol.GetAtoms()
    )
    return len(Chem.GetMolFrags(mol)) == 1 and has_hydrocarbon and set(symbols) <= _ORGANIC
