"""The held-out logits of a model with details and phase outputs, and what it ships of them.

Told are the details whose present calls can be trusted on molecules never seen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from sklearn.metrics import roc_auc_score

from irclassify.evaluation.metrics import exact_interval
from irclassify.model.calibration import PRESENT, Decided
from irclassify.options import DEFAULT_ERROR_RATE
from train.arrays import Numbers
from train.calibrate import by_phase
from train.calibrate.by_phase import Known
from train.calibrate.confidence import cross_fitted
from train.data.records import Dataset
from train.data.split import choosing_phases, choosing_rows, testing_folds
from train.fit.out_of_fold import OUTPUTS_OF, held_out
from train.labels.details import ANSWERED, DETAILS, OUTPUTS
from train.labels.groups import GROUPS

LEAST_AUC = 0.95
LEAST_PRECISION = 0.9
FEWEST_CALLS = 20  # with fewer nothing can be said about precision

_ABOVE = {detail.name: detail.parent for detail in DETAILS}
# The column of the group above each of ANSWERED, its own where it stands alone.
PARENTS = np.array([ANSWERED.index(_ABOVE.get(name) or name) for name in ANSWERED], np.intp)


def tells_phases(model: str) -> bool:
    """Whether a model has outputs for details and phases."""
    return model in OUTPUTS_OF


def known_of(model: str, data: Dataset) -> Known:
    """All outputs of a model on its data, shipped or not."""
    return Known(
        answers=data.answers.astype(np.int8),
        logits=held_out(model, data, OUTPUTS).astype(float),
        rows=choosing_phases(model, data),
        parents=PARENTS,
        folds=testing_folds(data),
    )


def held_out_answers(model: str, data: Dataset, logits: Numbers) -> Decided:
    """Answers from held-out logits (n, 17), by calibration and limits of the other folds.

    The phase of each spectrum is stated, as with ``--phase``.
    """
    if tells_phases(model):
        groups = known_of(model, data).with_outputs(range(len(GROUPS)))
        stated: list[str | None] = [record.phase for record in data.records]
        return by_phase.cross_fitted(groups, stated, [DEFAULT_ERROR_RATE])[0]
    rows = choosing_rows(model, data)
    rates = [DEFAULT_ERROR_RATE]
    return cross_fitted(data.labels, logits, testing_folds(data), rows, rates)[0]


def choose(known: Known, said: Decided) -> dict[str, Any]:
    """Judge every detail by cross-fitted answers with stated phases.

    A detail is silent in a phase where fewer than LEAST_PRECISION of its present calls are right.
    It is shipped when its area under the ROC curve is at least LEAST_AUC, and of the calls that
    are left, FEWEST_CALLS or more, at least LEAST_PRECISION are right. Gives the ``shipped`` names,
    and of those ``tried`` auc, right (of its present calls, in the phases where it may be called)
    and by phase positives, f1, right and silent.
    """
    tried: dict[str, Any] = {}
    for output, name in list(enumerate(ANSWERED))[len(GROUPS) :]:
        phases = by_phases(known, said, output)
        for found in phases.values():
            precision = found["right"]["share"]
            found["silent"] = precision is not None and precision < LEAST_PRECISION
        kept = [found["right"] for found in phases.values() if not found["silent"]]
        right = share(sum(r["right"] for r in kept), sum(r["of"] for r in kept))
        tried[name] = {"auc": _auc(known, said, output), "right": right, "phases": phases}
    return {"shipped": [name for name, found in tried.items() if _good(found)], "tried": tried}


def _good(found: Mapping[str, Any]) -> bool:
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


def share(count: int, of: int, name: str = "right") -> dict[str, Any]:
    """How many are ``name``, with the share and its exact 95% interval; None of nothing."""
    interval = list(exact_interval(count, of)) if of else None
    return {"of": of, name: count, "share": count / of if of else None, "interval": interval}


def _auc(known: Known, said: Decided, output: int) -> float | None:
    told = np.logical_or.reduce(list(known.rows.values())) & (known.answers[:, output] >= 0)
    truth = known.answers[told, output] == 1
    if truth.all() or not truth.any():
        return None
    return float(roc_auc_score(truth, said.logits[told, output]))


def shipped(every: Known, details: Mapping[str, Any]) -> Known:
    """The groups and the details that were chosen, silent where they must be.

    ``details``: what ``choose`` gave; stage ``calibrate`` stores it.
    """
    silent = np.zeros((len(every.rows), every.outputs), bool)
    for name, found in details["tried"].items():
        for at, phase in enumerate(every.rows):
            silent[at, ANSWERED.index(name)] = found["phases"][phase]["silent"]
    columns = [ANSWERED.index(name) for name in (*GROUPS, *details["shipped"])]
    return replace(every, silent=silent).with_outputs(columns)
