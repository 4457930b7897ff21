"""Stage ``calibrate``: do probabilities and three-state calls hold what they promise?

Everything is judged on folds that its numbers were not fitted on: calibration and limits of a fold
come from the out-of-fold logits of the other folds (train/calibrate/confidence.py). The networks
behind those logits did see the fold: all that reaches its judgement from there is two numbers a
group and limit. ``python -m train.export.hold_out`` puts the installed command to the same test.
Writes calibration.json and reliability.png beside the model.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from irclassify.evaluation.metrics import calibration_error, exact_interval
from irclassify.model.calibration import ABSENT, PRESENT, UNCERTAIN, Decided
from irclassify.options import DEFAULT_ERROR_RATE
from train.calibrate import by_phase, reliability
from train.calibrate.by_phase import Known
from train.calibrate.calibrators import CALIBRATORS
from train.calibrate.confidence import cross_fitted
from train.calibrate.details import Choice, by_phases, choose, share
from train.calibrate.known import known_of, shipped, tells_phases
from train.data.dataset import Dataset, load
from train.data.split import SETS, choosing_phases, set_rows, stated_phases, testing_folds
from train.fit.out_of_fold import held_out
from train.labels.details import ANSWERED
from train.labels.groups import GROUPS
from train.settings import evaluation_folder, save_results

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Answers = NDArray[np.int8]

ALONE = np.arange(len(GROUPS))  # no group stands below another
MODELS = ("default", "rieger2023")
ERROR_RATES = (0.01, DEFAULT_ERROR_RATE, 0.1)
SIMULATIONS = 50
BOOTSTRAPS = 1000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``python -m train calibrate`` [--model M]."""
    parser.add_argument("--model", choices=MODELS, help="one model only; all without it")


def run(options: argparse.Namespace) -> int:
    """Measure and store."""
    for model in [options.model] if options.model else MODELS:
        save_results(model, "calibration", _rounded(measure(model)))
    return 0


def _rounded(found: Any) -> Any:
    """The same with six decimals: more would be noise of the platform."""
    if isinstance(found, dict):
        return {key: _rounded(value) for key, value in found.items()}
    if isinstance(found, list):
        return [_rounded(value) for value in found]
    return round(found, 6) if isinstance(found, float) else found


def measure(model: str) -> dict[str, Any]:
    """Everything about one model, by phase."""
    data = load(model)
    if tells_phases(model):
        return _measured(model, data, *_by_phase(model, data))
    logits = held_out(model, data)
    folds, rows = testing_folds(data), choosing_phases(model, data)
    stated, untold = (
        cross_fitted(data.labels, logits, folds, rows, phases, ERROR_RATES)
        for phases in (stated_phases(data), [None] * len(folds))
    )
    known = Known(data.labels.astype(np.int8), logits.astype(float), rows, ALONE, folds)
    return _measured(model, data, known, stated, untold)


def _by_phase(model: str, data: Dataset) -> tuple[Known, list[Decided], list[Decided], Choice]:
    """A model with details and phase outputs: what is known, what is said, what is shipped."""
    every = known_of(model, data)
    told = [record.phase for record in data.records]
    (said,) = by_phase.cross_fitted(every, told, [DEFAULT_ERROR_RATE])
    choice = choose(every, said, ANSWERED, len(GROUPS))
    known = shipped(every, choice)
    fits = by_phase.cross_fits(known, ERROR_RATES)
    stated, untold = (
        by_phase.cross_fitted(known, phases, ERROR_RATES, fits)
        for phases in (told, [None] * len(told))
    )
    return known, stated, untold, choice


def _measured(
    model: str,
    data: Dataset,
    known: Known,
    stated: Sequence[Decided],
    untold: Sequence[Decided],
    choice: Choice | None = None,
) -> dict[str, Any]:
    usual = stated[ERROR_RATES.index(DEFAULT_ERROR_RATE)]
    answers, count = known.answers[:, : len(GROUPS)], len(GROUPS)
    judged = dict(known.rows) if choice is None else {n: set_rows(data, n) for n in SETS}
    judged |= {phase: rows for phase, rows in known.rows.items() if phase not in judged}
    drawn = {n: (answers[r], usual.probabilities[r, :count]) for n, r in known.rows.items()}
    reliability.draw(drawn, evaluation_folder(model) / "reliability.png", model)
    if len(known.rows) > 1:
        judged[" and ".join(known.rows)] = np.logical_or.reduce(list(known.rows.values()))
    results = {
        "maps": [
            _map_scores(name, scheme, known)
            for name in CALIBRATORS
            for scheme in ("all phases together", "phase by phase")
        ],
        "calibration": {
            name: _calibration(answers[r], usual.probabilities[r, :count])
            for name, r in judged.items()
        },
        "calls": {name: _by_rate(data, answers, r, stated) for name, r in judged.items()},
        "calls_phase_not_stated": {
            name: _by_rate(data, answers, r, untold) for name, r in known.rows.items()
        },
    }
    if choice is None:
        return results
    names = [*GROUPS, *choice.shipped]
    return results | {
        "phase_inference": _phases(known),
        "outputs": {name: by_phases(known, usual, i) for i, name in enumerate(names)},
        "details": {"shipped": list(choice.shipped), "tried": choice.measured},
    }


