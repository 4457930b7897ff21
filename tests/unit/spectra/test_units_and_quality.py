"""One layer after every reader: units, refusals, warnings, grades."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from irclassify.errors import IrclassifyError, NotInfraredError, UnfitSpectrumError
from irclassify.spectra.quality import find_issues, grade
from irclassify.spectra.spectrum import Measurement
from irclassify.spectra.units import to_spectrum

X = np.linspace(400, 4000, 1801)
Y = 0.01 + np.exp(-(((X - 1715) / 12) ** 2)) + 0.4 * np.exp(-(((X - 2950) / 25) ** 2))
T = 10**-Y


def measured(x=X, y=Y, x_unit="1/CM", y_unit="ABSORBANCE", data_type="INFRARED SPECTRUM"):
    return Measurement(x, y, "test", x_unit=x_unit, y_unit=y_unit, data_type=data_type)


def code(measurement: Measurement, **options: str) -> str:
    try:
        to_spectrum(measurement, **options)  # type: ignore[arg-type]
    except IrclassifyError as error:
        assert str(error)
        return error.code
    return "ok"


@pytest.mark.parametrize(
    ("y", "word", "unit"),
    [
        (Y, "ABSORBANCE", "absorbance"),
        (Y, "Absorbance Units", "absorbance"),
        (Y, "A", "absorbance"),
        (Y, "Extinktion", "absorbance"),
        (Y, "-log10(R)", "absorbance"),
        (T, "TRANSMITTANCE", "transmittance"),
        (T, "Transmission", "transmittance"),
        (100 * T, "TRANSMITTANCE", "percent transmittance"),
        (100 * T, "% TRANSMITTANCE", "percent transmittance"),
        (100 * T, "Transmittance (%)", "percent transmittance"),
        (100 * T, "PERCENT TRANSMITTANCE", "percent transmittance"),
        (T, "REFLECTANCE", "reflectance"),
        (100 * T, "%R", "percent reflectance"),
        (Y, "KUBELKA-MUNK", "kubelka-munk"),
        (Y, "(micromol/mol)-1m-1 (base 10)", "absorption coefficient"),
        (Y, None, "absorbance"),
        (100 * T, None, "percent transmittance"),
        (100 * T, "", "percent transmittance"),
    ],
)
def test_y_units(y, word: str | None, unit: str):
    found = to_spectrum(measured(y=y, y_unit=word))
    assert found.y_unit == unit
    np.testing.assert_allclose(found.absorbance, Y, atol=1e-9)


@pytest.mark.parametrize(
    ("y", "word", "expected"),
    [
        (0.2 * T, None, "ambiguous_unit"),
        (Y, "ARBITRARY UNITS", "ambiguous_unit"),
        (Y, "INTENSITY", "ambiguous_unit"),
        (Y, "A.U.", "ambiguous_unit"),
        (T, "%T", "ambiguous_unit"),
        (5 * T, "TRANSMITTANCE", "ambiguous_unit"),
        (100 * Y, "ABSORBANCE", "ambiguous_unit"),
        (-T - 2, "TRANSMITTANCE", "ambiguous_unit"),
        (Y, "absorption index", "unsupported_unit"),
        (Y, "% Absorption", "unsupported_unit"),
        (Y, "bananas", "unsupported_unit"),
        (Y, "SINGLE BEAM", "not_infrared"),
        (Y, "INTERFEROGRAM", "not_infrared"),
        (Y, "COUNTS", "not_infrared"),
        (Y * 0 + 1, "ABSORBANCE", "unfit"),
        (Y * np.nan, "ABSORBANCE", "malformed"),
        (Y * 1e300, "ABSORBANCE", "malformed"),
    ],
)
def test_y_units_that_are_refused(y, word: str | None, expected: str):
    assert code(measured(y=y, y_unit=word)) == expected


@pytest.mark.parametrize(
    ("x", "word", "expected"),
    [
        (X, "1/CM", "ok"),
        (X, "cm⁻¹", "ok"),
        (X, "CM**-1", "ok"),
        (X, "Wellenzahl", "ok"),
        (X, None, "ok"),
        (1e4 / X, "MICROMETERS", "ok"),
        (1e4 / X, "µm", "ok"),
        (1e4 / X, None, "ok"),
        (1e7 / X, "NANOMETERS", "ok"),
        (1e7 / X, None, "ambiguous_unit"),
        (1e4 / X, "1/CM", "ambiguous_unit"),
        (X, "MICROMETERS", "ambiguous_unit"),
        (X / 2 + 200, None, "ambiguous_unit"),
        (X, "RAMAN SHIFT", "not_infrared"),
        (X, "HZ", "not_infrared"),
        (X, "SECONDS", "not_infrared"),
        (X, "M/Z", "not_infrared"),
        (X, "furlongs", "unsupported_unit"),
        (X + 3600, "1/CM", "not_infrared"),
        (X * 3 + 12500, "1/CM", "not_infrared"),
        (X / 10 + 200, "NANOMETERS", "not_infrared"),
        (X / 2 + 1900, "1/CM", "unfit"),
        (X / 5 + 400, "1/CM", "unfit"),
    ],
)
def test_x_units(x, word: str | None, expected: str):
    assert code(measured(x=x, x_unit=word)) == expected


def test_the_user_has_the_last_word():
    assert code(measured(x=1e7 / X, x_unit=None), x_unit="nm") == "ok"
    assert code(measured(y_unit="bananas"), y_unit="absorbance") == "ok"
    assert code(measured(y=100 * T, y_unit="ABSORBANCE"), y_unit="percent-transmittance") == "ok"
    assert code(measured(), y_unit="bananas") == "unsupported_unit"


@pytest.mark.parametrize(
    "kind",
    [
        "RAMAN SPECTRUM",
        "NMR SPECTRUM",
        "MASS SPECTRUM",
        "UV/VIS SPECTRUM",
        "UV-VIS",
        "INTERFEROGRAM",
        "INFRARED INTERFEROGRAM",
        "NIR SPECTRUM",
        "NEAR INFRARED SPECTRUM",
        "FLUORESCENCE",
        "TGA",
    ],
)
def test_other_kinds_are_refused(kind: str):
    assert code(measured(data_type=kind)) == "not_infrared"


@pytest.mark.parametrize("kind", ["INFRARED SPECTRUM", "IR", "FTIR", None, ""])
def test_infrared_by_any_name_is_read(kind: str | None):
    assert code(measured(data_type=kind)) == "ok"


@given(st.permutations(["reverse", "twin"]))
def test_descending_and_doubled_points(changes: list[str]):
    x, y = X, Y
    for change in changes:
        if change == "reverse":
            x, y = x[::-1], y[::-1]
        else:
            x, y = np.insert(x, 7, x[7]), np.insert(y, 7, y[7])
    np.testing.assert_array_equal(to_spectrum(measured(x, y)).wavenumber, X)


def test_two_values_at_one_place_and_turning_axes_are_refused():
    y = np.insert(Y, 7, 9.0)
    assert code(measured(np.insert(X, 7, X[7]), y)) == "malformed"
    assert code(measured(np.concatenate([X, X]), np.concatenate([Y, Y]))) == "malformed"


def test_zero_and_negative_transmittance_are_floored_and_said():
    y = T.copy()
    y[100:103] = (0.0, -0.01, 1e-9)
    found = to_spectrum(measured(y=y, y_unit="TRANSMITTANCE"))
    np.testing.assert_array_equal(found.absorbance[100:103], 4.0)
    assert "zero or negative transmittance, set to absorbance 4: 2" in found.warnings[0]


NOISE = np.random.default_rng(1).normal(size=X.size)


def band(at: float, height: float, width: float):
    return height * np.exp(-(((X - at) / width) ** 2))


@pytest.mark.parametrize(
    ("y", "word", "letter"),
    [
        (Y, None, "A"),
        (Y + 0.02 * NOISE, "noisy", "B"),
        (Y + 0.04 * NOISE, "noisy", "C"),
        (Y + 0.2 * NOISE, "noisy", "D"),
        (Y + band(1000, 4, 10), "saturated", "B"),
        (Y + band(1000, 4, 100), "saturated", "C"),
        (Y + band(2342, 0.2, 4), "carbon dioxide: a band", "B"),
        (Y - band(2342, 0.15, 4), "carbon dioxide: a negative", "B"),
        (Y + 0.06 * NOISE * ((X > 3550) | ((X > 1350) & (X < 1950))), "water vapour", "B"),
        (Y + X / 4000, "sloping baseline", "C"),
        (Y + 1.2, "high baseline", "C"),
        (Y - band(1200, 0.5, 20), "negative bands", "C"),
    ],
)
def test_each_fault_is_found_and_graded(y, word: str | None, letter: str):
    found = to_spectrum(measured(y=y))
    if word is None:
        assert found.warnings == ()
    else:
        assert any(warning.startswith(word) for warning in found.warnings), found.warnings
    assert grade(found) == letter


@pytest.mark.parametrize(
    ("keep", "word"),
    [
        ((X < 2000) | (X > 2200), "gaps: nothing was measured between 1998 and 2202"),
        (np.arange(X.size) % 5 == 0, "coarse: 10 cm-1"),
        (X < 2500, "nothing above 2498"),
        (X > 1000, "nothing below 1002"),
    ],
)
def test_what_was_not_measured_is_said(keep, word: str):
    tilted = Y + 1e-7 * X  # so that no value repeats itself up to an end
    found = to_spectrum(measured(X[keep], tilted[keep]))
    assert any(warning.startswith(word) for warning in found.warnings), found.warnings


def test_a_nitrile_is_no_carbon_dioxide():
    assert not find_issues(X, Y + band(2250, 0.5, 8) + band(2270, 0.8, 6))


@given(st.lists(st.floats(-5, 30), min_size=50, max_size=200), st.booleans())
def test_any_values_are_graded(values: list[float], evenly: bool):
    x = np.linspace(400, 4000, len(values))
    x = x if evenly else x**1.2
    for issue in find_issues(x, np.array(values)):
        assert issue.severity in (1, 2, 3)


def test_diffuse_reflectance_becomes_kubelka_munk():
    r = 1 + Y - np.sqrt(Y * Y + 2 * Y)  # what (1 - r)^2 / 2r = Y solves to
    header = {"ACCESSORY": "diffuse reflectance, integrating sphere"}
    for factor, word in ((1, "REFLECTANCE"), (100, "%R")):
        m = Measurement(X, factor * r, "test", x_unit="1/CM", y_unit=word, header=header)
        found = to_spectrum(m)
        np.testing.assert_allclose(found.absorbance, Y, atol=1e-9)
        assert "Kubelka-Munk" in found.warnings[0]


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (4000, 10_000, "is near-infrared;"),
        (13_000, 24_000, "is visible;"),
        (26_000, 50_000, "is ultraviolet;"),
        (10_000, 50_000, "is near-infrared to ultraviolet;"),
    ],
)
def test_light_above_the_mid_infrared_is_called_by_its_name(low: float, high: float, said: str):
    x = np.linspace(low, high, 200)
    with pytest.raises(NotInfraredError, match=said):
        to_spectrum(Measurement(x=x, y=np.sin(x), format="", x_unit="1/CM", y_unit="ABSORBANCE"))


def test_a_spectrum_that_is_constant_but_for_a_few_points_is_refused():
    """Its constant ends are cut off; what is left is too little to look at (found by fuzzing)."""
    x = np.linspace(4000, 400, 200)
    y = np.where((x > 1190) & (x < 1500), np.sin(x), 0.02)
    m = Measurement(x=x, y=y, format="", x_unit="1/CM", y_unit="ABSORBANCE")
    with pytest.raises(UnfitSpectrumError, match="of its 200 points differ"):
        to_spectrum(m)
