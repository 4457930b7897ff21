"""An explanation in the textbook's words: known bands, what is missing, what nothing explains.

Adds words to an exact account and changes no number of it. A measured band is compared with the
table of bands.py for the spectrum's phase; without one, for both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np

from irclassify.explain.bands import BANDS, FOREIGN, bands_at, bands_of
from irclassify.explain.peaks import baseline_of
from irclassify.explain.regions import FAINT
from irclassify.results.bands import Band, merged
from irclassify.results.explanation import (
    NO_BAND,
    SIDE,
    AssignedBand,
    Explanation,
    GroupExplanation,
    MeasuredBand,
    Missing,
    Pair,
    Region,
)
from irclassify.spectra.spectrum import Spectrum

# A measured band may stand this far outside the range of the literature, cm-1.
TOLERANCE = 10.0

# Rings so rare that a band is theirs only where no group that is called has one: most bands there
# are C-H stretches of alkenes and aromatics, and C-O stretches.
RARE = frozenset({"cyclopropane", "cyclic, epoxide"})

NAMED = 3  # known bands named for a region
CANDIDATES = 3  # groups of the model, and of others, named for a band that nothing explains

# A band is strong when it stands out by this share of the spectrum's height; STRONG_SHOWN are told.
STRONG = 0.2
STRONG_SHOWN = 12

# An expected band is there when one of this share of the spectrum's height is (weak and variable
# ones: any band). A range from BROAD_CM1 is also shown when half of it absorbs by BROAD_SHOWN; one
# from VERY_BROAD_CM1, as of acids and ammonium salts, only so: C-H bands stand in it.
SHOWN = {"strong": 0.02, "medium": 0.01}
BROAD_CM1, VERY_BROAD_CM1, BROAD_SHOWN = 300.0, 700.0, 0.05


@dataclass(frozen=True)
class Measured:
    """A spectrum as the textbook is asked about it: its bands, range, phase and height."""

    spectrum: Spectrum
    bands: Sequence[MeasuredBand]
    phase: str | None

    @property
    def height(self) -> float:
        """From the baseline to the highest point, absorbance."""
        return float(self.spectrum.absorbance.max()) - baseline_of(self.spectrum)

    def covers(self, band: Band) -> bool:
        """True when all of the range was measured."""
        x = self.spectrum.wavenumber
        return bool(x[0] <= band.low and band.high <= x[-1])

    def shows(self, band: Band) -> bool:
        """True when something stands where the textbook has the band; see SHOWN."""
        width = band.high - band.low
        if width >= BROAD_CM1 and self._absorbs(band):
            return True
        least = SHOWN.get(band.intensity, 0.0) * self.height
        return width < VERY_BROAD_CM1 and any(
            band.distance(b.cm1) <= TOLERANCE and b.prominence >= least for b in self.bands
        )

    def _absorbs(self, band: Band) -> bool:
        x, y = self.spectrum.wavenumber, self.spectrum.absorbance
        inside = y[(x >= band.low) & (x <= band.high)]
        if inside.size == 0:
            return False
        return float(np.median(inside)) - baseline_of(self.spectrum) >= BROAD_SHOWN * self.height


def assign(explanation: Explanation, measured: Measured) -> Explanation:
    """The same explanation, with the textbook's words in all places that hold them."""
    likely = sorted(explanation.groups, key=lambda group: -group.probability)
    called = [group.name for group in likely if group.call == "present"]
    return replace(
        explanation,
        groups=tuple(_assigned(group, called, measured) for group in explanation.groups),
        bands=strong_bands(measured, called, [group.name for group in likely]),
    )


def _assigned(
    group: GroupExplanation, called: Sequence[str], measured: Measured
) -> GroupExplanation:
    def named(regions: Sequence[Region]) -> tuple[Region, ...]:
        return tuple(
            replace(r, known_bands=known_bands(group.name, r, called, measured.phase))
            for r in regions
        )

    lacking = missing(group.name, measured) if group.call != "absent" else ()
    group = replace(
        group,
        regions=named(group.regions),
        main=named(group.main),
        pairs=tuple(_worded(pair, group.name, called, measured.phase) for pair in group.pairs),
        missing=lacking,
    )
    if group.call != "present":
        return group
    return replace(group, contradicts=contradictions(group))


def known_bands(
    group: str, region: Region, called: Sequence[str], phase: str | None
) -> tuple[Band, ...]:
    """The bands of the literature a region's evidence is about, best fit first.

    What speaks for a group can be its own bands; what speaks against it those of other groups,
    the called ones first. It is the absorption measured there that speaks, a band of it or, in a
    region without one, something faint.
    """
    place, reach = region.band_cm1, TOLERANCE
    if place is None or region.pattern == FAINT:
        place = (region.from_cm1 + region.to_cm1) / 2
        reach = (region.to_cm1 - region.from_cm1) / 2
    if region.contribution > 0:
        return _own_bands(group, place, called, phase, reach)[:NAMED]
    others = [band for band in BANDS if band.group != group]
    found = bands_at(place, others, phase, reach)
    return tuple(sorted(found, key=lambda band: band.group not in called))[:NAMED]


