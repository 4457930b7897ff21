"""Ends that repeat one value were not measured; what digitising repeats was."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from irclassify.errors import UnfitSpectrumError
from irclassify.spectra.constant_ends import measured_part
from irclassify.spectra.spectrum import Measurement
from irclassify.spectra.units import to_spectrum

X = np.linspace(400.0, 4000.0, 1801)
Y = 0.05 + 0.8 * np.exp(-(((X - 1740) / 12) ** 2)) + 0.01 * np.sin(X / 40) + 1e-5 * X


@given(
    start=st.one_of(st.just(0), st.integers(11, 200)),
    stop=st.one_of(st.just(0), st.integers(11, 200)),
    value=st.sampled_from([-1.0, 0.8, 100.0]),
)
def test_exactly_what_was_filled_in_is_cut(start: int, stop: int, value: float):
    y = Y.copy()
    y[:start], y[y.size - stop :] = value, value
    assert measured_part(X, y) == slice(start, y.size - stop)


def test_an_end_that_repeats_the_last_measured_value_is_cut_with_it():
    y = Y.copy()
    y[:100] = y[100]
    assert measured_part(X, y) == slice(101, y.size)


@pytest.mark.parametrize("digits", [2, 3])
def test_digitised_spectra_are_left_alone(digits: int):
    y = np.round(100 * 10**-Y, digits - 2)
    assert measured_part(X, y) == slice(0, y.size)


def test_bands_without_light_do_not_hide_filled_ends():
    y = 10 ** -(Y * 4)
    y[600:760] = 0.0
    y[:60] = 0.0
    assert measured_part(X, y) == slice(60, y.size)


@pytest.mark.parametrize("points", [60, 200])
def test_a_baseline_that_is_computed_does_not_hide_ends_of_0_transmittance(points: int):
    """100 % over most of the range is a run of one value too, but not of the value at the end."""
    y = 100 * 10 ** -np.round(0.8 * np.exp(-(((X - 1740) / 12) ** 2)), 6)
    y[:points] = 0.0
    assert measured_part(X, y) == slice(points, y.size)


@pytest.mark.parametrize(("points", "cut"), [(30, 0), (54, 0), (60, 60), (200, 200)])
def test_a_value_near_the_baseline_is_cut_where_it_is_wide(points: int, cut: int):
    y = Y.copy()
    y[:points] = 0.03
    assert measured_part(X, y) == slice(cut, y.size)


def test_a_constant_spectrum_is_left_to_its_own_message():
    assert measured_part(X, np.full_like(X, 0.2)) == slice(0, X.size)


def test_the_user_is_told_what_was_cut():
    y = 100 * 10**-Y
    y[:150] = 0.0
    y[-50:] = 0.0
    spectrum = to_spectrum(Measurement(X, y, "x", "cm-1", "%T"))
    assert spectrum.wavenumber[0] == X[150]
    assert spectrum.wavenumber[-1] == X[-51]
    assert any(
        "400 to 700 cm-1 (all 0) and 3900 to 4000 cm-1 (all 0)" in warning
        for warning in spectrum.warnings
    )
    whole = to_spectrum(Measurement(X, 100 * 10**-Y, "x", "cm-1", "%T"))
    np.testing.assert_array_equal(spectrum.absorbance, whole.absorbance[150:-50])


@pytest.mark.parametrize("step", [20, X.size // 2, X.size - 20])
def test_two_constant_ends_that_meet_leave_nothing(step: int):
    y = np.where(np.arange(X.size) < step, 0.02, 0.7)
    with pytest.raises(UnfitSpectrumError, match="nothing was measured"):
        to_spectrum(Measurement(X, y, "text", "1/CM", "ABSORBANCE"))
