"""Group frequencies from the literature: where a chemist looks for the groups. Pure data.

A range is where the band of an ordinary compound lies, in the phase it names or, without one, in
any. Vapours absorb some 20 to 30 cm-1 higher where the condensed phase associates (C=O) and up to
300 cm-1 higher, and sharp, where it forms hydrogen bonds (O-H, N-H). Books differ by some
wavenumbers at the edges of a range: these are rounded to 5 cm-1 and say whose they are.
The table of the model's groups is ``bands.csv``; ``foreign.csv`` holds what is not one of them:
artefacts (air, water, mulls, solvents) and groups that no model knows.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files

SOURCES = {
    "Bellamy": "L. J. Bellamy, The Infrared Spectra of Complex Molecules, vol. 1, 3rd ed., 1975",
    "Colthup": "N. B. Colthup, L. H. Daly, S. E. Wiberley, Introduction to Infrared and Raman "
    "Spectroscopy, 3rd ed., 1990",
    "Herzberg": "G. Herzberg, Molecular Spectra and Molecular Structure II: Infrared and Raman "
    "Spectra of Polyatomic Molecules, 1945",
    "Nyquist": "R. A. Nyquist, The Interpretation of Vapor-Phase Infrared Spectra, 1984",
    "Silverstein": "R. M. Silverstein, F. X. Webster, D. J. Kiemle, Spectrometric Identification "
    "of Organic Compounds, 7th ed., 2005",
    "Socrates": "G. Socrates, Infrared and Raman Characteristic Group Frequencies, 3rd ed., 2001",
    "Welti": "D. Welti, Infrared Vapour Spectra, 1970",
}


@dataclass(frozen=True)
class Band:
    """A group's band: ``low`` to ``high`` in cm-1, what vibrates, and who says so.

    ``intensity`` is strong, medium, weak or variable. ``kind`` narrows the group (``aryl``,
    ``terminal``); empty for all of it. ``phase`` is gas or condensed where the range holds in one
    of them only. ``expect``: ``defining`` where a compound without it would not be called by the
    group's name, ``expected`` where its lack needs a reason; the bands of a group that share the
    name ``expected`` stand for each other, one of them is enough. In foreign.csv ``expect`` is
    ``artefact`` or ``other``. ``note`` is what changes with phase or neighbours.
    """

    group: str
    low: float
    high: float
    vibration: str
    intensity: str
    source: str
    kind: str = ""
    note: str = ""
    phase: str = ""
    expect: str = ""
    expected: str = ""

    def overlap(self, low: float, high: float) -> float:
        """Width in cm-1 shared with the range ``low`` to ``high``; 0 without any."""
        return max(0.0, min(self.high, high) - max(self.low, low))

    def distance(self, wavenumber: float) -> float:
        """How far (cm-1) a wavenumber lies outside the range; 0 within it."""
        return max(self.low - wavenumber, wavenumber - self.high, 0.0)

    def holds_in(self, phase: str | None) -> bool:
        """True unless the range is that of the other phase; None, an unknown phase, is any."""
        return not self.phase or phase is None or self.phase == phase

    @property
    def label(self) -> str:
        """``C=O stretch, saturated`` or ``C≡N stretch``."""
        return f"{self.vibration}, {self.kind}" if self.kind else self.vibration


def _read(name: str) -> tuple[Band, ...]:
    lines = files("irclassify").joinpath(name).read_text(encoding="utf-8").splitlines()
    return tuple(
        Band(**{**row, "low": float(row["low"]), "high": float(row["high"])})  # type: ignore[arg-type]
        for row in csv.DictReader(lines)
    )


BANDS = _read("bands.csv")
FOREIGN = _read("foreign.csv")


def bands_of(group: str) -> tuple[Band, ...]:
    """All bands of a group, from high to low wavenumber; none for an unknown group."""
    own = (band for band in BANDS if band.group == group)
    return tuple(sorted(own, key=lambda band: -band.high))


def bands_between(low: float, high: float, group: str | None = None) -> tuple[Band, ...]:
    """The bands that overlap ``low`` to ``high`` (cm-1), of one group or all; best fit first.

    Fit is the width of the overlap over the width of both together: a range as wide as the
    fingerprint region fits nothing well.
    """
    found = [
        band
        for band in BANDS
        if band.overlap(low, high) > 0 and (group is None or band.group == group)
    ]
    return tuple(
        sorted(
            found,
            key=lambda b: -b.overlap(low, high) / (max(b.high, high) - min(b.low, low)),
        )
    )


def bands_at(
    wavenumber: float, bands: Iterable[Band], phase: str | None, tolerance: float = 0.0
) -> tuple[Band, ...]:
    """Those of ``bands`` that hold in ``phase`` and at a wavenumber (cm-1); best fit first.

    Within the range comes before beside it (up to ``tolerance``), what holds for the whole group
    before a kind of it (no substitution is claimed that is not needed), narrow before wide.
    """
    found = (b for b in bands if b.holds_in(phase) and b.distance(wavenumber) <= tolerance)
    return tuple(
        sorted(found, key=lambda b: (b.distance(wavenumber), b.kind != "", b.high - b.low))
    )


def merged(bands: Iterable[Band]) -> list[tuple[float, float]]:
    """The ranges of ``bands`` (low, high in cm-1), touching ones joined, from high to low."""
    ranges: list[tuple[float, float]] = []
    for band in sorted(bands, key=lambda band: band.low):
        if ranges and band.low <= ranges[-1][1]:
            ranges[-1] = (ranges[-1][0], max(ranges[-1][1], band.high))
        else:
            ranges.append((band.low, band.high))
    return ranges[::-1]
