"""The domain detector's fit on a handful of made-up spectra, and how its limits are found."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from irclassify.model.domain import LOOKS_LIKE, RARITIES, Detector, pooled
from irclassify.spectra.spectrum import Spectrum
from train.domain import detector
from train.domain import measure as domain
from train.domain.corruptions import (
    KINDS,
    SYNTHETIC,
    WAVENUMBER,
    natively,
    on_grid,
    synthetic,
    vector,
)
from train.domain.detector import (
    cut,
    disturbed,
    features,
    fit,
    ladder,
    rounded,
    unlimited,
)
from train.domain.measure import Limits, Scores, surely_named
from train.domain.test_sets import HOW, _partners
from train.networks.pair import PairNetwork


def known(count: int) -> np.ndarray:
    """Spectra of a family: bands near 1000, 1700 and 2900 cm-1."""
    random = np.random.default_rng(0)
    places = random.normal([1000, 1700, 2900], 15, (count, 3))
    heights = random.uniform(0.3, 1, (count, 3))
    bands = np.exp(-(((WAVENUMBER - places[..., None]) / 25) ** 2)) * heights[..., None]
    spectra = bands.sum(1)
    return (spectra / spectra.max(1)[:, None]).astype(np.float32)


@pytest.fixture(scope="module")
def fitted():
    torch.manual_seed(0)
    bodies = [
        PairNetwork(17, first=8, width=8, channels=4, residuals=1, factors=5, dropout=0.2)
        .eval()
        .body
        for _ in range(2)
    ]
    vectors = known(240)
    phase = np.arange(240) % 3
    settings = {"disturbed": 80, "corrupted": 60, "directions": 8, "units": 8, "batch": 32}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in settings.items():
            patch.setitem(detector.OWN, name, value)
        arrays = fit(bodies, vectors, phase)
    return bodies, vectors, arrays


def test_a_fitted_detector_tells_known_from_spoiled(fitted):
    bodies, vectors, arrays = fitted
    found = unlimited(arrays)
    assert found.kinds == tuple(KINDS)
    strange, alike, kind, _ = found.scores(features(bodies, vectors))
    corrupted = on_grid(vectors[:40], np.random.default_rng(9))
    for name in ("noise", "transmittance", "mirror"):
        odd, odder, of_kind, _ = found.scores(features(bodies, corrupted[name]))
        assert np.median(odder) > np.quantile(alike, 0.95), name
        assert np.median(odd) > np.quantile(strange, 0.9), name
        assert of_kind.shape == kind[:40].shape


def test_what_is_stored_judges_as_what_was_fitted(fitted, tmp_path):
    bodies, vectors, arrays = fitted
    limits = {"strangeness": RARITIES, "likeness": RARITIES, "limits": np.array([1.0, 2.0])}
    np.savez_compressed(tmp_path / "domain.npz", **rounded(arrays | limits))
    with np.load(tmp_path / "domain.npz", allow_pickle=False) as stored:
        read = Detector.from_arrays({name: stored[name] for name in stored.files})
    here, there = (d.scores(features(bodies, vectors)) for d in (unlimited(arrays), read))
    assert here[0] == pytest.approx(there[0], rel=1e-5)
    assert here[1] == pytest.approx(there[1], abs=1e-4)


def test_features_are_the_pooled_latent_matrices_side_by_side(fitted):
    bodies, vectors, _ = fitted
    networks = [
        PairNetwork(17, first=8, width=8, channels=4, residuals=1, factors=5, dropout=0.2).eval()
        for _ in bodies
    ]
    for network, body in zip(networks, bodies, strict=True):
        network.body = body
    with torch.no_grad():
        both = torch.cat([n.latent(torch.from_numpy(vectors[:5])) for n in networks], 1)
    assert features(bodies, vectors[:5]) == pytest.approx(pooled(both.numpy()), abs=1e-6)


UNNAMED = np.ones((3, 20000))  # kinds, odds, and the share that was measured


def test_limits_flag_the_share_they_are_set_to():
    random = np.random.default_rng(1)
    own = Scores(random.normal(size=20000), random.lognormal(size=20000), *UNNAMED)
    limits = Limits.of(own)
    fresh = Scores(random.normal(size=20000), random.lognormal(size=20000), *UNNAMED)
    verdicts = limits.verdicts(fresh)
    assert (verdicts > 0).mean() == pytest.approx(domain.OWN["flagged"], abs=0.01)
    assert (verdicts > 1).mean() == pytest.approx(domain.OWN["outside"], abs=0.005)
    for flags in limits.flagged_alone(fresh):
        assert flags.mean() == pytest.approx(domain.OWN["flagged"], abs=0.01)


def test_the_stage_judges_as_the_tool_does(fitted):
    bodies, vectors, arrays = fitted
    found = unlimited(arrays)
    covered = np.linspace(0.3, 1, len(vectors))
    strange, alike, *named = found.scores(features(bodies, vectors))
    scores = Scores(strange.astype(float), alike.astype(float), *named, covered)
    limits = Limits.of(scores)
    stored = rounded(
        arrays
        | {
            "strangeness": limits.strangeness,
            "likeness": limits.likeness,
            "limits": np.array([limits.unusual, limits.outside]),
        }
    )
    with torch.no_grad():
        views = torch.from_numpy(vectors)
        latent = torch.cat([b(detector.two_views(views)) for b in bodies], 1).squeeze(2).numpy()
    said = [d.verdict for d in Detector.from_arrays(stored).judge(latent, covered)]
    words = np.array(["in_domain", "unusual", "outside"])[limits.verdicts(scores)]
    # A score on the very limit may fall to either side at single precision.
    assert np.mean(np.array(said) == words) > 0.98


def test_a_kind_is_named_only_from_where_it_is_right_nine_times_in_ten():
    random = np.random.default_rng(4)
    shift, raman = (list(LOOKS_LIKE).index(kind) for kind in ("shift", "raman"))

    def scores(count: int, kind: int, odds: float) -> Scores:
        drawn = random.normal(odds, 1, count)
        return Scores(np.zeros(count), np.ones(count), np.full(count, kind), drawn, np.ones(count))

    known = scores(400, raman, 0.0)
    folds = np.arange(400) % 5
    made = {"axis shifted by +200 cm-1": scores(400, shift, 3.0), "Raman": scores(200, raman, 1.0)}
    sets = {name: SimpleNamespace(folds=np.arange(len(own.odds)) % 5) for name, own in made.items()}
    sure, measured = surely_named(known, folds, made, sets, unusual=0.0)
    assert sure[shift] < 1
    assert measured["shift"]["right"] == measured["shift"]["named"] > 350
    assert sure[raman] > 1.5  # known spectra look like Raman spectra more often than Raman ones do


def test_a_ladder_is_exceeded_as_often_as_it_says():
    scores = np.random.default_rng(2).normal(size=100_000)
    levels = ladder(scores)
    assert (np.diff(levels) >= 0).all()
    assert (scores > levels[20]).mean() == pytest.approx(0.1, abs=0.002)


def test_partners_are_of_the_same_fold_and_phase():
    random = np.random.default_rng(3)
    folds, gas = random.integers(0, 5, 60), random.random(60) < 0.5
    for one, other in enumerate(_partners(folds, gas)):
        assert one != other
        assert (folds[one], gas[one]) == (folds[other], gas[other])


def test_a_disturbed_spectrum_is_finite_with_maximum_one_and_lies_near_its_own():
    vectors = known(50)
    spectra = disturbed(vectors)
    assert np.isfinite(spectra).all()
    assert spectra.max(1) == pytest.approx(np.ones(50))
    alike = [np.corrcoef(a, b)[0, 1] for a, b in zip(vectors, spectra, strict=True)]
    assert np.median(alike) > 0.8
    assert np.isfinite(disturbed(np.zeros_like(vectors))).all()


def test_a_range_is_cut_at_its_ends_only():
    vectors = known(50) + 0.01
    kept = cut(vectors, np.random.default_rng(4)) > 0
    assert kept[:, (WAVENUMBER > 851) & (WAVENUMBER < 3499)].all()
    assert 0.2 < (~kept[:, 0]).mean() < 0.8


def test_spoiling_natively_does_what_its_name_says():
    x = np.arange(450.0, 3950.0, 4.0)
    two = [Spectrum(x, np.exp(-(((x - p) / 20) ** 2)) + 0.01) for p in (1000.0, 1700.0)]
    made = dict(natively(two, [1, 0]))

    def strongest(name: str, i: int = 0) -> float:
        spectrum = made[name][i]
        return float(spectrum.wavenumber[spectrum.absorbance.argmax()])

    assert strongest("as measured") == pytest.approx(1000, abs=2)
    assert strongest("axis shifted by +200 cm-1") == pytest.approx(1200, abs=2)
    assert strongest("mirrored axis") == pytest.approx(450 + 3946 - 1000, abs=4)
    lowest = made["transmittance as absorbance"][0]
    assert lowest.wavenumber[lowest.absorbance.argmin()] == pytest.approx(1000, abs=2)
    both = made["sum of two molecules, 50:50"][0]
    at = np.interp([1000, 1700], both.wavenumber, both.absorbance)
    assert at[0] == pytest.approx(at[1], rel=0.02)
    assert made["only 1000 to 2000 cm-1"][0].wavenumber[[0, -1]].tolist() == [1002, 1998]


@pytest.mark.parametrize("kind", SYNTHETIC)
def test_synthetic_spectra_can_be_classified(kind: str):
    assert all(vector(s, HOW) is not None for s in synthetic(kind, 20))
