"""What inspect says, and that a converted spectrum is the same spectrum."""

from __future__ import annotations

import numpy as np
import pytest
import seeds
import synthetic
from hypothesis import given
from hypothesis import strategies as st

from irclassify.batch.inspection import inspect_source
from irclassify.options import ReadOptions
from irclassify.readers import read_spectrum
from irclassify.reports.json import record_of
from irclassify.reports.terminal.charts import plot
from irclassify.results.inspection import Inspection
from irclassify.results.prediction import Failed
from irclassify.sources.paths import Source
from irclassify.spectra.export import to_csv, to_jdx
from irclassify.spectra.spectrum import Spectrum

KEYS = ["file", "ok", "format", "title", "state", "n_points", "first_cm1", "last_cm1", "x_unit"]
KEYS += ["y_unit", "spacing_cm1", "max_absorbance", "grade", "warnings"]


def test_the_record_has_the_promised_keys():
    (row,) = inspect_source(Source("k.jdx", "k.jdx", data=synthetic.jdx(synthetic.KETONE).encode()))
    assert isinstance(row, Inspection)
    record = record_of(row)
    assert list(record) == KEYS
    assert (record["n_points"], record["first_cm1"], record["last_cm1"]) == (1601, 600.0, 3800.0)
    assert (record["spacing_cm1"], record["grade"], record["warnings"]) == (2.0, "A", [])
    assert len(row.profile) == 144
    assert (min(row.profile), max(row.profile)) == (0.0, 1.0)


def test_rows_of_several_spectra_and_of_failures():
    assert [row.file for row in inspect_source(Source("l.jdx", "l.jdx", data=seeds.link()))] == [
        "l.jdx#1",
        "l.jdx#2",
    ]
    (row,) = inspect_source(Source("l.jdx", "l.jdx", data=seeds.link()), ReadOptions(block=2))
    assert row.file == "l.jdx#2"
    (row,) = inspect_source(Source("e.jdx", "e.jdx", data=b""))
    assert row == Failed("e.jdx", "no_data", "the file is empty; get the spectrum itself")


@given(
    st.lists(st.floats(0.001, 5), min_size=90, max_size=120, unique=True),
    st.floats(1, 1.3),
    st.sampled_from((to_csv, to_jdx)),
)
def test_a_converted_spectrum_reads_back_the_same(values: list[float], bend: float, convert):
    x = 400 + 3600 * np.linspace(0, 1, len(values)) ** bend
    spectrum = Spectrum(x, np.array(values), title="a $$ b ## c\nd", header={"OWNER": "me\n##END="})
    found = read_spectrum(convert(spectrum).encode())
    np.testing.assert_array_equal(found.absorbance, spectrum.absorbance)
    np.testing.assert_allclose(found.wavenumber, x, rtol=1e-12)


@pytest.mark.parametrize("name", ["film.0", "one.spa", "float.spc", "one.sp", "difdup.jdx"])
def test_jcamp_of_every_format_reads_back_the_same(name: str):
    spectrum = read_spectrum(seeds.SEEDS[name], name)
    text = to_jdx(spectrum)
    assert max(map(len, text.splitlines())) <= 110
    found = read_spectrum(text.encode())
    assert not [w for w in found.warnings if w not in spectrum.warnings]
    np.testing.assert_array_equal(found.absorbance, spectrum.absorbance)
    np.testing.assert_allclose(found.wavenumber, spectrum.wavenumber, rtol=1e-9)


def test_owner_and_origin_of_the_data_are_kept():
    spectrum = Spectrum(
        np.arange(400.0, 4000.0, 10), np.arange(360.0), header={"OWNER": "A. Owner", "X": "y"}
    )
    assert "##OWNER=A. Owner\n" in to_jdx(spectrum)


def test_plots_lose_no_band():
    values = [0.0] * 100
    values[50] = 1.0
    lines = plot(values, 20, 3)
    assert [len(line) for line in lines] == [20] * 3
    assert all("█" in line for line in lines)
    assert plot([0.5] * 10, 5, 2) == ["     ", "█████"]
