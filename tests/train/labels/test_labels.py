"""SMARTS on molecules everyone knows."""

from __future__ import annotations

import pytest
from rdkit import Chem

from irclassify.evaluation.labels import IMPLIED
from train.labels.groups import GROUPS, groups_of, is_single_organic, molecule, repaired

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


@pytest.mark.parametrize(
    ("imidic", "written"),
    [
        ("CC(O)=Nc1ccccc1", "CC(=O)Nc1ccccc1"),
        ("CC(=N)O", "CC(N)=O"),
        ("CCOC(O)=N", "CCOC(N)=O"),
        ("OC1=NCCCCC1", "O=C1CCCCCN1"),
        ("N=C(O)c1ccc(C(=N)O)cc1", "NC(=O)c1ccc(C(N)=O)cc1"),
        ("CC(=O)O", "CC(=O)O"),
    ],
)
def test_imidic_acids_are_read_as_amides(imidic: str, written: str) -> None:
    """RDKit writes mobile hydrogens of a standard InChI on the oxygen."""
    assert Chem.MolToSmiles(repaired(molecule(imidic))) == Chem.CanonSmiles(written)


@pytest.mark.parametrize(("first", "second"), IMPLIED.items())
@pytest.mark.parametrize(
    "smiles", ["CC(=O)OCC", "O=C1CCCO1", "CC(=O)O", "OC(=O)c1ccccc1", "CC(=O)Cl", "O=C(F)C(F)=O"]
)
def test_what_evaluate_says_of_definitions_is_true(smiles: str, first: str, second: str) -> None:
    """An ester is also an ether, and so on: evaluation/labels.py warns of labels that deny it."""
    has = dict(zip(GROUPS, groups_of(molecule(smiles)), strict=True))
    assert has[second] or not has[first]
