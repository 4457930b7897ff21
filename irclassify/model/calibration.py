"""What turns a model's logits into probabilities and three-state calls: plain numbers, by phase.

Each phase has, for every output, a slope and an intercept (probability = sigmoid(slope * logit +
intercept), Platt 1999), the probability threshold of the best guess, and, for a series of error
rates, two limits on the calibrated logit: below the lower one a group is absent, from the upper one
on it is present, between them it is uncertain at that error rate. The limits are class-conditional
conformal quantiles (Vovk 2012, "Conditional validity of inductive conformal predictors"), fitted
by train/calibrate on spectra of molecules the networks had not seen; those of schema 3 also keep
the share of present calls that are right (train/calibrate/precision.py).

Where the phase is not stated, it is inferred: the scales of the phases are weighed by how probable
each phase is, and the limits are the safest ones of every phase that is plausible. A model without
phase outputs has one scale for all spectra whose phase is not known.

Details stand below a group (phenol below alcohol) and follow it: a detail is never more probable
than its group, present only where its group is present, and absent where its group is absent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from irclassify.errors import UsageError
from irclassify.options import HIGHEST_ERROR_RATE, LOWEST_ERROR_RATE

# How calls are stored in arrays.
ABSENT, UNCERTAIN, PRESENT = -1, 0, 1

# The scale for spectra whose phase is not known: limits that hold in every phase.
UNKNOWN = "unknown"

# A phase at least this probable counts when limits must be safe for every plausible phase.
_PLAUSIBLE = 0.2

# What stands in for a phase that a model has no scale of: ATR is a condensed phase.
_NEXT_BEST = {"atr": "condensed"}

Floats = NDArray[np.float64]


class Scale(NamedTuple):
    """One phase. All but the limits (outputs,); limits (error rates, outputs).

    ``lower`` <= ``upper`` are calibrated logits, -inf where no spectrum can honestly be called
    absent at that error rate, inf where none can be called present. ``base_rate``: the share of
    the known spectra with the group, 0 to 1; 0 where it is not stored.
    """

    slope: Floats
    intercept: Floats
    threshold: Floats
    lower: Floats
    upper: Floats
    base_rate: Floats


@dataclass(frozen=True, eq=False)
class Confidence:
    """Scales by phase (``unknown`` among them) and the rising error rates of their limits."""

    error_rates: Floats
    scales: Mapping[str, Scale]

    @cached_property
    def phases(self) -> tuple[str, ...]:
        """The phases that have a scale, in the order of every array of weights.

        Examples
        --------
        >>> _example().phases
        ('gas', 'condensed')
        """
        return tuple(self.scales)

    def known(self, phase: str | None) -> str | None:
        """What a stated phase counts as: itself, or the next best for a model without it.

        Examples
        --------
        >>> _example().known("atr"), _example().known("gas")
        ('condensed', 'gas')
        """
        return phase if phase in self.scales else _NEXT_BEST.get(phase or "", phase)

    def weights(self, phases: Sequence[str | None], posterior: Floats | None = None) -> Floats:
        """How much each phase's scale counts for each spectrum: (n, phases), rows sum to 1.

        ``phases`` (n): the stated ones, which count alone. ``posterior`` (n, phases): how probable
        each phase is where none is stated; without it, ``unknown`` counts there.

        Examples
        --------
        >>> _example().weights(["gas", None], np.array([[0.5, 0.5], [0.2, 0.8]])).tolist()
        [[1.0, 0.0], [0.2, 0.8]]
        """
        found = np.zeros((len(phases), len(self.phases)))
        for row, stated in enumerate(phases):
            phase = self.known(stated)
            if phase in self.scales:
                found[row, self.phases.index(phase)] = 1.0
            elif posterior is None:
                found[row, self.phases.index(UNKNOWN)] = 1.0
            else:
                found[row] = posterior[row]
        return found

    def scale(self, weights: Floats) -> tuple[Floats, Floats]:
        """Slope and intercept (n, outputs) for weights (n, phases).

        Examples
        --------
        >>> slope, intercept = _example().scale(np.array([[0.5, 0.5]]))
        >>> slope.tolist(), intercept.tolist()
        ([[1.5]], [[0.0]])
        """
        slopes = weights @ self._stacked("slope")
        return slopes, weights @ self._stacked("intercept")

    def mean(self, name: str, weights: Floats) -> Floats:
        """The field ``threshold`` or ``base_rate`` of Scale, weighed: (n, outputs).

        Examples
        --------
        >>> _example().mean("threshold", np.array([[1.0, 0.0]])).tolist()
        [[0.5]]
        """
        return weights @ self._stacked(name)

    def limits(self, weights: Floats, error_rate: float) -> tuple[Floats, Floats]:
        """Lower and upper limits (n, outputs): those of the largest stored rate <= ``error_rate``.

        Of all phases that are plausible, the safest limits count.

        Raises
        ------
        UsageError
            For a rate outside LOWEST_ERROR_RATE .. HIGHEST_ERROR_RATE.

        Examples
        --------
        >>> lower, upper = _example().limits(np.array([[1.0, 0.0], [0.5, 0.5]]), 0.05)
        >>> lower.tolist(), upper.tolist()
        ([[-2.0], [-3.0]], [[2.0], [3.0]])
        """
        if not LOWEST_ERROR_RATE <= error_rate <= HIGHEST_ERROR_RATE:
            raise UsageError(
                f"error rate {error_rate}: must be {LOWEST_ERROR_RATE} to {HIGHEST_ERROR_RATE}"
            )
        row = int(np.searchsorted(self.error_rates, error_rate + 1e-9)) - 1
        shape = (len(weights), self._stacked("slope").shape[1])
        if row < 0:
            return np.full(shape, -np.inf), np.full(shape, np.inf)
        counts = (weights >= _PLAUSIBLE)[:, :, None]
        lower = np.stack([scale.lower[row] for scale in self.scales.values()])
        upper = np.stack([scale.upper[row] for scale in self.scales.values()])
        lowest: Floats = np.where(counts, lower, np.inf).min(1)
        highest: Floats = np.where(counts, upper, -np.inf).max(1)
        return lowest, highest

    def _stacked(self, name: str) -> Floats:
        return np.stack([getattr(scale, name) for scale in self.scales.values()])


def _example() -> Confidence:
    """One output in two phases, for the examples in docstrings."""

    def scale(slope: float, limit: float) -> Scale:
        one, lower, upper = np.ones(1), np.full((1, 1), -limit), np.full((1, 1), limit)
        return Scale(slope * one, 0 * one, one / 2, lower, upper, one / 10)

    return Confidence(np.array([0.05]), {"gas": scale(1.0, 2.0), "condensed": scale(2.0, 3.0)})


class Decided(NamedTuple):
    """What is said of n spectra, a row each; columns are the model's outputs in its order.

    ``logits`` and ``probabilities`` (n, outputs), calibrated: probability = sigmoid(logit).
    ``calls`` (n, outputs) int8: ABSENT, UNCERTAIN or PRESENT at an error rate. ``guesses``
    (n, outputs) bool: present or not, whatever the error rate.
    """

    logits: Floats
    probabilities: Floats
    calls: NDArray[np.int8]
    guesses: NDArray[np.bool_]


def decide(
    logits: NDArray[np.floating],
    weights: Floats,
    confidence: Confidence,
    error_rate: float,
    parents: NDArray[np.intp] | None = None,
) -> Decided:
    """Probabilities and calls from the logits of a model's graph.

    Parameters
    ----------
    logits : (n, outputs)
    weights : (n, phases)
        Of ``Confidence.weights``.
    confidence : Confidence
    error_rate : float, 0.001 to 0.5
    parents : (outputs,), optional
        The column of the group above each output, its own where it stands alone; None where all do.

    Raises
    ------
    UsageError
        For an error rate outside its range.

    Examples
    --------
    >>> logits, weights = np.array([[4.0], [0.0], [-4.0]]), np.array([[1.0, 0.0]] * 3)
    >>> said = decide(logits, weights, _example(), 0.05)
    >>> said.calls[:, 0].tolist(), said.guesses[:, 0].tolist()
    ([1, 0, -1], [True, True, False])
    """
    slope, intercept = confidence.scale(weights)
    calibrated = slope * np.asarray(logits, np.float64) + intercept
    if parents is not None:
        calibrated = np.minimum(calibrated, calibrated[:, parents])
    lower, upper = confidence.limits(weights, error_rate)
    calls = np.where(calibrated >= upper, PRESENT, UNCERTAIN).astype(np.int8)
    calls[calibrated < lower] = ABSENT
    found = probabilities(calibrated)
    guesses = found >= confidence.mean("threshold", weights)
    if parents is not None:
        above = calls[:, parents]
        calls = np.where(above == ABSENT, above, np.minimum(calls, np.maximum(above, UNCERTAIN)))
        guesses &= guesses[:, parents]
    return Decided(calibrated, found, calls, guesses)


def probabilities(logits: NDArray[np.floating]) -> Floats:
    """Probabilities from calibrated logits of any shape: the logistic function.

    Examples
    --------
    >>> probabilities(np.array([-2.0, 0.0, 2.0])).round(3).tolist()
    [0.119, 0.5, 0.881]
    """
    result: Floats = 1.0 / (1.0 + np.exp(-np.clip(logits, -500.0, 500.0, dtype=float)))
    return result


def parse_confidence(
    stored: Mapping[str, Any], outputs: int, *, inferred: bool = False
) -> Confidence:
    """Read the object ``confidence`` of a model.json; null limits are infinite.

    ``inferred``: the model tells phases apart itself and needs no scale for unknown ones.

    Raises
    ------
    KeyError, TypeError, ValueError
        When it is not complete.

    Examples
    --------
    >>> one = {"slope": [1.0], "intercept": [0.0], "threshold": [0.5]}
    >>> one |= {"absent_below": [[-3.0]], "present_from": [[None]]}
    >>> stored = {"error_rates": [0.05], "phases": {"gas": one}}
    >>> parse_confidence(stored, 1, inferred=True).scales["gas"].upper.tolist()
    [[inf]]
    """
    rates = np.array(stored["error_rates"], dtype=np.float64)
    scales = {phase: _scale(one, len(rates), outputs) for phase, one in stored["phases"].items()}
    if (UNKNOWN in scales) == inferred or not scales or (np.diff(rates) <= 0).any():
        raise ValueError(f"confidence: rising error rates, and {UNKNOWN!r} or phase outputs")
    return Confidence(rates, scales)


def _scale(stored: Mapping[str, Any], rates: int, outputs: int) -> Scale:
    lower = _limits(stored["absent_below"], -np.inf)
    upper = _limits(stored["present_from"], np.inf)
    if not (lower.shape == upper.shape == (rates, outputs) and (lower <= upper).all()):
        raise ValueError("confidence: limits must be (error rates, outputs), lower <= upper")
    own = (np.array(stored[name], np.float64) for name in ("slope", "intercept", "threshold"))
    slope, intercept, threshold = (values.reshape(outputs) for values in own)
    base_rate = np.array(stored.get("base_rate", [0.0] * outputs), np.float64).reshape(outputs)
    if not np.isfinite([slope, intercept, threshold, base_rate]).all() or not (slope > 0).all():
        raise ValueError("confidence: numbers must be finite, slopes positive")
    return Scale(slope, intercept, threshold, lower, upper, base_rate)


def _limits(rows: Sequence[Sequence[float | None]], infinite: float) -> Floats:
    return np.array([[infinite if v is None else v for v in row] for row in rows], np.float64)
