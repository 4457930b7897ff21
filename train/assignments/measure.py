"""How often the name of a band is one that the structure allows, against two simpler ways."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from irclassify.explain.bands import OPEN, bands_at
from irclassify.explain.matching import Match, matches
from irclassify.explain.rates import TOLERANCE, Rates, Table
from irclassify.results.bands import Band
from train.assignments.calls import Answered, holds

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
