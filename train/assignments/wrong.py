"""Structures that a spectrum does not have: another molecule, an isomer, a plausible by-product."""

from __future__ import annotations

from collections.abc import Iterator

from rdkit import Chem
from rdkit.Chem import AllChem

# What is claimed instead of what was made, and how one is written from the other.
BY_PRODUCTS = {
    "acid for ester": "[CX3:1](=[O:2])[OX2H0;!R:3][#6;!$(C=O)]>>[CX3:1](=[O:2])[OX2H:3]",
    "ester for acid": "[#6:4][CX3:1](=[O:2])[OX2H:3]>>[#6:4][CX3:1](=[O:2])[O:3]C",
    "alcohol for ketone": "[#6:1][CX3:2](=[O:3])[#6:4]>>[#6:1][C:2]([OH:3])[#6:4]",
    "ketone for alcohol": "[#6:1][CX4;H1:2]([OX2H:3])[#6:4]>>[#6:1][C:2](=[O:3])[#6:4]",
    "amine for amide": "[NX3;!$(N(C=O)C=O);!R:1][CX3;!R](=O)[#6]>>[N:1]",
    "amide for amine": "[NX3;H1,H2;!$(N[C,S,P]=[O,S,N]);!$(N[#7,#8]):1]>>[N:1]C(C)=O",
}
_REACTIONS = {name: AllChem.ReactionFromSmarts(text) for name, text in BY_PRODUCTS.items()}


def by_products(smiles: str) -> Iterator[tuple[str, str]]:
    """Kind and SMILES of each by-product that the molecule has, one of a kind."""
    mol = Chem.MolFromSmiles(smiles)
    for kind, reaction in _REACTIONS.items():
        for (
            product,
            *_,
        ) in reaction.RunReactants((mol,), maxProducts=1):
            if Chem.SanitizeMol(product, catchErrors=True):
                continue
            fragments = Chem.GetMolFrags(product, asMols=True)
            largest = max(fragments, key=lambda part: part.GetNumHeavyAtoms())
            yield kind, Chem.MolToSmiles(largest)
