"""Held-out logits -> calibration and thresholds. Never sees the spectra that are reported on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from irclassify.model.calibration import probabilities
from train.calibrate.thresholds import best_thresholds


@dataclass(frozen=True)
class Calibration:
    """All (17,): probability = sigmoid(slope * logit + intercept), present if >= threshold."""

    slope: NDArray[np.float64]
    intercept: NDArray[np.float64]
    threshold: NDArray[np.float64]

    def rescaled(self, logits: NDArray[np.floating]) -> NDArray[np.float64]:
        """(n, 17) logits -> (n, 17) calibrated logits."""
        return np.asarray(self.slope * logits + self.intercept)

    def probabilities(self, logits: NDArray[np.floating]) -> NDArray[np.float64]:
        """(n, 17) logits -> (n, 17) probabilities."""
        return probabilities(self.rescaled(logits))

    def called(self, logits: NDArray[np.floating]) -> NDArray[np.bool_]:
        """(n, 17) logits -> (n, 17) bool."""
        return self.probabilities(logits) >= self.threshold


def cross_fitted_calls(
    truth: NDArray[np.bool_], logits: NDArray[np.floating], folds: NDArray[np.generic]
) -> NDArray[np.bool_]:
    """Calls (n, 17) for out-of-fold logits; each fold's thresholds come from the other folds."""
    called = np.zeros(truth.shape, bool)
    for fold in np.unique(folds):
        here = folds == fold
        called[here] = calibrate(truth[~here], logits[~here]).called(logits[here])
    return called


def calibrate(truth: NDArray[np.bool_], logits: NDArray[np.floating]) -> Calibration:
    """Platt scaling per group, and the probability threshold that maximises F1."""
    slope, intercept = np.array(
        [_platt(t, z) for t, z in zip(truth.T, logits.T.astype(float), strict=True)]
    ).T
    threshold = probabilities(slope * best_thresholds(truth, logits) + intercept)
    return Calibration(slope, intercept, threshold)


def smoothed_targets(truth: NDArray[np.bool_]) -> NDArray[np.float64]:
    """What (n,) a calibrated probability should be: short of 1 and 0 (Platt 1999, section 2.2)."""
    positives, negatives = truth.sum(), (~truth).sum()
    return np.where(truth, (positives + 1) / (positives + 2), 1 / (negatives + 2))


def _platt(truth: NDArray[np.bool_], logits: NDArray[np.float64]) -> tuple[float, float]:
    """Maximum likelihood with Platt's smoothed targets (Platt 1999, section 2.2), slope > 0."""
    target = smoothed_targets(truth)

    def negative_log_likelihood(parameters: NDArray[np.float64]) -> float:
        log_slope, intercept = parameters
        z = np.exp(log_slope) * logits + intercept
        return float((np.logaddexp(0, z) - target * z).mean())

    found = minimize(negative_log_likelihood, [0.0, 0.0], method="BFGS")
    return float(np.exp(found.x[0])), float(found.x[1])
