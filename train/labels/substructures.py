"""Structures -> the substructures a network learns too, in training only.

An infrared spectrum may well show them, and the 17 groups do not distinguish them: where an
aromatic ring is substituted, which halogen on which carbon, how many carbons. Learning them keeps
the latent matrix from fitting the groups of single molecules.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence

import numpy as np
from rdkit import Chem
from rdkit.Chem import Fragments, MACCSkeys, rdFingerprintGenerator

from train.arrays import Bools
from train.labels.groups import molecule, repaired

# A substructure fewer (or all but fewer) spectra than this share have teaches nothing.
RARE = 0.005

_MORGAN = rdFingerprintGenerator.GetMorganGenerator(radius=2)
_FRAGMENTS = [name for name in sorted(dir(Fragments)) if name.startswith("fr_")]
_PATTERNS = [
    Chem.MolFromSmarts(smarts)
    for smarts in (
        *("c1(-*)c(-*)cccc1", "*-c1cccc(-*)c1", "*-c1ccc(-*)cc1"),  # ortho, meta, para
        *("[CX4]F", "[CX4]Cl", "[CX4]Br", "[CX4]I", "cF", "cCl", "cBr", "cI", "C(F)(F)F"),
        *("[CH3]O", "[CH3]N", "[CH3]c", "[CH3]C=O", "C(C)(C)C", "[CH3][CH][CH3]"),
        *("[CH3]", "[CH2]", "[CH]", "[CH2]~[CH2]~[CH2]~[CH2]", "[CH2]O", "[CH]O"),
        *("C=[CH2]", "[CH]=[CH]", "cO", "cN", "c[OH]", "C[OH]", "[NH2]", "[NH1]"),
        *("C(=O)c", "O=CC=C", "C=N", "N=N", "S=O", "[SH]", "CSC"),
    )
]


def substructures(smiles: Sequence[str]) -> Bools:
    """(n,) SMILES -> (n, m) which of them have which substructure; every column different."""
    found = {text: _found(text) for text in set(smiles)}
    count = Counter(name for text in smiles for name in found[text])
    some = range(int(RARE * len(smiles)) + 1, int((1 - RARE) * len(smiles)) + 1)
    names = [name for name, times in count.items() if times in some]
    has = np.array([[name in found[text] for name in names] for text in smiles], bool)
    _, first = np.unique(has.reshape(len(smiles), -1).T, axis=0, return_index=True)
    return has[:, np.sort(first)] if names else np.zeros((len(smiles), 0), bool)


def _found(smiles: str) -> list[Hashable]:
    mol = molecule(smiles)
    if mol is None:
        return []
    mol = repaired(mol)
    carbons = sum(atom.GetSymbol() == "C" for atom in mol.GetAtoms())
    counts = [len(mol.GetSubstructMatches(pattern)) for pattern in _PATTERNS]
    return sorted(
        [
            *(("fragment", name) for name in _FRAGMENTS if getattr(Fragments, name)(mol)),
            *(("maccs", bit) for bit in MACCSkeys.GenMACCSKeys(mol).GetOnBits()),
            *(("morgan", n) for n in _MORGAN.GetSparseCountFingerprint(mol).GetNonzeroElements()),
            *(
                ("pattern", i, n)
                for i, times in enumerate(counts)
                for n in range(1, min(times, 3) + 1)
            ),
            *(("carbons", n) for n in range(1, carbons + 1)),
        ],
        key=str,
    )
