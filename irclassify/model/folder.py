"""A model folder on disk -> ModelSpec: found, hash-checked, parsed. No network runs here.

A folder holds ``model.onnx`` (outputs ``logits`` and ``latent``), ``head.npz`` (what turns the
latent matrix into logits, because onnxruntime does not hand out graph weights), ``model.json``
(everything else), ``patterns.json`` (what the model has learned, see learned.py; may be absent),
``domain.npz`` (what it was trained for, see domain.py; may be absent) and a generated
``MODEL_CARD.md``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from irclassify.errors import ModelError
from irclassify.model.calibration import parse_confidence
from irclassify.model.installed import DEFAULT_MODEL, DEFINITION, model_names, models_folder
from irclassify.model.phases import PhaseScale
from irclassify.model.preprocessing import Preprocessing
from irclassify.model.spec import Group, LatentGeometry, ModelSpec, check_hash
from irclassify.text import did_you_mean

__all__ = [
    "DEFAULT_MODEL",
    "SCHEMA",
    "Group",
    "LatentGeometry",
    "ModelSpec",
    "find_model",
    "installed_models",
    "load_spec",
    "models_folder",
]

SCHEMA = 3
_READABLE = (2, SCHEMA)

# Only explanations need these: checked when they are read, as predict should not wait for them.
_READ_LATER = ("head.npz", "patterns.json")


def installed_models() -> Iterator[ModelSpec]:
    """Every shipped model, by name, all files verified. Raises ModelError for a damaged one.

    Examples
    --------
    >>> "default" in [spec.name for spec in installed_models()]
    True
    """
    for name in model_names():
        spec = load_spec(models_folder() / name)
        for file in _READ_LATER:
            check_hash(spec.folder, file, spec.definition)
        yield spec


def find_model(name_or_folder: str) -> ModelSpec:
    """A shipped model by name, or any folder that holds a model.json.

    Raises
    ------
    ModelError
        When there is none; the message names those there are.

    Examples
    --------
    >>> find_model("default").name
    'default'
    """
    shipped = models_folder() / name_or_folder
    is_name = Path(name_or_folder).name == name_or_folder != ""
    if is_name and (shipped / DEFINITION).is_file():
        return load_spec(shipped)
    folder = Path(name_or_folder)
    if (folder / DEFINITION).is_file():
        return load_spec(folder)
    known = model_names()
    hint = did_you_mean(name_or_folder, known)
    raise ModelError(
        f"no model {name_or_folder!r}: give a folder with a model.json or one of: "
        f"{', '.join(known) or 'none installed'}. {hint}".rstrip()
    )


def load_spec(folder: Path) -> ModelSpec:
    """Parse a model folder and verify all of it but _READ_LATER.

    Raises
    ------
    ModelError
        When a file is missing, damaged or altered.

    Examples
    --------
    >>> load_spec(models_folder() / "default").name
    'default'
    """
    try:
        definition = json.loads((folder / DEFINITION).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ModelError(f"{folder / DEFINITION} cannot be read: {error}") from error
    schema = definition.get("schema") if isinstance(definition, dict) else None
    if schema not in _READABLE:
        raise ModelError(
            f"{folder / DEFINITION} has schema {schema!r}, this irclassify reads schema "
            f"{' and '.join(map(str, _READABLE))}: update one of them"
        )
    if not isinstance(definition.get("sha256", {}), dict):
        raise ModelError(f"{folder / DEFINITION} is incomplete: sha256 is not a table of files")
    for name in definition.get("sha256", {}):
        if name not in _READ_LATER:
            check_hash(folder, name, definition)
    try:
        return _parse(folder, definition)
    except (LookupError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise ModelError(f"{folder / DEFINITION} is incomplete: {error!r}") from error


def _parse(folder: Path, definition: Mapping[str, Any]) -> ModelSpec:
    name, version, description = _words(definition, "name", "version", "description")
    groups = tuple(map(Group.from_json, definition["groups"]))
    details = tuple(map(Group.from_json, definition.get("details", ())))
    _check_tree(groups, details)
    scale = PhaseScale.from_json(definition["phase"]) if definition.get("phase") else None
    confidence = parse_confidence(
        definition["confidence"], len(groups) + len(details), inferred=scale is not None
    )
    if scale is not None and scale.names != confidence.phases:
        raise ValueError("phase: its names must be the phases of confidence, in their order")
    return ModelSpec(
        folder=folder,
        name=name,
        version=version,
        description=description,
        phases=frozenset(str(phase) for phase in definition["phases"]),
        groups=groups,
        details=details,
        phase_scale=scale,
        preprocessing=Preprocessing.from_json(definition["grid"], definition["preprocessing"]),
        latent=LatentGeometry(**definition["latent"]),
        confidence=confidence,
        metrics=definition["metrics"],
        definition=definition,
    )


def _words(definition: Mapping[str, Any], *names: str) -> Iterator[str]:
    """Text of model.json. Raises KeyError, TypeError."""
    for name in names:
        if not isinstance(definition[name], str):
            raise TypeError(f"{name} must be text")
        yield definition[name]


def _check_tree(groups: Sequence[Group], details: Sequence[Group]) -> None:
    """Raises ValueError unless names are unique and every parent is a group."""
    names = [one.name for one in (*groups, *details)]
    above = {group.name for group in groups} | {None}
    if not all(isinstance(name, str) for name in names):
        raise TypeError("groups: names must be words")
    if len(set(names)) < len(names) or any(detail.parent not in above for detail in details):
        raise ValueError("details: names must be unique, and parents must be groups")
