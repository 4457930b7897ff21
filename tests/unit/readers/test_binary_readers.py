"""OPUS, OMNIC, SPC, PerkinElmer and Agilent files made here come back; damaged ones are refused."""

from __future__ import annotations

import numpy as np
import pytest
import seeds

from irclassify.errors import IrclassifyError
from irclassify.readers import read_spectra, read_spectrum


@pytest.mark.parametrize("name", sorted(seeds.SEEDS.keys() - {"xyxy.spc"}))  # has several axes
def test_every_format_comes_back(name: str):
    for found in read_spectra(seeds.SEEDS[name], name):
        if isinstance(found, IrclassifyError):
            raise found
        np.testing.assert_allclose(found.wavenumber, seeds.X[::-1], atol=1e-3)
        np.testing.assert_allclose(found.absorbance, seeds.Y[::-1], atol=6e-4)


@pytest.mark.parametrize(
    ("name", "count", "form", "title"),
    [
        ("film.0", 1, "Bruker OPUS", "made up"),
        ("one.spa", 1, "Thermo OMNIC", "number 0"),
        ("group.spg", 3, "Thermo OMNIC", "number 0"),
        ("multi.spc", 3, "Galactic SPC", "made up"),
        ("old.spc", 1, "Galactic SPC", "made up"),
        ("one.sp", 1, "PerkinElmer SP", "made up"),
        ("link.jdx", 2, "JCAMP-DX", "made by the tests"),
    ],
)
def test_format_title_and_number_of_spectra(name: str, count: int, form: str, title: str):
    """The name tells nothing: content is enough."""
    found = read_spectra(seeds.SEEDS[name], "")
    assert len(found) == count
    assert (found[0].format, found[0].title) == (form, title)  # type: ignore[union-attr]


@pytest.mark.parametrize("code", [15, 22, 26, 31])
def test_omnic_single_beams_interferograms_and_raman_are_refused(code: int):
    with pytest.raises(IrclassifyError) as error:
        read_spectrum(seeds.omnic(y_code=code))
    assert error.value.code == "not_infrared"


@pytest.mark.parametrize(("code", "unit"), [(17, "absorbance"), (12, "absorbance")])
def test_omnic_quantities(code: int, unit: str):
    assert read_spectrum(seeds.omnic(y_code=code)).y_unit == unit


@pytest.mark.parametrize("kind", [1, 2, 3, 10, 11])
def test_opus_without_a_result_is_refused(kind: int):
    with pytest.raises(IrclassifyError, match="no absorbance or transmittance") as error:
        read_spectrum(seeds.opus(kind=kind))
    assert error.value.code == "not_infrared"


def test_opus_transmittance():
    found = read_spectrum(seeds.opus(10**-seeds.Y, kind=5))
    assert found.y_unit == "transmittance"
    np.testing.assert_allclose(found.absorbance, seeds.Y[::-1], atol=1e-5)


