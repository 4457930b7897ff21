"""Tables 1 and 2 of Rieger et al. 2023 on held-out spectra: single networks, and their average."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from irclassify.evaluation.metrics import group_scores, interval, molecular_f1, molecular_perfection
from train.arrays import Bools, Numbers, Singles
from train.calibrate.platt import best_thresholds, cross_fitted_calls
from train.data.dataset import load
from train.data.records import Dataset
from train.data.split import FOLDS
from train.fit.early_stopping import split_of
from train.fit.models import RIEGER2023
from train.fit.out_of_fold import held_out
from train.labels.groups import GROUPS
from train.networks.checkpoint import check_data, logits_of


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
