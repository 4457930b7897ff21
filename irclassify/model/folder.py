"""A model folder on disk -> ModelSpec: found, hash-checked, parsed. No network runs here.

A folder holds ``model.onnx`` (outputs ``logits`` and ``latent``), ``head.npz`` (what turns the
latent matrix into logits, because onnxruntime does not hand out graph weights), ``model.json``
(everything else), ``patterns.json`` (what the model has learned, see learned.py; may be absent),
``domain.npz`` (what it was trained for, see domain.py; may be absent) and a generated
``MODEL_CARD.md``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from irclassify.errors import ModelError
from irclassify.model.calibration import Confidence, parse_confidence
from irclassify.model.domain import Detector
from irclassify.model.installed import DEFAULT_MODEL, DEFINITION, model_names, models_folder
from irclassify.model.preprocessing import Preprocessing
from irclassify.names import did_you_mean
from irclassify.spectra.phase import phase_warning

if TYPE_CHECKING:
    from irclassify.results.patterns import Learned

__all__ = [
    "DEFAULT_MODEL",
    "SCHEMA",
    "Group",
    "Head",
    "LatentGeometry",
    "ModelSpec",
    "find_model",
    "installed_models",
    "load_spec",
    "models_folder",
]

SCHEMA = 2

# Only explanations need these: checked when they are read, as predict should not wait for them.
READ_LATER = ("head.npz", "patterns.json")


@dataclass(frozen=True)
class Group:
    """A functional group and its SMARTS."""

    name: str
    smarts: str


@dataclass(frozen=True)
class Head:
    """The exact sum behind every logit, around the latent matrix of a spectrum without absorption.

    With d = latent - reference, logit = bias + sum(weight * d)
    + sum over factors r of mix[:, r] * sum(left[r] * d) * sum(right[r] * d).
    Shapes: bias (groups,), weight (groups, channels, positions), reference (channels, positions),
    left and right (factors, own channels, positions), mix (groups, factors); no factors for a head
    that is linear. In an average of m networks each factor belongs to one of them: the first
    factors / m to the first channels / m = own channels, and so on.
    """

    bias: NDArray[np.float32]
    weight: NDArray[np.float32]
    reference: NDArray[np.float32]
    left: NDArray[np.float32]
    right: NDArray[np.float32]
    mix: NDArray[np.float32]

    def members(self) -> tuple[tuple[slice, slice], ...]:
        """The channels and the factors of each network of an average, in order."""
        factors, own_channels, _ = self.left.shape
        count = len(self.reference) // own_channels
        each = factors // count
        return tuple(
            (
                slice(m * own_channels, (m + 1) * own_channels),
                slice(m * each, (m + 1) * each),
            )
            for m in range(count)
        )

    def rescaled(self, slope: NDArray[np.float64], intercept: NDArray[np.float64]) -> Head:
        """The head of slope * logit + intercept, both (groups,): still an exact sum."""
        return replace(
            self,
            bias=(self.bias * slope + intercept).astype(np.float32),
            weight=(self.weight * slope[:, None, None]).astype(np.float32),
            mix=(self.mix * slope[:, None]).astype(np.float32),
        )


@dataclass(frozen=True)
class LatentGeometry:
    """Where each latent column looks: column p sees grid points p*stride .. p*stride+field-1."""

    channels: int
    positions: int
    receptive_field_points: int
    stride_points: int


@dataclass(frozen=True)
class ModelSpec:
    """All that is known of a model without running it."""

    folder: Path
    name: str
    version: str
    description: str
    phases: frozenset[str]  # of the spectra it was trained on: gas, condensed
    groups: tuple[Group, ...]
    preprocessing: Preprocessing
    latent: LatentGeometry
    confidence: Confidence
    metrics: Mapping[str, Any]
    definition: Mapping[str, Any]

    @property
    def label(self) -> str:
        """``name@version``, as it appears in every output."""
        return f"{self.name}@{self.version}"

    @property
    def graph(self) -> Path:
        """The ONNX file."""
        return self.folder / "model.onnx"

    @cached_property
    def head(self) -> Head:
        """The head's weights, read on first use. Raises ModelError when they are not there."""
        _check_hash(self.folder, "head.npz", self.definition)
        try:
            with np.load(self.folder / "head.npz", allow_pickle=False) as stored:
                arrays = {name: stored[name] for name in stored.files}
        except (OSError, ValueError, EOFError, BadZipFile) as error:
            raise ModelError(f"{self.folder / 'head.npz'} cannot be read: {error}") from error
        shape = (0, self.latent.channels, self.latent.positions)
        arrays.setdefault("left", np.zeros(shape, np.float32))
        arrays.setdefault("right", np.zeros(shape, np.float32))
        arrays.setdefault("mix", np.zeros((len(self.groups), 0), np.float32))
        try:
            return Head(**arrays)
        except TypeError as error:
            raise ModelError(f"{self.folder / 'head.npz'} is incomplete: {error}") from error

    def head_in(self, phase: str | None) -> Head:
        """The head behind the logits of a phase: those of the graph, on the phase's scale."""
        scale = self.confidence.scale(phase)
        return self.head.rescaled(scale.slope, scale.intercept)

    @cached_property
    def detector(self) -> Detector | None:
        """What tells known spectra from others, read on first use; None for a model without.

        Raises ModelError when it is named in model.json and cannot be read.
        """
        entry = self.definition.get("domain")
        if not entry:
            return None
        file = self.folder / str(entry["file"])
        try:
            with np.load(file, allow_pickle=False) as stored:
                return Detector.from_arrays({name: stored[name] for name in stored.files})
        except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
            raise ModelError(f"{file} cannot be read: {error!r}") from error

    @cached_property
    def learned(self) -> Learned:
        """What the model looks for, read on first use. Raises ModelError when it does not say."""
        from irclassify.results.patterns import SCHEMA as LEARNED_SCHEMA  # noqa: PLC0415 - seldom needed
        from irclassify.results.patterns import parse_learned  # noqa: PLC0415

        file = self.folder / "patterns.json"
        if not file.is_file():
            raise ModelError(f"{self.label} holds no description of what it learned: no {file}")
        _check_hash(self.folder, file.name, self.definition)
        try:
            stored = json.loads(file.read_text(encoding="utf-8"))
            if stored["schema"] != LEARNED_SCHEMA:
                raise ModelError(f"{file} has schema {stored['schema']!r}, not {LEARNED_SCHEMA}")
            return parse_learned(stored)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise ModelError(f"{file} cannot be read: {error!r}") from error

    def phase_warnings(self, state: str | None) -> tuple[str, ...]:
        """What to say of a sample in a state that the model was not trained on; usually nothing."""
        warning = phase_warning(state, self.name, self.phases)
        if warning is None:
            return ()
        # The default model learned from both phases, unless it is the one that is warned of.
        return (warning if self.name == DEFAULT_MODEL else f"{warning}; use --model default",)

    def columns_cm1(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The first and last wavenumber (cm-1) each latent column sees; both (positions,)."""
        grid = self.preprocessing.grid.wavenumber
        first = np.arange(self.latent.positions) * self.latent.stride_points
        return grid[first], grid[first + self.latent.receptive_field_points - 1]

    @property
    def window_cm1(self) -> float:
        """Width in cm-1 of what a latent column sees: evidence is located no finer."""
        return (self.latent.receptive_field_points - 1) * self.preprocessing.grid.spacing_cm1

    def centres_cm1(self) -> tuple[float, ...]:
        """The wavenumber (cm-1) in the middle of what each latent column sees, ascending."""
        sees_from, sees_to = self.columns_cm1()
        return tuple(((sees_from + sees_to) / 2).tolist())


def installed_models() -> Iterator[ModelSpec]:
    """Every shipped model, by name, all files verified. Raises ModelError when one is not whole."""
    for name in model_names():
        spec = load_spec(models_folder() / name)
        for file in READ_LATER:
            _check_hash(spec.folder, file, spec.definition)
        yield spec


def find_model(name_or_folder: str) -> ModelSpec:
    """A shipped model by name, or any folder that holds a model.json.

    Raises ModelError when there is none, naming those there are.
    """
    shipped = models_folder() / name_or_folder
    if name_or_folder and "/" not in name_or_folder and (shipped / DEFINITION).is_file():
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
    """Parse a model folder and verify all of it but READ_LATER.

    Raises ModelError when it is not whole.
    """
    try:
        definition = json.loads((folder / DEFINITION).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(f"{folder / DEFINITION} cannot be read: {error}") from error
    schema = definition.get("schema") if isinstance(definition, dict) else None
    if schema != SCHEMA:
        raise ModelError(
            f"{folder / DEFINITION} has schema {schema!r}, "
            f"this irclassify reads schema {SCHEMA}: update one of them"
        )
    for name in definition.get("sha256", {}):
        if name not in READ_LATER:
            _check_hash(folder, name, definition)
    try:
        return _parse(folder, definition)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ModelError(f"{folder / DEFINITION} is incomplete: {error!r}") from error


def _parse(folder: Path, definition: Mapping[str, Any]) -> ModelSpec:
    return ModelSpec(
        folder=folder,
        name=definition["name"],
        version=definition["version"],
        description=definition["description"],
        phases=frozenset(definition["phases"]),
        groups=tuple(Group(**group) for group in definition["groups"]),
        preprocessing=Preprocessing.from_json(definition["grid"], definition["preprocessing"]),
        latent=LatentGeometry(**definition["latent"]),
        confidence=parse_confidence(definition["confidence"], len(definition["groups"])),
        metrics=definition["metrics"],
        definition=definition,
    )


def _check_hash(folder: Path, name: str, definition: Mapping[str, Any]) -> None:
    """Raises ModelError when a file is not the one that model.json was written with."""
    expected = definition.get("sha256", {}).get(name)
    if expected is None:
        return
    try:
        with (folder / name).open("rb", buffering=0) as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(f"{folder / name} cannot be read: {error}") from error
    if found != expected:
        raise ModelError(f"{folder / name} was altered: its sha256 is not the one in model.json")
