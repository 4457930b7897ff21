"""Logits -> probabilities and calls, and the pipeline around them."""

from __future__ import annotations

import io
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
import synthetic
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from irclassify.batch import reading
from irclassify.batch.explanations import explain_source
from irclassify.batch.files import answer_sources, predict_sources
from irclassify.errors import UnfitSpectrumError, UsageError
from irclassify.model.calibration import ABSENT, PRESENT, UNCERTAIN, probabilities
from irclassify.model.predicted import Predicted
from irclassify.model.preprocessing import percentiles, to_grid
from irclassify.options import ReadOptions
from irclassify.reports.rows import JsonArray, JsonLines
from irclassify.results.prediction import Failed, Ok
from irclassify.sources.paths import Source, expand
from irclassify.spectra.spectrum import Spectrum


def test_probability_is_the_logistic_function():
    logits = np.full((1, 17), 0.75, np.float32)
    assert probabilities(logits)[0, 0] == pytest.approx(1 / (1 + np.exp(-0.75)))


def test_extreme_logits_stay_finite():
    logits = np.array([[1e30] * 9 + [-1e30] * 8], np.float32)
    found = probabilities(logits)
    assert np.isfinite(found).all()
    assert found[0, 0] == 1.0


def test_a_logit_at_a_limit_is_on_its_upper_side(tiny):
    values = np.array([[0.2] * 17, [np.nextafter(0.2, 0)] * 17, [-0.2] * 17, [-0.21] * 17])
    calls = Predicted.of(values, ["gas"] * 4, tiny).calls
    assert calls[:, 0].tolist() == [PRESENT, UNCERTAIN, UNCERTAIN, ABSENT]
    assert (calls == calls[:, :1]).all()


def test_each_row_has_the_scale_of_its_phase(tiny):
    phases = ["condensed", None, "gas", "condensed", "plasma"]
    found = Predicted.of(np.ones((5, 17)), phases, tiny)
    assert found.logits[:, 0].tolist() == [0.5, 1.0, 1.0, 0.5, 1.0]
    alone = [Predicted.of(np.ones((1, 17)), [phase], tiny) for phase in phases]
    assert (found.calls == np.concatenate([one.calls for one in alone])).all()
    assert [said.phase for said in found.predictions()] == phases


@given(
    logits=st.lists(st.floats(-20, 20), min_size=17, max_size=17),
    phase=st.sampled_from(["gas", "condensed", None]),
    rates=st.tuples(st.floats(0.001, 0.5), st.floats(0.001, 0.5)).map(sorted),
)
def test_a_higher_error_rate_leaves_fewer_groups_uncertain(tiny, logits, phase, rates):
    low, high = (Predicted.of(np.array([logits]), [phase], tiny, rate) for rate in rates)
    assert (low.calls[high.calls == UNCERTAIN] == UNCERTAIN).all()
    assert (low.best_guesses == high.best_guesses).all()
    assert (low.probabilities == high.probabilities).all()


@pytest.mark.parametrize("rate", [-1.0, 0.0, 0.0009, 0.51, 1.0, 5.0, np.nan, np.inf])
def test_an_error_rate_that_makes_no_sense_is_refused(tiny, rate: float):
    with pytest.raises(UsageError, match="error rate"):
        Predicted.of(np.zeros((1, 17)), [None], tiny, rate)


def test_below_the_lowest_tabled_rate_nobody_can_tell(tiny):
    assert not Predicted.of(np.linspace(-30, 30, 17)[None], ["gas"], tiny, 0.005).calls.any()


def test_no_spectra_no_answers(tiny):
    assert len(Predicted.of(np.zeros((0, 17)), [], tiny)) == 0
    assert Predicted.of(np.zeros((0, 17)), [], tiny).predictions() == []


def test_present_groups_come_most_probable_first(tiny):
    logits = np.linspace(-1, 1, 17, dtype=np.float32)[None]
    present = Predicted.of(logits, [None], tiny).predictions()[0].present
    assert [g.probability for g in present] == sorted(
        (g.probability for g in present), reverse=True
    )


def test_values_beyond_float32_are_refused_not_passed_on(tiny):
    x = np.linspace(600, 3800, 1601)
    y = np.where(np.arange(1601) == 800, 1e-30, -1e30)
    with pytest.raises(UnfitSpectrumError):
        to_grid(Spectrum(x, y), tiny.preprocessing)


def names(folder: Path, results: list) -> list[str]:
    return [str(Path(r.file).relative_to(folder)) for r in results]


