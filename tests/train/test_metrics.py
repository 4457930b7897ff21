"""Metrics and thresholds against cases small enough to do by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from sklearn.metrics import f1_score

from train.metrics import best_thresholds, group_scores, molecular_f1, molecular_perfection

TRUTH = np.array([[1, 1, 0], [0, 1, 0], [0, 0, 0], [1, 0, 1]], bool)
CALLED = np.array([[1, 1, 0], [0, 1, 1], [1, 0, 0], [0, 1, 0]], bool)


def test_molecular_perfection_counts_spectra_with_everything_right() -> None:
    assert molecular_perfection(TRUTH, CALLED) == 1 / 4


def test_molecular_f1_is_the_mean_over_spectra_that_have_a_group() -> None:
    assert molecular_f1(TRUTH, CALLED) == pytest.approx((1 + 2 / 3 + 0) / 3)


def test_group_f1_equals_scikit_learns() -> None:
    ours = group_scores(TRUTH, CALLED, CALLED.astype(float))["f1"]
    assert ours == pytest.approx(f1_score(TRUTH, CALLED, average=None))


@given(
    arrays.arrays(bool, (20, 1)),
    arrays.arrays(float, (20, 1), elements=st.integers(-5, 5).map(float)),
)
def test_no_threshold_beats_the_chosen_one(truth: np.ndarray, scores: np.ndarray) -> None:
    def f1(threshold: float) -> float:
        return float(group_scores(truth, scores >= threshold, scores)["f1"][0])

    chosen = f1(best_thresholds(truth, scores)[0])
    assert chosen == max(f1(t) for t in np.arange(-6, 7, 0.5))
