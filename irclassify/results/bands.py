"""A band of the literature: where a group absorbs and what vibrates there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from irclassify.results.nouns import plain


@dataclass(frozen=True)
class Band:
    """A group's band: ``low`` to ``high`` in cm-1, what vibrates, and who says so.

    ``intensity`` is strong, medium, weak or variable. ``kind`` narrows the group (``aryl``,
    ``terminal``); empty for all of it. ``phase`` is gas or condensed where the range holds in one
    of them only. ``expect``: ``defining`` where a compound without it would not be called by the
    group's name, ``expected`` where its lack needs a reason; the bands of a group that share the
    name ``expected`` stand for each other, one of them is enough. In other_bands.csv ``expect`` is
    ``artefact`` or ``other``; ``open`` where ``group`` is what several groups share (classes.csv).
    ``note`` is what changes with phase or neighbours.

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
        """Width in cm-1 shared with the range ``low`` to ``high``; 0 without any.

        Examples
        --------
        >>> Band("ketone", 1705, 1725, "C=O stretch", "strong", "").overlap(1715, 1800)
        10
        """
        return max(0.0, min(self.high, high) - max(self.low, low))

    def distance(self, wavenumber: float) -> float:
        """How far (cm-1) a wavenumber lies outside the range; 0 within it.

        Examples
        --------
        >>> Band("ketone", 1705, 1725, "C=O stretch", "strong", "").distance(1735)
        10
        """
        return max(self.low - wavenumber, wavenumber - self.high, 0.0)

    def holds_in(self, phase: str | None) -> bool:
        """True unless the range belongs to another phase; every range holds for an unknown one.

        Examples
        --------
        >>> band = Band("alcohol", 3600, 3670, "O-H stretch", "sharp", "", phase="gas")
        >>> band.holds_in("gas"), band.holds_in("atr"), band.holds_in(None)
        (True, False, True)
        """
        if phase == "atr":
            phase = "condensed"
        return not self.phase or phase is None or self.phase == phase

    @property
    def owner(self) -> str:
        """The group in words.

        Examples
        --------
        >>> Band("carboxylic_acid", 1700, 1725, "C=O stretch", "strong", "").owner
        'carboxylic acid'
        """
        return plain(self.group)

    @property
    def words(self) -> str:
        """The vibration and its group, where the vibration does not name it.

        Examples
        --------
        >>> Band("ester", 1715, 1730, "C=O stretch", "strong", "", kind="aryl").words
        'C=O stretch, ester (aryl)'
        >>> Band("O-H or N-H", 3200, 3500, "O-H or N-H stretch", "medium", "", kind="open").words
        'O-H or N-H stretch (open)'
        """
        kind = f" ({self.kind})" if self.kind else ""
        owner = "" if self.vibration.startswith(self.owner) else f", {self.owner}"
        return f"{self.vibration}{owner}{kind}"

    @property
    def label(self) -> str:
        """The vibration and its kind, without the group.

        Examples
        --------
        >>> Band("ester", 1735, 1750, "C=O stretch", "strong", "", kind="saturated").label
        'C=O stretch, saturated'
        """
        return f"{self.vibration}, {self.kind}" if self.kind else self.vibration


def merged(bands: Iterable[Band]) -> list[tuple[float, float]]:
    """The ranges of ``bands`` (low, high in cm-1), touching ones joined, from high to low.

    Examples
    --------
    >>> ranges = ((1705, 1725), (1720, 1740), (2800, 2900))
    >>> merged(Band("ketone", low, high, "C=O stretch", "strong", "") for low, high in ranges)
    [(2800, 2900), (1705, 1740)]
    """
    ranges: list[tuple[float, float]] = []
    for band in sorted(bands, key=lambda band: band.low):
        if ranges and band.low <= ranges[-1][1]:
            ranges[-1] = (ranges[-1][0], max(ranges[-1][1], band.high))
        else:
            ranges.append((band.low, band.high))
    return ranges[::-1]
