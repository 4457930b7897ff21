"""How many bands each vibration is expected to show, and what is believed of structures. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from irclassify.explain.bands import CLASSES, wider
from irclassify.explain.observed import WIDTHS, Floats, Observed
from irclassify.results.bands import Band

# A band may stand this far outside a range, with a probability that falls by e in EDGE.
TOLERANCE, EDGE = 10.0, 4.0
# Without any of its companions a vibration is so much less probable; they are bands of this height.
LONELY, COMPANION = 0.15, 0.02
# A structure is never more certain than this: the model errs, too.
MOST_CERTAIN = 0.995
# Evidence of several bands is not independent: so much of its logarithm counts.
_TEMPER = 0.7
# A vibration that can account for any number of bands counts for so many.
_SEVERAL = 4
# Bands of a vibration and share of a structure that nothing was measured for.
UNKNOWN_RATE, UNKNOWN_SHARE = 0.3, 0.01

INTENSITIES = ("strong", "medium", "weak", "variable")
PHASES = ("gas", "condensed")


def key(row: Band) -> str:
    """What names a row of the tables in matching.json."""
    return f"{row.group}|{row.kind}|{row.vibration}|{row.low:g}-{row.high:g}|{row.phase}"


class Table:
    """The rows of the tables that can be names, as arrays. Safe to share.

    ``by_structure``: the rows of each structure of a group; ``families``: the rows that are the
    same vibration of the same group, whatever its kind, and ``family`` (rows,) where each
    belongs; ``classes``: what several groups share, with its rows.
    """

    def __init__(self, rows: Sequence[Band], groups: Sequence[str]) -> None:
        """``groups``: the names of the model's own groups and details."""
        self.groups = frozenset(groups)
        # A row whose structure is another group that has rows repeats that group's own row.
        owners = {row.group for row in rows}
        self.rows = [
            r for r in rows if not (r.structure in owners & self.groups and r.structure != r.group)
        ]
        self.low = np.array([r.low for r in self.rows])
        self.high = np.array([r.high for r in self.rows])
        self.intensity = np.array([INTENSITIES.index(r.intensity) for r in self.rows])
        self.width = np.array([WIDTHS.index(r.width) for r in self.rows])
        self.in_phase = np.array([[r.holds_in(phase) for r in self.rows] for phase in PHASES])
        self.overtone = np.array([r.vibration.startswith("overtone") for r in self.rows])
        self.families = _alike([(r.group, r.vibration) for r in self.rows])
        self.family = np.empty(len(self.rows), np.intp)
        for number, alike in enumerate(self.families):
            self.family[alike] = number
        self.by_structure = [
            own
            for own in _alike([(r.group, r.structure) for r in self.rows])
            if self.rows[own[0]].structure
        ]
        ranges = [_ranges(r.companions) for r in self.rows]
        self._companions = np.array([span for each in ranges for span in each]).reshape(-1, 2)
        self._companion_of = np.repeat(np.arange(len(ranges)), [len(each) for each in ranges])
        self._has_companions = np.array([bool(each) for each in ranges])
        self.classes = [
            (each, np.flatnonzero([each.holds(r) for r in self.rows])) for each in CLASSES
        ]

    def positions(self, cm1: Floats) -> Floats:
        """The density of a row's bands at each wavenumber, per cm-1: (bands, rows)."""
        outside = np.maximum(self.low - cm1[:, None], cm1[:, None] - self.high)
        inside = np.exp(-np.maximum(outside, 0.0) / EDGE) * (outside <= TOLERANCE)
        density: Floats = inside / (self.high - self.low + 2 * EDGE)
        return density

    def _most_of(self, rows: NDArray[np.intp]) -> int:
        """How many bands some rows account for together: more say no more for their structure."""
        return sum(self.rows[i].most or _SEVERAL for i in rows)

    def lonely(self, bands: Observed) -> NDArray[np.bool_]:
        """Which rows (rows,) lack all of their companions."""
        places = bands.cm1[bands.height >= COMPANION][:, None]
        low, high = self._companions.T
        seen = ((places >= low) & (places <= high)).any(axis=0)
        lonely = self._has_companions.copy()
        lonely[self._companion_of[seen]] = False
        return lonely


def _alike(keys: Sequence[object]) -> list[NDArray[np.intp]]:
    """Where each key stands."""
    return [np.flatnonzero([own == key for own in keys]) for key in dict.fromkeys(keys)]


def _ranges(text: str) -> list[tuple[float, float]]:
    pairs = (piece.split("-") for piece in text.split(";") if piece)
    return [(float(low), float(high)) for low, high in pairs]


