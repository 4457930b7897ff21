"""Measured bands: where they were put, how wide they were made, and no noise among them."""

from __future__ import annotations

import numpy as np
import pytest
import synthetic
from hypothesis import given, settings
from hypothesis import strategies as st

from irclassify.explain.peaks import measured_bands
from irclassify.spectra.spectrum import Spectrum

FULL_WIDTH = 2 * np.sqrt(np.log(2))  # of synthetic's Gaussians, in units of their width


def sampled(
    at: np.ndarray, *bands: tuple[float, float, float], noise: float = 0.0, floor: float = 0.0
) -> Spectrum:
    """Gaussian bands (cm-1, height, width) at any wavenumbers, with noise and a baseline."""
    y = sum(h * np.exp(-(((at - c) / w) ** 2)) for c, h, w in bands) + floor
    return Spectrum(at, y + np.random.default_rng(0).normal(0, noise, at.size) if noise else y)


AXES = {
    "fine": np.arange(500, 3900, 0.5),
    "ordinary": np.arange(500, 3900, 2.0),
    "coarse": np.arange(500, 3900, 4.0),
    "micrometres": np.sort(1e4 / np.arange(2.6, 20, 0.01)),
}


@given(
    axis=st.sampled_from(sorted(AXES)),
    centre=st.floats(700, 1900),
    width=st.floats(15, 80),
    height=st.floats(0.01, 3),
    floor=st.floats(0, 0.5),
)
@settings(max_examples=60, deadline=None)
def test_a_band_is_found_where_it_is_on_any_axis(axis, centre, width, height, floor):
    (band,) = measured_bands(sampled(AXES[axis], (centre, height, width), floor=floor))
    assert band.cm1 == pytest.approx(centre, abs=4)
    assert band.width_cm1 == pytest.approx(FULL_WIDTH * width, rel=0.1, abs=4)
    assert band.absorbance == pytest.approx(floor + height, rel=0.05)
    assert band.prominence == pytest.approx(height, rel=0.05)


@given(seed=st.integers(0, 1000), noise=st.floats(1e-4, 0.02))
@settings(max_examples=30, deadline=None)
def test_noise_is_no_band(seed, noise):
    x = AXES["ordinary"]
    y = np.exp(-(((x - 1700) / 20) ** 2)) + np.random.default_rng(seed).normal(0, noise, x.size)
    bands = measured_bands(Spectrum(x, y))
    strongest = max(bands, key=lambda band: band.prominence)
    assert strongest.cm1 == pytest.approx(1700, abs=8)
    assert len(bands) <= 20  # 1700 points: chance maxima that reach five times the noise are rare


def test_a_shoulder_without_a_maximum_is_not_a_band_and_a_weak_band_is():
    both = sampled(AXES["ordinary"], (1700, 1, 30), (1740, 0.3, 30), (2230, 0.02, 10))
    assert [round(band.cm1, -1) for band in measured_bands(both)] == [1700, 2230]


def test_a_spectrum_without_bands_has_none():
    assert measured_bands(Spectrum(np.array([1.0, 2.0]), np.array([0.0, 1.0]))) == ()
    assert measured_bands(Spectrum(AXES["coarse"], np.zeros(850))) == ()
    assert measured_bands(Spectrum(AXES["coarse"], AXES["coarse"] / 1e4)) == ()


def test_bands_ascend():
    bands = measured_bands(synthetic.spectrum(synthetic.ESTER))
    assert [round(band.cm1, -1) for band in bands] == [1240, 1750, 2960]
