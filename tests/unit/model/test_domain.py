"""Is a spectrum something the model was trained for?"""

from __future__ import annotations

import numpy as np
import pytest
from command_line import TINY
from detectors import ALWAYS, NEVER, add_to, arrays
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays as any_array

from irclassify.classifier import Classifier
from irclassify.errors import ModelError, UnfitSpectrumError
from irclassify.model.domain import BLOCKS, Detector, covered_share, pooled, spectrum_share
from irclassify.model.folder import DEFAULT_MODEL, find_model, load_spec
from irclassify.model.preprocessing import Grid, to_grid
from irclassify.model.session import Model
from irclassify.spectra.spectrum import Spectrum

DEFAULT = find_model(DEFAULT_MODEL)
FULL = np.ones(1)


@pytest.fixture(scope="module")
def verdict():
    """(wavenumber, absorbance) -> the default model's Domain."""
    model, how = Model(DEFAULT), DEFAULT.preprocessing

    def judge(x, y):
        spectrum = Spectrum(x, y)
        _, latent = model.run(to_grid(spectrum, how)[None])
        (found,) = DEFAULT.detector.judge(latent, np.array([spectrum_share(spectrum, how.grid)]))
        return found

    return judge


X = np.arange(450.0, 3950.0, 2.0)


def bands(*places, width=12.0):
    return sum(h * np.exp(-(((X - p) / width) ** 2)) for p, h in places) + 0.001


ACETATE = bands((1765, 1), (1235, 0.95), (1050, 0.3), (1375, 0.25), (2985, 0.15), (1460, 0.06))


@pytest.mark.parametrize(
    ("name", "y"),
    [
        ("white noise", np.random.default_rng(0).random(X.size)),
        ("a slope", X / 1000),
        ("transmittance", 10**-ACETATE),
        ("mirrored", ACETATE[::-1]),
        ("a hump", np.exp(-(((X - 2500) / 800) ** 2))),
    ],
)
def test_the_default_model_knows_what_is_outside(verdict, name, y):
    found = verdict(X, y)
    assert found.verdict == "outside", name
    assert found.reasons


def test_part_of_a_range_is_said_to_be_one(verdict):
    inside = (X > 1000) & (X < 2000)
    found = verdict(X[inside], ACETATE[inside])
    assert found.verdict == "outside"
    assert found.reasons[0] == "only 29% of the model's wavenumber range was measured"


@given(st.floats(1e-6, 1e6))
def test_the_verdict_does_not_depend_on_the_scale_of_the_absorbance(verdict, scale):
    assert verdict(X, scale * ACETATE) == verdict(X, ACETATE)


@given(any_array(np.float64, 40, elements=st.floats(-1e300, 1e300)))
def test_no_finite_spectrum_raises(verdict, y):
    x = np.linspace(450, 3950, y.size)
    try:
        found = verdict(x, y)
    except UnfitSpectrumError:
        return
    assert found.verdict in ("in_domain", "unusual", "outside")
    assert (found.verdict == "in_domain") == (not found.reasons)


@given(
    any_array(np.float32, (3, 2, 50), elements=st.floats(width=32)),
    any_array(np.float64, 3, elements=st.floats(0, 1)),
)
def test_no_latent_matrix_raises(latent, covered):
    with np.errstate(all="ignore"):
        found = Detector.from_arrays(arrays(2, (1.0, 2.0))).judge(latent, covered)
    assert all((d.verdict == "in_domain") == (not d.reasons) for d in found)


def test_a_spectrum_is_judged_alone():
    latent = np.random.default_rng(1).random((5, 2, 60), np.float32)
    judge = Detector.from_arrays(arrays(2, (1.0, 2.0))).judge
    together = judge(latent, np.ones(5))
    assert together == [judge(one[None], FULL)[0] for one in latent]


def test_limits_decide():
    latent = np.random.default_rng(1).random((1, 2, 60), np.float32)
    verdicts = [
        Detector.from_arrays(arrays(2, limits)).judge(latent, FULL)[0].verdict
        for limits in ((NEVER, NEVER), (ALWAYS, NEVER), (ALWAYS, ALWAYS))
    ]
    assert verdicts == ["in_domain", "unusual", "outside"]


@pytest.mark.parametrize(
    ("rarity", "words"),
    [(0.0, "1 in 1 "), (1.31, "1 in 20 "), (2.4, "1 in 300 "), (3.5, "fewer than 1 in 3000 ")],
)
def test_rarity_in_words(rarity, words):
    found = Detector.from_arrays(arrays(1, (0.0, 9.0)))._verdict(rarity, -1.0, 0, 1.0)
    assert words in found.reasons[0]


def test_a_kind_that_is_not_sure_enough_is_not_named():
    latent = np.random.default_rng(1).random((1, 2, 60), np.float32)
    stored = arrays(2, (ALWAYS, NEVER))
    for sure, told in ((-np.inf, False), (np.inf, True)):
        (found,) = Detector.from_arrays(stored | {"sure": np.full(2, sure)}).judge(latent, FULL)
        assert ("unlike the known spectra" in found.reasons) == told


def test_pooled_is_the_mean_of_each_stretch():
    latent = np.random.default_rng(2).random((3, 4, 205), np.float32)
    fast = pooled(latent).reshape(3, 4, BLOCKS)
    sizes = np.bincount(np.arange(205) * BLOCKS // 205)
    assert (fast * sizes).sum(2) == pytest.approx(latent.sum(2), rel=1e-4)
    assert fast[..., 0] == pytest.approx(latent[..., : sizes[0]].mean(2), rel=1e-5)


def test_a_strangeness_of_principal_directions_is_none():
    stored = arrays(1, (1.0, 2.0))
    inside = stored["mean"][0] + 5 * stored["basis"][0][:, 0]
    strange, *_ = Detector.from_arrays(stored).scores(inside[None].astype(np.float32))
    assert strange[0] == pytest.approx(0, abs=1e-4)


def test_covered_share():
    grid = Grid(500.0, 3900.0, 850)

    def share(*ends):
        share = spectrum_share(Spectrum(np.array(ends), np.ones(2)), grid)
        assert share == covered_share(*ends, grid)
        return share

    assert share(400.0, 4000.0) == 1
    assert share(500.0, 2200.0) == pytest.approx(0.5)
    assert share(4000.0, 5000.0) == 0


def test_the_library_judges_each_row_and_none_that_has_no_answer(verdict):
    rows = np.stack([ACETATE, np.full_like(X, np.nan), ACETATE[::-1]])
    found = Classifier(DEFAULT, threads=1).predict(X, rows).domains
    assert found[0] == verdict(X, ACETATE)
    assert found[1] is None
    assert found[2].verdict == "outside"
    assert Classifier(load_spec(TINY), threads=1).predict(X, rows).domains == (None, None, None)


def test_a_model_may_have_no_detector(tmp_path):
    assert load_spec(TINY).detector is None
    with_one = load_spec(add_to(TINY, tmp_path / "with", (1.0, 2.0)))
    assert with_one.detector.limits == (1.0, 2.0)


def test_a_broken_detector_is_a_model_error(tmp_path):
    folder = add_to(TINY, tmp_path / "broken", (1.0, 2.0))
    (folder / "domain.npz").write_bytes(b"no arrays")
    with pytest.raises(ModelError, match=r"domain\.npz"):
        _ = load_spec(folder).detector
    np.savez(folder / "domain.npz", mean=np.zeros(3))
    with pytest.raises(ModelError, match=r"domain\.npz"):
        _ = load_spec(folder).detector
