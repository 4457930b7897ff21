"""The file of known structures that ``evaluate`` is given."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from irclassify.errors import UsageError
from irclassify.evaluation.labels import Labels, read_labels
from irclassify.model.folder import Group, ModelSpec
from irclassify.readers.encoding import decode, normalise

if TYPE_CHECKING:
    from irclassify.evaluation.structures import Matcher


def known_structures(file: Path, spec: ModelSpec) -> Labels:
    """The labels in ``file``. Raises UsageError, naming it, when they cannot be used."""
    try:
        text = decode(normalise(file.read_bytes()))
    except OSError as error:
        raise UsageError(f"--labels {file}: cannot be read: {error.strerror}") from error
    try:
        return read_labels(text, [group.name for group in spec.groups], _Smiles(spec.groups))
    except UsageError as error:
        raise UsageError(f"--labels {file}: {error}") from error


class _Smiles:
    """Groups of structures, by the model's own SMARTS; RDKit is imported for the first of them."""

    def __init__(self, groups: Sequence[Group]) -> None:
        self._groups = groups
        self._matcher: Matcher | None = None

    def __call__(self, smiles: str) -> tuple[bool, ...] | None:
        """One answer a group; None for what is no SMILES. Raises UsageError without RDKit."""
        try:
            from irclassify.evaluation.structures import Matcher, molecule, repaired  # noqa: PLC0415
        except ImportError as error:
            raise UsageError(
                'to read SMILES, RDKit is needed: pip install "irclassify[smiles]", or give groups '
                "by name"
            ) from error
        self._matcher = self._matcher or Matcher(group.smarts for group in self._groups)
        mol = molecule(smiles)
        return None if mol is None else self._matcher.found_in(repaired(mol))
