"""Kinds of plastics -> what the model answers of them, from their repeat units.

Four repeat units stand between two atoms of xenon, which match no pattern: the ends of a chain say
nothing. What a kind leaves open is UNKNOWN: the branches of polyethylene, the plasticiser of PVC,
the hydroxyl groups that cellulose acetate has left.
"""

from __future__ import annotations

from rdkit import Chem

from train.labels.details import Answers, answers_of, leave_open

# Repeat unit, and what stays open.
_BRANCHES = ("methyl", "isopropyl")
_PLASTICISER = ("methyl", "ester", "ether", "aromatic", "conjugated_ester", "ortho_benzene")
_BUTADIENE = ("methyl", "trans_alkene", "vinyl", "cis_alkene")
_HYDROXYLS = ("alcohol", "aliphatic_alcohol", "secondary_alcohol", "primary_alcohol")
UNITS: dict[str, tuple[str, tuple[str, ...]]] = {
    "PE": ("CC", _BRANCHES),
    "HDPE": ("CC", _BRANCHES),
    "LDPE": ("CC", _BRANCHES),
    "PP": ("CC(C)", ()),
    "PS": ("CC(c1ccccc1)", ()),
    "PVC": ("CC(Cl)", _PLASTICISER),
    "PET": ("OCCOC(=O)c1ccc(cc1)C(=O)", ()),
    "PA": ("CCC(=O)NCCC", ()),
    "PMMA": ("CC(C)(C(=O)OC)", ()),
    "PLA": ("OC(C)C(=O)", ()),
    "PC": ("Oc1ccc(cc1)C(C)(C)c1ccc(cc1)OC(=O)", ()),
    "PEVA": ("CCCCCCCCCC(OC(C)=O)", ()),
    "ABS": ("CC(C#N)CC(c1ccccc1)CC=CC", _BUTADIENE),
}
# Cellulose branches where a unit follows the next: its side groups, and what stays open.
_CELLULOSES = {"CE": ("O", ()), "CA": ("OC(C)=O", _HYDROXYLS)}
_LENGTH = 4

KINDS = (*UNITS, *_CELLULOSES)


def polymer_answers(kind: str) -> Answers:
    """The answers (88,) of a kind of KINDS."""
    unit, left_open = (UNITS | _CELLULOSES)[kind]
    answers = answers_of(_cellulose(unit) if kind in _CELLULOSES else _chain(unit))
    leave_open(answers, left_open)
    return answers


def _chain(unit: str) -> Chem.Mol:
    return Chem.MolFromSmiles("[Xe]" + unit * _LENGTH + "[Xe]")


def _cellulose(side: str) -> Chem.Mol:
    smiles = "O[Xe]"
    for _ in range(_LENGTH + 1):
        smiles = f"OC1OC(C{side})C({smiles})C({side})C1{side}"
    return Chem.MolFromSmiles("[Xe]" + smiles)
