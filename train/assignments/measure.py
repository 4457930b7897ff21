"""How often the name of a band is one that the structure allows, against two simpler ways."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from irclassify.explain.bands import OPEN, bands_at
from irclassify.explain.matching import Match, matches
from irclassify.explain.rates import PHASES, TOLERANCE, Rates, Table
from irclassify.results.bands import Band
from train.assignments.fit import place_of, truths
from train.assignments.known import Answered, Known, holds

STRONGEST = 10
Way = Callable[[Answered], Sequence[Match]]

ALLOWED, FORBIDDEN, ARTEFACT, NOT_ASSIGNED = "allowed", "forbidden", "artefact", "not assigned"


def matched(table: Table, rates: Rates, sure: float) -> Way:
    """As the tool does it, with what was measured on other folds."""

    def way(each: Answered) -> Sequence[Match]:
        known = each.known
        return matches(
            known.bands, each.probabilities, known.phase, known.state, table, rates, sure
        )

    return way


def by_called_groups(table: Table) -> Way:
    """The way before: the narrowest range of a group that is called."""

    def way(each: Answered) -> list[Match]:
        rows = [row for row in table.rows if each.probabilities.get(row.group, 0.0) >= 0.5]
        return [Match(_nearest(x, rows, each)) for x in each.known.bands.cm1.tolist()]

    return way


def by_nearest_range(table: Table) -> Way:
    """A plain table: the narrowest range, whatever the model says."""

    def way(each: Answered) -> list[Match]:
        return [Match(_nearest(x, table.rows, each)) for x in each.known.bands.cm1.tolist()]

    return way


def _nearest(cm1: float, rows: Sequence[Band], each: Answered) -> Band | None:
    able = (row for row in rows if row.intensity != "weak")
    return next(iter(bands_at(cm1, able, each.known.phase, TOLERANCE)), None)


def verdict(name: Band | None, has: dict[str, bool]) -> str:
    """Whether a structure allows a name."""
    if name is None:
        return NOT_ASSIGNED
    if name.expect == "artefact":
        return ARTEFACT
    return ALLOWED if has[name.structure or name.group] else FORBIDDEN


def measure(spectra: Sequence[Answered], way: Way) -> dict[str, dict[str, Any]]:
    """By phase: shares of the ten strongest bands of a spectrum, and of the strongest."""
    every: dict[str, Counter[str]] = {}
    first: dict[str, Counter[str]] = {}
    shared: Counter[str] = Counter()
    for each in spectra:
        named, has = way(each), holds(each.known)
        order = np.argsort(-each.known.bands.height, kind="stable")[:STRONGEST]
        names = [named[i].first for i in order]
        found = [verdict(name, has) for name in names]
        shared[each.known.phase] += sum(name is not None and name.expect == OPEN for name in names)
        every.setdefault(each.known.phase, Counter()).update(found)
        first.setdefault(each.known.phase, Counter()).update(found[:1])
    return {
        phase: {
            "spectra": first[phase].total(),
            "bands": every[phase].total(),
            "all": _shares(every[phase]),
            "open": round(shared[phase] / every[phase].total(), 4),
            "strongest": _shares(first[phase]),
        }
        for phase in every
    }


def _shares(counts: Counter[str]) -> dict[str, float]:
    total = counts.total()
    return {
        kind: round(counts[kind] / total, 4)
        for kind in (ALLOWED, FORBIDDEN, ARTEFACT, NOT_ASSIGNED)
    }


LEAST = {"strong": 0.05, "medium": 0.02, "weak": 0.0, "variable": 0.0}
FEW = 10  # molecules
HALF = 0.5


@dataclass(frozen=True)
class RangeTest:
    """A row in one phase: the shares of spectra ``with_`` and ``without`` it that show a band."""

    row: Band
    phase: str
    spectra: int
    with_: float
    without: float
    nearest: tuple[float, float]  # quartiles of the nearest bands of those that miss it

    @property
    def is_wrong(self) -> bool:
        """Half of the spectra miss it, though it should be seen."""
        seen = self.row.intensity in ("strong", "medium")
        return seen and self.spectra >= FEW and self.with_ < HALF


def range_tests(spectra: Sequence[Known], table: Table) -> list[RangeTest]:
    """Each row in each phase that it holds in."""
    allowed = truths(spectra, table)
    places = np.array([place_of(each) for each in spectra])
    distances = np.stack([_distances(each, table) for each in spectra])
    found = []
    for at, row in enumerate(table.rows):
        for place, phase in enumerate(PHASES):
            if not table.in_phase[place, at]:
                continue
            own, other = (places == place) & allowed[:, at], (places == place) & ~allowed[:, at]
            if not own.any():
                continue
            hit = distances[:, at] <= TOLERANCE
            missed = distances[own & ~hit, at]
            quartiles = np.percentile(missed, [25, 50]) if missed.size else (0.0, 0.0)
            without = float(hit[other].mean()) if other.any() else 0.0
            found.append(
                RangeTest(
                    row, phase, int(own.sum()), float(hit[own].mean()), without, tuple(quartiles)
                )
            )
    return found


def _distances(each: Known, table: Table) -> np.ndarray:
    """How far outside of each row's range the nearest band of sufficient height lies, (rows,)."""
    least = np.array([LEAST[row.intensity] for row in table.rows])
    cm1, height = each.bands.cm1[:, None], each.bands.height[:, None]
    outside = np.maximum(np.maximum(table.low - cm1, cm1 - table.high), 0.0)
    return np.where(height >= least, outside, np.inf).min(0)