def _phases(known: Known) -> dict[str, Any]:
    """How well phases are told apart: by true phase, spectra and the share said to be each."""
    names = list(known.rows)
    found = np.zeros((len(known.folds), len(names)))
    for here, fitted in by_phase.cross_fits(known.with_outputs([0]), [DEFAULT_ERROR_RATE]):
        found[here] = fitted.phase_scale.probabilities(known.logits[here, known.outputs :])
    return {
        phase: {
            "spectra": int(rows.sum()),
            "said_to_be": dict(
                zip(names, np.eye(len(names))[found[rows].argmax(1)].mean(0).tolist(), strict=True)
            ),
            "mean_probability": float(found[rows, at].mean()),
        }
        for at, (phase, rows) in enumerate(known.rows.items())
    }


def _map_scores(name: str, scheme: str, known: Known) -> dict[str, Any]:
    """Held-out negative log-likelihood and calibration error of one way to calibrate, by phase."""
    answers, logits = known.answers[:, : len(GROUPS)], known.logits[:, : len(GROUPS)]
    parts = list(known.rows.values())
    fitted_on = [np.logical_or.reduce(parts)] if scheme == "all phases together" else parts
    found = np.full(answers.shape, np.nan)
    for fold in np.unique(known.folds):
        for part in fitted_on:
            here, others = part & (known.folds == fold), part & (known.folds != fold)
            for g in range(answers.shape[1]):
                told = others & (answers[:, g] >= 0)
                calibrated = CALIBRATORS[name](answers[told, g] == 1, logits[told, g])
                found[here, g] = calibrated(logits[here, g])
    phases = {}
    for phase, rows in known.rows.items():
        told = answers[rows] >= 0
        truth, p = (answers[rows] == 1)[told], found[rows][told]
        phases[phase] = {
            "negative_log_likelihood": _log_loss(truth, p),
            "calibration_error": calibration_error(truth, p),
        }
    return {"map": name, "fitted": scheme, "phases": phases}


def _log_loss(truth: Bools, p: Floats) -> float:
    p = np.clip(p, 1e-7, 1 - 1e-7)  # isotonic steps reach 0 and 1
    return float(-np.where(truth, np.log(p), np.log1p(-p)).mean())


def _calibration(answers: Answers, p: Floats) -> dict[str, Any]:
    """Calibration error over all groups and by group, beside what sampling alone would give."""
    random = np.random.default_rng(0)
    told = answers >= 0
    return {
        "spectra": len(answers),
        "all": _error((answers == 1)[told], p[told], random),
        "groups": {
            group: _error(a[t] == 1, q[t], random) | {"positives": int((a == 1).sum())}
            for group, a, t, q in zip(GROUPS, answers.T, told.T, p.T, strict=True)
            if t.any()
        },
    }


def _error(truth: Bools, p: Floats, random: np.random.Generator) -> dict[str, float]:
    """``by_chance``: the mean error of perfectly calibrated answers, because samples are finite."""
    draws = (random.random(p.shape) < p for _ in range(SIMULATIONS))
    return {
        "calibration_error": calibration_error(truth, p),
        "by_chance": float(np.mean([calibration_error(drawn, p) for drawn in draws])),
    }


def _by_rate(
    data: Dataset, answers: Answers, rows: Bools, said: Sequence[Decided]
) -> dict[str, Any]:
    molecules = data.column("molecule")[rows]
    return {
        f"{rate:g}": _calls(answers[rows], decided.calls[rows, : len(GROUPS)], molecules)
        for rate, decided in zip(ERROR_RATES, said, strict=True)
    }


def _calls(answers: Answers, calls: NDArray[np.int8], molecules: NDArray[Any]) -> dict[str, Any]:
    """Share decided [value, low, high]; of all groups and by group, how many calls are wrong.

    ``right``: of the present calls. What a structure does not tell is not judged.
    """
    told = answers >= 0
    decided = ((calls != UNCERTAIN) & told).sum(1) / np.maximum(told.sum(1), 1)
    return {
        "decided": _over_molecules(decided, molecules),
        "right": share(*_right(answers, calls)),
        "groups": {
            group: {
                "decided": float((c[t] != UNCERTAIN).mean()) if t.any() else 0.0,
                "missed": _rate(c[a == 1] == ABSENT),
                "false_alarms": _rate(c[a == 0] == PRESENT),
                "right": share(*_right(a, c)),
            }
            for group, a, c, t in zip(GROUPS, answers.T, calls.T, told.T, strict=True)
        },
    }


def _right(answers: Answers, calls: NDArray[np.int8]) -> tuple[int, int]:
    """How many present calls are right, and how many there are."""
    present = calls == PRESENT
    return int((present & (answers == 1)).sum()), int((present & (answers >= 0)).sum())


def _rate(wrong: Bools) -> dict[str, Any] | None:
    """Share wrong with its exact 95% interval (Clopper-Pearson); None of nothing."""
    if not wrong.size:
        return None
    count = int(wrong.sum())
    return {
        "of": wrong.size,
        "wrong": count,
        "share": count / wrong.size,
        "interval": list(exact_interval(count, wrong.size)),
    }


def _over_molecules(values: Floats, molecules: NDArray[Any]) -> list[float]:
    """Mean [value, low, high] with the 95% bootstrap interval over molecules, not spectra."""
    _, member = np.unique(molecules, return_inverse=True)
    sums, counts = np.bincount(member, values), np.bincount(member)
    drawn = np.random.default_rng(0).integers(0, sums.size, (BOOTSTRAPS, sums.size))
    means = sums[drawn].sum(1) / counts[drawn].sum(1)
    return [float(values.mean()), *np.percentile(means, [2.5, 97.5]).tolist()]