@dataclass(frozen=True)
class Rates:
    """What was measured on known structures, by phase (gas, condensed).

    ``rates`` (phases, rows): bands of a molecule with the structure; ``heights`` (phases,
    intensities, classes) and ``widths`` (phases, widths of rows, classes): how often;
    ``background`` (phases, regions): bands for each cm-1, with ``background_heights`` (phases,
    classes) and ``background_widths``. ``shares``: of each structure among molecules with an owner
    that a model may know, by phase; the key is ``structure|owner``, no owner for all molecules.
    """

    rates: Floats
    heights: Floats
    widths: Floats
    background: Floats
    background_heights: Floats
    background_widths: Floats
    shares: Mapping[str, Sequence[float]] = field(default_factory=dict)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any], rows: Sequence[Band]) -> Rates:
        """From matching.json; a row that it does not know has UNKNOWN_RATE."""
        unknown = (UNKNOWN_RATE, UNKNOWN_RATE)
        rates = np.array([stored["rates"].get(key(row), unknown) for row in rows]).T
        names = ("heights", "widths", "background", "background_heights", "background_widths")
        arrays = {name: np.array(stored[name], float) for name in names}
        return cls(rates=rates, shares=stored["shares"], **arrays)

    def expected(self, table: Table, phase: int) -> Floats:
        """How many bands each row shows in a phase, if its structure is there: (rows,)."""
        number: Floats = self.rates[phase] * table.in_phase[phase]
        return number

    def densities(self, bands: Observed, table: Table, phase: int) -> tuple[Floats, Floats]:
        """The rate of each row at each band if its structure is there, and of the background.

        (bands, rows) and (bands,), per cm-1, for bands of that height and width. ``phase``: place
        in PHASES.
        """
        heights = self.heights[phase][table.intensity][:, bands.height_class].T
        widths = self.widths[phase][table.width][:, bands.width_class].T
        rates = np.where(table.lonely(bands), LONELY, 1.0) * self.expected(table, phase)
        found = table.positions(bands.cm1) * rates * heights * widths
        ground = (
            self.background[phase][bands.region]
            * self.background_heights[phase][bands.height_class]
            * self.background_widths[phase][bands.width_class]
        )
        return found, ground


@dataclass(frozen=True)
class Belief:
    """How probably each row's structure is there, each (rows,): ``owner`` times ``share``.

    ``owner``: of what the model knows, the row's group or a structure; 1 where it knows neither.
    ``share``: of the structure among molecules with the owner; 1 where the model knows it, or where
    the row needs no more than its group. ``group``: of the row's group; 0 where it is not the
    model's. ``before``: the product of owner and share before any band was seen.
    """

    owner: Floats
    share: Floats
    group: Floats
    before: Floats

    @property
    def there(self) -> Floats:
        """The product of both."""
        return self.owner * self.share

    def of_any(self, rows: NDArray[np.intp]) -> float:
        """How probably a structure of any of these rows is there, at most: their sum.

        Examples
        --------
        >>> there = np.array([0.3, 0.4])
        >>> round(Belief(there, np.ones(2), there, there).of_any(np.array([0, 1])), 3)
        0.7
        """
        return float(np.maximum(self.before, self.there)[rows].sum())

    def sharpened(self, table: Table, found: Floats, ground: Floats, rates: Floats) -> Belief:
        """The same after the bands were seen: the shares, for the model has seen them already.

        Bands that a structure expects make it more probable, those it expects and that are not
        there less: a likelihood ratio of Poisson processes. ``found``, ``ground``: of
        ``Rates.densities``; ``rates`` (rows,).
        """
        expected = found * self.there
        total = expected.sum(1) + ground
        share = self.share.copy()
        for rows in table.by_structure:
            before = self.share[rows[0]]
            if before >= 1:
                continue
            # Without the structure the others account for the bands.
            rest = np.maximum(total - expected[:, rows].sum(1), 1e-12)
            seen = np.sort(np.log1p(found[:, rows] @ self.owner[rows] / rest))
            most = table._most_of(rows)
            evidence = _TEMPER * (seen[-most:].sum() - rates[rows] @ self.owner[rows])
            odds = np.log(before / (1 - before)) + evidence
            share[rows] = min(1 / (1 + np.exp(-np.clip(odds, -30, 30))), MOST_CERTAIN)
        return replace(self, share=share)


def belief(
    table: Table,
    probabilities: Mapping[str, float],
    shares: Mapping[str, Sequence[float]],
    phase: int,
) -> Belief:
    """What is believed of a spectrum; ``probabilities``: of the model's groups and details."""

    def one(row: Band) -> tuple[float, float]:
        ancestors = (row.group, wider().get(row.structure, ""))
        known = [name for name in (*ancestors, row.structure) if name in probabilities]
        owner = min([MOST_CERTAIN, *(probabilities[name] for name in known)])
        if row.structure in probabilities or not row.structure:
            return (owner, 1.0) if known else (0.0, 1.0)
        above = known[-1] if known else ""
        share = shares.get(f"{row.structure}|{above}", (UNKNOWN_SHARE, UNKNOWN_SHARE))[phase]
        return owner, min(share, MOST_CERTAIN)

    owner, share = np.array([one(row) for row in table.rows]).T
    group = np.array([min(probabilities.get(r.group, 0.0), MOST_CERTAIN) for r in table.rows])
    return Belief(owner, share, group, owner * share)
