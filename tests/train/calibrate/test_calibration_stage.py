"""Calibration recovers a known distortion, and calls agree with thresholds on logits."""

from __future__ import annotations

import numpy as np
import pytest

from train.calibrate.platt import calibrate
from train.documents import calibration_text
from train.settings import load_results


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


def test_the_stored_tables_say_what_the_shipped_map_costs() -> None:
    for model in ("default", "rieger2023"):
        found = load_results(model, "calibration")
        text = calibration_text.render(found)
        for phase in found["calibration"].keys() & {"gas", "condensed"}:
            losses = {
                (m["map"], m["fitted"]): m["phases"][phase]["negative_log_likelihood"]
                for m in found["maps"]
            }
            cost = losses["Platt", "phase by phase"] - min(losses.values())
            assert f"{cost:.5f} in {phase}" in text, model