def _own_bands(
    group: str, cm1: float, called: Sequence[str], phase: str | None, reach: float = TOLERANCE
) -> tuple[Band, ...]:
    """A group's bands that fit a place, those of a kind that is called too (an ester's) first."""
    fitting = bands_at(cm1, bands_of(group), phase, reach)
    others = [b for b in BANDS if b.group in called and b.group != group]
    if bands_at(cm1, others, phase, reach):
        fitting = tuple(band for band in fitting if band.kind not in RARE)
    return tuple(sorted(fitting, key=lambda band: band.kind not in called))


def missing(group: str, measured: Measured) -> tuple[Missing, ...]:
    """The vibrations of a group that the spectrum lacks; defining ones first.

    Bands of the literature with the same ``expected`` name stand for each other. Lacking is one
    only when every place for it was measured and none shows it.
    """
    asked = [b for b in bands_of(group) if b.expect and b.holds_in(measured.phase)]
    asked.sort(key=lambda band: (band.expect != "defining", band.expected))
    found = []
    for (_, name), bands in groupby(asked, key=lambda band: (band.expect, band.expected)):
        places = tuple(bands)
        if all(map(measured.covers, places)) and not any(map(measured.shows, places)):
            found.append(Missing(name, places))
    return tuple(found)


def contradictions(group: GroupExplanation) -> tuple[str, ...]:
    """Where a called group is at odds with the textbook, in plain sentences."""
    said = [
        f"{group.name} is called, but its {lack.vibration} is not there "
        f"({', '.join(_span(high, low) for low, high in merged(lack.bands))} cm-1)"
        for lack in group.missing
        if lack.bands[0].expect == "defining"
    ]
    known = [band for region in group.main for band in region.known_bands]
    own = bands_of(group.name)  # details have none in the table
    if group.main and own and group.name not in {band.group for band in known}:
        said.append(f"the strongest evidence for {group.name} includes no textbook band of it")
    return tuple(said)


def strong_bands(
    measured: Measured, called: Sequence[str], likely: Sequence[str] = ()
) -> tuple[AssignedBand, ...]:
    """The strongest bands of the spectrum, from high to low wavenumber, and what they can be.

    ``called``: the groups that may account for them. ``likely``: all groups the model knows, the
    most probable first, to order the candidates for those that remain.
    """
    height = measured.height
    strong = sorted(
        (b for b in measured.bands if b.prominence >= STRONG * height), key=lambda b: -b.prominence
    )[:STRONG_SHOWN]
    return tuple(
        _assigned_band(band, height, measured.phase, called, likely)
        for band in sorted(strong, key=lambda b: -b.cm1)
    )


def _assigned_band(
    band: MeasuredBand,
    height: float,
    phase: str | None,
    called: Sequence[str],
    likely: Sequence[str],
) -> AssignedBand:
    # A strong band is no weak vibration: those do not account for it.
    able = (b for b in BANDS if b.group in called and b.intensity != "weak")
    known = tuple(sorted(bands_at(band.cm1, able, phase, TOLERANCE), key=_rank))[:NAMED]
    share = band.prominence / height
    if known:
        return AssignedBand(band, share, known)
    groups = sorted(_best_of_each(band, BANDS, phase), key=lambda b: _place(b.group, likely))
    foreign = _best_of_each(band, FOREIGN, phase)
    return AssignedBand(band, share, (), (*groups[:CANDIDATES], *foreign[:CANDIDATES]))


def _best_of_each(band: MeasuredBand, table: Sequence[Band], phase: str | None) -> tuple[Band, ...]:
    """The best fitting band of each group that a strong band can be, best fit first."""
    fitting = bands_at(band.cm1, table, phase, TOLERANCE)
    best = {b.group: b for b in reversed(fitting) if b.intensity != "weak"}
    return tuple(b for b in fitting if best.get(b.group) is b)


def _place(group: str, likely: Sequence[str]) -> int:
    return likely.index(group) if group in likely else len(likely)


def _rank(band: Band) -> int:
    """A strong band is a strong vibration sooner than a medium one."""
    return ("strong", "medium", "variable").index(band.intensity)


def _worded(pair: Pair, group: str, called: Sequence[str], phase: str | None) -> Pair:
    return replace(
        pair,
        a_is=what_stands(pair.a, pair.a_band_cm1, group, called, phase),
        b_is=what_stands(pair.b, pair.b_band_cm1, group, called, phase),
    )


def what_stands(
    edges: tuple[float, float],
    band_cm1: float | None,
    group: str,
    called: Sequence[str],
    phase: str | None,
) -> str:
    """A region in a group's words, such as ``C=O stretch at 1745`` or ``band at 1454``.

    ``edges``: of the region; ``band_cm1``: the band it shows, or of which it shows the ``side``;
    without one it is ``absorption in 830-750 (no band)``. All in cm-1.
    """
    if band_cm1 is None:
        return f"absorption in {_span(edges[1], edges[0])} {NO_BAND}"
    known = _own_bands(group, band_cm1, called, phase)
    words = f"{known[0].vibration if known else 'band'} at {band_cm1:.0f}"
    return words if edges[0] <= band_cm1 <= edges[1] else f"{SIDE}{words}"


def _span(start: float, end: float) -> str:
    return f"{start:.0f}-{end:.0f}"