@pytest.mark.parametrize("workers", [1, 2])
def test_a_mixed_folder_comes_back_in_order(tiny, mixed: Path, workers: int):
    results = list(predict_sources(expand([str(mixed)]), tiny, workers=workers))
    assert names(mixed, results) == [
        "a_broken.jdx",
        "b_empty.jdx",
        "c_binary.spa",
        "g1.jdx",
        "g2.jdx",
        "g10.jdx",
        str(Path("n/inner [bold]x.jdx")),
    ]
    failed = [r for r in results if isinstance(r, Failed)]
    assert len(failed) == 3
    assert all("\n" not in f.message and f.code for f in failed)
    present = {Path(r.file).name: {g.name for g in r.prediction.present} for r in results[3:]}
    assert "ketone" in present["g1.jdx"]
    assert "ester" in present["g2.jdx"]
    assert "alcohol" in present["g10.jdx"]


def many(count: int) -> list[Source]:
    """Good and bad sources in turn, held in memory."""
    good = synthetic.jdx(synthetic.ESTER).encode()
    return [Source(f"s{i}", f"s{i}", data=b"bad" if i % 7 == 3 else good) for i in range(count)]


def test_order_and_answers_do_not_depend_on_workers(tiny):
    alone = list(predict_sources(many(300), tiny, workers=1))
    together = list(predict_sources(many(300), tiny, workers=3))
    assert [r.file for r in alone] == [f"s{i}" for i in range(300)]
    assert alone == together


def test_results_are_given_out_before_all_sources_are_drawn(tiny):
    drawn = 0

    def sources():
        nonlocal drawn
        for source in many(5000):
            drawn += 1
            yield source

    with closing(predict_sources(sources(), tiny, workers=2)) as results:
        assert isinstance(next(results), Ok)
        assert drawn < 1000
    assert drawn < 1000


def test_no_sources_no_results(tiny):
    assert list(predict_sources([], tiny)) == []


@pytest.mark.parametrize("form", [JsonLines, JsonArray])
def test_answers_written_from_arrays_are_those_written_one_by_one(tiny, form):
    together, alone = io.StringIO(), io.StringIO()
    (at_once, one_by_one) = (form(stream) for stream in (together, alone))
    for answers in answer_sources(many(100), tiny, workers=1):
        at_once.write_answers(answers)
        for result in answers:
            one_by_one.write(result)
    assert together.getvalue() == alone.getvalue() != ""


def test_columns_from_arrays_are_those_of_the_results(tiny):
    columns = pytest.importorskip("irclassify.batch.outputs.columns", exc_type=ImportError)
    answers = list(answer_sources(many(100), tiny, workers=1))
    schema = columns.schema_of(tiny)
    results = [result for some in answers for result in some]
    expected = columns.batch_of_results(results, schema)
    assert columns.batch_of_answers(answers, schema).equals(expected)


def test_a_fault_in_a_reader_is_a_row(tiny, monkeypatch):
    def faulty(*_args: object, **_options: object) -> None:
        raise RuntimeError("two\nlines")

    monkeypatch.setattr(reading, "read_measurements", faulty)
    (result,) = predict_sources(many(1), tiny, workers=1)
    assert isinstance(result, Failed)
    assert result.code == "internal"
    assert "RuntimeError: two lines" in result.message


def test_several_spectra_in_a_file_are_numbered_rows(tiny):
    blocks = synthetic.jdx(synthetic.KETONE) + synthetic.jdx(synthetic.ESTER)
    linked = "##TITLE=both\n##JCAMP-DX=4.24\n##DATA TYPE=LINK\n##BLOCKS=2\n" + blocks + "##END=\n"
    source = Source("two.jdx", "two.jdx", data=linked.encode())
    both = list(predict_sources([source], tiny))
    assert [r.file for r in both] == ["two.jdx#1", "two.jdx#2"]
    (second,) = predict_sources([source], tiny, options=ReadOptions(block=2))
    assert second == both[1]


def test_explanations_carry_the_prediction(tiny):
    source = many(1)[0]
    (predicted,) = predict_sources([source], tiny)
    explanation = explain_source(source, tiny)
    assert isinstance(predicted, Ok)
    assert explanation.title == "made up"
    for ours, theirs in zip(explanation.groups, predicted.prediction.groups, strict=True):
        assert (ours.name, ours.call) == (theirs.name, theirs.call)
        assert ours.probability == pytest.approx(theirs.probability)


@given(
    arrays(np.float64, st.tuples(st.integers(1, 4), st.integers(1, 60)), elements=st.floats(-9, 9)),
    st.floats(0, 100),
)
def test_percentiles_are_numpys(values: np.ndarray, percent: float):
    expected = np.percentile(values, percent, axis=1)
    np.testing.assert_array_equal(percentiles(values, percent), expected)
