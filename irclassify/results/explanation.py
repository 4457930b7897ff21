"""What is told of a spectrum beyond the answer, as renderers get it: plain values, no science.

Apart from prediction.py, so that ``predict`` starts without: every dataclass is made when imported.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from irclassify.results.prediction import Domain, GroupCall, holder_of

if TYPE_CHECKING:
    from irclassify.results.bands import Band


@dataclass(frozen=True)
class MeasuredBand:
    """A band of the spectrum: position and width (at half its prominence) in cm-1, absorbance at
    its top, and prominence: how far it stands out from what surrounds it, in absorbance."""

    cm1: float
    absorbance: float
    width_cm1: float
    prominence: float


@dataclass(frozen=True)
class Peak:
    """A band of the spectrum, counted once, with one assignment for the whole spectrum.

    ``number`` counts from 1, from high to low wavenumber, as a spectrum is drawn. ``cm1``,
    ``width_cm1`` (at half its prominence), ``absorbance`` and ``prominence`` are as in
    ``MeasuredBand``; a shoulder has no maximum of its own and a prominence of 0. ``height`` is the
    top above the baseline as a share of the spectrum's highest band, 0 to 1. ``from_cm1`` to
    ``to_cm1`` is what belongs to the band, valley to valley. ``shape``: one or two of the words
    in ``explain.peaks.SHAPE_WORDS``, such as ``sharp``, ``broad``, ``shoulder``, ``doublet``.

    ``assignment`` is the vibration that fits best, None for ``not assigned``; ``second`` another
    that fits nearly as well. ``fit``: 0 to 1, how well the first one fits. ``is_artefact``: it is
    not the sample's (carbon dioxide, water vapour, diamond, solvent, Nujol).

    Examples
    --------
    >>> Peak(1, 1717.0, 0.9, 20.0, 0.8, 1.0, 1700.0, 1735.0, "").words
    'not assigned'
    """

    number: int
    cm1: float
    absorbance: float
    width_cm1: float
    prominence: float
    height: float
    from_cm1: float
    to_cm1: float
    shape: str
    assignment: Band | None = None
    second: Band | None = None
    fit: float = 0.0
    is_artefact: bool = False

    @property
    def words(self) -> str:
        """``C=O stretch, ester (aryl)`` or ``not assigned``."""
        return "not assigned" if self.assignment is None else self.assignment.words


@dataclass(frozen=True)
class PeakShare:
    """What one peak adds to the logit of one group.

    ``remark``: empty when the peak is assigned to the group itself; else whose band it is, such as
    ``C=O of the ester counts against ketone``.
    """

    number: int
    contribution: float
    remark: str = ""


@dataclass(frozen=True)
class PeakPair:
    """Two peaks, by number, that count together, and what they add to the logit of a group."""

    first: int
    second: int
    contribution: float


@dataclass(frozen=True)
class Missing:
    """A vibration of a called group that the spectrum does not show where it would be.

    ``bands``: the textbook's places for it, all measured, any of which would do.
    """

    vibration: str
    bands: tuple[Band, ...]


@dataclass(frozen=True)
class Unexplained:
    """A strong peak that no called group accounts for, and what it can be.

    ``candidates``: its own assignment, which is not a called group's; of a peak that is not
    assigned, bands of other groups and of what no model knows, the most probable group first.
    ``detail``: the present detail that it is a band of, as an isothiocyanate's, which is no group.
    """

    peak: Peak
    candidates: tuple[Band, ...] = ()
    detail: str | None = None


@dataclass(frozen=True)
class Trace:
    """A spectrum in as few points as a drawing needs, no band lost; see ``trace.trace``.

    ``wavenumber_cm1`` ascends; ``absorbance`` is of the same length.
    """

    wavenumber_cm1: tuple[float, ...]
    absorbance: tuple[float, ...]


@dataclass(frozen=True)
class GroupExplanation:
    """A group's logit as an exact sum: bias + the contributions of ``by_peak`` + ``no_peak``.

    ``bias`` is the logit of a spectrum without any absorption; contributions are what the measured
    absorption adds to it. ``by_peak`` holds one share for each of the explanation's ``peaks``, in
    their order; ``no_peak`` is what absorption outside of all peaks adds. ``peak_pairs``: the pairs
    of peaks that count most together, strongest first; half of each pair is in the share of either
    peak already.

    ``call`` is ``absent`` below the probability ``absent_below``, ``present`` from ``present_from``
    on, else ``uncertain``; ``shown`` is the word for it that people read, see ``GroupCall.shown``.
    ``best_guess`` is ``present`` from ``threshold`` on. ``missing``: of a group that is not absent,
    textbook bands that the spectrum lacks. ``contradicts``: plain sentences where the call is at
    odds with the textbook. ``covers``: see GroupCall.
    """

    name: str
    probability: float
    call: str
    logit: float
    bias: float
    by_peak: tuple[PeakShare, ...] = ()
    no_peak: float = 0.0
    peak_pairs: tuple[PeakPair, ...] = ()
    shown: str = ""
    best_guess: str = ""
    threshold: float = 0.5
    absent_below: float = 0.0
    present_from: float = 1.0
    missing: tuple[Missing, ...] = ()
    contradicts: tuple[str, ...] = ()
    covers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Explanation:
    """The explanation of one spectrum, groups in the model's order.

    ``trace`` is the spectrum itself. ``resolution_cm1`` is the window of a latent column: the
    network sees no finer than that. ``phase`` and ``error_rate``: see Prediction. ``peaks``: every
    band of the spectrum, from high to low wavenumber. ``unexplained``: the strong ones that no
    called group accounts for. ``summary``: the answer in one paragraph. ``details``: what the model
    says of the details below its groups.

    Examples
    --------
    >>> from irclassify.results.prediction import GroupCall
    >>> groups = [
    ...     GroupExplanation(name, probability, "present", logit=2.0, bias=-2.0)
    ...     for name, probability in (("alcohol", 0.9), ("aromatic", 0.99))
    ... ]
    >>> phenol = GroupCall("phenol", 0.8, "present", 1.4, "present", parent="alcohol")
    >>> told = Explanation("a.jdx", "default", "", tuple(groups), details=(phenol,))
    >>> [group.name for group in told.by_probability]
    ['aromatic', 'alcohol']
    >>> [detail.name for detail in told.details_of("alcohol")]
    ['phenol']
    """

    file: str
    model: str
    title: str
    groups: tuple[GroupExplanation, ...]
    peaks: tuple[Peak, ...] = ()
    unexplained: tuple[Unexplained, ...] = ()
    summary: str = ""
    details: tuple[GroupCall, ...] = ()
    warnings: tuple[str, ...] = ()
    trace: Trace | None = None
    phase: str | None = None
    error_rate: float = 0.05
    resolution_cm1: float = 0.0
    domain: Domain | None = None

    @property
    def by_probability(self) -> tuple[GroupExplanation, ...]:
        """The groups, the most probable first."""
        return tuple(sorted(self.groups, key=lambda group: -group.probability))

    def held_by(self, group: GroupExplanation) -> str | None:
        """See ``holder_of``.

        Examples
        --------
        >>> ester = GroupExplanation("ester", 0.9, "present", 2.2, -2.0)
        >>> ether = GroupExplanation("ether", 0.9, "present", 2.2, -2.0, covers=("ester",))
        >>> told = Explanation("a.jdx", "default", "", (ester, ether))
        >>> told.held_by(ether), told.held_by(ester)
        ('ester', None)
        """
        return holder_of(group, self.groups, self.details)

    def details_of(self, group: str | None) -> tuple[GroupCall, ...]:
        """The present details of a group, the most probable first; of None those that stand alone.

        One whose name a present one covers is left out.
        """
        present = [detail for detail in self.details if detail.call == "present"]
        names = {detail.name for detail in present}
        own = (d for d in present if d.parent == group and names.isdisjoint(d.covers))
        return tuple(sorted(own, key=lambda detail: -detail.probability))
