"""The answers, as renderers get them: plain values, no arrays, no science.

What is told beyond the answer, explanations above all, is in explanations.py.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from irclassify.results.explanation import Unexplained

# Where the phase of a spectrum is from.
STATED, INFERRED = "stated", "inferred"

# An uncertain group less probable than this shows no sign of itself.
_SEEN_FROM = 0.05
NOT_SEEN = "not seen"

IN_DOMAIN, UNUSUAL, OUTSIDE = "in_domain", "unusual", "outside"


@dataclass(frozen=True)
class Domain:
    """Whether the model was trained for such a spectrum: ``verdict`` in_domain, unusual or outside.

    ``reasons`` are plain phrases, none for in_domain.
    """

    verdict: str
    reasons: tuple[str, ...] = ()


class GroupCall(NamedTuple):
    """One group or detail of one spectrum. ``call``: ``present``, ``absent`` or ``uncertain``.

    ``best_guess`` is ``present`` or ``absent``, whatever the error rate asked for; ``logit`` is the
    exact sum that ``explain`` accounts for: probability = 1 / (1 + exp(-logit)). ``title`` is the
    plain name, ``parent`` the group that a detail belongs to (None for a group and for a detail
    that stands alone), ``covers`` the names whose definition this one includes. ``base_rate``: the
    share of the known spectra of this phase that hold it, 0 to 1. A tuple because there are many:
    a frozen dataclass takes five times as long to make.
    """

    name: str
    probability: float
    call: str
    logit: float
    best_guess: str
    title: str = ""
    parent: str | None = None
    covers: tuple[str, ...] = ()
    base_rate: float = 0.0

    @property
    def shown(self) -> str:
        """What a person is told: the call, or ``not seen``.

        ``not seen`` is said of an uncertain group that is less probable than before the spectrum
        was measured (``base_rate``), or than SEEN_FROM: the spectrum shows no sign of it, which is
        not enough to call it absent. It is never said of a group that is more probable than not.

        Examples
        --------
        >>> GroupCall("nitro", 0.01, "uncertain", -4.6, "absent").shown
        'not seen'
        """
        sign = max(min(self.base_rate, 0.5), _SEEN_FROM)
        return NOT_SEEN if self.call == "uncertain" and self.probability < sign else self.call


@dataclass(frozen=True)
class Prediction:
    """The answer for one spectrum: every group the model knows, in the model's order.

    ``phase`` is the one that was reckoned with (``gas``, ``condensed``, ``atr``, None for unknown),
    ``phase_source`` says where it is from: STATED by the file or the user, INFERRED from the
    spectrum, None for unknown. ``phase_probability``: how probable the spectrum itself makes that
    phase, 0 to 1; None from a model that cannot tell. ``phase_weights``: how much the scale of each
    of the model's phases counts; empty for that of ``phase`` alone. ``error_rate``: the share of
    wrong calls that was allowed. ``domain`` is None from a model that cannot tell. ``details``:
    finer groups, below the groups; none from a model without them.
    """

    model: str
    groups: tuple[GroupCall, ...]
    phase: str | None = None
    error_rate: float = 0.05
    domain: Domain | None = None
    details: tuple[GroupCall, ...] = ()
    phase_source: str | None = None
    phase_probability: float | None = None
    phase_weights: tuple[float, ...] = ()

    @property
    def present(self) -> tuple[GroupCall, ...]:
        """The groups called present, most probable first.

        Examples
        --------
        >>> ketone = GroupCall("ketone", 0.98, "present", 3.9, "present")
        >>> [group.name for group in Prediction("default@2.0.0", (ketone,)).present]
        ['ketone']
        """
        return self.called("present")

    def called(self, call: str) -> tuple[GroupCall, ...]:
        """The groups with a call, most probable first.

        Examples
        --------
        >>> nitro = GroupCall("nitro", 0.01, "absent", -4.6, "absent")
        >>> [group.name for group in Prediction("default@2.0.0", (nitro,)).called("absent")]
        ['nitro']
        """
        return _most_probable_first(g for g in self.groups if g.call == call)

    def with_details(self, names: Collection[str]) -> Prediction:
        """The same with the named details among the groups, at their end: to be explained too.

        Examples
        --------
        >>> phenol = GroupCall("phenol", 0.9, "present", 2.2, "present", parent="alcohol")
        >>> said = Prediction("m@1", (), details=(phenol,))
        >>> [one.name for one in said.with_details({"phenol"}).groups]
        ['phenol']
        """
        asked = tuple(detail for detail in self.details if detail.name in names)
        return replace(self, groups=self.groups + asked) if asked else self

    @property
    def most_specific(self) -> tuple[GroupCall, ...]:
        """What is present, by its most specific names, most probable first.

        A group gives way to its present details, and a name to a present one that its definition
        covers: ``ester, conjugated``, not also ``ester`` and ``C-O-C (ether or ester)``.

        Examples
        --------
        >>> alcohol = GroupCall("alcohol", 0.99, "present", 4.6, "present")
        >>> phenol = GroupCall("phenol", 0.9, "present", 2.2, "present", parent="alcohol")
        >>> [one.name for one in Prediction("m@1", (alcohol,), details=(phenol,)).most_specific]
        ['phenol']
        """
        return self.shown_as("present")

    def shown_as(self, shown: str) -> tuple[GroupCall, ...]:
        """Groups and details that are shown with a word (``GroupCall.shown``), without repetition.

        Of present ones the most specific; of others a detail only where its group is present.

        Examples
        --------
        >>> nitro = GroupCall("nitro", 0.01, "uncertain", -4.6, "absent")
        >>> [one.name for one in Prediction("m@1", (nitro,)).shown_as("not seen")]
        ['nitro']
        """
        every = (*self.groups, *self.details)
        present = {one.name for one in every if one.call == "present"}
        chosen = [one for one in every if one.shown == shown]
        if shown == "present":
            told = {one.parent for one in chosen if one.parent}
            return _most_probable_first(
                one for one in chosen if one.name not in told and present.isdisjoint(one.covers)
            )
        return _most_probable_first(
            one for one in chosen if one.parent is None or one.parent in present
        )


class _Called(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def call(self) -> str: ...
    @property
    def covers(self) -> tuple[str, ...]: ...


def holder_of(
    group: _Called, groups: Iterable[_Called], details: Iterable[GroupCall]
) -> str | None:
    """The present group that makes ``group`` present by definition, as an ester an ether.

    None where ``group`` is not present, or a detail says that it is there on its own account.

    Examples
    --------
    >>> ester = GroupCall("ester", 0.9, "present", 2.2, "present")
    >>> ether = GroupCall("ether", 0.9, "present", 2.2, "present", covers=("ester",))
    >>> holder_of(ether, [ester, ether], details=())
    'ester'
    >>> anisole = GroupCall("aryl_alkyl_ether", 0.8, "present", 1.4, "present", parent="ether")
    >>> holder_of(ether, [ester, ether], [anisole]) is None
    True
    """
    finer = any(each.parent == group.name and each.call == "present" for each in details)
    if group.call != "present" or finer:
        return None
    present = {each.name for each in groups if each.call == "present"}
    return next((name for name in group.covers if name in present), None)


def _most_probable_first(calls: Iterable[GroupCall]) -> tuple[GroupCall, ...]:
    return tuple(sorted(calls, key=lambda one: -one.probability))


@dataclass(frozen=True)
class Ok:
    """A spectrum that was read and classified. ``file`` is the name the user gave or would find.

    ``summary``: the answer in words, and ``unexplained``: the strong peaks that no present group
    accounts for; None and none where words were not asked for. ``labels``: what the other columns
    of a table say of it, by the column's name.
    """

    file: str
    prediction: Prediction
    warnings: tuple[str, ...] = ()
    summary: str | None = None
    unexplained: tuple[Unexplained, ...] = ()
    labels: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Failed:
    """A spectrum that could not be read or classified, with the error's stable code."""

    file: str
    code: str
    message: str
    labels: Mapping[str, str] | None = None


Result = Ok | Failed
