"""``irclassify.load(...)``: arrays in, arrays out, the command line's numbers."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
import synthetic
from heads import position_contributions
from threadpoolctl import threadpool_info, threadpool_limits

import irclassify
from irclassify import samples
from irclassify.batch.files import predict_sources
from irclassify.classifier import BATCH, NO_ANSWER, Classifier
from irclassify.errors import IrclassifyError, ModelError
from irclassify.model.threads import one_core_a_thread
from irclassify.readers import read_spectrum
from irclassify.results.prediction import Ok
from irclassify.sources.paths import expand
from irclassify.spectra.phase import phase_of

TINY = str(Path(__file__).parents[1] / "tiny_model")
X = np.arange(600.0, 3801.0, 2.0)


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return irclassify.load(TINY)


def made(count: int, seed: int = 0) -> np.ndarray:
    """``count`` spectra of a few bands each, on X."""
    random = np.random.default_rng(seed)
    centres = random.uniform(700, 3700, (count, 6, 1))
    heights = random.uniform(0.05, 1, (count, 6, 1))
    return (heights * np.exp(-(((X - centres) / 20) ** 2))).sum(axis=1) + 0.01


def test_importing_the_package_imports_nothing_heavy():
    code = "import sys, irclassify; sys.exit('numpy' in sys.modules or 'typer' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_loading_a_model_leaves_the_command_line_out():
    code = (
        f"import sys, irclassify; irclassify.load({TINY!r});"
        "sys.exit(any(m.startswith(('typer', 'rich', 'irclassify.c' + 'li', 'irclassify.reports',"
        "'irclassify.cli')) for m in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_every_public_name_is_there():
    for name in irclassify.__all__:
        assert getattr(irclassify, name) is not None
    with pytest.raises(AttributeError):
        irclassify.nothing_of_the_kind  # noqa: B018


def test_no_such_model():
    with pytest.raises(ModelError):
        irclassify.load("nothing of the kind")


@pytest.mark.parametrize("model", [TINY, "default", "rieger2023-single"])
def test_the_numbers_are_those_of_predict(model: str):
    clf = irclassify.load(model)
    folder = str(samples.spectra()[0].parent)
    results = list(predict_sources(expand([folder + "/*.jdx"]), clf.spec))
    for result in results:
        assert isinstance(result, Ok)
        spectrum = read_spectrum(Path(result.file).read_bytes())
        found = clf.predict(
            spectrum.wavenumber, spectrum.absorbance, phase=phase_of(spectrum.state)
        )
        said = [group.probability for group in result.prediction.groups]
        assert found.probabilities[0] == pytest.approx(said, abs=1e-6)
        assert found.groups == tuple(group.name for group in result.prediction.groups)


def test_shapes(classifier: Classifier):
    y = made(BATCH * 3 + 5)
    found = classifier.predict(X, y)
    shape = (len(y), len(classifier.groups))
    assert found.probabilities.shape == found.logits.shape == found.calls.shape == shape
    assert found.errors.shape == found.ok.shape == (len(y),)
    assert found.ok.all() and not any(found.errors)
    assert set(np.unique(found.calls)) <= {-1, 0, 1}
    assert len(classifier.predict(X, y[0])) == 1
    assert len(classifier.predict(X, y[:0])) == 0


def test_neither_order_nor_company_changes_an_answer(classifier: Classifier):
    y = made(BATCH + 7)
    whole = classifier.predict(X, y).probabilities
    shuffle = np.random.default_rng(1).permutation(X.size)
    for x, rows in ((X[::-1], y[:, ::-1]), (X[shuffle], y[:, shuffle])):
        assert classifier.predict(x, rows).probabilities == pytest.approx(whole, abs=1e-6)
    for i in (0, BATCH, len(y) - 1):
        alone = classifier.predict(X, y[i]).probabilities[0]
        assert alone == pytest.approx(whole[i], abs=1e-6)


def test_bad_rows_have_a_code_and_no_answer(classifier: Classifier):
    y = made(6)
    good = classifier.predict(X, y).probabilities
    y[1, 3], y[2, 5], y[3, 7], y[4] = np.nan, np.inf, 1e35, 0.5
    found = classifier.predict(X, y)
    assert found.errors.tolist() == ["", "malformed", "malformed", "malformed", "unfit", ""]
    assert np.isnan(found.probabilities[1:5]).all() and np.isnan(found.logits[1:5]).all()
    assert (found.calls[1:5] == NO_ANSWER).all()
    assert found.probabilities[[0, 5]] == pytest.approx(good[[0, 5]])
    assert "not finite" in found.message(1) and found.message(0) == ""
    why = classifier.contributions(X, y)
    assert np.isnan(why.own[1:5]).all() and np.isfinite(why.own[[0, 5]]).all()


@pytest.mark.parametrize(
    ("x", "y"),
    [
        (X, np.ones((2, X.size + 1))),
        (X[:30], np.ones((2, 30))),
        (X + 1500, np.ones((2, X.size))),
        (X, np.ones((2, 2, X.size))),
    ],
)
def test_what_cannot_be_spectra_is_refused(classifier: Classifier, x, y):
    with pytest.raises(IrclassifyError):
        classifier.predict(x, y)


def test_grid_vectors_are_taken_as_they_are(classifier: Classifier):
    from irclassify.model.preprocessing import to_grid

    spectrum = synthetic.spectrum(synthetic.ESTER)
    vector = to_grid(spectrum, classifier.spec.preprocessing)
    assert classifier.grid_cm1.shape == vector.shape
    ready = classifier.predict_grids(vector)
    found = classifier.predict(spectrum.wavenumber, spectrum.absorbance)
    assert (ready.probabilities == found.probabilities).all()
    with pytest.raises(IrclassifyError):
        classifier.predict_grids(vector[:-1])


@pytest.mark.parametrize("model", [TINY, "default", "rieger2023"])
@pytest.mark.parametrize(
    ("width", "phase"),
    [(None, None), (None, "condensed"), (50.0, None), (333.3, "gas"), (1e5, "condensed")],
)
def test_contributions_add_up_to_the_logits(model: str, width: float | None, phase: str | None):
    clf = irclassify.load(model)
    y = made(BATCH + 3)
    why = clf.contributions(X, y, width_cm1=width, phase=phase)
    logits = clf.predict(X, y, phase=phase).logits
    assert why.logits == pytest.approx(logits, abs=1e-5)
    assert why.bias + why.total.sum(axis=-1) == pytest.approx(logits, rel=1e-5, abs=1e-4)
    assert why.own.shape == (len(y), len(clf.groups), len(why.edges_cm1))
    between = why.pairs(2, "ester")
    ester = why.groups.index("ester")
    assert between.sum(axis=1) == pytest.approx(why.shared[2, ester], abs=1e-4)


def test_contributions_of_single_columns_are_those_of_explain(classifier: Classifier):
    why = classifier.contributions(X, made(3))
    expected = position_contributions(why.latent[1], classifier.spec.head)
    assert why.own[1] == pytest.approx(expected, abs=1e-5)


def test_regions_cover_the_axis_without_a_gap(classifier: Classifier):
    edges = classifier.contributions(X, made(1), width_cm1=100.0).edges_cm1
    assert edges[1:, 0] == pytest.approx(edges[:-1, 1])
    assert (np.diff(edges, axis=1) > 0).all()


def blas_threads() -> set[int]:
    return {each["num_threads"] for each in threadpool_info() if each["user_api"] == "blas"}


def test_linear_algebra_has_its_threads_back_when_the_last_caller_leaves():
    with threadpool_limits(limits=2, user_api="blas"):
        before = blas_threads()
        first, last = one_core_a_thread(), one_core_a_thread()
        first.__enter__()
        last.__enter__()
        assert blas_threads() <= {1}
        first.__exit__(None, None, None)
        assert blas_threads() <= {1}
        last.__exit__(None, None, None)
        assert blas_threads() == before


def test_threads_may_share_a_classifier(classifier: Classifier):
    pieces = [made(BATCH * 2 + 3, seed) for seed in range(8)]
    expected = [classifier.predict(X, y).probabilities for y in pieces]
    found: dict[int, np.ndarray] = {}

    def work(i: int) -> None:
        for _ in range(5):
            found[i] = classifier.predict(X, pieces[i]).probabilities

    threads = [threading.Thread(target=work, args=(i,)) for i in range(len(pieces))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for i, values in enumerate(expected):
        assert (found[i] == values).all()


def test_the_documented_example_runs_as_written():
    page = Path(__file__).parents[2] / "docs" / "reference" / "python.md"
    example = (
        page.read_text(encoding="utf-8").split("<!-- python -->\n```python\n")[1].split("```")[0]
    )
    names: dict[str, object] = {"wavenumbers": X, "absorbances": made(3)}
    exec(example, names)
    assert names["found"].ok.all()
