"""Stage ``evaluate``: accuracy on spectra of molecules that the networks have not seen.

Every spectrum is predicted by the networks of the fold its molecule is in; calibration and
thresholds come from the other folds, and from the labels the model was trained on. Measured are the
best guesses, which are present or absent and never uncertain. Both readings of the structures judge
them (train/labels: repaired). The paper's model is also measured by the paper's own protocol
(Tables 1 and 2 of Rieger et al. 2023), single networks and their average.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

import numpy as np

from irclassify.evaluation.metrics import (
    calibration_error,
    group_scores,
    interval,
    molecular_f1,
    molecular_perfection,
)
from train.arrays import Bools, Floats, Numbers, Singles
from train.calibrate.known import held_out_answers, tells_phases
from train.calibrate.platt import best_thresholds, cross_fitted_calls
from train.data.dataset import READINGS, load
from train.data.records import Dataset
from train.data.split import FOLDS, SETS, choosing_rows, phase_rows, set_rows
from train.fit.early_stopping import split_of
from train.fit.models import RIEGER2023
from train.fit.out_of_fold import held_out
from train.labels.groups import GROUPS
from train.networks.checkpoint import check_data, logits_of
from train.settings import save_results

MODELS = ("rieger2023", "default")
PHASES = ("gas", "condensed", "atr")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``python -m train evaluate`` [--model M]."""
    parser.add_argument("--model", choices=MODELS, help="one model only; all without it")


def run(options: argparse.Namespace) -> int:
    """Evaluate and store."""
    for model in [options.model] if options.model else MODELS:
        save_results(model, "accuracy", accuracy(model))
    return 0


def accuracy(model: str) -> dict[str, Any]:
    """Measures by phase and reading of the structures, and the surest mistakes."""
    data = load(model)
    logits = held_out(model, data)
    answers = held_out_answers(model, data, logits)
    truths = {reading: load(model, reading) for reading in READINGS}

    def of(truth: Dataset, rows: Bools) -> dict[str, Any]:
        return _measures(truth.where(rows), logits[rows], answers.guesses[rows])

    results: dict[str, Any] = {
        "phases": {
            phase: {name: of(truth, phase_rows(data, phase)) for name, truth in truths.items()}
            for phase in PHASES
        },
        "mistakes": surest_mistakes(data, answers.probabilities, choosing_rows(model, data)),
    }
    if model == RIEGER2023.model:
        results |= protocols()
    if tells_phases(model):
        results["sets"] = {}
        for name in SETS:
            rows = set_rows(data, name)
            found, known = of(data, rows), data.known[rows]
            truth, p = data.labels[rows][known], answers.probabilities[rows][known]
            results["sets"][name] = found | {
                "calibration_error": calibration_error(truth, p),
                "groups": {key: found["groups"][key] for key in ("f1", "auc")},
            }
    return results


def _measures(data: Dataset, logits: Singles, guesses: Bools) -> dict[str, Any]:
    """What a structure leaves open counts as answered rightly, and in no group's measures.

    Molecular F1 is over the groups of a spectrum that are known, of spectra with any.
    """
    truth, known = data.labels, data.known
    called = np.where(known, guesses, truth)
    columns = zip(truth.T, called.T, logits.T, known.T, strict=True)
    scores = [group_scores(t[k, None], c[k, None], z[k, None]) for t, c, z, k in columns]
    present = truth.any(0)  # a group that no spectrum of the set has cannot be judged
    return {
        "spectra": len(truth),
        "molecules": len(set(data.column("molecule"))),
        "molecular_perfection": interval(molecular_perfection, truth, called),
        "molecular_f1": interval(molecular_f1, truth, called),
        "macro_f1": float(np.mean([s["f1"][0] for s, p in zip(scores, present, strict=True) if p])),
        "positives": dict(zip(GROUPS, truth.sum(0).tolist(), strict=True)),
        "groups": {
            name: {
                group: _number(own[name][0]) if judged else None
                for group, own, judged in zip(GROUPS, scores, known.any(0), strict=True)
            }
            for name in scores[0]
        },
    }


def _number(value: float) -> float | None:
    """JSON has no nan: what cannot be measured (AUC without positives) is null."""
    return None if np.isnan(value) else float(value)


Mistake = dict[str, Any]


def surest_mistakes(data: Dataset, probabilities: Floats, rows: Bools) -> list[Mistake]:
    """For every group the surest miss and the surest false alarm among ``rows`` (n,).

    ``probabilities``: held out, (n, 17).
    """
    found = []
    for g, group in enumerate(GROUPS):
        has = data.labels[:, g]
        for kind, among, doubt in (
            ("missed", rows & has, probabilities[:, g]),
            ("false alarm", rows & ~has, 1 - probabilities[:, g]),
        ):
            if among.any():
                worst = int(np.where(among, doubt, np.inf).argmin())
                found.append(_mistake(data, worst, group, kind, float(probabilities[worst, g])))
    return found


