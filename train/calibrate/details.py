"""Which details are told: those whose present calls can be trusted on molecules never seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from irclassify.evaluation.metrics import exact_interval
from irclassify.model.calibration import PRESENT, Decided
from train.calibrate.by_phase import Known

LEAST_AUC = 0.95
LEAST_PRECISION = 0.9
FEWEST_CALLS = 20  # with fewer nothing can be said about precision

Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Choice:
    """What was measured of each detail, and what follows: columns to ship, phases to be silent in.

    ``measured``: name -> auc, right (of its present calls, in the phases where it may be called)
    and by phase positives, f1 and right. ``shipped``: names. ``silent`` (phases, outputs): see
    Known.
    """

    measured: Mapping[str, Any]
    shipped: tuple[str, ...]
    silent: Bools


def choose(known: Known, said: Decided, names: Sequence[str], groups: int) -> Choice:
    """Judge every output from column ``groups`` on by cross-fitted answers with stated phases.

    A detail is silent in a phase where fewer than LEAST_PRECISION of its present calls are right.
    It is shipped when its area under the ROC curve is at least LEAST_AUC, and of the calls that
    are left, FEWEST_CALLS or more, at least LEAST_PRECISION are right.
    """
    silent = np.zeros((len(known.rows), known.outputs), bool)
    measured: dict[str, Any] = {}
    for output in range(groups, known.outputs):
        by_phase = by_phases(known, said, output)
        right = [found["right"] for found in by_phase.values()]
        silent[:, output] = [r["share"] is not None and r["share"] < LEAST_PRECISION for r in right]
        kept = [r for r, quiet in zip(right, silent[:, output], strict=True) if not quiet]
        for found, quiet in zip(by_phase.values(), silent[:, output].tolist(), strict=True):
            found["silent"] = quiet
        measured[names[output]] = {
            "auc": _auc(known, said, output),
            "right": share(sum(r["right"] for r in kept), sum(r["of"] for r in kept)),
            "phases": by_phase,
        }
    shipped = tuple(name for name, found in measured.items() if _good_enough(found))
    return Choice(measured, shipped, silent)


def _good_enough(found: Mapping[str, Any]) -> bool:
    right = found["right"]
    enough = right["of"] >= FEWEST_CALLS and right["share"] >= LEAST_PRECISION
    return bool(enough and found["auc"] is not None and found["auc"] >= LEAST_AUC)


def by_phases(known: Known, said: Decided, output: int) -> dict[str, dict[str, Any]]:
    """Of one output, by phase: positives, F1 of the best guess, and how many calls are right."""
    found = {}
    for phase, rows in known.rows.items():
        told = rows & (known.answers[:, output] >= 0)
        truth, guess = known.answers[told, output] == 1, said.guesses[told, output]
        called = said.calls[told, output] == PRESENT
        both = int(truth.sum() + guess.sum())
        found[phase] = {
            "positives": int(truth.sum()),
            "f1": 2 * int((truth & guess).sum()) / both if truth.any() else None,
            "right": share(int((truth & called).sum()), int(called.sum())),
        }
    return found


def share(right: int, of: int) -> dict[str, Any]:
    """How many are right, with the share and its exact 95% interval; None of nothing."""
    interval = list(exact_interval(right, of)) if of else None
    return {"of": of, "right": right, "share": right / of if of else None, "interval": interval}


def _auc(known: Known, said: Decided, output: int) -> float | None:
    told = np.logical_or.reduce(list(known.rows.values())) & (known.answers[:, output] >= 0)
    truth = known.answers[told, output] == 1
    if truth.all() or not truth.any():
        return None
    return float(roc_auc_score(truth, said.logits[told, output]))
