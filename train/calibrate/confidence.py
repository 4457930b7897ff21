"""Held-out logits -> the ``confidence`` of a model that knows one phase; confidences as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from irclassify.model.calibration import UNKNOWN, Confidence, Decided, Scale, decide, probabilities
from train.arrays import Bools, Floats, Ints, Numbers
from train.calibrate.limits import ERROR_RATES, raw_limits, sensible
from train.calibrate.platt import Calibration, best_thresholds, calibrate


def fit(truth: Bools, logits: Numbers, phase: str) -> tuple[Calibration, Confidence]:
    """Calibration, which goes into the exported head, and the scale that applies to what it gives.

    ``truth`` and ``logits`` (n, groups). The scale changes no logit: it has thresholds and limits.
    """
    whole = calibrate(truth, logits)
    z = whole.rescaled(logits)
    threshold = probabilities(best_thresholds(truth, z))
    limits = sensible(*raw_limits(truth, z), np.log(threshold) - np.log1p(-threshold))
    nothing = np.zeros_like(threshold)
    scale = Scale(nothing + 1, nothing, threshold, *limits, nothing)
    return whole, Confidence(np.array(ERROR_RATES), {UNKNOWN: scale, phase: scale})


def cross_fitted(
    truth: Bools, logits: Numbers, folds: NDArray[Any], rows: Bools, rates: Floats
) -> list[Decided]:
    """The answer to each spectrum at each error rate, with calibration and limits of other folds.

    ``rows`` (n,): which spectra calibration and limits come from.
    """
    turns = []
    for fold in np.unique(folds):
        here, others = np.flatnonzero(folds == fold), rows & (folds != fold)
        whole, confidence = fit(truth[others], logits[others], "")
        known = confidence.weights([None] * len(here)), confidence
        z = whole.rescaled(logits[here])
        turns.append((here, [decide(z, *known, rate) for rate in rates]))
    return joined(turns)


def joined(turns: Sequence[tuple[Ints, Sequence[Decided]]]) -> list[Decided]:
    """Answers at each rate, in the order of the spectra; a turn has row numbers and its answers."""
    back = np.argsort(np.concatenate([rows for rows, _ in turns]))
    found = []
    for parts in zip(*(answers for _, answers in turns), strict=True):
        arrays = zip(*parts, strict=True)
        found.append(Decided(*(np.concatenate(pieces)[back] for pieces in arrays)))
    return found


def to_json(confidence: Confidence) -> dict[str, Any]:
    """The object ``confidence`` of model.json, which irclassify.model.calibration reads back."""
    return {
        "error_rates": confidence.error_rates.tolist(),
        "phases": {phase: _plain(scale) for phase, scale in confidence.scales.items()},
    }


def _plain(scale: Scale) -> dict[str, Any]:
    names = ["slope", "intercept", "threshold"] + ["base_rate"] * bool(scale.base_rate.any())
    return {name: getattr(scale, name).round(6).tolist() for name in names} | {
        "absent_below": [_finite(row) for row in scale.lower],
        "present_from": [_finite(row) for row in scale.upper],
    }


def _finite(limits: Floats) -> list[float | None]:
    return [round(v, 4) if np.isfinite(v) else None for v in limits.tolist()]
