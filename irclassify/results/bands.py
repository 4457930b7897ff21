"""A band of the literature: where a group absorbs and what vibrates there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Band:
    """A group's band: ``low`` to ``high`` in cm-1, what vibrates, and who says so.

    ``intensity`` is strong, medium, weak or variable. ``kind`` narrows the group (``aryl``,
    ``terminal``); empty for all of it. ``phase`` is gas or condensed where the range holds in one
    of them only. ``expect``: ``defining`` where a compound without it would not be called by the
    group's name, ``expected`` where its lack needs a reason; the bands of a group that share the
    name ``expected`` stand for each other, one of them is enough. In other_bands.csv ``expect`` is
    ``artefact`` or ``other``. ``note`` is what changes with phase or neighbours.

    ``structure``: the substructure (a name in structures.csv) that a molecule needs to have this
    band; empty: the group itself. ``width``: sharp, broad or very broad where that is typical;
    empty: ordinary. ``companions``: ranges such as ``1150-1320`` of which at least one shows a band
    too, separated by semicolons. ``most``: how many bands of a spectrum this vibration can account
    for; 0: any number.
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
    structure: str = ""
    width: str = ""
    companions: str = ""
    most: int = 0

    def overlap(self, low: float, high: float) -> float:
        """Width in cm-1 shared with the range ``low`` to ``high``; 0 without any."""
        return max(0.0, min(self.high, high) - max(self.low, low))

    def distance(self, wavenumber: float) -> float:
        """How far (cm-1) a wavenumber lies outside the range; 0 within it."""
        return max(self.low - wavenumber, wavenumber - self.high, 0.0)

    def holds_in(self, phase: str | None) -> bool:
        """True unless the range is that of the other phase; None, an unknown phase, is any."""
        if phase == "atr":
            phase = "condensed"
        return not self.phase or phase is None or self.phase == phase

    @property
    def words(self) -> str:
        """``C=O stretch, ester (aryl)``: the vibration, and whose it is."""
        owner = self.group.replace("_", " ")
        return (
            f"{self.vibration}, {owner} ({self.kind})"
            if self.kind
            else f"{self.vibration}, {owner}"
        )

    @property
    def label(self) -> str:
        """``C=O stretch, saturated`` or ``C≡N stretch``."""
        return f"{self.vibration}, {self.kind}" if self.kind else self.vibration


def merged(bands: Iterable[Band]) -> list[tuple[float, float]]:
    """The ranges of ``bands`` (low, high in cm-1), touching ones joined, from high to low."""
    ranges: list[tuple[float, float]] = []
    for band in sorted(bands, key=lambda band: band.low):
        if ranges and band.low <= ranges[-1][1]:
            ranges[-1] = (ranges[-1][0], max(ranges[-1][1], band.high))
        else:
            ranges.append((band.low, band.high))
    return ranges[::-1]
