"""Structures -> functional groups with RDKit: the one module that needs it, an optional extra.

``irclassify evaluate`` reads SMILES through it, training labels its spectra with it. Nothing that
reads or classifies a spectrum imports it.
"""

from __future__ import annotations

from collections.abc import Iterable

from rdkit import Chem, RDLogger
from rdkit.Chem import AllChem

RDLogger.DisableLog("rdApp.*")  # what it refuses is said by us, once

# A standard InChI does not say where a mobile hydrogen is, and RDKit puts it on O, on S or on the
# ring nitrogen: the structures of databases show N-H amides, lactams, carbamates and ureas as
# imidic acids, C(O)=N, thioamides as C(S)=N, 2-aminopyridines as C(=NH) beside a ring N-H, and
# 2-pyridones as hydroxypyridines.
_CHAINS = [
    (Chem.MolFromSmarts(acid), AllChem.ReactionFromSmarts(reaction))
    for acid, reaction in (
        ("[OX2H][CX3]=[NX2]", "[OX2H:1][CX3:2]=[NX2:3]>>[OX1H0:1]=[CX3:2][NX3:3]"),
        ("[SX2H][CX3]=[NX2]", "[SX2H:1][CX3:2]=[NX2:3]>>[SX1H0:1]=[CX3:2][NX3:3]"),
    )
]
# An atom beside an aromatic ring with the ring carbon, a ring nitrogen, and whether the hydrogen
# belongs on the nitrogen.
_RINGS = [
    (Chem.MolFromSmarts(outer), Chem.MolFromSmarts(nitrogen), to_ring)
    for outer, nitrogen, to_ring in (
        ("[NX2;!R]=[c]", "[nH]", False),
        ("[OX2H][c]", "[nX2;H0]", True),
    )
]
_MOST_HYDROGENS = 6  # moved in one molecule: uric acid has four


class Matcher:
    """Which of some SMARTS a molecule contains."""

    def __init__(self, smarts: Iterable[str]) -> None:
        """Raises ValueError for what is no SMARTS."""
        self._patterns = [_pattern(text) for text in smarts]

    def found_in(self, mol: Chem.Mol) -> tuple[bool, ...]:
        """One answer for each SMARTS, in their order.

        Examples
        --------
        >>> Matcher(["[OX2H]", "C=O"]).found_in(molecule("CCO"))
        (True, False)
        """
        return tuple(mol.HasSubstructMatch(pattern) for pattern in self._patterns)


def molecule(smiles: str) -> Chem.Mol | None:
    """An RDKit molecule; None when there is no structure or RDKit refuses it.

    Examples
    --------
    >>> molecule("CCO").GetNumAtoms(), molecule("")
    (3, None)
    """
    return Chem.MolFromSmiles(smiles) if smiles else None


def repaired(mol: Chem.Mol) -> Chem.Mol:
    """The molecule with its mobile hydrogens where infrared spectra show them.

    Imidic and thioimidic acids become amides and thioamides, imines beside a ring N-H become
    amines, hydroxyl groups beside a pyridine-like nitrogen become pyridones. Of 10,415 structures
    of the NIST collection, PubChem's differ in 56 labels of the 17 groups then (1,393 without).

    Examples
    --------
    >>> Chem.MolToSmiles(repaired(molecule("CC(O)=NC")))
    'CNC(C)=O'
    """
    for acid, reaction in _CHAINS:
        mol = _rewritten(mol, acid, reaction)
    for outer, nitrogen, to_ring in _RINGS:
        for _ in range(_MOST_HYDROGENS):
            moved = _moved(mol, outer, nitrogen, to_ring=to_ring)
            if moved is None:
                break
            mol = moved
    return mol


def _rewritten(mol: Chem.Mol, acid: Chem.Mol, reaction: AllChem.ChemicalReaction) -> Chem.Mol:
    for _ in range(len(mol.GetSubstructMatches(acid))):
        products = reaction.RunReactants((mol,), maxProducts=1)
        if not products:
            break
        candidate = products[0][0]
        if Chem.SanitizeMol(candidate, catchErrors=True):
            break
        mol = candidate
    return mol


def _moved(mol: Chem.Mol, outer: Chem.Mol, nitrogen: Chem.Mol, *, to_ring: bool) -> Chem.Mol | None:
    """The molecule with one hydrogen moved, to the nearest nitrogen that allows it; or None."""
    rings = mol.GetRingInfo().AtomRings()
    distance = Chem.GetDistanceMatrix(mol)
    pairs = sorted(
        (distance[carbon, n], atom, carbon, n)
        for atom, carbon in mol.GetSubstructMatches(outer)
        for (n,) in mol.GetSubstructMatches(nitrogen)
        if any(carbon in ring and n in ring for ring in rings)
    )
    for _, atom, carbon, n in pairs:
        candidate = Chem.RWMol(mol)
        order = Chem.BondType.DOUBLE if to_ring else Chem.BondType.SINGLE
        candidate.GetBondBetweenAtoms(atom, carbon).SetBondType(order)
        candidate.GetAtomWithIdx(n).SetNumExplicitHs(int(to_ring))
        candidate.GetAtomWithIdx(n).SetNoImplicit(to_ring)
        candidate.GetAtomWithIdx(atom).SetNumExplicitHs(0)
        candidate.GetAtomWithIdx(atom).SetNoImplicit(False)
        if not Chem.SanitizeMol(candidate, catchErrors=True):
            return Chem.MolFromSmiles(Chem.MolToSmiles(candidate))
    return None


def _pattern(smarts: str) -> Chem.Mol:
    pattern = Chem.MolFromSmarts(smarts)
    if pattern is None:
        raise ValueError(f"not a SMARTS pattern: {smarts}")
    return pattern
