"""Logits -> calibrated probabilities and calls."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from irclassify.artifact import ModelSpec
from irclassify.results import GroupCall, Prediction


def probabilities(logits: NDArray[np.float32], spec: ModelSpec) -> NDArray[np.float64]:
    """Calibrated probabilities from logits, both (n, groups): sigmoid(slope * logit + intercept).

    Platt 1999, with slope and intercept fitted per group on held-out predictions.
    """
    slope = np.array([group.slope for group in spec.groups])
    intercept = np.array([group.intercept for group in spec.groups])
    calibrated = np.clip(slope * logits.astype(np.float64) + intercept, -500.0, 500.0)
    result: NDArray[np.float64] = 1.0 / (1.0 + np.exp(-calibrated))
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
        for row, raw in zip(probabilities(logits, spec), logits, strict=True)
    ]
