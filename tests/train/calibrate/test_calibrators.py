"""Every way to calibrate undoes what it can express, and Platt's is the one that is shipped."""

from __future__ import annotations

import numpy as np
import pytest

from irclassify.evaluation.metrics import calibration_error
from train.calibrate.platt import WAYS, calibrate, calibrator


def distorted(slope: float, intercept: float) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(1)
    logits = random.normal(0, 3, 20_000)
    return random.random(logits.shape) < 1 / (1 + np.exp(-(slope * logits + intercept))), logits


@pytest.mark.parametrize("name", WAYS)
@pytest.mark.parametrize(("slope", "intercept"), [(1.0, 0.0), (0.5, 0.0), (0.5, -1.0)])
def test_distortions_are_undone(name: str, slope: float, intercept: float) -> None:
    truth, logits = distorted(slope, intercept)
    half = len(logits) // 2
    fitted = calibrator(name, truth[:half], logits[:half])
    error = calibration_error(truth[half:], fitted(logits[half:]))
    able = (slope == 1 or name != "none") and (
        intercept == 0 or name not in ("none", "temperature")
    )
    assert (error < 0.02) == able


def test_the_platt_compared_is_the_platt_shipped() -> None:
    truth, logits = distorted(0.7, 0.4)
    rescaled = calibrate(truth[:, None], logits[:, None]).rescaled(logits[:, None])[:, 0]
    shipped = 1 / (1 + np.exp(-rescaled))
    assert np.abs(calibrator("Platt", truth, logits)(logits) - shipped).max() < 1e-3


def test_isotonic_never_falls() -> None:
    truth, logits = distorted(0.5, -1.0)
    p = calibrator("isotonic", truth, logits)(np.linspace(-20, 20, 500))
    assert (np.diff(p) >= 0).all()
