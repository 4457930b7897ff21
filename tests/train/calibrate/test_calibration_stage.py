"""Calibration recovers a known distortion, and calls agree with thresholds on logits."""

from __future__ import annotations

import numpy as np
import pytest

from train.calibrate.platt import calibrate


def test_platt_recovers_slope_and_intercept() -> None:
    random = np.random.default_rng(0)
    logits = random.normal(0, 3, (20_000, 1))
    truth = random.random(logits.shape) < 1 / (1 + np.exp(-(0.5 * logits - 1)))
    found = calibrate(truth, logits)
    assert found.slope[0] == pytest.approx(0.5, abs=0.03)
    assert found.intercept[0] == pytest.approx(-1, abs=0.06)


def test_calls_follow_the_order_of_the_logits() -> None:
    logits = np.linspace(-2, 2, 50)[:, None]
    truth = logits > 0.7
    found = calibrate(truth, logits)
    assert (found.called(logits) == truth).all()
