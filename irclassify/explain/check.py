"""Does a spectrum fit a structure? Evidence against it, and what is said of groups and bands. Pure.

The evidence has four parts: how surprising the structure's groups are by the model's answers, in
sum and the most surprising one; how surprising its details are; and how much worse the structure
accounts for the bands than what the model believes does (a likelihood ratio of the rates in
matching.py: bands that are there and not expected, and expected and not there). Their weights and
the limits were fitted on spectra of known structure against wrong structures, and measured on other
molecules: ``python -m train check`` prints the table. They stand in check.json.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from irclassify.explain.matching import place_of
from irclassify.explain.observed import Floats, Observed
from irclassify.explain.rates import PHASES, Rates, Table, belief
from irclassify.results.bands import Band
from irclassify.results.check import (
    CONSISTENT,
    CONTRADICTED,
    EXTRA,
    MISSING,
    NOT_DECIDABLE,
    SHOWN,
    GroupCheck,
)
from irclassify.results.nouns import spoken

_PARTS = ("groups", "strangest group", "details", "bands")

# No answer of the model is more surprising than this probability.
_LEAST = 1e-3
# A strong band is explained when the structure's vibrations are at least so probable there beside
# the background.
STRONG, EXPLAINED = 0.2, 0.5


@dataclass(frozen=True)
class Limits:
    """The score of a phase: ``weights`` (parts,) and the two limits, see ``results.check.Check``.

    ``false_alarms``: of true structures; ``caught``: kind of wrong structure and the share caught.

    Examples
    --------
    >>> limits = limits_of("gas", details=True)
    >>> limits.verdict(limits.score(np.zeros(len(limits.weights))))
    'consistent'
    """

    weights: Floats
    contradicted_from: float
    consistent_to: float
    false_alarms: float
    caught: tuple[tuple[str, float], ...]

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Limits:
        """One phase of check.json.

        Examples
        --------
        >>> stored = {"weights": [1.0], "contradicted_from": 3.0, "consistent_to": 2.0}
        >>> Limits.from_json(stored | {"false_alarms": 0.03, "caught": {}}).verdict(2.5)
        'not decidable'
        """
        return cls(
            np.array(stored["weights"], float),
            stored["contradicted_from"],
            stored["consistent_to"],
            stored["false_alarms"],
            tuple((kind, share) for kind, share in stored["caught"].items()),
        )

    def score(self, parts: Floats) -> float:
        """The evidence against a structure, more is worse; ``parts``: of ``evidence``."""
        return float(parts @ self.weights)

    def verdict(self, score: float) -> str:
        """Consistent, contradicted or not decidable."""
        if score >= self.contradicted_from:
            return CONTRADICTED
        return CONSISTENT if score <= self.consistent_to else NOT_DECIDABLE


@cache
def _limits() -> dict[str, dict[str, Limits]]:
    stored = json.loads(files("irclassify.explain").joinpath("check.json").read_text("utf-8"))
    return {
        outputs: {phase: Limits.from_json(each) for phase, each in phases.items()}
        for outputs, phases in stored.items()
    }


def limits_of(phase: str | None, *, details: bool) -> Limits:
    """The limits for a phase, for answers with the details of a model or with its groups only.

    Examples
    --------
    >>> limits_of("atr", details=False).false_alarms < 0.06
    True
    """
    return _limits()["details" if details else "groups"][phase_of_limits(phase)]


def _allowed_rows(rows: Sequence[Band], holds: Mapping[str, bool]) -> NDArray[np.bool_]:
    """Which rows (rows,) a structure allows; ``holds``: by name of group or structure."""
    return np.array([holds[row.structure or row.group] for row in rows])


def evidence(
    holds: Mapping[str, bool],
    probabilities: Mapping[str, float],
    groups: Sequence[str],
    bands: Observed,
    phase: str | None,
    known: tuple[Table, Rates],
) -> Floats:
    """The parts of the evidence against a structure, (parts,).

    ``holds``: which groups and structures it has, by name; ``probabilities``: of the model's groups
    and details; ``groups``: the names of the former.

    Examples
    --------
    >>> from irclassify.explain.matching import tables
    >>> known = tables(("ketone", "ester"))
    >>> holds = dict.fromkeys({row.structure or row.group for row in known[0].rows}, False)
    >>> bands = Observed(np.array([1717.0]), np.array([1.0]), ("",))
    >>> said = {"ketone": 0.97, "ester": 0.02}
    >>> right, wrong = (
    ...     evidence(holds | {"ketone": has}, said, list(said), bands, "gas", known)
    ...     for has in (True, False)
    ... )
    >>> bool(right[0] < wrong[0]), len(right) == len(_PARTS)
    (True, True)
    """
    surprise = {
        name: max(0.0, -np.log(max(p if holds[name] else 1 - p, _LEAST)) - np.log(2))
        for name, p in probabilities.items()
        if name in holds
    }
    own = [surprise[name] for name in groups if name in surprise]
    details = sum(value for name, value in surprise.items() if name not in groups)
    return np.array(
        [
            sum(own),
            max(own, default=0.0),
            details,
            _bands_against(holds, probabilities, bands, phase, known),
        ]
    )


def _bands_against(
    holds: Mapping[str, bool],
    probabilities: Mapping[str, float],
    bands: Observed,
    phase: str | None,
    known: tuple[Table, Rates],
) -> float:
    """How much worse the structure accounts for the bands than what the model believes does.

    The log of the ratio of two likelihoods of Poisson processes.
    """
    table, rates = known
    place = place_of(phase)
    found, ground = rates.densities(bands, table, place)
    believed = belief(table, probabilities, rates.shares, place).there
    allowed = _allowed_rows(table.rows, holds)
    seen = np.log((ground + found @ allowed) / (ground + found @ believed)).sum()
    expected = float(rates.expected(table, place) @ (allowed - believed))
    return float(expected - seen)


def explained(
    holds: Mapping[str, bool], bands: Observed, phase: str | None, known: tuple[Table, Rates]
) -> NDArray[np.bool_]:
    """Which bands (bands,) the structure's vibrations account for.

    Examples
    --------
    >>> from irclassify.explain.matching import tables
    >>> known = tables(("nitrile",))
    >>> lacking = dict.fromkeys({row.structure or row.group for row in known[0].rows}, False)
    >>> nitrile = lacking | {"nitrile": True, "saturated_nitrile": True}
    >>> bands = Observed(np.array([2250.0]), np.array([0.3]), ("sharp",))
    >>> [bool(explained(holds, bands, "gas", known)[0]) for holds in (nitrile, lacking)]
    [True, False]
    """
    table, rates = known
    found, ground = rates.densities(bands, table, place_of(phase))
    of_structure = found @ _allowed_rows(table.rows, holds)
    result: NDArray[np.bool_] = of_structure / (of_structure + ground) >= EXPLAINED
    return result


def group_checks(
    holds: Mapping[str, bool], calls: Sequence[tuple[str, float, str]]
) -> tuple[GroupCheck, ...]:
    """What is said of each group the structure has or the model calls.

    ``calls``: name, probability and call (present, absent, uncertain) of the model's groups.

    Examples
    --------
    >>> holds = {"ketone": True, "ester": False}
    >>> calls = [("ketone", 0.97, "present"), ("ester", 0.02, "absent")]
    >>> [(each.name, each.verdict) for each in group_checks(holds, calls)]
    [('ketone', 'shown')]
    """
    found = []
    for name, probability, call in calls:
        has = holds[name]
        if call == "uncertain":
            verdict = NOT_DECIDABLE
        elif has:
            verdict = SHOWN if call == "present" else MISSING
        else:
            verdict = EXTRA if call == "present" else ""
        if verdict and (has or verdict == EXTRA):
            found.append(GroupCheck(name, has, probability, verdict))
    return tuple(sorted(found, key=lambda each: _ORDER.index(each.verdict)))


_ORDER = (MISSING, EXTRA, SHOWN, NOT_DECIDABLE)


def reasons(
    groups: Sequence[GroupCheck], unexplained: Sequence[tuple[float, float]]
) -> tuple[str, ...]:
    """Plain sentences for what speaks against the structure.

    ``unexplained``: wavenumber and height of the strong bands it does not account for.

    Examples
    --------
    >>> for sentence in reasons([GroupCheck("ester", True, 0.01, MISSING)], [(2250.0, 0.5)]):
    ...     print(sentence)
    the structure has ester, the spectrum does not show it
    the structure does not explain the band at 2250 cm-1 (50% of the highest)
    """
    said = []
    for each in groups:
        name = spoken(each.name)
        if each.verdict == MISSING:
            said.append(f"the structure has {name}, the spectrum does not show it")
        elif each.verdict == EXTRA:
            said.append(f"the spectrum shows {name}, the structure does not have it")
    said += [
        f"the structure does not explain the band at {cm1:.0f} cm-1 ({height:.0%} of the highest)"
        for cm1, height in sorted(unexplained, key=lambda each: -each[1])
    ]
    return tuple(said)


def phase_of_limits(phase: str | None) -> str:
    """The phase whose limits hold: those of condensed where it is not known.

    Examples
    --------
    >>> phase_of_limits(None)
    'condensed'
    """
    return phase if phase in (*PHASES, "atr") else "condensed"
