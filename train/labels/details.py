"""Structures -> all that the default model answers: the 17 groups, and details below them.

An answer is 1, 0 or UNKNOWN: what a structure as written does not decide is not learned and not
judged. In a salt the amine is protonated, and which nitrogen it is stays open; a C=C without its
configuration is neither cis nor trans.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from rdkit import Chem

from train.arrays import Answers
from train.labels.groups import GROUPS, groups_of
from train.settings import ROOT, read_table

UNKNOWN = -1
PHASES = ("gas", "condensed", "atr")


@dataclass(frozen=True)
class Detail:
    """A row of details.csv: a substructure below a group, or beside them when ``parent`` is ''.

    ``covers``: names of details that this one's definition includes, separated by blanks.
    """

    name: str
    parent: str
    title: str
    covers: str
    smarts: str
    bands_cm1: str
    bands_source: str


_TABLE = read_table(ROOT / "train" / "labels" / "details.csv")
DETAILS = tuple(Detail(**row) for row in _TABLE)
ANSWERED = (*GROUPS, *(detail.name for detail in DETAILS))
# The columns of the network's logits: what is answered, then the phases (one softmax).
OUTPUTS = (*ANSWERED, *(f"phase_{phase}" for phase in PHASES))

COLUMN = {name: column for column, name in enumerate(ANSWERED)}
AMINES = (
    "amine",
    "primary_aliphatic_amine",
    "primary_aromatic_amine",
    "secondary_amine",
    "tertiary_amine",
)
_CONFIGURATIONS = ("trans_alkene", "cis_alkene")
_PATTERNS = {detail.name: Chem.MolFromSmarts(detail.smarts) for detail in DETAILS}
_BASE = Chem.MolFromSmarts("[NX3;H2,H1,H0;+0;!$(N[#6,#16,#15,#7]=[O,S,N]);!$(N[#7,#8])]")
_HALOGEN_ACID = Chem.MolFromSmarts("[F,Cl,Br,I;H1;D0]")
_OPEN_ALKENE = Chem.MolFromSmarts("[*]-[CX3H1]=[CX3H1]-[*]")


def answers_of(mol: Chem.Mol, *, salt: bool = False) -> Answers:
    """What a structure says of every name of ANSWERED, (88,): 1, 0 or UNKNOWN.

    ``salt``: the sample is a salt of the amine that is written as such.
    """
    found = [
        mol.HasSubstructMatch(pattern, useChirality=name in _CONFIGURATIONS)
        for name, pattern in _PATTERNS.items()
    ]
    answers: Answers = np.array([*groups_of(mol), *found], np.int8)
    _leave_configuration_open(mol, answers)
    _leave_amines_open(mol, answers, salt=salt)
    return answers


def configuration_of(mol: Chem.Mol, answers: Answers) -> None:
    """Take cis and trans from another structure of the same molecule, in place."""
    columns = [COLUMN[name] for name in _CONFIGURATIONS]
    answers[columns] = answers_of(mol)[columns]


def leave_open(answers: Answers, names: tuple[str, ...]) -> None:
    """Make some answers UNKNOWN, in place."""
    answers[[COLUMN[name] for name in names]] = UNKNOWN


def _leave_configuration_open(mol: Chem.Mol, answers: Answers) -> None:
    for _, left, right, _ in mol.GetSubstructMatches(_OPEN_ALKENE):
        bond = mol.GetBondBetweenAtoms(left, right)
        if not bond.IsInRing() and bond.GetStereo() == Chem.BondStereo.STEREONONE:
            missing = [c for name in _CONFIGURATIONS if not answers[c := COLUMN[name]]]
            answers[missing] = UNKNOWN


def _leave_amines_open(mol: Chem.Mol, answers: Answers, *, salt: bool) -> None:
    """A salt of an amine has ammonium; of an acid written neutral beside it this is not known."""
    parts = Chem.GetMolFrags(mol, asMols=True)
    acid = len(parts) > 1 and any(part.HasSubstructMatch(_HALOGEN_ACID) for part in parts)
    base = mol.HasSubstructMatch(_BASE)
    protonated = bool(answers[COLUMN["ammonium"]]) or salt
    if protonated or (acid and base):
        answers[COLUMN["ammonium"]] = 1
    elif len(parts) > 1 and base:
        answers[COLUMN["ammonium"]] = UNKNOWN
    if protonated or acid or (len(parts) > 1 and base):
        leave_open(answers, AMINES)


# Plastics: the repeat unit, and what stays open. Four units stand between two atoms of xenon, which
# match no pattern: the ends of a chain say nothing.
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
    chain = Chem.MolFromSmiles("[Xe]" + unit * _LENGTH + "[Xe]")
    answers = answers_of(_cellulose(unit) if kind in _CELLULOSES else chain)
    leave_open(answers, left_open)
    return answers


def _cellulose(side: str) -> Chem.Mol:
    smiles = "O[Xe]"
    for _ in range(_LENGTH + 1):
        smiles = f"OC1OC(C{side})C({smiles})C({side})C1{side}"
    return Chem.MolFromSmiles("[Xe]" + smiles)
