"""Held-out phase logits -> probabilities of the phases: one slope and an intercept each."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import logsumexp

from irclassify.model.phases import PhaseScale


def fit_phase_scale(
    logits: NDArray[np.floating], phase: NDArray[np.intp], names: tuple[str, ...]
) -> PhaseScale:
    """Maximum likelihood from logits (n, phases) and the number of the true phase (n,)."""
    z = np.asarray(logits, np.float64)
    rows = np.arange(len(z))

    def negative_log_likelihood(parameters: NDArray[np.float64]) -> float:
        scaled = np.exp(parameters[0]) * z + np.append(0.0, parameters[1:])
        return float((logsumexp(scaled, axis=1) - scaled[rows, phase]).mean())

    found = minimize(negative_log_likelihood, np.zeros(z.shape[1]), method="BFGS").x
    return PhaseScale(names, float(np.exp(found[0])), np.append(0.0, found[1:]))


def to_json(scale: PhaseScale) -> dict[str, Any]:
    """The object ``phase`` of model.json, which irclassify.model.phases reads back."""
    return {
        "names": list(scale.names),
        "slope": round(scale.slope, 6),
        "intercept": scale.intercept.round(6).tolist(),
    }
