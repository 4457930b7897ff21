"""How often measured bands contradict a call: of the right calls, and of the wrong ones.

Calls are best guesses of networks that never saw the molecule, with thresholds from other folds
(train/calibrate/confidence.py); the flags are those of irclassify/explain/assignment.py, from the
measured spectrum. A flag helps when it is rare on right calls and less rare on wrong ones.
"""

from __future__ import annotations

import argparse
from collections import Counter
from typing import Any

from irclassify.explain.assignment import Measured, absorbs_at, missing, strongest
from irclassify.explain.peaks import measured_bands
from irclassify.spectra.phase import phase_of
from train.calibrate.known import held_out_answers
from train.data.dataset import load
from train.data.index import nist_spectra
from train.data.split import phase_rows
from train.fit.out_of_fold import held_out
from train.labels.groups import GROUPS
from train.settings import save_results

PHASES = ("gas", "condensed")
MODEL = "default"

# phase, group, what is lacking (empty: the calls themselves), the call is right -> how many
Counts = Counter[tuple[str, str, str, bool]]


def run(_options: argparse.Namespace) -> int:
    """Count and store."""
    save_results(MODEL, "flags", rates(*count()))
    return 0


def count() -> tuple[Counts, Counts]:
    """Missing bands by call; and spectra with unexplained bands, by all calls being right."""
    data = load(MODEL)
    called = held_out_answers(MODEL, data, held_out(MODEL, data)).guesses
    phases = {phase: phase_rows(data, phase) for phase in PHASES}
    files = {file: i for i, file in enumerate(data.column("file"))}
    lacks, leftovers = Counts(), Counts()
    for file, spectrum in nist_spectra():
        row = files.get(file, -1)
        phase = next((p for p in PHASES if row >= 0 and phases[p][row]), None)
        if phase is None:
            continue
        measured = Measured(spectrum, measured_bands(spectrum), phase_of(spectrum.state))
        present = [group for group, yes in zip(GROUPS, called[row], strict=True) if yes]
        for group in present:
            right = bool(data.labels[row, GROUPS.index(group)])
            lacks[phase, group, "", right] += 1
            for lack in missing(group, measured):
                lacks[phase, group, f"{lack.vibration} ({lack.bands[0].expect})", right] += 1
        right = bool((called[row] == data.labels[row]).all())
        leftovers[phase, "", "", right] += 1
        strong = strongest(measured.bands, measured.height)
        some = any(not absorbs_at(band.cm1, measured.phase, present) for band in strong)
        leftovers[phase, "", "unexplained", right] += some
    return lacks, leftovers


def rates(lacks: Counts, leftovers: Counts) -> dict[str, Any]:
    """By flag: how many right and wrong calls raise it, each as [count, of how many]."""

    def both(counts: Counts, phase: str, group: str, flag: str) -> dict[str, Any]:
        keys = (("right", True), ("wrong", False))
        return {
            name: [counts[phase, group, flag, right], counts[phase, group, "", right]]
            for name, right in keys
        }

    return {
        "missing": [
            {"phase": phase, "group": group, "band": lack, **both(lacks, phase, group, lack)}
            for phase, group, lack in sorted({key[:3] for key in lacks if key[2]})
        ],
        "unexplained": [
            {"phase": phase, **both(leftovers, phase, "", "unexplained")} for phase in PHASES
        ],
    }
