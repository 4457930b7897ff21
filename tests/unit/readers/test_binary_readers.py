"""OPUS, OMNIC, SPC, PerkinElmer and Agilent files made here come back; damaged ones are refused."""

from __future__ import annotations

import numpy as np
import pytest
import seeds

from irclassify.errors import IrclassifyError
from irclassify.readers import read_spectra, read_spectrum


@pytest.mark.parametrize("name", seeds.SEEDS)
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
        (b"L~S \x01\x00\x01\x83SPECMAN", "x.jws", "unsupported_format", "JASCO"),
        (b"WDF1" + bytes(500), "x.wdf", "unsupported_format", "WiRE"),
        (b"PEPEDataSet - 4DConst3DInterval", "x.fsm", "unsupported_format", "Spectrum Image"),
        (bytes(range(256)), "x.dmt", "unsupported_format", "Resolutions Pro"),
        (bytes(range(256)), "x.bin", "unknown_format", "binary"),
        (b"PK\x03\x04" + bytes(100), "x.xlsx", "unknown_format", "CSV"),
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
