"""The threshold of each group that gives the best F1."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Floats = NDArray[np.floating]


def best_thresholds(truth: Bools, scores: Floats) -> NDArray[np.float64]:
    """Per group (17,): the threshold on ``scores`` with the best F1, midway between two scores."""
    return np.array([_best_threshold(t, s) for t, s in zip(truth.T, scores.T, strict=True)])


def _best_threshold(truth: Bools, scores: Floats) -> float:
    order = np.argsort(-scores, kind="stable")
    ranked = scores[order].astype(np.float64)
    hits = np.cumsum(truth[order])
    f1 = 2 * hits / (np.arange(1, truth.size + 1) + truth.sum())
    f1[:-1][ranked[1:] == ranked[:-1]] = -1  # no threshold lies between equal scores
    best = int(f1.argmax())
    below = ranked[best + 1] if best + 1 < ranked.size else ranked[best] - 1.0
    return float((ranked[best] + below) / 2)
