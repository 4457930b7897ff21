"""Held-out logits -> scales, limits and phase probabilities of a model that tells phases apart.

For each phase and output: Platt's slope and intercept, drawn towards those of all phases together
where a phase has few spectra; limits of calls that keep the error rate and the precision
(limits.py), with p >= 0.5 for present and p < 0.5 for absent. Details are calibrated and called
below their group, as irclassify.model.calibration.decide does it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.special import logsumexp

from irclassify.model.calibration import Confidence, Decided, Scale, decide
from irclassify.model.phases import PhaseScale
from train.arrays import Answers, Bools, Floats, Ints, Numbers
from train.calibrate.confidence import joined
from train.calibrate.limits import DECIMALS, ERROR_RATES, lower_limit, precise_from, upper_limit
from train.calibrate.platt import platt

# How strongly the numbers of a phase are drawn to those of all phases: as much as a few spectra.
SHRINKAGE = 3.0


@dataclass(frozen=True, eq=False)
class Known:
    """Spectra of known structure with the logits of networks that had not seen their molecules.

    ``answers`` (n, outputs) int8: 1 has it, 0 has it not, -1 cannot be told. ``logits``
    (n, outputs + phases). ``rows``: phase -> which spectra (n,) it is fitted and judged on, in the
    order of the phase logits. ``parents`` (outputs,): as in ModelSpec. ``folds`` (n,).
    ``silent`` (phases, outputs): what is never called present in a phase; None for nothing.
    """

    answers: Answers
    logits: Floats
    rows: Mapping[str, Bools]
    parents: Ints
    folds: Ints
    silent: Bools | None = None

    @property
    def outputs(self) -> int:
        """Number of groups and details."""
        return len(self.parents)

    def only(self, chosen: Bools) -> Known:
        """Those of ``chosen`` (n,)."""
        return replace(
            self,
            answers=self.answers[chosen],
            logits=self.logits[chosen],
            rows={phase: rows[chosen] for phase, rows in self.rows.items()},
            folds=self.folds[chosen],
        )

    def with_outputs(self, columns: Sequence[int]) -> Known:
        """With some outputs only; the parents must be among them."""
        new = {old: at for at, old in enumerate(columns)}
        phases = range(self.outputs, self.logits.shape[1])
        return replace(
            self,
            answers=self.answers[:, columns],
            logits=self.logits[:, [*columns, *phases]],
            parents=np.array([new[int(self.parents[old])] for old in columns], np.intp),
            silent=None if self.silent is None else self.silent[:, columns],
        )


@dataclass(frozen=True, eq=False)
class Fitted:
    """What a model folder stores of calls and phases."""

    confidence: Confidence
    phase_scale: PhaseScale

    def decide(self, known: Known, stated: Sequence[str | None], error_rate: float) -> Decided:
        """What the tool says of known spectra; ``stated`` (n,): their phase, None to infer it."""
        posterior = self.phase_scale.probabilities(known.logits[:, known.outputs :])
        weights = self.confidence.weights(stated, posterior)
        logits = known.logits[:, : known.outputs]
        return decide(logits, weights, self.confidence, error_rate, known.parents)


def fit(known: Known, rates: Sequence[float] = ERROR_RATES) -> Fitted:
    """Scales and phase probabilities from all of ``known``."""
    names = tuple(known.rows)
    which = np.stack(list(known.rows.values()))
    judged = which.any(0)
    phase_scale = fit_phase_scale(
        known.logits[judged, known.outputs :], which.argmax(0)[judged], names
    )
    logits = known.logits[:, : known.outputs]
    whole = _scales(known.answers[judged], logits[judged], None)
    scales = {}
    for at, (phase, rows) in enumerate(known.rows.items()):
        parameters = _scales(known.answers[rows], logits[rows], whole)
        slope, intercept = np.exp(parameters[0]).round(6), parameters[1].round(6)
        calibrated = slope * logits[rows] + intercept
        calibrated = np.minimum(calibrated, calibrated[:, known.parents])
        lower, upper = limits(known.answers[rows], calibrated, known.parents, rates)
        if known.silent is not None:
            upper[:, known.silent[at]] = np.inf
        held = known.answers[rows]
        scales[phase] = Scale(
            slope=slope,
            intercept=intercept,
            threshold=np.full(known.outputs, 0.5),
            lower=lower,
            upper=upper,
            base_rate=((held == 1).sum(0) / np.maximum((held >= 0).sum(0), 1)).round(6),
        )
    return Fitted(Confidence(np.array(rates), scales), phase_scale)


Fits = Sequence[tuple[Ints, Fitted]]


def cross_fits(known: Known, rates: Sequence[float]) -> Fits:
    """For each fold the numbers of its spectra, and what is fitted to those of the other folds."""
    return [
        (np.flatnonzero(known.folds == fold), fit(known.only(known.folds != fold), rates))
        for fold in np.unique(known.folds)
    ]


def cross_fitted(
    known: Known, stated: Sequence[str | None], rates: Sequence[float], fits: Fits | None = None
) -> list[Decided]:
    """What each spectrum would be told, for each error rate; its fold's numbers from the others.

    ``stated`` (n,): the phase that is stated for each, None where it is to be inferred. ``fits``:
    of ``cross_fits`` for the same spectra and rates, where they are there already.
    """
    turns = []
    for here, fitted in cross_fits(known, rates) if fits is None else fits:
        own = known.only(np.isin(np.arange(len(known.folds)), here))
        phases = [stated[row] for row in here]
        turns.append((here, [fitted.decide(own, phases, rate) for rate in rates]))
    return joined(turns)


def limits(
    answers: Answers, calibrated: Floats, parents: Ints, rates: Sequence[float] = ERROR_RATES
) -> tuple[Floats, Floats]:
    """Lower and upper limits, both (rates, outputs), on calibrated logits (n, outputs)."""
    lower = np.full((len(rates), len(parents)), -np.inf)
    upper = np.full_like(lower, np.inf)
    groups_first = sorted(range(len(parents)), key=lambda output: int(parents[output]) != output)
    step = 10.0**DECIMALS
    for at, rate in enumerate(rates):
        for output in groups_first:
            above = int(parents[output])
            told = answers[:, output] >= 0
            truth, z = answers[told, output] == 1, calibrated[told, output]
            present, lost = np.ones(len(z), bool), np.zeros(len(z), bool)
            if above != output:  # a detail is present and absent with its group
                present = calibrated[told, above] >= upper[at, above]
                lost = calibrated[told, above] < lower[at, above]  # those with it count as missed
            low = lower_limit(np.where(lost, -np.inf, z)[truth], rate)
            high = upper_limit(np.where(present, z, -np.inf)[~truth], rate)
            high = max(high, precise_from(truth[present], z[present], rate))
            lower[at, output] = np.floor(min(low, 0.0) * step) / step
            upper[at, output] = np.ceil(max(high, 0.0) * step) / step
    return lower, upper


def _scales(answers: Answers, logits: Floats, towards: Floats | None) -> Floats:
    """Log slope and intercept (2, outputs) of each output; ``towards``: those to stay close to."""
    found = []
    for output in range(answers.shape[1]):
        told = answers[:, output] >= 0
        prior = np.zeros(2) if towards is None else towards[:, output]
        strength = 0.0 if towards is None else SHRINKAGE
        truth, z = answers[told, output] == 1, logits[told, output]
        found.append(platt(truth, z, prior, strength) if z.size else prior)
    return np.array(found).T


def fit_phase_scale(logits: Numbers, phase: Ints, names: tuple[str, ...]) -> PhaseScale:
    """Maximum likelihood from logits (n, phases) and the number of the true phase (n,)."""
    z = np.asarray(logits, np.float64)
    rows = np.arange(len(z))

    def negative_log_likelihood(parameters: Floats) -> float:
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
