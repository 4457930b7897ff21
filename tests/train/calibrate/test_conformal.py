"""Conformal limits keep their promise, at any size; scales survive model.json."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from irclassify.model.calibration import ABSENT, PRESENT, UNCERTAIN, decide, parse_confidence
from train.calibrate.confidence import cross_fitted, fit, to_json
from train.calibrate.limits import (
    ERROR_RATES,
    lower_limit,
    raw_limits,
    sensible,
    upper_limit,
)


@pytest.mark.parametrize("count", [5, 19, 20, 60, 400])
@pytest.mark.parametrize("rate", [0.05, 0.2])
def test_new_spectra_are_missed_no_more_often_than_promised(count: int, rate: float) -> None:
    random = np.random.default_rng(count)
    missed = []
    for _ in range(4000):
        *known, new = random.normal(0, 1, count + 1)
        missed.append(new < lower_limit(np.array(known), rate))
    allowed = np.floor(rate * (count + 1) + 1e-9) / (count + 1)
    assert np.mean(missed) == pytest.approx(allowed, abs=4 * np.sqrt(rate / 4000))


@given(
    values=st.lists(st.floats(-50, 50), min_size=1, max_size=80).map(np.array),
    rate=st.sampled_from(ERROR_RATES),
)
def test_both_sides_are_mirror_images(values: np.ndarray, rate: float) -> None:
    low, high = lower_limit(values, rate), upper_limit(-values, rate)
    assert np.mean(values < low) <= rate
    assert np.mean(-values >= high) <= rate
    assert np.isinf(low) == np.isinf(high)
    assert np.isinf(low) or high == np.nextafter(-low, np.inf)


def test_too_few_spectra_allow_no_call() -> None:
    assert lower_limit(np.arange(18.0), 0.05) == -np.inf
    assert lower_limit(np.arange(19.0), 0.05) == 0.0
    assert upper_limit(np.arange(18.0), 0.05) == np.inf


def separated(seed: int, gap: float) -> tuple[np.ndarray, np.ndarray]:
    """Truth and logits (600, 3): two clouds, ``gap`` apart."""
    random = np.random.default_rng(seed)
    truth = random.random((600, 3)) < [0.5, 0.1, 0.03]
    return truth, random.normal(0, 1, truth.shape) + gap * truth


@given(seed=st.integers(0, 100), gap=st.floats(0, 8), threshold=st.floats(-5, 5))
@settings(max_examples=30, deadline=None)
def test_limits_are_ordered_safe_and_narrow_with_the_rate(seed, gap, threshold) -> None:
    truth, logits = separated(seed, gap)
    low, high = raw_limits(truth, logits)
    lower, upper = sensible(low, high, np.full(3, threshold))
    assert (lower <= upper).all()
    assert (lower <= np.round(threshold, 4)).all()
    assert (upper >= np.round(threshold, 4)).all()
    for i, rate in enumerate(ERROR_RATES):
        for g in range(3):
            assert (logits[truth[:, g], g] < lower[i, g]).mean() <= rate
            assert (logits[~truth[:, g], g] >= upper[i, g]).mean() <= rate
    uncertain = (logits >= lower[:, None]) & (logits < upper[:, None])
    assert (uncertain[1:] <= uncertain[:-1]).all()


def test_scales_survive_the_model_file() -> None:
    _, confidence = fit(*separated(5, 3.0), "gas")
    back = parse_confidence(json.loads(json.dumps(to_json(confidence))), 3)
    for phase in ("gas", None):
        for rate in (0.001, 0.013, 0.05, 0.5):
            ours, theirs = (c.limits(c.weights([phase]), rate) for c in (confidence, back))
            assert np.allclose(ours, theirs, atol=1e-9)


FOLDS, ROWS = np.arange(600) % 5, np.ones(600, bool)


def test_cross_fitted_calls_keep_their_promise() -> None:
    truth, logits = separated(5, 3.0)
    strict, usual = cross_fitted(truth, logits, FOLDS, ROWS, [0.01, 0.1])
    assert ((usual.calls == UNCERTAIN) <= (strict.calls == UNCERTAIN)).all()
    assert (usual.calls[truth] == ABSENT).mean() < 0.16
    assert (usual.calls[~truth] == PRESENT).mean() < 0.13


def test_a_fold_is_told_nothing_of_its_own() -> None:
    truth, logits = separated(5, 3.0)
    here = FOLDS == 2
    (before,) = cross_fitted(truth, logits, FOLDS, ROWS, [0.1])
    flipped = np.where(here[:, None], ~truth, truth)
    (after,) = cross_fitted(flipped, logits, FOLDS, ROWS, [0.1])
    assert (before.calls[here] == after.calls[here]).all()
    assert (before.probabilities[here] == after.probabilities[here]).all()
    assert (before.probabilities[~here] != after.probabilities[~here]).any()


def test_what_is_not_chosen_teaches_nothing() -> None:
    truth, logits = separated(5, 3.0)
    rows = np.arange(600) % 3 > 0
    wild = np.where(rows[:, None], logits, -logits)
    (ours,), (theirs,) = (cross_fitted(truth, z, FOLDS, rows, [0.1]) for z in (logits, wild))
    assert (ours.probabilities[rows] == theirs.probabilities[rows]).all()


def test_one_phase_is_its_own_unknown() -> None:
    truth, logits = separated(3, 2.0)
    whole, confidence = fit(truth, logits, "gas")
    known = decide(whole.rescaled(logits), confidence.weights(["gas"] * 600), confidence, 0.05)
    unknown = decide(whole.rescaled(logits), confidence.weights([None] * 600), confidence, 0.05)
    assert (known.calls == unknown.calls).all()
    assert (known.probabilities == unknown.probabilities).all()
