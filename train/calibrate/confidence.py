"""Held-out logits -> the ``confidence`` of a model: a scale a phase, and a safe one for unknown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from irclassify.model.calibration import UNKNOWN, Confidence, Decided, Scale, decide, probabilities
from train.calibrate.conformal import ERROR_RATES, raw_limits, safest, sensible
from train.calibrate.platt import Calibration, calibrate
from train.calibrate.thresholds import best_thresholds

Bools = NDArray[np.bool_]
Floats = NDArray[np.floating]
Rows = Mapping[str, Bools]


def fit(truth: Bools, logits: Floats, rows: Rows) -> tuple[Calibration, Confidence]:
    """Calibration over all phases, and the scales that apply to what it gives.

    ``truth`` and ``logits`` (n, groups); ``rows``: phase -> which spectra (n,). The first goes into
    the exported head, so the scale for unknown phases changes nothing but has limits of its own.
    """
    every = np.logical_or.reduce(list(rows.values()))
    whole = calibrate(truth[every], logits[every])
    z = whole.rescaled(logits)
    neutral = (np.ones(z.shape[1]), np.zeros(z.shape[1]))
    unknown = Calibration(*neutral, probabilities(best_thresholds(truth[every], z[every])))
    limits = safest([raw_limits(truth[chosen], z[chosen]) for chosen in rows.values()])
    scales = {UNKNOWN: _scale(unknown, limits)}
    if len(rows) == 1:  # the one phase is what was calibrated
        return whole, Confidence(
            np.array(ERROR_RATES), scales | dict.fromkeys(rows, scales[UNKNOWN])
        )
    for phase, chosen in rows.items():
        own = calibrate(truth[chosen], z[chosen])
        scales[phase] = _scale(own, raw_limits(truth[chosen], own.rescaled(z[chosen])))
    return whole, Confidence(np.array(ERROR_RATES), scales)


def _scale(own: Calibration, limits: tuple[NDArray[np.float64], NDArray[np.float64]]) -> Scale:
    threshold = np.log(own.threshold) - np.log1p(-own.threshold)
    lower, upper = sensible(*limits, threshold)
    unstored = np.zeros_like(own.slope)
    return Scale(own.slope, own.intercept, own.threshold, lower, upper, unstored)


def cross_fitted(
    truth: Bools,
    logits: Floats,
    folds: NDArray[Any],
    rows: Rows,
    phases: Sequence[str | None],
    error_rates: Sequence[float],
) -> list[Decided]:
    """The answer to each spectrum at each error rate, with calibration and limits of other folds.

    ``phases`` (n): what is known of each spectrum; ``folds`` and ``rows`` (n,) as in ``fit``.
    """
    answers: list[list[tuple[NDArray[np.intp], Decided]]] = [[] for _ in error_rates]
    for here, others in _turns(folds):
        own = {phase: chosen[others] for phase, chosen in rows.items()}
        whole, confidence = fit(truth[others], logits[others], own)
        known = confidence.weights([phases[i] for i in here])
        for i, rate in enumerate(error_rates):
            decided = decide(whole.rescaled(logits[here]), known, confidence, rate)
            answers[i].append((here, decided))
    return [_together(parts) for parts in answers]


def _turns(folds: NDArray[Any]) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    for fold in np.unique(folds):
        yield np.flatnonzero(folds == fold), np.flatnonzero(folds != fold)


def _together(parts: Sequence[tuple[NDArray[np.intp], Decided]]) -> Decided:
    order = np.argsort(np.concatenate([rows for rows, _ in parts]))
    arrays = zip(*(decided for _, decided in parts), strict=True)
    return Decided(*(np.concatenate(pieces)[order] for pieces in arrays))


def to_json(confidence: Confidence) -> dict[str, Any]:
    """The object ``confidence`` of model.json, which irclassify.model.calibration reads back."""
    return {
        "error_rates": confidence.error_rates.tolist(),
        "phases": {phase: _plain(scale) for phase, scale in confidence.scales.items()},
    }


def _plain(scale: Scale) -> dict[str, Any]:
    return {
        "slope": scale.slope.round(6).tolist(),
        "intercept": scale.intercept.round(6).tolist(),
        "threshold": scale.threshold.round(6).tolist(),
        "absent_below": [_finite(row) for row in scale.lower],
        "present_from": [_finite(row) for row in scale.upper],
    } | ({"base_rate": scale.base_rate.round(6).tolist()} if scale.base_rate.any() else {})


def _finite(limits: NDArray[np.float64]) -> list[float | None]:
    return [round(v, 4) if np.isfinite(v) else None for v in limits.tolist()]