def _mistake(data: Dataset, row: int, group: str, kind: str, probability: float) -> Mistake:
    record = data.records[row]
    return {
        "group": group,
        "kind": kind,
        "cas": record.cas,
        "smiles": record.smiles,
        "phase": record.phase,
        "probability": probability,
    }


def protocols() -> dict[str, Any]:
    """The paper's random splits, and cross-validation by molecule. Needs the fitted networks."""
    data = RIEGER2023.dataset()
    check_data(RIEGER2023.model, data.fingerprint)
    return {"random": random_splits(data), "grouped": cross_validation(data)}


def random_splits(data: Dataset) -> dict[str, Any]:
    """The paper's protocol: every seed has its own random 70/15/15."""
    runs, on_training = [], []
    for seed, network in enumerate(RIEGER2023.fitted("random")):
        split = split_of("random", seed, data)
        logits = logits_of(network, data.vectors)
        truth = data.labels[split.test]
        for chosen, collected in ((split.validation, runs), (split.train, on_training)):
            thresholds = best_thresholds(data.labels[chosen], logits[chosen])
            scores = logits[split.test]
            collected.append(_measure(truth, scores >= thresholds, scores))
    parts = {"training": len(split.train), "validation": len(split.validation)}
    return {
        "spectra": parts | {"test": len(split.test)},
        "seeds": len(runs),
        "prevalence": dict(zip(GROUPS, data.labels.mean(0).tolist(), strict=True)),
        "single": _spread(runs),
        "single, thresholds chosen on training predictions as in the paper": _spread(on_training),
    }


def cross_validation(data: Dataset) -> dict[str, Any]:
    """No molecule on two sides; every spectrum is tested once, by networks that never saw it."""
    folds = data.column("fold")
    logits, called = single_networks(data)
    every = load(RIEGER2023.model)
    mean = held_out(RIEGER2023.model, every)[every.column("in_paper")]
    together = cross_fitted_calls(data.labels, mean, folds)
    scores = group_scores(data.labels, together, mean)
    return {
        "spectra": {"test": len(data.records)},
        "seeds": len(logits),
        "prevalence": dict(zip(GROUPS, data.labels.mean(0).tolist(), strict=True)),
        "single": _spread(
            [_measure(data.labels, c, z) for c, z in zip(called, logits, strict=True)]
        ),
        "average": {
            "molecular_perfection": interval(molecular_perfection, data.labels, together),
            "molecular_f1": interval(molecular_f1, data.labels, together),
            "macro_f1": float(scores["f1"].mean()),
            "groups": {n: dict(zip(GROUPS, v.tolist(), strict=True)) for n, v in scores.items()},
        },
    }


def single_networks(data: Dataset) -> tuple[Singles, Bools]:
    """Out-of-fold logits and calls of every seed, both (seeds, n, 17).

    The calls use thresholds from the same network's validation spectra.
    """
    networks = {fold: RIEGER2023.fitted(fold) for fold in FOLDS}
    seeds = len(networks[FOLDS[0]])
    logits = np.zeros((seeds, *data.labels.shape), np.float32)
    called = np.zeros(logits.shape, bool)
    for fold, members in networks.items():
        for seed, network in enumerate(members):
            split = split_of(fold, seed, data)
            validation = logits_of(network, data.vectors[split.validation])
            thresholds = best_thresholds(data.labels[split.validation], validation)
            logits[seed, split.test] = logits_of(network, data.vectors[split.test])
            called[seed, split.test] = logits[seed, split.test] >= thresholds
    return logits, called


def _measure(truth: Bools, called: Bools, scores: Numbers) -> dict[str, Any]:
    groups = group_scores(truth, called, scores)
    return {
        "molecular_perfection": molecular_perfection(truth, called),
        "molecular_f1": molecular_f1(truth, called),
        "macro_f1": float(groups["f1"].mean()),
        "groups": groups,
    }


def _spread(runs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """[mean, standard deviation] over runs of every measure and of every group's measures."""

    def of(values: Sequence[float]) -> list[float]:
        return [float(np.nanmean(values)), float(np.nanstd(values, ddof=1))]

    measures = ("molecular_perfection", "molecular_f1", "macro_f1")
    return {name: of([run[name] for run in runs]) for name in measures} | {
        "groups": {
            name: {
                group: of([run["groups"][name][i] for run in runs])
                for i, group in enumerate(GROUPS)
            }
            for name in runs[0]["groups"]
        }
    }
