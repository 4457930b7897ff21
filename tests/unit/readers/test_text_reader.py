"""Columns of numbers as programs export them, and as people save them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from irclassify.errors import IrclassifyError
from irclassify.readers import read_measurements, read_spectra, read_spectrum

X = np.linspace(4000, 400, 901)
Y = 0.02 + np.exp(-(((X - 1715) / 20) ** 2)) + 0.4 * np.exp(-(((X - 2950) / 40) ** 2))
T = 100 * 10**-Y


def rows(y=Y, separator=",", form="{:.6f}", x=X) -> str:
    return "\n".join(
        separator.join((form.format(a), form.format(b))) for a, b in zip(x, y, strict=True)
    )


def comma(text: str) -> str:
    return text.replace(".", ",")


@pytest.mark.parametrize("separator", [",", "\t", " ", "   ", ";", " ; ", ", ", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separators_encodings_and_line_ends(separator: str, encoding: str, end: str):
    text = f"Wavenumber [cm-1]{separator.strip() or '  '}Absorbance\n" + rows(separator=separator)
    found = read_spectrum(text.replace("\n", end).encode(encoding), "x.csv")
    np.testing.assert_allclose(found.absorbance, Y[::-1], atol=1e-6)
    assert (found.x_unit, found.y_unit, found.warnings) == ("cm-1", "absorbance", ())


@pytest.mark.parametrize("separator", [";", "\t", " ", "  "])
def test_decimal_commas(separator: str):
    found = read_spectrum(("cm-1;%T\n" + comma(rows(T, separator))).encode(), "x.txt")
    np.testing.assert_allclose(found.absorbance, Y[::-1], atol=1e-5)


def test_quoted_cells_trailing_separators_blank_lines_and_a_footer():
    text = '"Wavenumber","%T"\n' + "\n".join(
        f'"{a:.4f}","{b:.6f}",' for a, b in zip(X, T, strict=True)
    )
    found = read_spectrum((text + "\n\n\n[Comments]\nmeasured by me\n").encode(), "x.csv")
    assert len(found) == 901
    assert found.y_unit == "percent transmittance"


@pytest.mark.parametrize(
    ("header", "y", "unit"),
    [
        ("cm-1,A", Y, "absorbance"),
        ("1/cm,Abs.", Y, "absorbance"),
        ("Wavenumber (cm^-1),Absorbance (a.u.)", Y, "absorbance"),
        ("cm⁻¹,Transmittance [%]", T, "percent transmittance"),
        ("Wavenumber,Absorbance\ncm-1,a.u.", Y, "absorbance"),
        ("sample.sp\ncm-1,%T", T, "percent transmittance"),
        ("CM-1\n%T\n#DATA", T, "percent transmittance"),
        ("x (cm-1),log(1/R)", Y, "absorbance"),
        ("Wavenumber,Transmittance", T / 100, "transmittance"),
        ("cm-1,KM", Y, "kubelka-munk"),
        ("cm-1,%R", T, "percent reflectance"),
        ("##XUNITS=1/CM\n##YUNITS=ABSORBANCE", Y, "absorbance"),
        ("XUNITS,1/CM\nYUNITS,ABSORBANCE\nNPOINTS,901\nXYDATA", Y, "absorbance"),
    ],
)
def test_units_are_found_in_headers(header: str, y, unit: str):
    found = read_spectrum(f"{header}\n{rows(y)}\n".encode(), "x.csv")
    assert (found.x_unit, found.y_unit) == ("cm-1", unit)


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("Raman shift (cm-1),Intensity", "not_infrared"),
        ("Wavenumber (cm-1),Single Beam", "not_infrared"),
        ("Wavenumber (cm-1),Intensity", "ambiguous_unit"),
        ("Wavenumber (cm-1),Raman intensity", "not_infrared"),
        ("m/z cm-1,Abundance", "not_infrared"),
        ("DATA TYPE,UV/VIS\nXYDATA", "not_infrared"),
    ],
)
def test_other_measurements_are_refused(header: str, code: str):
    with pytest.raises(IrclassifyError) as error:
        read_spectrum(f"{header}\n{rows()}\n".encode(), "x.csv")
    assert error.value.code == code


def test_without_a_header_the_unit_is_read_from_the_values_and_said():
    found = read_spectrum(rows(T).encode(), "x.csv")
    assert found.y_unit == "percent transmittance"
    assert sum("states no" in warning for warning in found.warnings) == 2
    assert read_spectrum(rows(T / 100).encode(), "x.csv").y_unit == "transmittance"
    dark = T / 100 * 0.2  # a fifth of the light is left where nothing absorbs
    with pytest.raises(IrclassifyError, match="--y-unit"):
        read_spectrum(rows(dark).encode(), "x.csv")
    told = read_spectrum(rows(T / 100).encode(), "x.csv", y_unit="transmittance")
    np.testing.assert_allclose(told.absorbance, Y[::-1], atol=1e-3)


def test_several_named_columns_are_several_spectra():
    text = "cm-1,first,second\n" + "\n".join(f"{a},{b},{2 * b}" for a, b in zip(X, Y, strict=True))
    found = read_spectra(text.encode(), "x.csv")
    assert [s.title for s in found] == ["first", "second"]  # type: ignore[union-attr]
    with pytest.raises(IrclassifyError, match="3 columns"):
        read_spectra(text.split("\n", 1)[1].encode(), "x.csv")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (rows().replace("\n", "\nfoo\n", 40).replace("foo\n", "", 39), "malformed"),
        (rows() + "\n1.0", "malformed"),
        (rows() + "\n1.0,2.0,3.0", "malformed"),
        (rows().replace("0.020000", "1e999", 1), "malformed"),
        (comma(rows()), "malformed"),
        ("cm-1,A\n" + rows(x=X * 0 + 500), "malformed"),
        ("cm-1,A\n" + rows(x=np.concatenate([X[:450], X[450::-1]])), "malformed"),
        ("cm-1,A\n" + rows(x=Y * 1000), "malformed"),
        (rows(Y * 0 + 0.3), "ambiguous_unit"),
        ("cm-1,A\n" + rows(Y * 0 + 0.3), "unfit"),
        ("NPOINTS,999\nXYDATA\n" + rows(), "malformed"),
        ("cm-1,A\n" + rows(Y[:20], x=X[:20]), "unfit"),
        ("cm-1,A\n" + rows(x=X / 10 + 3000), "unfit"),
        ("cm-1,A\n" + rows(x=X * 2 + 4000), "not_infrared"),
        ("nm,A\n" + rows(x=X / 10 + 200), "not_infrared"),
        ("just words\nand more", "unknown_format"),
        ("", "no_data"),
        (" \n\t\n", "no_data"),
    ],
)
def test_what_is_wrong_has_its_code(text: str, code: str):
    with pytest.raises(IrclassifyError) as error:
        read_spectrum(text.encode(), "x.csv")
    assert error.value.code == code, error.value


@pytest.mark.parametrize(
    "gap", ["", "nan", "NaN", "-", "--", "****", "#N/A", "n/a", "null", "#DIV/0!"]
)
@pytest.mark.parametrize("lost", [slice(0, 60), slice(400, 403), slice(898, 901)])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_missing_values_are_left_out_and_counted(gap: str, lost: slice, separator: str):
    lines = rows(separator=separator).split("\n")
    lines[lost] = [line.partition(separator)[0] + separator + gap for line in lines[lost]]
    text = f"cm-1{separator}A\n" + "\n".join(lines)
    found = read_spectrum(text.encode(), "x.csv")
    missing = len(range(901)[lost])
    assert len(found) == 901 - missing
    assert f"{missing} points have no value; they were left out" in found.warnings
    np.testing.assert_allclose(found.absorbance, np.delete(Y, lost)[::-1], atol=1e-6)


@given(
    st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=50),
    st.sampled_from((",", ";", "\t", " ")),
)
def test_any_numbers_come_back_exactly(values: list[float], separator: str):
    x = [4000.0 - i for i in range(len(values))]
    text = "\n".join(f"{a!r}{separator}{b!r}" for a, b in zip(x, values, strict=True))
    (found,) = read_measurements(text.encode(), "x.txt")
    assert not isinstance(found, IrclassifyError)
    np.testing.assert_array_equal(found.y, values)
    np.testing.assert_array_equal(found.x, x)


@pytest.mark.parametrize(
    "names", ["wn1,s1,wn2,s2", "Freq,Abs,Freq,Abs", "wavenumber,a,wavenumber.1,b", "cm-1,a,p,b"]
)
def test_a_column_that_runs_as_x_does_is_an_x_whatever_it_is_called(names: str):
    """Its spectrum would else be read at the positions of the first."""
    table = np.column_stack([X, Y, X - 2, 2 * Y])
    text = names + "\n" + "\n".join(",".join(f"{v:.6f}" for v in row) for row in table)
    first, second = read_measurements(text.encode())
    np.testing.assert_allclose(first.x, X, atol=1e-5)  # type: ignore[union-attr]
    np.testing.assert_allclose(second.x, X - 2, atol=1e-5)  # type: ignore[union-attr]
    np.testing.assert_allclose(second.y, 2 * Y, atol=1e-5)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "name", ["d2A", "dA/dv", "absorptance", "attenuation (dB)", "complex index"]
)
def test_what_is_made_from_a_spectrum_is_not_guessed_to_be_absorbance(name: str):
    text = f"cm-1,{name}\n" + "\n".join(f"{a:.3f},{b:.6f}" for a, b in zip(X, Y, strict=True))
    found = read_spectra(text.encode())
    assert all(isinstance(f, IrclassifyError) and f.code == "unsupported_unit" for f in found)
