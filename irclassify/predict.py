"""Logits -> probabilities and calls."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from irclassify.artifact import ModelSpec
from irclassify.results import GroupCall, Prediction


def probabilities(logits: NDArray[np.float32]) -> NDArray[np.float64]:
    """Probabilities from logits, both (n, groups): the logistic function.

    They are calibrated because the exported heads are: train/calibrate.py fits Platt's slope and
    intercept (Platt 1999) on held-out predictions, train/export.py folds them into the head.
    """
    result: NDArray[np.float64] = 1.0 / (1.0 + np.exp(-np.clip(logits, -500.0, 500.0, dtype=float)))
    return result


def predictions(logits: NDArray[np.float32], spec: ModelSpec) -> list[Prediction]:
    """One Prediction per row of ``logits`` (n, groups)."""
    return [
        Prediction(
            model=spec.label,
            groups=tuple(
                GroupCall(
                    name=group.name,
                    probability=float(probability),
                    call="present" if probability >= group.threshold else "absent",
                    logit=float(logit),
                )
                for group, probability, logit in zip(spec.groups, row, raw, strict=True)
            ),
        )
        for row, raw in zip(probabilities(logits), logits, strict=True)
    ]
