"""What is told of a spectrum beyond the answer, as renderers get it: plain values, no science.

Apart from results.py, so that ``predict`` starts without: every dataclass is made when imported.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from irclassify.results.prediction import Domain, GroupCall

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
class Region:
    """A stretch of neighbouring latent columns and what it adds to a group's logit.

    ``from_cm1`` < ``to_cm1`` are the columns' own cells: regions do not overlap. The columns saw
    the wider window ``sees_from_cm1`` to ``sees_to_cm1`` (their receptive fields). ``band_cm1``
    and ``band_absorbance`` are the strongest band measured in the region, give or take half a cell;
    where it holds none (or but a ripple on the side of another), the strongest in that window;
    None without one. ``band_width_cm1`` is its
    width. ``pattern`` is what the strongest of the columns saw: one of shapes.SHAPES or
    ``faint``. ``known_bands`` are those of the literature that fit, see assign.known_bands; none
    where it is not a textbook band.
    ``share`` is the part of the group's positive evidence (of its negative evidence for a negative
    contribution), 0 to 1.
    """

    from_cm1: float
    to_cm1: float
    contribution: float
    share: float
    sees_from_cm1: float
    sees_to_cm1: float
    band_cm1: float | None = None
    band_absorbance: float | None = None
    band_width_cm1: float | None = None
    pattern: str = ""
    known_bands: tuple[Band, ...] = ()


SIDE, NO_BAND = "side of ", "(no band)"


@dataclass(frozen=True)
class Pair:
    """Two regions (from, to in cm-1) that count together, and what they add to the logit.

    ``a_band_cm1`` and ``b_band_cm1``: the band in each, or of which it is the side; None without
    one. ``a_is`` and ``b_is`` say what that is, see assign.what_stands: ``C=O stretch at 1745``.
    ``words`` joins them.
    """

    a: tuple[float, float]
    b: tuple[float, float]
    contribution: float
    a_band_cm1: float | None = None
    b_band_cm1: float | None = None
    a_is: str = ""
    b_is: str = ""

    @property
    def words(self) -> str:
        """``C=O stretch at 1745 together with C-O stretch at 1240``."""
        return together(self.a_is, self.b_is)


def together(first: str, second: str) -> str:
    """What stands in two regions, as one: regions on either side of a band are its two sides."""
    if first == second and first.startswith(SIDE):
        return f"both sides of {first.removeprefix(SIDE)}"
    for band, other in ((first, second), (second, first)):
        if other == SIDE + band:
            return f"{band} together with its own side"
    return f"{first} together with {second}"


@dataclass(frozen=True)
class Missing:
    """A vibration of a called group that the spectrum does not show where it would be.

    ``bands``: the textbook's places for it, all measured, any of which would do.
    """

    vibration: str
    bands: tuple[Band, ...]


@dataclass(frozen=True)
class AssignedBand:
    """A measured band, its height as a share of the spectrum's, and what it can be.

    ``known_bands``: those of called groups, best fit first. ``candidates``: where there is none,
    bands of other groups and artefacts.
    """

    band: MeasuredBand
    height: float
    known_bands: tuple[Band, ...]
    candidates: tuple[Band, ...] = ()


@dataclass(frozen=True)
class Trace:
    """A spectrum in as few points as a drawing needs, no band lost; see ``trace.trace``.

    ``wavenumber_cm1`` ascends; ``absorbance`` is of the same length.
    """

    wavenumber_cm1: tuple[float, ...]
    absorbance: tuple[float, ...]


@dataclass(frozen=True)
class GroupExplanation:
    """A group's logit as an exact sum: bias + regions + pairs + remainder.

    ``bias`` is the logit of a spectrum without any absorption; contributions are what the measured
    absorption adds to it. ``call`` is ``absent`` below
    the probability ``absent_below``, ``present`` from ``present_from`` on, else ``uncertain``;
    ``best_guess`` is ``present`` from ``threshold`` on. ``profile`` is the same sum for a drawing:
    what each latent column adds, half of each pair standing at either of its columns;
    bias + profile = logit. ``main``: the regions that speak most for the group, however many are
    named. ``missing``: of a called group, textbook bands that the spectrum lacks. ``contradicts``:
    plain sentences where the verdict is at odds with the textbook.

    The account by peaks is the same sum told again, without pairs and without a remainder:
    bias + the contributions of ``by_peak`` + ``no_peak`` = logit. ``by_peak`` holds one share for
    each of the explanation's ``peaks``, in their order; ``no_peak`` is what absorption outside of
    all peaks adds. ``peak_pairs``: the pairs of peaks that count most together, strongest first;
    half of each pair is in the share of either peak already.
    """

    name: str
    probability: float
    call: str
    threshold: float
    logit: float
    bias: float
    regions: tuple[Region, ...]
    pairs: tuple[Pair, ...]
    remainder: float
    profile: tuple[float, ...] = ()
    main: tuple[Region, ...] = ()
    missing: tuple[Missing, ...] = ()
    contradicts: tuple[str, ...] = ()
    best_guess: str = ""
    absent_below: float = 0.0
    present_from: float = 1.0
    by_peak: tuple[PeakShare, ...] = ()
    no_peak: float = 0.0
    peak_pairs: tuple[PeakPair, ...] = ()


@dataclass(frozen=True)
class Explanation:
    """The explanation of one spectrum, groups in the model's order.

    ``columns_cm1`` are the centres of the latent columns that the groups' profiles speak of;
    ``trace`` is the spectrum itself, ``bands`` its strong ones. ``resolution_cm1`` is the window of
    a column: evidence is located no finer than that. ``phase`` and ``error_rate``: see Prediction.
    ``peaks``: every band of the spectrum, from high to low wavenumber. ``summary``: the answer in
    one paragraph. ``details``: what the model says of the details below its groups.
    """

    file: str
    model: str
    title: str
    groups: tuple[GroupExplanation, ...]
    warnings: tuple[str, ...] = ()
    trace: Trace | None = None
    columns_cm1: tuple[float, ...] = ()
    phase: str | None = None
    error_rate: float = 0.05
    resolution_cm1: float = 0.0
    bands: tuple[AssignedBand, ...] = ()
    domain: Domain | None = None
    peaks: tuple[Peak, ...] = ()
    summary: str = ""
    details: tuple[GroupCall, ...] = ()

    @property
    def unexplained(self) -> tuple[AssignedBand, ...]:
        """The strong bands that no called group accounts for."""
        return tuple(band for band in self.bands if not band.known_bands)
