"""Stage ``calibrate``: do probabilities and three-state calls hold what they promise?

Everything is judged on folds that its numbers were not fitted on: calibration and limits of a fold
come from the out-of-fold logits of the other folds (train/calibrate/confidence.py). The networks
behind those logits did see the fold: all that reaches its judgement from there is two numbers a
group and limit. ``python -m train export --without-fold`` puts the installed command to the same
test. Writes calibration.json and reliability.png beside the model.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib import pyplot as plt
from numpy.typing import NDArray
from sklearn.metrics import log_loss

from irclassify.evaluation.metrics import calibration_error, reliability
from irclassify.model.calibration import ABSENT, PRESENT, UNCERTAIN, Decided
from irclassify.options import DEFAULT_ERROR_RATE
from train.arrays import Answers, Bools, Floats
from train.calibrate import by_phase
from train.calibrate.by_phase import Known
from train.calibrate.confidence import cross_fitted
from train.calibrate.known import by_phases, choose, known_of, share, shipped, tells_phases
from train.calibrate.platt import WAYS, calibrator
from train.data.dataset import load
from train.data.split import SETS, choosing_phases, choosing_rows, set_rows, testing_folds
from train.fit.out_of_fold import held_out
from train.labels.groups import GROUPS
from train.settings import evaluation_folder, save_results

mpl.use("Agg")


ALONE = np.arange(len(GROUPS))  # no group stands below another
MODELS = ("default", "rieger2023")
ERROR_RATES = (0.01, DEFAULT_ERROR_RATE, 0.1)
SIMULATIONS = 50
BOOTSTRAPS = 1000
SCHEMES = ("all phases together", "phase by phase")
MARKS = {"gas": "o-", "condensed": "s-", "atr": "^:"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``python -m train calibrate`` [--model M]."""
    parser.add_argument("--model", choices=MODELS, help="one model only; all without it")


def run(options: argparse.Namespace) -> int:
    """Measure and store."""
    for model in [options.model] if options.model else MODELS:
        exact = json.dumps(measure(model))  # more decimals would be noise of the platform
        rounded = json.loads(exact, parse_float=lambda text: round(float(text), 6))
        save_results(model, "calibration", rounded)
    return 0


def measure(model: str) -> dict[str, Any]:
    """Everything about one model, by phase."""
    data = load(model)
    molecules = data.column("molecule")
    if not tells_phases(model):
        logits, folds = held_out(model, data), testing_folds(data)
        rows = choosing_rows(model, data)
        said = cross_fitted(data.labels, logits, folds, rows, ERROR_RATES)
        phases = choosing_phases(model, data)
        known = Known(data.labels.astype(np.int8), logits.astype(float), phases, ALONE, folds)
        return _measured(model, known, molecules, said, said, known.rows)
    every = known_of(model, data)
    told = [record.phase for record in data.records]
    details = choose(every, by_phase.cross_fitted(every, told, [DEFAULT_ERROR_RATE])[0])
    known = shipped(every, details)
    fits = by_phase.cross_fits(known, ERROR_RATES)
    stated, untold = (
        by_phase.cross_fitted(known, phases, ERROR_RATES, fits)
        for phases in (told, [None] * len(told))
    )
    judged = {name: set_rows(data, name) for name in SETS} | {"atr": known.rows["atr"]}
    names = [*GROUPS, *details["shipped"]]
    usual = stated[ERROR_RATES.index(DEFAULT_ERROR_RATE)]
    return _measured(model, known, molecules, stated, untold, judged) | {
        "phase_inference": _phases(known),
        "outputs": {name: by_phases(known, usual, i) for i, name in enumerate(names)},
        "details": details,
    }


