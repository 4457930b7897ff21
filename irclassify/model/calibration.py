"""What turns a model's logits into probabilities and three-state calls: plain numbers, by phase.

Each phase has, for every group, a slope and an intercept (probability = sigmoid(slope * logit +
intercept), Platt 1999), the probability threshold of the best guess, and, for a series of error
rates, two limits on the calibrated logit: below the lower one a group is absent, from the upper one
on it is present, between them nobody can tell at that error rate. The limits are class-conditional
conformal quantiles (Vovk 2012, "Conditional validity of inductive conformal predictors"), fitted
by train/conformal.py on spectra of molecules the networks had not seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from irclassify.errors import UsageError
from irclassify.options import HIGHEST_ERROR_RATE, LOWEST_ERROR_RATE

# How calls are stored in arrays.
ABSENT, UNCERTAIN, PRESENT = -1, 0, 1

# The scale for spectra whose phase is not known: limits that hold in every phase.
UNKNOWN = "unknown"

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Scale:
    """One phase. ``slope``, ``intercept``, ``threshold`` (groups,); limits (error rates, groups).

    ``lower`` <= ``upper`` are calibrated logits, -inf where no spectrum can honestly be called
    absent at that error rate, inf where none can be called present.
    """

    slope: Floats
    intercept: Floats
    threshold: Floats
    lower: Floats
    upper: Floats


@dataclass(frozen=True, eq=False)
class Confidence:
    """Scales by phase (``unknown`` among them) and the rising error rates of their limits."""

    error_rates: Floats
    scales: Mapping[str, Scale]

    def scale(self, phase: str | None) -> Scale:
        """The scale of a phase; that for unknown phases where the model has none of its own."""
        return self.scales.get(phase or UNKNOWN, self.scales[UNKNOWN])

    def limits(self, phase: str | None, error_rate: float) -> tuple[Floats, Floats]:
        """Lower and upper limits (groups,): those of the largest stored rate <= ``error_rate``.

        Raises UsageError for a rate outside LOWEST_ERROR_RATE .. HIGHEST_ERROR_RATE.
        """
        if not LOWEST_ERROR_RATE <= error_rate <= HIGHEST_ERROR_RATE:
            raise UsageError(
                f"error rate {error_rate}: must be {LOWEST_ERROR_RATE} to {HIGHEST_ERROR_RATE}"
            )
        scale = self.scale(phase)
        row = int(np.searchsorted(self.error_rates, error_rate + 1e-9)) - 1
        if row < 0:
            return np.full_like(scale.slope, -np.inf), np.full_like(scale.slope, np.inf)
        return scale.lower[row], scale.upper[row]


@dataclass(frozen=True, eq=False)
class Decided:
    """What is said of n spectra, a row each; columns are the model's groups in its order.

    ``logits`` and ``probabilities`` (n, groups), calibrated: probability = sigmoid(logit).
    ``calls`` (n, groups) int8: ABSENT, UNCERTAIN or PRESENT at an error rate. ``guesses``
    (n, groups) bool: the side of the threshold with the best F1, whatever the error rate.
    """

    logits: Floats
    probabilities: Floats
    calls: NDArray[np.int8]
    guesses: NDArray[np.bool_]


def decide(
    logits: NDArray[np.floating],
    phases: Sequence[str | None],
    confidence: Confidence,
    error_rate: float,
) -> Decided:
    """Logits (n, groups) of a model's graph and the phase of each spectrum (n) -> Decided.

    Raises UsageError for an error rate that makes no sense.
    """
    known = list(dict.fromkeys(phases)) or [None]
    scales = [confidence.scale(phase) for phase in known]
    limits = [confidence.limits(phase, error_rate) for phase in known]
    rows = np.array([known.index(phase) for phase in phases], dtype=np.intp)

    def each(values: Iterable[Floats]) -> Floats:
        return np.stack(list(values))[rows]

    calibrated = each(s.slope for s in scales) * np.asarray(logits, np.float64)
    calibrated += each(s.intercept for s in scales)
    found = probabilities(calibrated)
    calls = np.where(calibrated >= each(u for _, u in limits), PRESENT, UNCERTAIN).astype(np.int8)
    calls[calibrated < each(low for low, _ in limits)] = ABSENT
    return Decided(calibrated, found, calls, found >= each(s.threshold for s in scales))


def probabilities(logits: NDArray[np.floating]) -> Floats:
    """Probabilities from calibrated logits of any shape: the logistic function."""
    result: Floats = 1.0 / (1.0 + np.exp(-np.clip(logits, -500.0, 500.0, dtype=float)))
    return result


def parse_confidence(stored: Mapping[str, Any], groups: int) -> Confidence:
    """The object ``confidence`` of a model.json; null limits are infinite.

    Raises KeyError, TypeError or ValueError when it is not whole.
    """
    rates = np.array(stored["error_rates"], dtype=np.float64)
    scales = {phase: _scale(one, len(rates), groups) for phase, one in stored["phases"].items()}
    if UNKNOWN not in scales or (np.diff(rates) <= 0).any():
        raise ValueError(f"confidence needs a phase {UNKNOWN!r} and rising error rates")
    return Confidence(rates, scales)


def _scale(stored: Mapping[str, Any], rates: int, groups: int) -> Scale:
    lower = _limits(stored["absent_below"], -np.inf)
    upper = _limits(stored["present_from"], np.inf)
    if not (lower.shape == upper.shape == (rates, groups) and (lower <= upper).all()):
        raise ValueError("confidence: limits must be (error rates, groups), lower <= upper")
    own = (np.array(stored[name], np.float64) for name in ("slope", "intercept", "threshold"))
    slope, intercept, threshold = (values.reshape(groups) for values in own)
    if not (slope > 0).all():
        raise ValueError("confidence: slopes must be positive")
    return Scale(slope, intercept, threshold, lower, upper)


def _limits(rows: Sequence[Sequence[float | None]], infinite: float) -> Floats:
    return np.array([[infinite if v is None else v for v in row] for row in rows], np.float64)
