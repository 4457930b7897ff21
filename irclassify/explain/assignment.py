"""An explanation in the textbook's words: what is missing, what nothing explains. Pure.

A measured band is compared with the table of bands.py for the spectrum's phase; without one, for
both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import TypeVar

import numpy as np

from irclassify.explain.bands import BANDS, FOREIGN, OPEN, bands_at, bands_of, detail_of, is_kind_of
from irclassify.explain.observed import Bands
from irclassify.explain.peaks import baseline_of
from irclassify.results.bands import Band, merged
from irclassify.results.explanation import (
    GroupExplanation,
    MeasuredBand,
    Missing,
    Peak,
    Unexplained,
)
from irclassify.results.nouns import spoken
from irclassify.spectra.spectrum import Spectrum

B = TypeVar("B", Peak, MeasuredBand)

# A measured band may stand this far outside the range of the literature, cm-1.
TOLERANCE = 10.0

# The peaks that carry a verdict: those that add most.
_MAIN = 3

_CANDIDATES = 3  # groups of the model, and of others, named for a band that nothing explains

# A band is strong when it stands out by this share of the spectrum's height; STRONG_SHOWN are told.
_STRONG = 0.2
_STRONG_SHOWN = 12
_TABLES_END_CM1 = 400.0  # of what absorbs below, the tables know little

# An expected band is there when one of this share of the spectrum's height is (weak and variable
# ones: any band). A range from BROAD_CM1 is also shown when half of it absorbs by BROAD_SHOWN; one
# from VERY_BROAD_CM1, as of acids and ammonium salts, only so: C-H bands stand in it.
_SHOWN = {"strong": 0.02, "medium": 0.01}
BROAD_CM1, VERY_BROAD_CM1, BROAD_SHOWN = 300.0, 700.0, 0.05


@dataclass(frozen=True)
class Measured:
    """A spectrum as the textbook is asked about it: its bands, range, phase and height.

    Examples
    --------
    >>> from irclassify.spectra.spectrum import Spectrum
    >>> x = np.arange(500.0, 3900.0, 2.0)
    >>> nitrile = Spectrum(x, np.exp(-(((x - 2250) / 10) ** 2)))
    >>> measured = Measured.of(nitrile, Bands.of(nitrile), "condensed")
    >>> round(measured.baseline, 2), round(measured.height, 2)
    (0.0, 1.0)
    >>> band = bands_of("nitrile")[0]
    >>> measured.covers(band), measured.shows(band)
    (True, True)
    """

    spectrum: Spectrum
    bands: Sequence[MeasuredBand]
    phase: str | None

    @classmethod
    def of(cls, spectrum: Spectrum, bands: Bands, phase: str | None) -> Measured:
        """With its maxima; a shoulder is not enough for a band that is expected.

        Examples
        --------
        >>> from irclassify.spectra.spectrum import Spectrum
        >>> x = np.arange(500.0, 3900.0, 2.0)
        >>> nitrile = Spectrum(x, np.exp(-(((x - 2250) / 10) ** 2)))
        >>> measured = Measured.of(nitrile, Bands.of(nitrile), "condensed")
        >>> [round(band.cm1) for band in measured.bands]
        [2250]
        """
        return cls(spectrum, [e.band for e in bands.found if e.band.prominence], phase)

    @cached_property
    def baseline(self) -> float:
        """The absorbance that counts as none."""
        return baseline_of(self.spectrum)

    @cached_property
    def height(self) -> float:
        """From the baseline to the highest point, absorbance."""
        return float(self.spectrum.absorbance.max()) - self.baseline

    def covers(self, band: Band) -> bool:
        """True when all of the range was measured."""
        x = self.spectrum.wavenumber
        return bool(x[0] <= band.low and band.high <= x[-1])

    def shows(self, band: Band) -> bool:
        """True when something stands where the textbook has the band; see SHOWN."""
        width = band.high - band.low
        if width >= BROAD_CM1 and self._absorbs(band):
            return True
        least = _SHOWN.get(band.intensity, 0.0) * self.height
        return width < VERY_BROAD_CM1 and any(
            band.distance(b.cm1) <= TOLERANCE and b.prominence >= least for b in self.bands
        )

    def _absorbs(self, band: Band) -> bool:
        x, y = self.spectrum.wavenumber, self.spectrum.absorbance
        inside = y[(x >= band.low) & (x <= band.high)]
        if inside.size == 0:
            return False
        return float(np.median(inside)) - self.baseline >= BROAD_SHOWN * self.height


def missing(group: str, measured: Measured) -> tuple[Missing, ...]:
    """The vibrations of a group that the spectrum lacks; defining ones first.

    Bands of the literature with the same ``expected`` name stand for each other. Lacking is one
    only when every place for it was measured and none shows it.

    Examples
    --------
    >>> from irclassify.spectra.spectrum import Spectrum
    >>> x = np.arange(500.0, 3900.0, 2.0)
    >>> nitrile = Spectrum(x, np.exp(-(((x - 2250) / 10) ** 2)))
    >>> measured = Measured.of(nitrile, Bands.of(nitrile), "condensed")
    >>> [lack.vibration for lack in missing("ketone", measured)]
    ['C=O stretch']
    """
    asked = [b for b in bands_of(group) if b.expect and b.holds_in(measured.phase)]
    asked.sort(key=lambda band: (band.expect != "defining", band.expected))
    found = []
    for (_, name), bands in groupby(asked, key=lambda band: (band.expect, band.expected)):
        places = tuple(bands)
        if all(map(measured.covers, places)) and not any(map(measured.shows, places)):
            found.append(Missing(name, places))
    return tuple(found)


def contradictions(
    group: GroupExplanation, peaks: Sequence[Peak], phase: str | None
) -> tuple[str, ...]:
    """Where a called group is at odds with the textbook, in plain sentences.

    ``group``: with its account by ``peaks`` and its ``missing`` bands.

    Examples
    --------
    >>> from irclassify.spectra.spectrum import Spectrum
    >>> x = np.arange(500.0, 3900.0, 2.0)
    >>> nitrile = Spectrum(x, np.exp(-(((x - 2250) / 10) ** 2)))
    >>> measured = Measured.of(nitrile, Bands.of(nitrile), "condensed")
    >>> ketone = GroupExplanation("ketone", 0.9, "present", 2.2, -2.0)
    >>> from dataclasses import replace
    >>> said = contradictions(replace(ketone, missing=missing("ketone", measured)), [], "condensed")
    >>> said[0].startswith("ketone is called, but its C=O stretch is not there")
    True
    """
    name = spoken(group.name)
    said = [
        f"{name} is called, but its {lack.vibration} is not there "
        f"({', '.join(_span(high, low) for low, high in merged(lack.bands))} cm-1)"
        for lack in group.missing
        if lack.bands[0].expect == "defining"
    ]
    own = bands_of(group.name)  # details have none in the table
    speak = [share for share in group.by_peak if share.contribution > 0]
    main = sorted(speak, key=lambda share: -share.contribution)[:_MAIN]
    if main and own and not any(_is_textbook(peaks[s.number - 1].cm1, own, phase) for s in main):
        said.append(f"the peaks that add most to {name} are not at its textbook bands")
    return tuple(said)


def _is_textbook(cm1: float, own: Sequence[Band], phase: str | None) -> bool:
    return bool(bands_at(cm1, own, phase, TOLERANCE))


def unexplained(
    peaks: Sequence[Peak],
    height: float,
    phase: str | None,
    called: Sequence[str],
    likely: Sequence[str] = (),
    details: Sequence[str] = (),
) -> tuple[Unexplained, ...]:
    """The strong peaks that no called group accounts for, and what they can be.

    ``height``: from the spectrum's baseline to its highest point, absorbance. ``called``: the
    groups that may account for a peak: it is assigned to one, or not assigned and where one
    absorbs. ``likely``: all groups that the model knows, the most probable first, to order the
    candidates. ``details``: those called present; a peak of theirs is no group's, but has a name.

    Examples
    --------
    >>> peak = Peak(1, 2250.0, 0.9, 12.0, 0.8, 1.0, 2230.0, 2270.0, "sharp")
    >>> (odd,) = unexplained([peak], height=1.0, phase="condensed", called=["ketone"])
    >>> odd.peak.cm1, "nitrile" in [band.group for band in odd.candidates]
    (2250.0, True)
    """
    return tuple(
        Unexplained(peak, _candidates(peak, phase, likely), _detail(peak, details))
        for peak in strongest(peaks, height)
        if peak.cm1 >= _TABLES_END_CM1
        and not peak.is_artefact
        and not _is_accounted(peak, phase, called)
    )


def _detail(peak: Peak, details: Sequence[str]) -> str | None:
    return None if peak.assignment is None else detail_of(peak.assignment, details)


def strongest(bands: Sequence[B], height: float) -> list[B]:
    """The bands that stand out by STRONG of ``height`` (absorbance), from high to low cm-1.

    Examples
    --------
    >>> peak = Peak(1, 2250.0, 0.9, 12.0, 0.8, 1.0, 2230.0, 2270.0, "sharp")
    >>> [each.cm1 for each in strongest([peak], height=1.0)], strongest([peak], height=9.0)
    ([2250.0], [])
    """
    strong = (band for band in bands if band.prominence >= _STRONG * height)
    shown = sorted(strong, key=lambda band: -band.prominence)[:_STRONG_SHOWN]
    return sorted(shown, key=lambda band: -band.cm1)


def _is_accounted(peak: Peak, phase: str | None, called: Sequence[str]) -> bool:
    if peak.assignment is not None and peak.assignment.expect != OPEN:
        return peak.assignment.group in called
    return absorbs_at(peak.cm1, phase, called)


def absorbs_at(cm1: float, phase: str | None, groups: Sequence[str]) -> bool:
    """True where one of the ``groups`` has a band that is not weak: a strong one can be its own.

    Examples
    --------
    >>> absorbs_at(1715.0, "condensed", ["ketone"]), absorbs_at(2250.0, "condensed", ["ketone"])
    (True, False)
    """
    able = (b for b in BANDS if b.group in groups and b.intensity != "weak")
    return bool(bands_at(cm1, able, phase, TOLERANCE))


def _candidates(peak: Peak, phase: str | None, likely: Sequence[str]) -> tuple[Band, ...]:
    if peak.assignment is not None and peak.assignment.expect != OPEN:
        return tuple(band for band in (peak.assignment, peak.second) if band is not None)
    groups = sorted(_best_of_each(peak, BANDS, phase), key=lambda b: _place(b.group, likely))
    others = _best_of_each(peak, FOREIGN, phase)
    if peak.assignment is not None:  # a name that leaves the group open: which it can be
        open_ = [b for b in (*groups, *others) if is_kind_of(peak.assignment, b)]
        return tuple(open_[:_CANDIDATES]) or (peak.assignment,)
    return (*groups[:_CANDIDATES], *others[:_CANDIDATES])


def _best_of_each(peak: Peak, table: Sequence[Band], phase: str | None) -> tuple[Band, ...]:
    """The best fitting band of each group that a strong band can be, best fit first."""
    fitting = bands_at(peak.cm1, table, phase, TOLERANCE)
    best = {b.group: b for b in reversed(fitting) if b.intensity != "weak"}
    return tuple(b for b in fitting if best.get(b.group) is b)


def _place(group: str, likely: Sequence[str]) -> int:
    return likely.index(group) if group in likely else len(likely)


def _span(start: float, end: float) -> str:
    return f"{start:.0f}-{end:.0f}"
