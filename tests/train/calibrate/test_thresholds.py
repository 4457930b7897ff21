"""Metrics and thresholds against cases small enough to do by hand, and against other libraries."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy.stats import beta
from sklearn.metrics import brier_score_loss, f1_score, roc_auc_score

from irclassify.evaluation.metrics import (
    brier,
    calibration_error,
    exact_interval,
    group_scores,
    interval,
    molecular_f1,
    molecular_perfection,
    reliability,
)
from train.calibrate.platt import best_thresholds

TRUTH = np.array([[1, 1, 0], [0, 1, 0], [0, 0, 0], [1, 0, 1]], bool)
CALLED = np.array([[1, 1, 0], [0, 1, 1], [1, 0, 0], [0, 1, 0]], bool)


def test_molecular_perfection_counts_spectra_with_everything_right() -> None:
    assert molecular_perfection(TRUTH, CALLED) == 1 / 4


def test_molecular_f1_is_the_mean_over_spectra_that_have_a_group() -> None:
    assert molecular_f1(TRUTH, CALLED) == pytest.approx((1 + 2 / 3 + 0) / 3)


def test_molecular_f1_without_any_group_is_undefined() -> None:
    assert np.isnan(molecular_f1(np.zeros((2, 3), bool), CALLED[:2]))


def test_group_f1_equals_scikit_learns() -> None:
    ours = group_scores(TRUTH, CALLED, CALLED.astype(float))["f1"]
    assert ours == pytest.approx(f1_score(TRUTH, CALLED, average=None))


def test_a_bootstrap_interval_surrounds_its_value() -> None:
    random = np.random.default_rng(1)
    truth = random.random((200, 1)) < 0.5
    value, low, high = interval(
        molecular_perfection, truth, truth ^ (random.random((200, 1)) < 0.2)
    )
    assert low < value < high
    normal = 1.96 * (value * (1 - value) / 200) ** 0.5
    assert (high - low) / 2 == pytest.approx(normal, rel=0.1)


@given(
    arrays.arrays(bool, (20, 1)),
    arrays.arrays(float, (20, 1), elements=st.integers(-5, 5).map(float)),
)
def test_no_threshold_beats_the_chosen_one(truth: np.ndarray, scores: np.ndarray) -> None:
    def f1(threshold: float) -> float:
        return float(group_scores(truth, scores >= threshold, scores)["f1"][0])

    chosen = f1(best_thresholds(truth, scores)[0])
    assert chosen == max(f1(t) for t in np.arange(-6, 7, 0.5))


@given(
    arrays.arrays(bool, (30, 1)),
    arrays.arrays(float, (30, 1), elements=st.integers(-3, 3).map(float)),
)
def test_auc_equals_scikit_learns_ties_included(truth: np.ndarray, scores: np.ndarray) -> None:
    (ours,) = group_scores(truth, scores > 0, scores)["auc"]
    if 0 < truth.sum() < truth.size:
        assert ours == pytest.approx(roc_auc_score(truth[:, 0], scores[:, 0]))
    else:
        assert np.isnan(ours)


@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_exact_intervals_are_the_beta_quantiles(counts: tuple[int, int]) -> None:
    count, total = counts
    low, high = exact_interval(count, total)
    assert low == pytest.approx(beta.ppf(0.025, count, total - count + 1) if count else 0)
    assert high == pytest.approx(beta.ppf(0.975, count + 1, total - count) if count < total else 1)


@pytest.mark.parametrize(("count", "total"), [(0, 0), (3, 2), (-1, 2)])
def test_what_is_no_proportion_has_no_interval(count: int, total: int) -> None:
    with pytest.raises(ValueError, match="not a proportion"):
        exact_interval(count, total)


@given(st.integers(15, 90), st.integers(0, 2**32 - 1))
def test_bins_have_equal_mass_and_keep_every_answer(n: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    probability = random.random(n)
    truth = random.random(n) < probability
    count, expected, observed = reliability(truth, probability)
    assert count.sum() == n
    assert count.max() - count.min() <= 1
    assert (np.diff(expected) >= 0).all()
    assert (count * expected).sum() == pytest.approx(probability.sum())
    assert (count * observed).sum() == pytest.approx(truth.sum())


def test_calibration_error_is_the_distance_of_stated_from_observed() -> None:
    truth = np.tile([True, False, False, False], 100)
    assert calibration_error(truth, np.full(400, 0.25), bins=4) == pytest.approx(0)
    assert calibration_error(truth, np.full(400, 0.55), bins=4) == pytest.approx(0.3)


def test_brier_equals_scikit_learns() -> None:
    probability = np.linspace(0, 1, 12).reshape(4, 3)
    assert brier(TRUTH, probability) == pytest.approx(
        brier_score_loss(TRUTH.ravel(), probability.ravel())
    )
