"""Ways to turn held-out logits into probabilities, to be compared: one group at a time.

Each takes truth (n,) bool and logits (n,) and gives a function from logits to probabilities.
Temperature: Guo et al. 2017. Platt 1999. Beta: Kull et al. 2017. Isotonic: Zadrozny & Elkan 2002.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from sklearn.isotonic import IsotonicRegression

from irclassify.model.calibration import probabilities
from train.calibrate.platt import smoothed_targets

Floats = NDArray[np.float64]
Map = Callable[[Floats], Floats]
Calibrator = Callable[[NDArray[np.bool_], Floats], Map]


def none(_truth: NDArray[np.bool_], _logits: Floats) -> Map:
    """The network's own probabilities."""
    return probabilities


def temperature(truth: NDArray[np.bool_], logits: Floats) -> Map:
    """One slope."""
    return _logistic(lambda z: z[:, None], truth, logits)


def platt(truth: NDArray[np.bool_], logits: Floats) -> Map:
    """A slope and an intercept: the sum behind the logit stays a sum."""
    return _logistic(lambda z: np.stack([z, np.ones_like(z)], 1), truth, logits)


def beta(truth: NDArray[np.bool_], logits: Floats) -> Map:
    """Two slopes, for log p and log(1 - p), and an intercept."""

    def features(z: Floats) -> Floats:
        return np.stack([-np.logaddexp(0, -z), np.logaddexp(0, z), np.ones_like(z)], 1)

    return _logistic(features, truth, logits)


def isotonic(truth: NDArray[np.bool_], logits: Floats) -> Map:
    """Any rising step function."""
    fitted = IsotonicRegression(out_of_bounds="clip").fit(logits, smoothed_targets(truth))
    return lambda z: np.asarray(fitted.predict(z))


CALIBRATORS: dict[str, Calibrator] = {
    "none": none,
    "temperature": temperature,
    "Platt": platt,
    "beta": beta,
    "isotonic": isotonic,
}


def _logistic(
    features: Callable[[Floats], Floats], truth: NDArray[np.bool_], logits: Floats
) -> Map:
    """Logistic regression by Newton's method, on Platt's smoothed targets."""
    x, target = features(logits), smoothed_targets(truth)
    weight = np.zeros(x.shape[1])
    for _ in range(50):
        p = probabilities(x @ weight)
        curvature = (x * (p * (1 - p))[:, None]).T @ x + 1e-9 * np.eye(weight.size)
        step = np.linalg.solve(curvature, x.T @ (p - target))
        weight -= step
        if np.abs(step).max() < 1e-9:
            break
    return lambda z: probabilities(features(z) @ weight)
