"""Textbook agreement: do the first regions stand where the table has a band of the group?

Loose: the region overlaps a known band. Strict: the centre of the region's strongest column lies in
one, or within one column's step of it. Chance is what a region of the same width, or a column,
anywhere on the grid would get, for wide bands are easy to hit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from irclassify.evaluation.metrics import exact_interval
from irclassify.explain.bands import bands_between, bands_of
from irclassify.model.preprocessing import Grid
from train.faithfulness.explainers import Floats, Found, Geometry, Rows
from train.labels.groups import GROUPS
from train.settings import SETTINGS

FIRST = 3
PLACE = 50.0  # cm-1
PLACES = 3
GRID = Grid(**SETTINGS["grid"])


def agreement(
    regions: Sequence[Sequence[Found]], groups: Rows, geometry: Geometry
) -> dict[str, dict[str, Any]]:
    """By group: number of calls, and the shares of them that agree, with what chance would give."""
    hits = np.array(
        [hits_of(own[:FIRST], GROUPS[g], geometry) for own, g in zip(regions, groups, strict=True)]
    )
    places = np.array([first_place(own, geometry) for own in regions])
    return {
        GROUPS[g]: _shares(hits[groups == g])
        | {
            "elsewhere": common_places(
                places[(groups == g) & (hits[:, 0] == 0)], (groups == g).sum()
            )
        }
        for g in np.unique(groups)
    }


def first_place(regions: Sequence[Found], geometry: Geometry) -> float:
    """Centre of the first region's strongest column, cm-1; nan without any."""
    if not regions:
        return float("nan")
    peak = regions[0].peak
    return sum(in_cm1(*geometry.cells((peak, peak + 1)))) / 2


def common_places(places: Floats, calls: int) -> list[list[float]]:
    """The most frequent of some wavenumbers, to PLACE cm-1, with their share of all ``calls``."""
    where, count = np.unique(np.round(places / PLACE) * PLACE, return_counts=True)
    order = np.argsort(-count, kind="stable")[:PLACES]
    return [[float(where[i]), round(float(count[i] / calls), 4)] for i in order]


def hits_of(regions: Sequence[Found], group: str, geometry: Geometry) -> list[float]:
    """Loose (first, any, chance of first, chance of any), then the same four strictly."""
    speaking = [region for region in regions if region.contribution > 0]
    cells = [in_cm1(*geometry.cells(region.columns)) for region in speaking]
    step = geometry.stride * GRID.spacing_cm1
    centres = [sum(in_cm1(*geometry.cells((r.peak, r.peak + 1)))) / 2 for r in speaking]
    return [
        *_hits(cells, [random_overlap(group, high - low) for low, high in cells], group),
        *_hits(
            [(x - step, x + step) for x in centres],
            [random_overlap(group, 2 * step)] * len(centres),
            group,
        ),
    ]


def _hits(ranges: list[tuple[float, float]], chances: list[float], group: str) -> list[float]:
    known = [bool(bands_between(low, high, group)) for low, high in ranges]
    return [
        float(known[:1] == [True]),
        float(any(known)),
        chances[0] if chances else 0.0,
        1 - float(np.prod([1 - c for c in chances])),
    ]


def random_overlap(group: str, width: float) -> float:
    """How probably a range of ``width`` cm-1 at a random place of the grid meets a known band."""
    low, high = GRID.first_cm1, GRID.last_cm1 - width
    starts: Floats = np.linspace(low, high, 1000)
    bands = bands_of(group)
    edges = np.array([[band.low - width, band.high] for band in bands]).reshape(-1, 2)
    return float(((starts > edges[:, :1]) & (starts < edges[:, 1:])).any(0).mean())


def in_cm1(first: int, end: int) -> tuple[float, float]:
    """Points ``first`` to ``end`` (one past the last) -> the wavenumbers of their outer edges."""
    low = GRID.first_cm1 + (first - 0.5) * GRID.spacing_cm1
    return low, low + (end - first) * GRID.spacing_cm1


def _shares(hits: Floats) -> dict[str, Any]:
    count = len(hits)
    names = ("first", "any", "chance_first", "chance_any")
    loose, strict = (dict(zip(names, part, strict=True)) for part in np.split(hits.mean(0), 2))
    interval = exact_interval(round(hits[:, 0].sum()), count)
    numbers = {
        what: {name: round(float(value), 4) for name, value in part.items()}
        for what, part in (("loose", loose), ("strict", strict))
    }
    return {"calls": count, **numbers, "first_interval": [round(x, 4) for x in interval]}
