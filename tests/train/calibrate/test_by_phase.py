"""Scales and limits by phase: calls keep both promises on folds that they were not fitted on."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from irclassify.model.calibration import ABSENT, PRESENT, UNCERTAIN, parse_confidence
from irclassify.model.phases import PhaseScale
from train.calibrate.by_phase import Known, cross_fitted, fit, fit_phase_scale, limits
from train.calibrate.by_phase import to_json as phase_to_json
from train.calibrate.confidence import to_json
from train.calibrate.limits import ERROR_RATES, precise_from

PHASES = ("gas", "condensed", "atr")
PARENTS = np.array([0, 1, 0, 3])  # two groups, a detail of the first, a detail by itself


def made_up(seed: int = 0, count: int = 3000) -> tuple[Known, list[str]]:
    """Spectra of three phases whose phase logits tell most of them apart, and their phases."""
    random = np.random.default_rng(seed)
    phase = random.choice(3, count, p=[0.5, 0.35, 0.15])
    group = random.random((count, 2)) < [0.4, 0.1]
    answers = np.stack(
        [
            group[:, 0],
            group[:, 1],
            group[:, 0] & (random.random(count) < 0.3),
            random.random(count) < 0.05,
        ],
        axis=1,
    ).astype(np.int8)
    answers[random.random(answers.shape) < 0.05] = -1
    gap = np.array([5.0, 3.0, 2.5])[phase][:, None]
    logits = random.normal(0, 1, answers.shape) + gap * (answers == 1) - gap / 2
    phase_logits = 4.0 * np.eye(3)[phase] + random.normal(0, 1, (count, 3))
    rows = {name: phase == i for i, name in enumerate(PHASES)}
    known = Known(answers, np.hstack([logits, phase_logits]), rows, PARENTS, np.arange(count) % 5)
    return known, [PHASES[i] for i in phase]


KNOWN, STATED = made_up()


def right_of(known: Known, calls: np.ndarray, rows: np.ndarray) -> float:
    told = (known.answers >= 0) & rows[:, None] & (calls == PRESENT)
    return float((known.answers == 1)[told].mean())


@pytest.mark.parametrize("stated", [STATED, [None] * len(STATED)], ids=["stated", "inferred"])
def test_error_rate_and_precision_hold_in_each_phase(stated):
    (said,) = cross_fitted(KNOWN, stated, [0.05])
    for rows in KNOWN.rows.values():
        answers, calls = KNOWN.answers[rows], said.calls[rows]
        assert (calls[answers == 1] == ABSENT).mean() < 0.065
        assert (calls[answers == 0] == PRESENT).mean() < 0.06
        assert right_of(KNOWN, said.calls, rows) > 0.93


def test_an_inferred_phase_decides_nearly_as_much_as_a_stated_one():
    told, untold = (
        cross_fitted(KNOWN, stated, [0.05])[0].calls != UNCERTAIN
        for stated in (STATED, [None] * len(STATED))
    )
    for rows in KNOWN.rows.values():
        assert abs(told[rows].mean() - untold[rows].mean()) < 0.03


def test_no_call_goes_against_the_odds():
    (said,) = cross_fitted(KNOWN, STATED, [0.2])
    assert (said.probabilities[said.calls == PRESENT] >= 0.5 - 1e-4).all()
    assert (said.probabilities[said.calls == ABSENT] < 0.5 + 1e-4).all()


def test_details_are_judged_below_their_group():
    (said,) = cross_fitted(KNOWN, STATED, [0.1])
    assert (said.probabilities[:, 2] <= said.probabilities[:, 0]).all()
    assert (said.calls[:, 0][said.calls[:, 2] == PRESENT] == PRESENT).all()


def test_a_fold_is_told_nothing_of_its_own():
    (before,) = cross_fitted(KNOWN, STATED, [0.1])
    here = KNOWN.folds == 2
    flipped = np.where(here[:, None] & (KNOWN.answers >= 0), 1 - KNOWN.answers, KNOWN.answers)
    changed = Known(flipped, KNOWN.logits, KNOWN.rows, KNOWN.parents, KNOWN.folds)
    (after,) = cross_fitted(changed, STATED, [0.1])
    assert (before.calls[here] == after.calls[here]).all()
    assert (before.probabilities[here] == after.probabilities[here]).all()
    assert (before.probabilities[~here] != after.probabilities[~here]).any()


def test_what_cannot_be_told_teaches_nothing():
    unknown = KNOWN.answers < 0
    wild = KNOWN.logits.copy()
    wild[:, :4][unknown] = 1e3
    ours, theirs = fit(KNOWN, [0.05]), fit(Known(**vars(KNOWN) | {"logits": wild}), [0.05])
    for phase in PHASES:
        a, b = ours.confidence.scales[phase], theirs.confidence.scales[phase]
        for name in ("slope", "intercept"):
            assert getattr(a, name) == pytest.approx(getattr(b, name), abs=1e-3)


def test_numbers_survive_the_model_file():
    fitted = fit(KNOWN, ERROR_RATES)
    stored = json.loads(json.dumps([to_json(fitted.confidence), phase_to_json(fitted.phase_scale)]))
    confidence = parse_confidence(stored[0], 4, inferred=True)
    phases = PhaseScale.from_json(stored[1])
    assert confidence.phases == phases.names == PHASES
    logits = KNOWN.logits[:50, 4:]
    assert phases.probabilities(logits) == pytest.approx(
        fitted.phase_scale.probabilities(logits), abs=1e-5
    )
    for phase in PHASES:
        weights = confidence.weights([phase])
        for rate in (0.001, 0.05, 0.5):
            ours, theirs = fitted.confidence.limits(weights, rate), confidence.limits(weights, rate)
            assert np.allclose(ours, theirs, atol=1e-9)
        assert confidence.scales[phase].base_rate == pytest.approx(
            fitted.confidence.scales[phase].base_rate, abs=1e-6
        )


def test_phase_probabilities_are_calibrated():
    phase = np.array([PHASES.index(p) for p in STATED])
    scale = fit_phase_scale(KNOWN.logits[:, 4:], phase, PHASES)
    found = scale.probabilities(KNOWN.logits[:, 4:])
    assert found.mean(0) == pytest.approx(np.bincount(phase) / len(phase), abs=0.01)


@given(seed=st.integers(0, 500), rate=st.sampled_from([0.01, 0.05, 0.2, 0.5]))
@settings(max_examples=60, deadline=None)
def test_from_the_limit_on_calls_are_precise_and_from_no_lower_one(seed: int, rate: float):
    random = np.random.default_rng(seed)
    truth = random.random(300) < 0.3
    logits = random.normal(0, 1, 300).round(2) + 2.5 * truth
    limit = precise_from(truth, logits, rate)
    assert limit >= 0
    if np.isfinite(limit):
        assert truth[logits >= limit].mean() >= 1 - rate


def test_few_calls_are_not_enough_to_promise_precision():
    few = np.ones(10, bool)
    assert precise_from(few, np.arange(1.0, 11.0), 0.05) == np.inf
    many = np.ones(20, bool)
    assert precise_from(many, np.arange(1.0, 21.0), 0.05) == 1.0


def test_limits_stand_on_the_right_side_of_even_odds():
    lower, upper = limits(KNOWN.answers, KNOWN.logits[:, :4], PARENTS)
    assert (lower <= 0).all()
    assert (upper >= 0).all()
    assert lower.shape == upper.shape == (len(ERROR_RATES), 4)
