"""Stage ``assignments``: is the name of a band one that the structure allows?

On spectra of known structure, with the answers of networks that never saw the molecule. What
vibrations show is fitted on folds 0 and 1, how sure a name must be is chosen on fold 2, and the
table is of folds 3 and 4. ``--write`` then fits on all folds and writes matching.json.

Every range of the tables is held against the spectra of molecules that have the structure. It is
wrong when half of them show no band in it, though the vibration is strong or medium: their bands
lie elsewhere. Beside it stands the share of other molecules that show a band there: a range that
is as full without the structure says little.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from irclassify.explain.bands import BANDS, FOREIGN, OPEN, bands_at
from irclassify.explain.matching import SURE, Match, matches
from irclassify.explain.rates import PHASES, TOLERANCE, Rates, Table
from irclassify.results.bands import Band
from train.assignments.fit import fit, place_of, to_json, truths
from train.assignments.known import (
    CHOSEN_ON,
    FITTED_ON,
    MODEL,
    TESTED_ON,
    Answered,
    Known,
    answered,
    holds,
    in_folds,
)
from train.settings import ROOT, save_results

MATCHING = ROOT / "irclassify" / "explain" / "matching.json"
SURES = (0.7, 0.75, 0.8, 0.85, 0.9)
LEAST = {"strong": 0.05, "medium": 0.02, "weak": 0.0, "variable": 0.0}
FEW = 10  # molecules
HALF = 0.5
STRONGEST = 10
Way = Callable[[Answered], Sequence[Match]]

ALLOWED, FORBIDDEN, ARTEFACT, NOT_ASSIGNED = "allowed", "forbidden", "artefact", "not assigned"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``python -m train assignments`` [--write]."""
    parser.add_argument("--write", action="store_true", help="fit on all folds: matching.json")


def table_for(spectra: Sequence[Answered]) -> Table:
    """The tables' rows for a model of these outputs."""
    rows = (*BANDS, *(row for row in FOREIGN if row.expect != "artefact"))
    return Table(rows, tuple(spectra[0].probabilities))


def run(options: argparse.Namespace) -> int:
    """Fit, choose, measure, store."""
    spectra = answered()
    table = table_for(spectra)
    rates = fit([each.known for each in in_folds(spectra, FITTED_ON)], table)
    chosen, tested = in_folds(spectra, CHOSEN_ON), in_folds(spectra, TESTED_ON)

    def matched(sure: float) -> Way:
        return lambda each: _matched(each, table, rates, sure)

    def called(each: Answered) -> list[Band]:
        return [row for row in table.rows if each.probabilities.get(row.group, 0.0) >= 0.5]

    ranges = list(range_tests([each.known for each in spectra], table))
    results: dict[str, Any] = {
        "sure": SURE,
        "choice": {str(sure): measure(chosen, matched(sure)) for sure in SURES},
        "ways": {
            "matched": measure(tested, matched(SURE)),
            "called groups": measure(tested, lambda each: _narrowest(each, called(each))),
            "nearest range": measure(tested, lambda each: _narrowest(each, table.rows)),
        },
        "wrong_ranges": [_rounded(found) for row, found in ranges if is_wrong(row, found)],
        "ranges": len(ranges),
    }
    save_results(MODEL, "assignments", results)
    if options.write:
        found = fit([each.known for each in spectra], table)
        stored = json.dumps(to_json(found, table), indent=0, ensure_ascii=False)
        MATCHING.write_text(stored + "\n", encoding="utf-8")
    return 0


def _matched(each: Answered, table: Table, rates: Rates, sure: float) -> Sequence[Match]:
    """As the tool does it, with what was measured on other folds."""
    own = each.known
    return matches(own.bands, each.probabilities, own.phase, own.state, table, rates, sure)


def _narrowest(each: Answered, rows: Sequence[Band]) -> list[Match]:
    """By the narrowest of some ranges: of the whole table, or of the groups that are called."""
    able, phase = [row for row in rows if row.intensity != "weak"], each.known.phase
    near = (bands_at(x, able, phase, TOLERANCE) for x in each.known.bands.cm1.tolist())
    return [Match(next(iter(found), None)) for found in near]


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


def range_tests(spectra: Sequence[Known], table: Table) -> Iterator[tuple[Band, dict[str, Any]]]:
    """Each row in each phase that it holds in: the shares of spectra with it and without it that
    show a band."""
    allowed = truths(spectra, table)
    places = np.array([place_of(each) for each in spectra])
    hits = np.stack([_distances(each, table) for each in spectra]) <= TOLERANCE
    for at, row in enumerate(table.rows):
        for place, phase in enumerate(PHASES):
            own, other = (places == place) & allowed[:, at], (places == place) & ~allowed[:, at]
            if table.in_phase[place, at] and own.any():
                yield (
                    row,
                    {
                        "row": f"{row.words} {row.low:.0f}-{row.high:.0f}",
                        "phase": phase,
                        "spectra": int(own.sum()),
                        "with": float(hits[own, at].mean()),
                        "without": float(hits[other, at].mean()) if other.any() else 0.0,
                    },
                )


def is_wrong(row: Band, found: dict[str, Any]) -> bool:
    """Half of the spectra miss the range, though it should be seen."""
    seen = row.intensity in ("strong", "medium")
    return seen and found["spectra"] >= FEW and found["with"] < HALF


def _rounded(found: dict[str, Any]) -> dict[str, Any]:
    return found | {name: round(found[name], 3) for name in ("with", "without")}


def _distances(each: Known, table: Table) -> np.ndarray:
    """How far outside of each row's range the nearest band of sufficient height lies, (rows,)."""
    least = np.array([LEAST[row.intensity] for row in table.rows])
    cm1, height = each.bands.cm1[:, None], each.bands.height[:, None]
    outside = np.maximum(np.maximum(table.low - cm1, cm1 - table.high), 0.0)
    return np.where(height >= least, outside, np.inf).min(0)
