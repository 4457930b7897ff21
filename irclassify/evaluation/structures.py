"""Structures -> functional groups with RDKit: the one module that needs it, an optional extra.

``irclassify evaluate`` reads SMILES through it, training labels its spectra with it. Nothing that
reads or classifies a spectrum imports it.
"""

from __future__ import annotations

from collections.abc import Iterable

from rdkit import Chem, RDLogger
from rdkit.Chem import AllChem

RDLogger.DisableLog("rdApp.*")  # what it refuses is said by us, once

# A standard InChI does not say whether a mobile hydrogen is on N or O, and RDKit puts it on O: the
# structures of databases show N-H amides, lactams, carbamates and ureas as imidic acids, C(O)=N.
_IMIDIC_ACID = Chem.MolFromSmarts("[OX2H][CX3]=[NX2]")
_TO_AMIDE = AllChem.ReactionFromSmarts("[OX2H:1][CX3:2]=[NX2:3]>>[OX1H0:1]=[CX3:2][NX3:3]")


class Matcher:
    """Which of some SMARTS a molecule contains."""

    def __init__(self, smarts: Iterable[str]) -> None:
        """Raises ValueError for what is no SMARTS."""
        self._patterns = [_pattern(text) for text in smarts]

    def found_in(self, mol: Chem.Mol) -> tuple[bool, ...]:
        """One answer a SMARTS, in their order."""
        return tuple(mol.HasSubstructMatch(pattern) for pattern in self._patterns)


def molecule(smiles: str) -> Chem.Mol | None:
    """An RDKit molecule, None when there is no structure or RDKit refuses it."""
    return Chem.MolFromSmiles(smiles) if smiles else None


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


def _pattern(smarts: str) -> Chem.Mol:
    pattern = Chem.MolFromSmarts(smarts)
    if pattern is None:
        raise ValueError(f"no SMARTS: {smarts}")
    return pattern