def _measured(
    model: str,
    known: Known,
    molecules: NDArray[Any],
    stated: Sequence[Decided],
    untold: Sequence[Decided],
    judged: Mapping[str, Bools],
) -> dict[str, Any]:
    answers = known.answers[:, : len(GROUPS)]
    p = stated[ERROR_RATES.index(DEFAULT_ERROR_RATE)].probabilities[:, : len(GROUPS)]
    phases = known.rows.items()
    draw({n: (answers[r], p[r]) for n, r in phases}, evaluation_folder(model), model)
    if len(known.rows) > 1:
        together = np.logical_or.reduce(list(known.rows.values()))
        judged = {**judged, " and ".join(known.rows): together}

    def by_rate(rows: Bools, said: Sequence[Decided]) -> dict[str, Any]:
        own = {
            f"{r:g}": d.calls[rows, : len(GROUPS)] for r, d in zip(ERROR_RATES, said, strict=True)
        }
        return {rate: _calls(answers[rows], c, molecules[rows]) for rate, c in own.items()}

    return {
        "maps": [_map_scores(way, scheme, known) for way in WAYS for scheme in SCHEMES],
        "calibration": {n: _calibration(answers[r], p[r]) for n, r in judged.items()},
        "calls": {name: by_rate(rows, stated) for name, rows in judged.items()},
        "calls_phase_not_stated": {name: by_rate(rows, untold) for name, rows in phases},
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


def _map_scores(way: str, scheme: str, known: Known) -> dict[str, Any]:
    """Held-out negative log-likelihood and calibration error of one way to calibrate, by phase."""
    answers, logits = known.answers[:, : len(GROUPS)], known.logits[:, : len(GROUPS)]
    parts = list(known.rows.values())
    fitted_on = [np.logical_or.reduce(parts)] if scheme == SCHEMES[0] else parts
    found = np.full(answers.shape, np.nan)
    for fold in np.unique(known.folds):
        for part in fitted_on:
            here, others = part & (known.folds == fold), part & (known.folds != fold)
            for g in range(answers.shape[1]):
                told = others & (answers[:, g] >= 0)
                calibrated = calibrator(way, answers[told, g] == 1, logits[told, g])
                found[here, g] = calibrated(logits[here, g])
    phases = {}
    for phase, rows in known.rows.items():
        told = answers[rows] >= 0
        truth, p = (answers[rows] == 1)[told], found[rows][told]
        phases[phase] = {
            "negative_log_likelihood": log_loss(truth, np.clip(p, 1e-7, 1 - 1e-7)),
            "calibration_error": calibration_error(truth, p),
        }
    return {"map": way, "fitted": scheme, "phases": phases}


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


def _calls(answers: Answers, calls: Answers, molecules: NDArray[Any]) -> dict[str, Any]:
    """Share decided [value, low, high]; of all groups and by group, how many calls are wrong.

    ``right``: of the present calls. What a structure does not tell is not judged.
    """
    told = answers >= 0
    decided = ((calls != UNCERTAIN) & told).sum(1) / np.maximum(told.sum(1), 1)
    return {
        "decided": _over_molecules(decided, molecules),
        "right": _right(answers, calls),
        "groups": {
            group: {
                "decided": float((c[t] != UNCERTAIN).mean()) if t.any() else 0.0,
                "missed": _rate(c[a == 1] == ABSENT),
                "false_alarms": _rate(c[a == 0] == PRESENT),
                "right": _right(a, c),
            }
            for group, a, c, t in zip(GROUPS, answers.T, calls.T, told.T, strict=True)
        },
    }


def _right(answers: Answers, calls: Answers) -> dict[str, Any]:
    """How many present calls are right, and how many there are."""
    present = (calls == PRESENT) & (answers >= 0)
    return share(int((present & (answers == 1)).sum()), int(present.sum()))


def _rate(wrong: Bools) -> dict[str, Any] | None:
    """How many are wrong, as a share; None of nothing."""
    return share(int(wrong.sum()), wrong.size, "wrong") if wrong.size else None


def _over_molecules(values: Floats, molecules: NDArray[Any]) -> list[float]:
    """Mean [value, low, high] with the 95% bootstrap interval over molecules, not spectra."""
    _, member = np.unique(molecules, return_inverse=True)
    sums, counts = np.bincount(member, values), np.bincount(member)
    drawn = np.random.default_rng(0).integers(0, sums.size, (BOOTSTRAPS, sums.size))
    means = sums[drawn].sum(1) / counts[drawn].sum(1)
    return [float(values.mean()), *np.percentile(means, [2.5, 97.5]).tolist()]


def draw(judged: Mapping[str, tuple[Answers, Floats]], folder: Path, model: str) -> None:
    """reliability.png: how often a group is present against the stated probability, by phase.

    ``judged``: phase -> answers (1, 0, -1 where it cannot be told) and probability (n, groups).
    """
    figure, axes = plt.subplots(figsize=(5, 5), layout="constrained")
    axes.plot([0, 1], [0, 1], color="0.7", linewidth=1, label="perfect")
    for phase, (answers, given) in judged.items():
        truth, probability = (answers == 1)[answers >= 0], given[answers >= 0]
        _, expected, observed = reliability(truth, probability)
        error = calibration_error(truth, probability)
        label = f"{phase} ({len(answers)} spectra, error {error:.4f})"
        axes.plot(expected, observed, MARKS[phase], markersize=4, linewidth=1, label=label)
    axes.set_xlabel("probability given (mean of a bin; 15 bins of equal mass)")
    axes.set_ylabel("share of spectra with the group")
    axes.set_title(f"{model}: all groups, folds not fitted on", fontsize=10)
    axes.legend(frameon=False, fontsize=8)
    folder.mkdir(parents=True, exist_ok=True)
    figure.savefig(folder / "reliability.png", dpi=120, metadata={"Software": None})
    plt.close(figure)
