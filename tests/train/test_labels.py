"""SMARTS on molecules everyone knows."""

from __future__ import annotations

import pytest

from train.labels import GROUPS, groups_of, is_single_organic, molecule

KNOWN = {
    "CCO": {"alkane", "methyl", "alcohol"},
    "CC(=O)C": {"methyl", "ketone"},
    "CC(=O)O": {"methyl", "alcohol", "carboxylic_acid"},
    "CC(=O)OCC": {"alkane", "methyl", "ester", "ether"},
    "N#Cc1ccccc1": {"nitrile", "aromatic"},
    "[O-][N+](=O)c1ccccc1": {"nitro", "aromatic"},
    "CNC(C)=O": {"methyl", "amide"},
    "CC(=O)Cl": {"methyl", "acyl_halide", "alkyl_halide"},
    "C#CC": {"methyl", "alkyne"},
    "C=C": {"alkene"},
    "CN": {"methyl", "amine"},
    "CC=O": {"methyl", "aldehyde"},
}


@pytest.mark.parametrize(("smiles", "expected"), KNOWN.items())
def test_known_molecules(smiles: str, expected: set[str]) -> None:
    mol = molecule(smiles)
    assert {g for g, has in zip(GROUPS, groups_of(mol), strict=True) if has} == expected


@pytest.mark.parametrize(
    ("smiles", "single"),
    [
        ("CCO", True),
        ("C", True),
        ("ClC(Cl)(Cl)Cl", False),
        ("[Na+].CC(=O)[O-]", False),
        ("O", False),
    ],
)
def test_single_organic_molecules(smiles: str, single: bool) -> None:
    assert is_single_organic(molecule(smiles)) is single


def test_no_structure_is_no_molecule() -> None:
    assert molecule("") is None
    assert molecule("this is no SMILES") is None
