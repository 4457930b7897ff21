"""Which groups the structure behind a SMILES has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from irclassify import evaluation
from irclassify.extras import need_extra

if TYPE_CHECKING:
    from irclassify.evaluation.structures import Matcher


class Structures:
    """Looks for some SMARTS in structures; RDKit is imported for the first of them."""

    def __init__(self, smarts: Mapping[str, str]) -> None:
        """``smarts``: the definition of each group, by its name."""
        self._smarts = smarts
        self._matcher: Matcher | None = None

    def __call__(self, smiles: str) -> dict[str, bool] | None:
        """Which groups it has, by name; None for what is no SMILES.

        Raises UsageError without RDKit.

        Examples
        --------
        >>> holds = Structures({"alcohol": "[OX2H][CX4]", "ketone": "[#6]C(=O)[#6]"})
        >>> holds("CC(C)=O"), holds("no structure")
        ({'alcohol': False, 'ketone': True}, None)
        """
        need_extra("rdkit", "smiles")
        structures = evaluation.structures
        self._matcher = self._matcher or structures.Matcher(self._smarts.values())
        mol = structures.molecule(smiles)
        if mol is None or mol.GetNumAtoms() == 0:
            return None
        found = self._matcher.found_in(structures.repaired(mol))
        return dict(zip(self._smarts, found, strict=True))
