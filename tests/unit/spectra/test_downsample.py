"""A trace is short and loses no band."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from irclassify.spectra.downsample import trace
from irclassify.spectra.spectrum import Spectrum


def test_a_short_spectrum_is_drawn_as_it_is():
    x, y = np.arange(400.0, 1400.0), np.linspace(0, 1, 1000)
    drawn = trace(Spectrum(x, y))
    assert drawn.wavenumber_cm1 == tuple(x)
    assert drawn.absorbance == tuple(y)


@given(seed=st.integers(0, 2**32 - 1), size=st.integers(2, 4000), points=st.integers(4, 1500))
@settings(max_examples=60, deadline=None)
def test_few_points_all_of_them_measured_and_each_stretch_keeps_its_extremes(seed, size, points):
    rng = np.random.default_rng(seed)
    x = np.cumsum(rng.uniform(0.01, 5.0, size)) + 400
    y = rng.normal(size=size).round(1)  # with ties
    drawn = trace(Spectrum(x, y), points)
    assert len(drawn.wavenumber_cm1) <= max(points, 2)
    assert (np.diff(drawn.wavenumber_cm1) > 0).all()
    assert (drawn.wavenumber_cm1[0], drawn.wavenumber_cm1[-1]) == (x[0], x[-1])
    measured = dict(zip(x.tolist(), y.tolist(), strict=True))
    for at, value in zip(drawn.wavenumber_cm1, drawn.absorbance, strict=True):
        assert measured[at] == value
    assert (max(drawn.absorbance), min(drawn.absorbance)) == (y.max(), y.min())


def test_the_narrowest_band_keeps_its_height_and_place():
    x = np.arange(400.0, 4000.0, 0.1)
    y = np.zeros_like(x)
    y[12345] = 0.7
    drawn = trace(Spectrum(x, y))
    at = drawn.absorbance.index(0.7)
    assert drawn.wavenumber_cm1[at] == pytest.approx(x[12345])
