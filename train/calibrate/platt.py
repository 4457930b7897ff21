"""Held-out logits -> probabilities and thresholds. Never sees the spectra that are reported on.

Platt's slope and intercept are shipped: the sum behind the logit stays a sum. Others are compared
with them. Temperature: Guo et al. 2017. Beta: Kull et al. 2017. Isotonic: Zadrozny & Elkan 2002.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.isotonic import IsotonicRegression

from irclassify.model.calibration import probabilities
from train.arrays import Bools, Floats, Numbers


@dataclass(frozen=True)
class Calibration:
    """All (17,): probability = sigmoid(slope * logit + intercept), present if >= threshold."""

    slope: Floats
    intercept: Floats
    threshold: Floats

    def rescaled(self, logits: Numbers) -> Floats:
        """(n, 17) logits -> (n, 17) calibrated logits."""
        return np.asarray(self.slope * logits + self.intercept)

    def called(self, logits: Numbers) -> Bools:
        """(n, 17) logits -> (n, 17) bool."""
        return probabilities(self.rescaled(logits)) >= self.threshold


def calibrate(truth: Bools, logits: Numbers) -> Calibration:
    """Platt scaling per group, and the probability threshold that maximises F1."""
    columns = zip(truth.T, logits.T.astype(float), strict=True)
    log_slope, intercept = np.array([platt(t, z, np.zeros(2), 0.0) for t, z in columns]).T
    slope = np.exp(log_slope)
    threshold = probabilities(slope * best_thresholds(truth, logits) + intercept)
    return Calibration(slope, intercept, threshold)


def cross_fitted_calls(truth: Bools, logits: Numbers, folds: NDArray[np.generic]) -> Bools:
    """Calls (n, 17) for out-of-fold logits; each fold's thresholds come from the other folds."""
    called = np.zeros(truth.shape, bool)
    for fold in np.unique(folds):
        here = folds == fold
        called[here] = calibrate(truth[~here], logits[~here]).called(logits[here])
    return called


def platt(truth: Bools, z: Floats, prior: Floats, strength: float) -> Floats:
    """Platt's log slope and intercept (1999, section 2.2), drawn to ``prior``."""
    target = smoothed_targets(truth)

    def loss(parameters: Floats) -> tuple[float, Floats]:
        slope = np.exp(parameters[0])
        y = slope * z + parameters[1]
        wrong = probabilities(y) - target
        away = parameters - prior
        value = float((np.logaddexp(0, y) - target * y).sum() + strength * (away**2).sum())
        return value, np.array([(wrong * z).sum() * slope, wrong.sum()]) + 2 * strength * away

    result: Floats = minimize(loss, prior, jac=True, method="BFGS").x
    return result


def smoothed_targets(truth: Bools) -> Floats:
    """What (n,) a calibrated probability should be: short of 1 and 0 (Platt 1999, section 2.2)."""
    positives, negatives = truth.sum(), (~truth).sum()
    return np.where(truth, (positives + 1) / (positives + 2), 1 / (negatives + 2))


def best_thresholds(truth: Bools, scores: Numbers) -> Floats:
    """Per group (17,): the threshold on ``scores`` with the best F1, midway between two scores."""
    return np.array([_best_threshold(t, s) for t, s in zip(truth.T, scores.T, strict=True)])


def _best_threshold(truth: Bools, scores: Numbers) -> float:
    order = np.argsort(-scores, kind="stable")
    ranked = scores[order].astype(np.float64)
    hits = np.cumsum(truth[order])
    f1 = 2 * hits / (np.arange(1, truth.size + 1) + truth.sum())
    f1[:-1][ranked[1:] == ranked[:-1]] = -1  # no threshold lies between equal scores
    best = int(f1.argmax())
    below = ranked[best + 1] if best + 1 < ranked.size else ranked[best] - 1.0
    return float((ranked[best] + below) / 2)


# Ways to turn logits into probabilities: the features (n, m) of a logistic regression.
_FEATURES: dict[str, Callable[[Floats], Floats]] = {
    "temperature": lambda z: z[:, None],
    "Platt": lambda z: np.stack([z, np.ones_like(z)], 1),
    "beta": lambda z: np.stack([-np.logaddexp(0, -z), np.logaddexp(0, z), np.ones_like(z)], 1),
}
WAYS = ("none", *_FEATURES, "isotonic")


def calibrator(way: str, truth: Bools, logits: Floats) -> Callable[[Floats], Floats]:
    """From logits to probabilities, by one of WAYS; ``truth`` and ``logits`` (n,) of one group."""
    if way == "none":
        return probabilities
    target = smoothed_targets(truth)
    if way == "isotonic":
        return IsotonicRegression(out_of_bounds="clip").fit(logits, target).predict
    features = _FEATURES[way]
    x = features(logits)
    weight = np.zeros(x.shape[1])
    for _ in range(50):  # Newton's method
        p = probabilities(x @ weight)
        curvature = (x * (p * (1 - p))[:, None]).T @ x + 1e-9 * np.eye(weight.size)
        step = np.linalg.solve(curvature, x.T @ (p - target))
        weight -= step
        if np.abs(step).max() < 1e-9:
            break
    return lambda z: probabilities(features(z) @ weight)
