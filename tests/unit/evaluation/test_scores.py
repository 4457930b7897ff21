"""Answers against known structures: cases small enough to do by hand."""

from __future__ import annotations

import io
import json
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from irclassify.evaluation.metrics import molecular_f1, molecular_perfection
from irclassify.evaluation.scores import NO, UNKNOWN, YES, Judged, evaluate
from irclassify.reports.html.evaluation import evaluation_page
from irclassify.reports.json import record_of
from irclassify.reports.terminal.evaluation import print_evaluation
from irclassify.results.evaluation import Evaluation, GroupMeasures

GROUPS = ("ketone", "ester", "ether")
PRESENT, UNCERTAIN, ABSENT = YES, UNKNOWN, NO

# truth, probability, call of each group; spectrum c's ether is not known.
SPECTRA = {
    "a.jdx": ([YES, NO, NO], [0.9, 0.1, 0.2], [PRESENT, ABSENT, ABSENT]),
    "b.jdx": ([NO, YES, YES], [0.6, 0.3, 0.8], [UNCERTAIN, ABSENT, PRESENT]),
    "c.jdx": ([YES, NO, UNKNOWN], [0.7, 0.2, 0.9], [UNCERTAIN, ABSENT, PRESENT]),
    "d.jdx": ([NO, NO, NO], [0.2, 0.8, 0.1], [ABSENT, PRESENT, ABSENT]),
}


def data(spectra: dict[str, tuple[list[int], list[float], list[int]]] | None = None) -> Judged:
    """The spectra as arrays; the best guess is yes from 0.5."""
    truth, probability, calls = map(np.array, zip(*(spectra or SPECTRA).values(), strict=True))
    files = tuple(spectra or SPECTRA)
    return Judged(files, GROUPS, truth, calls, probability, probability >= 0.5)


def group(found: Evaluation, name: str) -> GroupMeasures:
    """One group's measures."""
    return next(g for g in found.groups if g.name == name)


@pytest.fixture
def found() -> Evaluation:
    """The evaluation of SPECTRA."""
    return evaluate(data(), model="tiny@1.0.0", error_rate=0.05)


def test_molecular_measures_are_over_the_labelled_groups(found: Evaluation):
    assert found.molecular_perfection is not None
    assert found.molecular_perfection.value == 2 / 4  # a and c
    assert found.molecular_f1 is not None
    assert found.molecular_f1.value == pytest.approx((1 + 2 * 1 / (2 + 2) + 1) / 3)
    assert (found.n, found.complete) == (4, 3)


def test_a_group_is_measured_where_it_is_labelled(found: Evaluation):
    ether = group(found, "ether")
    assert (ether.n, ether.positives, ether.few) == (3, 1, True)
    assert (ether.precision, ether.recall, ether.f1, ether.auc) == (1, 1, 1, 1)
    assert ether.brier == pytest.approx((0.2**2 + 0.2**2 + 0.1**2) / 3)
    ester = group(found, "ester")
    assert (ester.precision, ester.recall, ester.f1) == (0, 0, 0)
    assert ester.auc == pytest.approx(2 / 3)


def test_three_state_rates_count_calls_not_best_guesses(found: Evaluation):
    ketone, ester = group(found, "ketone"), group(found, "ester")
    assert ketone.missed is not None
    assert (ketone.missed.count, ketone.missed.total) == (0, 2)
    assert ketone.false_alarms is not None
    assert (ketone.false_alarms.count, ketone.false_alarms.total) == (0, 2)
    assert ketone.decided is not None
    assert ketone.decided.value == 2 / 4
    assert ester.missed is not None
    assert (ester.missed.value, ester.missed.high) == (1, 1)
    assert ester.missed.low == pytest.approx(0.025)
    assert found.missed is not None
    assert found.missed.value == 1 / 4
    assert found.decided is not None
    assert found.decided.value == 9 / 11


def test_confusion_says_what_was_answered_instead(found: Evaluation):
    rows = {row.group: row for row in found.confusion}
    assert (rows["ester"].missed, rows["ester"].total) == (1, 1)
    assert rows["ester"].instead == (("ketone", 1),)
    assert rows["ketone"].missed == 0


def test_files_come_worst_first_with_their_mistakes(found: Evaluation):
    losses = {score.file: score.loss for score in found.files}
    assert [*losses.values()] == sorted(losses.values(), reverse=True)
    assert losses["b.jdx"] == pytest.approx(-math.log(0.4) - math.log(0.3) - math.log(0.8))
    assert losses["c.jdx"] == pytest.approx(-math.log(0.7) - math.log(0.8))
    worst = found.files[0]
    assert worst.file == "b.jdx"
    assert [(m.group, m.present, m.call) for m in worst.mistakes] == [
        ("ketone", False, "uncertain"),
        ("ester", True, "absent"),
    ]
    assert [score.perfect for score in found.files] == [
        score.file in ("a.jdx", "c.jdx") for score in found.files
    ]


def test_a_truth_said_to_be_impossible_has_a_finite_loss():
    one = {"a": ([YES, NO, NO], [0.0, 1.0, 0.0], [NO, YES, NO])}
    assert evaluate(data(one), model="m", error_rate=None).files[0].loss == pytest.approx(
        -2 * math.log(1e-6)
    )


