"""Maxima, widths and curvature are those of scipy, to the last bit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.ndimage import gaussian_filter1d
from scipy.signal import find_peaks, peak_widths

from irclassify.explain.extrema import curvature, find_maxima, half_widths

# Few different values make flat tops and equal heights; noise makes many small maxima.
flat = arrays(np.float64, st.integers(3, 60), elements=st.integers(0, 4).map(float))
rough = arrays(np.float64, st.integers(3, 200), elements=st.floats(-1, 1))


@given(flat | rough, st.sampled_from([1e-300, 0.3, 1.0]))
def test_maxima_and_widths_are_those_of_scipy(y, least):
    expected, about = find_peaks(y, prominence=least)
    found = find_maxima(y, least)
    assert np.array_equal(found.at, expected)
    assert np.array_equal(found.prominence, about["prominences"])
    assert np.array_equal(found.left, about["left_bases"])
    assert np.array_equal(found.right, about["right_bases"])
    bases = tuple(about[name] for name in ("prominences", "left_bases", "right_bases"))
    widths = peak_widths(y, expected, rel_height=0.5, prominence_data=bases)[0]
    assert np.array_equal(half_widths(y, found), widths)


@pytest.mark.parametrize("sigma", [0.4, 1.3, 5.1])
def test_curvature_is_that_of_scipy(sigma):
    y = np.random.default_rng(0).random(300).cumsum()
    expected = gaussian_filter1d(y, sigma, order=2)
    assert np.abs(curvature(y, sigma) - expected).max() <= 1e-15 * np.abs(y).max() / sigma**2
