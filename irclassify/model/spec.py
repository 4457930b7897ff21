"""What is known of a model without running it: its groups, its numbers, what it reads later."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from irclassify.errors import ModelError
from irclassify.model.calibration import Confidence
from irclassify.model.domain import Detector
from irclassify.model.head import Head
from irclassify.model.installed import DEFAULT_MODEL
from irclassify.model.phases import PhaseScale
from irclassify.model.preprocessing import Preprocessing
from irclassify.results.nouns import spoken
from irclassify.spectra.phase import phase_warning

if TYPE_CHECKING:
    from irclassify.results.patterns import Learned
    from irclassify.results.prediction import Prediction


@dataclass(frozen=True)
class Group:
    """A functional group, or a detail of one: what a model has an output for.

    ``title``: a plain name. ``parent``: the group that a detail is a part of, None for a group and
    for a detail that stands alone. ``covers``: names whose definition this one includes, such as
    ester for ether: where one of them is shown, this one says nothing new. ``bands``: where it
    absorbs (cm-1), in words, with their ``source``. ``positives``: how many of the known spectra
    hold it, and ``f1``: how well it is found in spectra of molecules the networks had not seen,
    both by phase.
    """

    name: str
    smarts: str
    title: str = ""
    parent: str | None = None
    covers: tuple[str, ...] = ()
    bands: str = ""
    source: str = ""
    positives: Mapping[str, int] = field(default_factory=dict)
    f1: Mapping[str, float | None] = field(default_factory=dict)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Group:
        """An element of ``groups`` or ``details`` of model.json. Raises TypeError, KeyError.

        Examples
        --------
        >>> Group.from_json({"name": "acyl_halide", "smarts": "C(=O)[F,Cl,Br,I]"}).title
        'acyl halide'
        """
        given = {"title": spoken(str(stored["name"]))} | dict(stored)
        return cls(**given | {"covers": tuple(stored.get("covers", ()))})


class LatentGeometry(NamedTuple):
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
    phases: frozenset[str]  # of the spectra it was trained on: gas, condensed, atr
    groups: tuple[Group, ...]
    details: tuple[Group, ...]  # below the groups; none in schema 2
    phase_scale: PhaseScale | None  # None for a model that cannot tell phases apart
    preprocessing: Preprocessing
    latent: LatentGeometry
    confidence: Confidence
    metrics: Mapping[str, Any]
    definition: Mapping[str, Any]

    @property
    def label(self) -> str:
        """``name@version``, as it appears in every output.

        Examples
        --------
        >>> from irclassify.model.folder import find_model
        >>> find_model("rieger2023").label.partition("@")[0]
        'rieger2023'
        """
        return f"{self.name}@{self.version}"

    @property
    def outputs(self) -> tuple[Group, ...]:
        """The groups, then the details: the columns of the graph's logits, before the phases.

        Examples
        --------
        >>> from irclassify.model.folder import find_model
        >>> spec = find_model("default")
        >>> len(spec.outputs) == len(spec.groups) + len(spec.details)
        True
        """
        return self.groups + self.details

    @cached_property
    def parents(self) -> NDArray[np.intp] | None:
        """(outputs,): the column of the group above each output; None without details.

        Examples
        --------
        >>> from irclassify.model.folder import find_model
        >>> spec = find_model("default")
        >>> spec.parents.shape == (len(spec.outputs),), find_model("rieger2023").parents
        (True, None)
        """
        if not self.details:
            return None
        column = {output.name: i for i, output in enumerate(self.outputs)}
        return np.array([column[one.parent or one.name] for one in self.outputs], np.intp)

    @property
    def graph(self) -> Path:
        """The ONNX file.

        Examples
        --------
        >>> from irclassify.model.folder import find_model
        >>> find_model("default").graph.name
        'model.onnx'
        """
        return self.folder / "model.onnx"

    @cached_property
    def head(self) -> Head:
        """The head's weights, read on first use. Raises ModelError when they are missing.

        Examples
        --------
        >>> from irclassify.model.folder import find_model
        >>> spec = find_model("default")
        >>> spec.head.reference.shape == (spec.latent.channels, spec.latent.positions)
        True
        """
        check_hash(self.folder, "head.npz", self.definition)
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

    def head_of(self, said: Prediction, names: Sequence[str] | None = None) -> Head:
        """The head behind the printed logits of one spectrum, a row for each of ``names``.

        ``names``: groups and details; None for the groups. It is the graph's head on the scale of
        the spectrum's phase, or on the weighed scales where the phase was inferred. A detail that
        its group has made less probable has the row of the group: its logit is the group's.

        Examples
        --------
        >>> from irclassify import load
        >>> classifier = load("default")
        >>> flat = np.zeros(classifier.spec.preprocessing.grid.points)
        >>> said = classifier.predict_grids(flat).predictions()[0]
        >>> classifier.spec.head_of(said, ["ketone"]).bias.shape
        (1,)
        """
        slope, intercept = self.confidence.scale(self.weights_of(said))
        column = {output.name: i for i, output in enumerate(self.outputs)}
        rows = [column[name] for name in names or [group.name for group in self.groups]]
        if self.parents is not None:
            logits = {call.name: call.logit for call in (*said.groups, *said.details)}
            logit = [logits[output.name] for output in self.outputs]
            above = self.parents.tolist()
            rows = [above[row] if logit[row] == logit[above[row]] else row for row in rows]
        return self.head.rows(rows).rescaled(slope[0, rows], intercept[0, rows])

    def weights_of(self, said: Prediction) -> NDArray[np.float64]:
        """(1, phases): how much the scale of each phase counts for one spectrum.

        Examples
        --------
        >>> from irclassify.model.folder import find_model
        >>> spec = find_model("default")
        >>> from irclassify.results.prediction import Prediction
        >>> spec.weights_of(Prediction(spec.label, (), phase="gas")).sum().item()
        1.0
        """
        if said.phase_weights:
            return np.array([said.phase_weights])
        return self.confidence.weights([said.phase])

    @cached_property
    def detector(self) -> Detector | None:
        """What tells known spectra from others, read on first use; None for a model without.

        Raises
        ------
        ModelError
            When it is named in model.json and cannot be read.

        Examples
        --------
        >>> from irclassify.model.folder import find_model
        >>> find_model("default").detector is None
        False
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
        """What the model looks for, read on first use. Raises ModelError when it does not say.

        Examples
        --------
        >>> from irclassify.model.folder import find_model
        >>> len(find_model("default").learned.groups) == len(find_model("default").groups)
        True
        """
        from irclassify.results import patterns  # noqa: PLC0415 - seldom needed

        file = self.folder / "patterns.json"
        if not file.is_file():
            raise ModelError(f"{self.label} has no description of what it learned: it lacks {file}")
        check_hash(self.folder, file.name, self.definition)
        try:
            stored = json.loads(file.read_text(encoding="utf-8"))
            if stored["schema"] != patterns.SCHEMA:
                raise ModelError(f"{file} has schema {stored['schema']!r}, not {patterns.SCHEMA}")
            return patterns.parse_learned(stored)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise ModelError(f"{file} cannot be read: {error!r}") from error

    def phase_warnings(self, state: str | None) -> tuple[str, ...]:
        """A warning for a sample in a state that the model was not trained on; empty for others.

        Examples
        --------
        >>> from irclassify.model.folder import find_model
        >>> find_model("default").phase_warnings("KBr pellet")
        ()
        >>> len(find_model("rieger2023").phase_warnings("KBr pellet"))
        1
        """
        warning = phase_warning(state, self.name, self.phases)
        if warning is None:
            return ()
        # The default model learned from both phases, unless it is the one that is warned of.
        return (warning if self.name == DEFAULT_MODEL else f"{warning}; use --model default",)

    def columns_cm1(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The first and last wavenumber (cm-1) each latent column sees; both (positions,).

        Examples
        --------
        >>> from irclassify.model.folder import find_model
        >>> spec = find_model("default")
        >>> first, last = spec.columns_cm1()
        >>> bool(np.allclose(last - first, spec.window_cm1))
        True
        """
        grid = self.preprocessing.grid.wavenumber
        first = np.arange(self.latent.positions) * self.latent.stride_points
        return grid[first], grid[first + self.latent.receptive_field_points - 1]

    @property
    def window_cm1(self) -> float:
        """Width in cm-1 of what a latent column sees: evidence is located no finer.

        Examples
        --------
        >>> from irclassify.model.folder import find_model
        >>> find_model("default").window_cm1 > 0
        True
        """
        return (self.latent.receptive_field_points - 1) * self.preprocessing.grid.spacing_cm1

    def centres_cm1(self) -> tuple[float, ...]:
        """The wavenumber (cm-1) in the middle of what each latent column sees, ascending.

        Examples
        --------
        >>> from irclassify.model.folder import find_model
        >>> spec = find_model("default")
        >>> len(spec.centres_cm1()) == spec.latent.positions
        True
        """
        sees_from, sees_to = self.columns_cm1()
        return tuple(((sees_from + sees_to) / 2).tolist())


def check_hash(folder: Path, name: str, definition: Mapping[str, Any]) -> None:
    """Raise ModelError when a file is not the one that model.json was written with.

    Examples
    --------
    >>> from irclassify.model.folder import find_model
    >>> spec = find_model("default")
    >>> check_hash(spec.folder, "head.npz", spec.definition)
    """
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