def test_verdicts_of_the_domain_are_measured_apart():
    verdicts = ["in_domain", "outside", "in_domain", None]
    found = evaluate(data(), model="m", error_rate=0.05, verdicts=verdicts)
    perfections = [(v.verdict, v.molecular_perfection) for v in found.verdicts]
    assert [(verdict, rate.count, rate.total) for verdict, rate in perfections] == [
        ("in_domain", 2, 2),
        ("outside", 0, 1),
    ]
    assert "outside what the model knows" in evaluation_page(found)
    assert {s.file: s.domain for s in found.files}["b.jdx"] == "outside"


def test_few_answers_have_no_calibration_error(found: Evaluation):
    assert found.calibration.n == 11
    assert found.calibration.ece is None
    assert found.calibration.bins == ()
    assert all(g.ece is None for g in found.groups)


@pytest.mark.parametrize(("stretch", "calibrated"), [(1.0, True), (3.0, False)])
def test_miscalibration_is_told_from_chance(stretch: float, *, calibrated: bool):
    random = np.random.default_rng(7)
    logits = random.normal(0, 2, (400, 3))
    truth = np.where(random.random((400, 3)) < 1 / (1 + np.exp(-logits)), YES, NO)
    stated = 1 / (1 + np.exp(-stretch * logits))
    calls = np.where(stated >= 0.5, PRESENT, ABSENT)
    files = tuple(f"{i}.jdx" for i in range(400))
    many = Judged(files, GROUPS, truth, calls, stated, stated >= 0.5)
    found = evaluate(many, model="m", error_rate=0.05).calibration
    assert found.ece is not None
    assert found.ece_by_chance is not None
    assert (found.ece <= found.ece_by_chance) == calibrated
    assert sum(one.true.total for one in found.bins) == found.n == 1200
    assert sum(one.true.count for one in found.bins) == (truth == YES).sum()


@pytest.mark.parametrize(("wrong", "over"), [(2, ()), (12, (("ketone", "missed"),))])
def test_a_rate_above_what_was_asked_for_is_told_from_chance(wrong: int, over: tuple):
    """2 of 40 at a rate of 0.05 is what it allows, 12 of 40 is not."""
    n = 40
    probability = np.full((n, 3), 0.5)
    calls = np.tile([PRESENT, ABSENT, ABSENT], (n, 1))
    calls[:wrong, 0] = ABSENT
    truth = np.tile([YES, NO, NO], (n, 1))
    many = Judged(tuple(map(str, range(n))), GROUPS, truth, calls, probability, calls == PRESENT)
    found = evaluate(many, model="m", error_rate=0.05)
    assert found.over_rate == over
    assert ("beyond chance: ketone" in evaluation_page(found)) == bool(over)
    assert evaluate(many, model="m", error_rate=None).over_rate == ()


SIGN = st.sampled_from([YES, UNKNOWN, NO])
ROW = st.tuples(
    *(st.lists(element, min_size=3, max_size=3) for element in (SIGN, st.floats(0, 1), SIGN))
).filter(lambda row: any(row[0]))  # a row that says nothing is no label


@settings(deadline=None, max_examples=30)  # thousands of bootstraps each
@given(st.lists(ROW, min_size=1, max_size=6))
def test_whatever_is_labelled_can_be_evaluated_and_shown(rows):
    judged = data({f"{i}<b>.jdx": row for i, row in enumerate(rows)})
    found = evaluate(judged, model="m", error_rate=0.1)
    record = json.loads(json.dumps(record_of(found), allow_nan=False))
    stream = io.StringIO()
    print_evaluation(found, stream)
    assert "By group" in stream.getvalue()
    assert "<b>" not in evaluation_page(found)
    for measured in record["groups"]:
        assert 0 <= measured["positives"] <= measured["n"] <= len(rows)
        for name in ("missed", "false_alarms", "decided"):
            rate = measured[name]
            assert rate is None or 0 <= rate["low"] <= rate["value"] <= rate["high"] <= 1
    if (judged.truth != UNKNOWN).all():  # then they are the published measures
        known, guessed = judged.truth == YES, judged.answered
        assert found.molecular_perfection is not None
        assert found.molecular_perfection.value == molecular_perfection(known, guessed)
        expected = molecular_f1(known, guessed)
        assert (found.molecular_f1 is None) == math.isnan(expected)
        assert found.molecular_f1 is None or found.molecular_f1.value == expected


def test_the_table_names_what_was_left_out_and_steers_no_terminal(found: Evaluation):
    more = replace(
        found,
        failed=(("x\x1b[31m.jdx", "no_data", "empty"),),
        missing=tuple(f"{i}.jdx" for i in range(9)),
        notes=("ester without ether",),
    )
    stream = io.StringIO()
    print_evaluation(more, stream, worst=1)
    said = stream.getvalue()
    assert "\x1b" not in said
    assert "no_data: empty" in said
    assert "and 4 more" in said
    assert "! ester without ether" in said
    assert "too few for a firm result" in said
    assert "missed: ester 0.30" in said
    assert "wrong: ketone 0.60?" in said
    assert "d.jdx" not in said
    assert "d.jdx" in evaluation_page(more)
