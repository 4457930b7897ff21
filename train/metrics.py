"""How good a set of predictions is. All arrays (n, 17); truth and called are bool."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

Bools = NDArray[np.bool_]
Floats = NDArray[np.floating]

BOOTSTRAPS = 2000


def molecular_perfection(truth: Bools, called: Bools) -> float:
    """Share of spectra with every group right (Fine et al. 2020)."""
    return float((truth == called).all(1).mean())


def molecular_f1(truth: Bools, called: Bools) -> float:
    """Mean over spectra with at least one group of that spectrum's own F1 (Fine et al. 2020)."""
    some = truth.any(1)
    both = (truth & called)[some].sum(1)
    return float((2 * both / (truth[some].sum(1) + called[some].sum(1))).mean())


def interval(measure: Callable[[Bools, Bools], float], truth: Bools, called: Bools) -> list[float]:
    """[value, low, high]: the 95% bootstrap interval over spectra."""
    random = np.random.default_rng(0)
    rows = random.integers(0, len(truth), (BOOTSTRAPS, len(truth)))
    low, high = np.percentile([measure(truth[r], called[r]) for r in rows], [2.5, 97.5])
    return [measure(truth, called), float(low), float(high)]


def group_scores(truth: Bools, called: Bools, scores: Floats) -> dict[str, Floats]:
    """F1, AUC, accuracy, precision and recall of every group, each (17,).

    A ratio with nothing in its denominator is 0, AUC of a group with one class is nan.
    """
    hit = (truth & called).sum(0)
    positives, calls = truth.sum(0), called.sum(0)
    return {
        "f1": 2 * hit / np.maximum(positives + calls, 1),
        "auc": np.array([_auc(t, s) for t, s in zip(truth.T, scores.T, strict=True)]),
        "accuracy": (truth == called).mean(0),
        "precision": hit / np.maximum(calls, 1),
        "recall": hit / np.maximum(positives, 1),
    }


def _auc(truth: Bools, scores: Floats) -> float:
    return float(roc_auc_score(truth, scores)) if 0 < truth.sum() < truth.size else float("nan")


def best_thresholds(truth: Bools, scores: Floats) -> NDArray[np.float64]:
    """Per group (17,): the threshold on ``scores`` with the best F1, midway between two scores."""
    return np.array([_best_threshold(t, s) for t, s in zip(truth.T, scores.T, strict=True)])


def _best_threshold(truth: Bools, scores: Floats) -> float:
    order = np.argsort(-scores, kind="stable")
    ranked = scores[order].astype(np.float64)
    hits = np.cumsum(truth[order])
    f1 = 2 * hits / (np.arange(1, truth.size + 1) + truth.sum())
    f1[:-1][ranked[1:] == ranked[:-1]] = -1  # equal scores cannot be parted
    best = int(f1.argmax())
    below = ranked[best + 1] if best + 1 < ranked.size else ranked[best] - 1.0
    return float((ranked[best] + below) / 2)
