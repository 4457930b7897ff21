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
from train.calibrate import reliability
from train.calibrate.calibrators import CALIBRATORS
from train.calibrate.confidence import cross_fitted
from train.data.dataset import Dataset, load
from train.data.split import choosing_phases, phase_rows, stated_phases, testing_folds
from train.fit.out_of_fold import held_out
from train.labels.groups import GROUPS
from train.settings import evaluation_folder, save_results

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

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
    logits = held_out(model, data)
    folds, rows = testing_folds(data), choosing_phases(model, data)
    phases = stated_phases(data)
    answers = cross_fitted(data.labels, logits, folds, rows, phases, ERROR_RATES)
    usual = answers[ERROR_RATES.index(DEFAULT_ERROR_RATE)]
    untold = cross_fitted(data.labels, logits, folds, rows, [None] * len(folds), ERROR_RATES)
    judged = {name: phase_rows(data, name) for name in (*rows, "atr")}
    drawn = {name: (data.labels[r], usual.probabilities[r]) for name, r in judged.items()}
    if len(rows) > 1:
        judged[" and ".join(rows)] = np.logical_or.reduce(list(rows.values()))
    reliability.draw(drawn, evaluation_folder(model) / "reliability.png", model)
    return {
        "maps": [
            _map_scores(name, scheme, data.labels, logits.astype(float), folds, rows)
            for name in CALIBRATORS
            for scheme in ("all phases together", "phase by phase")
        ],
        "calibration": {
            name: _calibration(data.labels[r], usual.probabilities[r]) for name, r in judged.items()
        },
        "calls": {name: _by_rate(data, r, answers) for name, r in judged.items()},
        "calls_phase_not_stated": {name: _by_rate(data, rows[name], untold) for name in rows},
    }


def _map_scores(
    name: str, scheme: str, truth: Bools, logits: Floats, folds: NDArray[np.int_], rows: Any
) -> dict[str, Any]:
    """Held-out negative log-likelihood and calibration error of one way to calibrate, by phase."""
    parts = list(rows.values())
    fitted_on = [np.logical_or.reduce(parts)] if scheme == "all phases together" else parts
    found = np.full(truth.shape, np.nan)
    for fold in np.unique(folds):
        for part in fitted_on:
            here, others = part & (folds == fold), part & (folds != fold)
            for g in range(truth.shape[1]):
                calibrated = CALIBRATORS[name](truth[others, g], logits[others, g])
                found[here, g] = calibrated(logits[here, g])
    return {
        "map": name,
        "fitted": scheme,
        "phases": {
            phase: {
                "negative_log_likelihood": _log_loss(truth[r], found[r]),
                "calibration_error": calibration_error(truth[r].ravel(), found[r].ravel()),
            }
            for phase, r in rows.items()
        },
    }


def _log_loss(truth: Bools, p: Floats) -> float:
    p = np.clip(p, 1e-7, 1 - 1e-7)  # isotonic steps reach 0 and 1
    return float(-np.where(truth, np.log(p), np.log1p(-p)).mean())


def _calibration(truth: Bools, p: Floats) -> dict[str, Any]:
    """Calibration error over all groups and by group, and what sampling alone would give."""
    random = np.random.default_rng(0)
    return {
        "spectra": len(truth),
        "all": _error(truth.ravel(), p.ravel(), random),
        "groups": {
            group: _error(t, q, random) | {"positives": int(t.sum())}
            for group, t, q in zip(GROUPS, truth.T, p.T, strict=True)
        },
    }


def _error(truth: Bools, p: Floats, random: np.random.Generator) -> dict[str, float]:
    """``by_chance``: the mean error of perfectly calibrated answers, because samples are finite."""
    draws = (random.random(p.shape) < p for _ in range(SIMULATIONS))
    return {
        "calibration_error": calibration_error(truth, p),
        "by_chance": float(np.mean([calibration_error(drawn, p) for drawn in draws])),
    }


def _by_rate(data: Dataset, rows: Bools, answers: Sequence[Decided]) -> dict[str, Any]:
    molecules = data.column("molecule")[rows]
    return {
        f"{rate:g}": _calls(data.labels[rows], decided.calls[rows], molecules)
        for rate, decided in zip(ERROR_RATES, answers, strict=True)
    }


def _calls(truth: Bools, calls: NDArray[np.int8], molecules: NDArray[Any]) -> dict[str, Any]:
    """Share decided [value, low, high] and, by group, misses and false alarms with intervals."""
    decided = (calls != UNCERTAIN).mean(1)
    return {
        "decided": _over_molecules(decided, molecules),
        "groups": {
            group: {
                "decided": float((c != UNCERTAIN).mean()),
                "missed": _rate(c[t] == ABSENT),
                "false_alarms": _rate(c[~t] == PRESENT),
            }
            for group, t, c in zip(GROUPS, truth.T, calls.T, strict=True)
        },
    }


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
