"""One assignment a band, made for the whole spectrum: which vibration is it most probably? Pure.

Each vibration of the tables that the spectrum's groups allow is expected to show so many bands
(its rate), spread over its range, with heights and widths typical of its intensity. Bands that no
vibration accounts for are spread over the spectrum (the background). So a band at one place, of
one height and width, is each vibration's with a probability: its rate there, times the probability
of its structure, over the sum of all. The rates, the heights and the shares of structures were
measured on spectra of known structure (``python -m train assignments``, expectation maximisation)
and stand in matching.json. A vibration whose companions the spectrum lacks is less probable, and
none accounts for more bands than it has.

A name must not be wrong: a vibration is a band's name only when its structure is there with a
probability of at least SURE, by the model's answers and, for what the model does not know, by all
bands together. Where it is open which of several groups a band belongs to, what they share is its
name (classes.csv): a C=O stretch of a carbonyl. What remains is "not assigned".
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from irclassify.explain import artefacts
from irclassify.explain.bands import BANDS, FOREIGN, OPEN, wider
from irclassify.explain.observed import Floats, Observed
from irclassify.explain.rates import (
    MOST_CERTAIN,
    PHASES,
    Belief,
    Rates,
    Table,
    belief,
)
from irclassify.results.bands import Band

# The structure of a band's name is there at least with this probability.
SURE = 0.85
# Of a sure group whose kind is open: so probably one of the kinds of the vibration is there.
_LIKELY = 0.5
# A band from this height is the first that a person looks at: its name must be surer.
STRONGEST, SURE_OF_STRONGEST = 0.95, 0.9
# A second name is told when it is at least so probable beside the first.
_SECOND = 0.3
# Overtones and combinations are lower than this.
_OVERTONE_BELOW = 0.2
# A vibration that accounts for less of a band than this is not its name.
_LEAST_SHARE = 0.02
# A class of vibrations is the name when it accounts for so much of what any vibration does, and no
# single vibration of it that is sure for half of that.
_CLASS_SHARE = 0.5

_Rows = NDArray[np.intp]


@dataclass(frozen=True)
class Match:
    """What a band is: the vibration that fits best, perhaps a second, and how well, 0 to 1."""

    first: Band | None = None
    second: Band | None = None
    fit: float = 0.0


def match(
    bands: Observed, probabilities: Mapping[str, float], phase: str | None, state: str = ""
) -> tuple[Match, ...]:
    """One match for each band.

    ``probabilities``: of the model's groups and details; ``phase``: gas, condensed, atr or None;
    ``state``: the file's own words for the sample.

    Examples
    --------
    >>> bands = Observed(np.array([2250.0]), np.array([1.0]), ("sharp",))
    >>> (said,) = match(bands, {"nitrile": 0.99, "alkyne": 0.01}, "condensed")
    >>> said.first.words
    'C≡N stretch, nitrile'
    """
    if not len(bands.cm1):
        return ()
    table, rates = tables(tuple(probabilities))
    return matches(bands, probabilities, phase, state, table, rates)


def matches(
    bands: Observed,
    probabilities: Mapping[str, float],
    phase: str | None,
    state: str,
    table: Table,
    rates: Rates,
    sure: float = SURE,
) -> tuple[Match, ...]:
    """``match`` by any table and rates.

    Examples
    --------
    >>> table, rates = tables(("nitrile", "alkyne"))
    >>> bands = Observed(np.array([2250.0]), np.array([1.0]), ("sharp",))
    >>> (said,) = matches(bands, {"nitrile": 0.99, "alkyne": 0.01}, "gas", "", table, rates)
    >>> said.first.group
    'nitrile'
    """
    place = place_of(phase)
    found, ground = rates.densities(bands, table, place)
    believed = belief(table, probabilities, rates.shares, place)
    believed = believed.sharpened(table, found, ground, rates.expected(table, place))
    named = _choose(bands, table, found, ground, believed, sure)
    return _with_artefacts(bands, named, phase, state)


def place_of(phase: str | None) -> int:
    """A phase's place in PHASES: ATR, and a phase that is not known, count as condensed.

    Examples
    --------
    >>> [PHASES[place_of(phase)] for phase in ("gas", "atr", None)]
    ['gas', 'condensed', 'condensed']
    """
    return 0 if phase == PHASES[0] else 1


def _choose(
    bands: Observed, table: Table, found: Floats, ground: Floats, believed: Belief, sure: float
) -> list[Match]:
    """The best names: strongest bands first, no vibration for more bands than it has.

    First the vibration of a group that accounts for most of a band, whatever its kind; then the
    kind, where it is sure. ``found`` (bands, rows), ``ground`` (bands,): of ``densities``.
    """
    expected = found * believed.there
    share = expected / (expected.sum(1) + ground)[:, None]
    left = np.array([row.most or len(bands.cm1) for row in table.rows])
    named = [Match()] * len(bands.cm1)
    for i in np.argsort(-bands.height, kind="stable"):
        open_ = (left > 0) & ~(table.overtone & (bands.height[i] >= _OVERTONE_BELOW))
        own = np.where(open_, share[i], 0.0)
        least = max(sure, SURE_OF_STRONGEST) if bands.height[i] >= STRONGEST else sure
        names = _names(table, own, believed, least)
        names += _classes(table, own, believed, least, names)
        names = sorted(names, key=lambda each: -each[0])
        if names:
            fit, rows, first = names[0]
            left[rows] -= 1
            others = [name for share_, _, name in names[1:] if share_ >= _SECOND * fit]
            second = next((name for name in others if name.expect != OPEN), None)
            named[i] = Match(first, second, fit)
    return named


def _names(
    table: Table, own: Floats, believed: Belief, sure: float
) -> list[tuple[float, _Rows, Band]]:
    """The vibrations a band can be named by: share, rows and name, the most probable first."""
    found, there = [], believed.there
    totals = np.bincount(table.family, own)
    for family in np.flatnonzero(totals >= _LEAST_SHARE):
        rows, total = table.families[family], float(totals[family])
        live = rows[own[rows] > 0]
        best = live[own[live].argmax()]
        certain = live[there[live] >= sure]
        if there[best] >= sure:
            found.append((total, rows, table.rows[best]))
        elif believed.group[best] >= sure and believed.of_any(rows) >= _LIKELY:
            found.append((total, rows, _of_any_kind(table, live, own)))
        elif certain.size:
            found.append((total, rows, table.rows[certain[own[certain].argmax()]]))
    return found


def _classes(
    table: Table,
    own: Floats,
    believed: Belief,
    sure: float,
    names: Sequence[tuple[float, _Rows, Band]],
) -> list[tuple[float, _Rows, Band]]:
    """The names that leave the group open: share, rows and name, as of ``_names``.

    One of the groups in question is there at least with the probability of independent ones, with
    that of the band's being one of theirs, and with that of what they all are a kind of. ``names``:
    of ``_names``, for the same band.
    """
    found = []
    totals = table.class_members @ own
    for at in np.flatnonzero(totals > _CLASS_SHARE * own.sum()):
        (each, rows), total = table.classes[at], float(totals[at])
        live = rows[own[rows] > 0]
        absent = {table.rows[i].group: 1.0 for i in live}
        for i in live:
            absent[table.rows[i].group] = min(absent[table.rows[i].group], 1 - believed.there[i])
        kinds = all(wider().get(table.rows[i].structure) == each.structure for i in live)
        known = float(believed.owner[live].min()) if kinds else 0.0
        if max(total, known, 1 - float(np.prod(list(absent.values())))) < sure:
            continue
        # A vibration of the class that is sure for half of it says more.
        if not any(
            share >= total / 2 and np.isin(own_rows, rows).any() for share, own_rows, _ in names
        ):
            found.append((total, rows[:0], each.named(*_range(table, live, own))))
    return found


def _range(table: Table, live: _Rows, own: Floats) -> tuple[float, float]:
    """How far (cm-1) the rows in question reach, without those that account for little."""
    likely = [table.rows[i] for i in live[own[live] >= 0.2 * own[live].max()]]
    return min(row.low for row in likely), max(row.high for row in likely)


def _of_any_kind(table: Table, live: _Rows, own: Floats) -> Band:
    """A vibration of a group whose kind is open: the range is that of the kinds in question."""
    best: Band = table.rows[live[own[live].argmax()]]
    low, high = _range(table, live, own)
    return replace(best, kind="", structure="", low=low, high=high, note="")


def _with_artefacts(
    bands: Observed, named: Sequence[Match], phase: str | None, state: str
) -> tuple[Match, ...]:
    """The same, with what is not the sample's; what was the name is then the second one."""
    told = []
    for i, (said, air) in enumerate(zip(named, artefacts.certain(bands, state), strict=True)):
        if air is not None:
            told.append(Match(air, said.first, 1.0))
            continue
        other = None
        if said.first is None:
            cm1, height = float(bands.cm1[i]), float(bands.height[i])
            other = artefacts.possible(cm1, height, bands.shapes[i], state, phase)
        told.append(said if other is None else Match(other, None, _SECOND))
    return tuple(told)


@cache
def tables(groups: tuple[str, ...]) -> tuple[Table, Rates]:
    """The table for a model that knows these groups and details, and what was measured for it.

    Examples
    --------
    >>> table, rates = tables(("nitrile", "alkyne"))
    >>> rates.rates.shape == (len(PHASES), len(table.rows))
    True
    """
    table = Table((*BANDS, *(row for row in FOREIGN if row.expect != "artefact")), groups)
    stored = json.loads(files("irclassify.explain").joinpath("matching.json").read_text("utf-8"))
    return table, Rates.from_json(stored, table.rows)


__all__ = ["MOST_CERTAIN", "Match", "match", "matches", "place_of", "tables"]
