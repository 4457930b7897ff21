"""Conformal limits keep their promise, at any size; scales survive model.json."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from irclassify.model.calibration import ABSENT, PRESENT, UNCERTAIN, decide, parse_confidence
from train.calibrate.confidence import cross_fitted, fit, to_json
from train.calibrate.conformal import (
    ERROR_RATES,
    lower_limit,
    raw_limits,
    safest,
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


def test_limits_for_an_unknown_phase_hold_in_each() -> None:
    limits = [raw_limits(*separated(seed, gap)) for seed, gap in ((0, 1.0), (1, 4.0))]
    lower, upper = safest(limits)
    for low, high in limits:
        assert (lower <= low).all()
        assert (upper >= high).all()


def two_phases() -> tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]:
    truth, logits = separated(5, 3.0)
    condensed = np.arange(600) % 3 == 0
    logits[condensed] *= 0.4
    return truth, logits, {"gas": ~condensed, "condensed": condensed}


def test_scales_survive_the_model_file() -> None:
    truth, logits, rows = two_phases()
    _, confidence = fit(truth, logits, rows)
    back = parse_confidence(json.loads(json.dumps(to_json(confidence))), 3)
    for phase in ("gas", "condensed", None):
        for rate in (0.001, 0.013, 0.05, 0.5):
            ours, theirs = (c.limits(c.weights([phase]), rate) for c in (confidence, back))
            assert np.allclose(ours, theirs, atol=1e-9)


def test_cross_fitted_calls_keep_their_promise_in_each_phase() -> None:
    truth, logits, rows = two_phases()
    phases = np.where(rows["gas"], "gas", "condensed").tolist()
    folds = np.arange(600) % 5
    strict, usual = cross_fitted(truth, logits, folds, rows, phases, [0.01, 0.1])
    assert ((usual.calls == UNCERTAIN) <= (strict.calls == UNCERTAIN)).all()
    for chosen in rows.values():
        t, c = truth[chosen], usual.calls[chosen]
        assert (c[t] == ABSENT).mean() < 0.16
        assert (c[~t] == PRESENT).mean() < 0.13


def test_a_fold_is_told_nothing_of_its_own() -> None:
    truth, logits, rows = two_phases()
    folds = np.arange(600) % 5
    phases = [None] * 600
    (before,) = cross_fitted(truth, logits, folds, rows, phases, [0.1])
    flipped = np.where((folds == 2)[:, None], ~truth, truth)
    (after,) = cross_fitted(flipped, logits, folds, rows, phases, [0.1])
    here = folds == 2
    assert (before.calls[here] == after.calls[here]).all()
    assert (before.probabilities[here] == after.probabilities[here]).all()
    assert (before.probabilities[~here] != after.probabilities[~here]).any()


def test_one_phase_is_its_own_unknown() -> None:
    truth, logits = separated(3, 2.0)
    whole, confidence = fit(truth, logits, {"gas": np.ones(600, bool)})
    known = decide(whole.rescaled(logits), confidence.weights(["gas"] * 600), confidence, 0.05)
    unknown = decide(whole.rescaled(logits), confidence.weights([None] * 600), confidence, 0.05)
    assert (known.calls == unknown.calls).all()
    assert (known.probabilities == unknown.probabilities).all()
