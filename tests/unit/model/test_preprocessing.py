"""Many spectra on one axis at once are what each is alone, and what a slow twin makes of it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from irclassify.errors import IrclassifyError, UnfitSpectrumError
from irclassify.model.preprocessing import Axis, Grid, Preprocessing, to_grid
from irclassify.spectra.spectrum import Spectrum
from irclassify.spectra.units import settle_axis

GRID = Grid(500.0, 3900.0, 850)


def slow_twin(x: np.ndarray, y: np.ndarray, how: Preprocessing) -> np.ndarray:
    """The preprocessing by its definition, point by point."""
    grid = how.grid.wavenumber
    width = how.grid.spacing_cm1
    averaged = how.average_bins and (x[-1] - x[0]) / (x.size - 1) <= width / 2
    values = np.zeros(grid.size)
    inside = (grid >= x[0]) & (grid <= x[-1])
    for i in np.flatnonzero(inside):
        if averaged:
            low, high = max(grid[i] - width / 2, x[0]), min(grid[i] + width / 2, x[-1])
            knots = np.unique(np.concatenate([[low, high], x[(x > low) & (x < high)]]))
            heights = np.interp(knots, x, y)
            values[i] = np.trapezoid(heights, knots) / (high - low)
        else:
            values[i] = np.interp(grid[i], x, y)
    if how.baseline_percentile is not None and inside.any():
        values[inside] -= np.percentile(values[inside], how.baseline_percentile)
    return values / values.max()


axes = st.builds(
    lambda first, last, points, seed, even: (
        np.linspace(first, last, points)
        if even
        else first
        + (last - first)
        * np.sort(np.append([0, 1], np.random.default_rng(seed).random(points - 2)))
    ),
    st.floats(300, 1100),
    st.floats(1900, 4500),
    st.integers(60, 5000),
    st.integers(0, 99),
    st.booleans(),
)
hows = st.builds(Preprocessing, st.just(GRID), st.sampled_from([None, 2.0]), st.booleans())


@settings(max_examples=60, deadline=None)
@given(axes, hows, st.integers(0, 2**32 - 1))
def test_rows_are_what_each_is_alone(x, how, seed):
    x = np.unique(x)
    y = np.random.default_rng(seed).random((5, x.size)) ** 4
    grids, faults = Axis(x, how).to_grids(y)
    assert not faults.any()
    for vector, row in zip(grids, y, strict=True):
        assert (vector == to_grid(Spectrum(x, row), how)).all()
    assert grids[0] == pytest.approx(slow_twin(x, y[0], how), abs=1e-5)


def test_a_grid_that_was_measured_is_taken_as_it_is():
    y = np.random.default_rng(0).random((3, 850)).astype(np.float32)
    grids, _ = Axis(GRID.wavenumber, Preprocessing(GRID)).to_grids(y)
    assert (grids == y / y.max(axis=1, keepdims=True)).all()
    precise, _ = Axis(GRID.wavenumber, Preprocessing(GRID)).to_grids(y.astype(float))
    assert (grids == precise).all()


def test_a_bad_row_is_a_number_and_leaves_the_others_alone():
    x = np.linspace(600, 3800, 1601)
    y = np.random.default_rng(0).random((4, 1601))
    whole, _ = Axis(x, Preprocessing(GRID)).to_grids(y)
    y[1] = -1.0
    y[2] = np.where(np.arange(1601) > 800, 1e-30, -1e30)
    grids, faults = Axis(x, Preprocessing(GRID)).to_grids(y)
    assert faults.tolist() == [0, 1, 2, 0]
    assert (grids[[0, 3]] == whole[[0, 3]]).all()
    assert not grids[[1, 2]].any()
    for row in (1, 2):
        with pytest.raises(UnfitSpectrumError):
            to_grid(Spectrum(x, y[row]), Preprocessing(GRID))


@settings(max_examples=50, deadline=None)
@given(st.permutations(range(60)))
def test_an_axis_may_come_in_any_order(order):
    x = np.linspace(600.0, 3800.0, 60)
    wavenumber, index, _ = settle_axis(x[list(order)], told="cm-1")
    assert (wavenumber == x).all()
    assert (x[list(order)][index] == x).all()


@pytest.mark.parametrize(
    "x",
    [
        np.linspace(600, 3800, 20),
        np.linspace(2000, 3800, 500),
        np.append(np.linspace(600, 3800, 500), 600.0),
        np.append(np.linspace(600, 3800, 500), np.nan),
        np.zeros((3, 500)),
        np.array([]),
    ],
)
def test_an_axis_of_no_infrared_spectrum_is_refused(x):
    with pytest.raises(IrclassifyError):
        settle_axis(x, told="cm-1")