@pytest.mark.parametrize("name", ["film.0", "one.spa", "float.spc", "one.sp", "one.asp"])
def test_a_file_cut_off_is_refused(name: str):
    data = seeds.SEEDS[name]
    with pytest.raises(IrclassifyError, match=r"cut off|follow|point"):
        read_spectrum(data[: len(data) * 2 // 3], name)


@pytest.mark.parametrize(
    ("data", "name", "code", "said"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "x.jws", "unsupported_format", "JASCO"),
        (b"L~S \x01\x00\x01\x83SPEC9".ljust(800, b"\0"), "x", "unsupported_format", "JASCO"),
        (b"L~S \x01\x00\x01\x83SPECMAN", "x.jws", "malformed", "JASCO"),
        (b"WDF1" + bytes(500), "x.wdf", "unsupported_format", "WiRE"),
        (b"PEPEDataSet - 4DConst3DInterval", "x.fsm", "unsupported_format", "Spectrum Image"),
        (bytes(range(256)), "x.dmt", "unsupported_format", "Resolutions Pro"),
        (bytes(range(256)), "x.bin", "unknown_format", "binary"),
        (b"PK\x03\x04" + bytes(100), "x.bin", "unknown_format", "archive"),
        (b"%PDF-1.7", "x.pdf", "unknown_format", "PDF"),
        (b"\x89PNG\r\n", "x.png", "unknown_format", "picture"),
        (b"<!DOCTYPE html><html>", "x.jdx", "unknown_format", "web page"),
        (b"", "x.jdx", "no_data", "empty"),
    ],
)
def test_what_is_not_read_is_named(data: bytes, name: str, code: str, said: str):
    with pytest.raises(IrclassifyError, match=said) as error:
        read_spectra(data, name)
    assert error.value.code == code


@pytest.mark.parametrize("directory", [True, False])
@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("exponent", [-128, 2])
def test_spc_with_an_x_axis_for_each_sub_file(directory: bool, order: str, exponent: int):
    """Laid out as in SPC.H: sub-header with its count of points, X as floats, then Y."""
    data = seeds.spc_xyxy(directory=directory, order=order, exponent=exponent)
    whole, coarse = read_spectra(data)
    np.testing.assert_allclose(whole.wavenumber, seeds.X[::-1], atol=1e-3)  # type: ignore[union-attr]
    np.testing.assert_allclose(coarse.wavenumber, seeds.X[::2][::-1], atol=1e-3)  # type: ignore[union-attr]
    np.testing.assert_allclose(coarse.absorbance, seeds.Y[::2][::-1], atol=1e-6)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "data", [seeds.jasco_flat(), seeds.jasco_ole(), seeds.jasco_ole(own_x=True)]
)
def test_jasco_binary_files_are_read_whatever_they_are_called(data: bytes):
    found = read_spectrum(data, "sample.bin")
    assert (found.format, found.title, found.y_unit) == ("JASCO", "made up", "absorbance")
    np.testing.assert_allclose(found.absorbance, seeds.Y[::-1], atol=1e-6)


def test_jasco_transmittance_is_percent_even_where_the_sample_is_dark():
    """A reading as fraction would be another spectrum; JASCO's programs write percent."""
    percent = 100 * 10.0 ** -(seeds.Y + 1)
    for make in (seeds.jasco_flat, seeds.jasco_ole):
        found = read_spectrum(make(percent, y_code=0))
        assert found.y_unit == "percent transmittance"
        np.testing.assert_allclose(found.absorbance, seeds.Y[::-1] + 1, atol=1e-5)


@pytest.mark.parametrize("code", [8, 9, 10, 14])
def test_jasco_single_beams_are_refused(code: int):
    for make in (seeds.jasco_flat, seeds.jasco_ole):
        with pytest.raises(IrclassifyError) as error:
            read_spectrum(make(y_code=code))
        assert error.value.code == "not_infrared"


def test_jasco_files_that_lost_their_end_are_refused():
    for data in (seeds.jasco_flat()[:-40], seeds.jasco_ole()[:-600]):
        with pytest.raises(IrclassifyError) as error:
            read_spectrum(data)
        assert error.value.code == "malformed"


@pytest.mark.parametrize(
    ("start", "name", "said"),
    [
        (b"Spectral Exte File", "run.srs", "a Thermo OMNIC series"),
        (b"MATLAB 5.0 MAT-file", "x.mat", "a MATLAB .mat file"),
        (b"Spectral Exte File", "area.map", "a Thermo OMNIC map"),
        (seeds.ole({"Workbook": bytes(100)}), "data.bin", "an old Excel workbook"),
        (seeds.ole({"Contents": bytes(100)}), "uv.spc", "a Shimadzu .spc file"),
        (seeds.ole({"Contents": bytes(100)}), "book.jwb", "a JASCO book of spectra"),
        (seeds.ole({"Contents": bytes(100)}), "x", "an OLE container"),
    ],
)
def test_what_is_not_read_is_called_by_its_name(start: bytes, name: str, said: str):
    with pytest.raises(IrclassifyError, match=said) as error:
        read_spectrum(start.ljust(600_000, b"\x01"), name)
    assert error.value.code == "unsupported_format"
    assert "save it as" in str(error.value)


def test_an_ole_stream_that_states_more_than_the_file_holds_is_refused_at_once():
    """olefile would follow its chain 10^16 times (found by fuzzing)."""
    data = bytearray(seeds.jasco_ole())
    name = "Y-Data\0".encode("utf-16-le")
    at = data.index(name) + 120
    data[at : at + 8] = (2**62).to_bytes(8, "little")
    with pytest.raises(IrclassifyError) as error:
        read_spectrum(bytes(data))
    assert error.value.code == "malformed"
