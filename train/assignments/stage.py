"""Stage ``assignments``: is the name of a band one that the structure allows?

On spectra of known structure, with the answers of networks that never saw the molecule. What
vibrations show is fitted on folds 0 and 1, how sure a name must be is chosen on fold 2, and the
table is of folds 3 and 4. ``--write`` then fits on all folds and writes matching.json.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from typing import Any

from irclassify.explain.bands import BANDS, FOREIGN
from irclassify.explain.matching import SURE
from irclassify.explain.rates import Table
from train.assignments.fit import fit, to_json
from train.assignments.known import (
    CHOSEN_ON,
    FITTED_ON,
    MODEL,
    TESTED_ON,
    Answered,
    answered,
    in_folds,
)
from train.assignments.measure import (
    RangeTest,
    by_called_groups,
    by_nearest_range,
    matched,
    measure,
    range_tests,
)
from train.settings import ROOT, save_results

MATCHING = ROOT / "irclassify" / "explain" / "matching.json"
SURES = (0.7, 0.75, 0.8, 0.85, 0.9)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``python -m train assignments`` [--write]."""
    parser.add_argument("--write", action="store_true", help="fit on all folds: matching.json")


def table_for(spectra: Sequence[Answered]) -> Table:
    """The tables' rows for a model of these outputs."""
    rows = (*BANDS, *(row for row in FOREIGN if row.expect != "artefact"))
    return Table(rows, tuple(spectra[0].probabilities))


def run(options: argparse.Namespace) -> int:
    """Fit, choose, measure, print, store."""
    spectra = answered()
    table = table_for(spectra)
    rates = fit([each.known for each in in_folds(spectra, FITTED_ON)], table)
    chosen, tested = in_folds(spectra, CHOSEN_ON), in_folds(spectra, TESTED_ON)
    results: dict[str, Any] = {
        "sure": SURE,
        "choice": {str(sure): measure(chosen, matched(table, rates, sure)) for sure in SURES},
        "ways": {
            "matched": measure(tested, matched(table, rates, SURE)),
            "called groups": measure(tested, by_called_groups(table)),
            "nearest range": measure(tested, by_nearest_range(table)),
        },
    }
    ranges = range_tests([each.known for each in spectra], table)
    results["wrong_ranges"] = [_range(each) for each in ranges if each.is_wrong]
    results["ranges"] = len(ranges)
    print(text(results))
    save_results(MODEL, "assignments", results)
    if options.write:
        found = fit([each.known for each in spectra], table)
        stored = json.dumps(to_json(found, table), indent=0, ensure_ascii=False)
        MATCHING.write_text(stored + "\n", encoding="utf-8")
    return 0


def _range(each: RangeTest) -> dict[str, Any]:
    row = each.row
    return {
        "row": f"{row.words} {row.low:.0f}-{row.high:.0f}",
        "phase": each.phase,
        "spectra": each.spectra,
        "with": round(each.with_, 3),
        "without": round(each.without, 3),
    }


def text(results: dict[str, Any]) -> str:
    """The tables as plain text."""
    lines = [
        "Share of the ten strongest bands of a spectrum, folds 3 and 4 "
        "(of own: of those that are not air, oil or solvent; open: named by what groups share):",
        "",
    ]
    columns = "  allowed  of own  open forbidden artefact not assigned"
    lines.append(
        f"{'way':<14} {'phase':<10} {'spectra':>7}{columns}  strongest band: allowed forbidden"
    )
    for way, phases in results["ways"].items():
        for phase, found in sorted(phases.items()):
            every, first = found["all"], found["strongest"]
            own = every["allowed"] / (1 - every["artefact"])
            lines.append(
                f"{way:<14} {phase:<10} {found['spectra']:>7}  {every['allowed']:7.3f} {own:7.3f} "
                f"{found['open']:5.3f} {every['forbidden']:9.3f} {every['artefact']:8.3f} "
                f"{every['not assigned']:12.3f}  {first['allowed']:23.3f} {first['forbidden']:9.3f}"
            )
    lines += ["", f"Ranges that half of the spectra miss ({results['ranges']} were tested):"]
    lines += [
        f"{each['with']:.2f} of {each['spectra']} {each['phase']} spectra (others "
        f"{each['without']:.2f}): {each['row']}"
        for each in results["wrong_ranges"]
    ]
    return "\n".join(lines)
