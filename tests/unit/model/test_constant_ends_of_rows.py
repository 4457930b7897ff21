"""Rows of a table whose ends were not measured: cut as those of a file are."""

from __future__ import annotations

import numpy as np
import pytest
from command_line import TINY
from hypothesis import given, settings
from hypothesis import strategies as st

from irclassify.classifier import Classifier
from irclassify.model.folder import ModelSpec, load_spec
from irclassify.model.preprocessing import to_grid
from irclassify.model.shared_axis import FAULT_CODES, Columns
from irclassify.spectra.spectrum import Measurement
from irclassify.spectra.units import to_spectrum

X = np.linspace(4000.0, 400.0, 1801)
BANDS = 0.02 + np.exp(-(((X - 1715) / 40) ** 2)) + 0.4 * np.exp(-(((X - 2950) / 60) ** 2))
BANDS += 1e-3 * np.sin(X)


@pytest.fixture(scope="module")
def spec() -> ModelSpec:
    return load_spec(TINY)


@settings(max_examples=25, deadline=None)
@given(
    low=st.integers(0, 390), high=st.integers(0, 900), value=st.sampled_from([0.0, 1e-3, 4.0, 0.5])
)
@pytest.mark.parametrize("unit", ["absorbance", "percent transmittance"])
def test_a_row_is_cut_as_a_file_is(spec: ModelSpec, unit: str, low: int, high: int, value: float):
    y = BANDS if unit == "absorbance" else 100 * 10**-BANDS
    y = y.copy()
    y[:high], y[X.size - low :] = value, value
    columns = Columns(X, spec.preprocessing, x_unit="cm-1", y_unit=unit)
    grids, faults = columns(y[None])
    alone = to_spectrum(Measurement(X, y, "csv", "1/CM", unit))
    assert faults.tolist() == [0]
    np.testing.assert_allclose(grids[0], to_grid(alone, spec.preprocessing), atol=1e-6)
    notes = [note for note in alone.warnings if note.startswith("not measured")]
    assert list(columns.cut(y[None]).values()) == notes


def test_what_is_left_too_narrow_is_a_fault_and_the_other_rows_stay(spec: ModelSpec):
    rows = np.vstack([BANDS, BANDS, BANDS, BANDS])
    rows[1, X < 1700] = 4.0
    rows[2, X > 3300] = 0.0
    rows[3, X < 2000], rows[3, X >= 2000] = 0.5, 1.0
    columns = Columns(X, spec.preprocessing, x_unit="cm-1")
    found = Classifier(spec).predict_rows(rows, columns)
    assert [FAULT_CODES[fault] for fault in columns(rows)[1]] == ["", "unfit", "", "unfit"]
    assert found.ok.tolist() == [True, False, True, False]
    assert "ends repeat one value" in found.message(1)
    assert columns.covered(rows)[2] < columns.covered(rows)[0]
    assert list(columns.cut(rows)) == [2]


def test_a_computed_band_on_a_baseline_of_zero_is_a_row_like_any_other(spec: ModelSpec):
    band = np.exp(-(((X - 1715) / 12) ** 2))[None]
    columns = Columns(X, spec.preprocessing, x_unit="cm-1")
    assert columns(band)[1].tolist() == [0]
    assert columns.cut(band) == {}


@pytest.mark.filterwarnings("error")
def test_rows_of_half_precision_are_read_without_a_remark(spec: ModelSpec):
    columns = Columns(X, spec.preprocessing, x_unit="cm-1")
    assert columns(BANDS.astype(np.float16)[None])[1].tolist() == [0]
