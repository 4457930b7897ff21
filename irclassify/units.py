"""The one layer after every reader: units settled, other kinds of data refused, doubts named.

Canonical form: strictly ascending wavenumbers in cm-1, decadic absorbance. What the file (or the
user) states comes first; then the values must be plausible for it. Where neither statement nor
values decide, the spectrum is refused with AmbiguousUnitError, which names the option.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from irclassify.errors import (
    AmbiguousUnitError,
    MalformedFileError,
    NoDataError,
    NotInfraredError,
    UnfitSpectrumError,
    UnsupportedUnitError,
)
from irclassify.quality import quality_warnings
from irclassify.spectrum import Measurement, Spectrum

Floats = NDArray[np.float64]

X_UNITS = ("cm-1", "um", "nm")
Y_UNITS = (
    "absorbance",
    "transmittance",
    "percent transmittance",
    "reflectance",
    "percent reflectance",
    "kubelka-munk",
    "absorption coefficient",
)

# Beer-Lambert: A = -log10 T. Detectors and digitisers resolve about four decades, so nothing
# above A = 4 is a measurement; zero and negative transmittance are set to this floor.
TRANSMITTANCE_FLOOR = 1e-4

# A classifier needs the fingerprint and at least part of the C-H, O-H and C=O regions. Half of
# the grid's 3400 cm-1 must have been measured, or the zeros outside it outweigh the spectrum.
MIN_SPAN_CM1 = 1000.0
NEEDED_CM1 = (1000.0, 1800.0)
MIN_POINTS = 50

_OTHER_KINDS = (
    (r"RAMAN", "a Raman spectrum"),
    (r"\bNMR\b|\bFID\b", "an NMR measurement"),
    (r"\bMASS\b|\bMS\b", "a mass spectrum"),
    (r"INTERFEROGRAM", "an interferogram: export the Fourier-transformed spectrum"),
    (r"\bUV|VISIBLE|\bUVVIS", "a UV/visible spectrum"),
    (r"FLUORESCENCE|EMISSION|LUMINESCENCE", "an emission spectrum"),
    (r"SINGLE.?BEAM|BACKGROUND", "a single-beam spectrum: export it divided by its background"),
    (r"X-?RAY|\bXRD\b|DIFFRACT|\bXRF\b|\bXPS\b", "an X-ray measurement"),
    (r"CHROMATOGRA", "a chromatogram"),
    (r"VOLTAM|\bIV\b|CURRENT", "an electrical measurement"),
    (r"CIRCULAR DICHROISM|\bECD\b|\bVCD\b", "a circular dichroism spectrum"),
    (r"THERMOGRAV|\bTGA\b|\bDSC\b", "a thermal analysis"),
    (r"\bNIR\b|NEAR.?INFRARED|NEAR.?IR\b", "a near-infrared spectrum"),
    (r"NEUTRON", "a neutron scattering spectrum"),
)


def refuse_other_kinds(data_type: str | None) -> None:
    """Raise NotInfraredError when a file's word for its kind of data names another kind."""
    words = (data_type or "").upper()
    for pattern, kind in _OTHER_KINDS:
        if re.search(pattern, words):
            raise NotInfraredError(
                f"the data type is {words.strip()!r}: {kind}; "
                "only mid-infrared spectra are classified"
            )


def to_spectrum(
    measurement: Measurement, *, x_unit: str | None = None, y_unit: str | None = None
) -> Spectrum:
    """The canonical spectrum of what a reader found.

    ``x_unit`` (one of X_UNITS) and ``y_unit`` (one of Y_UNITS) override what the file states.

    Raises NotInfraredError, UnsupportedUnitError, AmbiguousUnitError, UnfitSpectrumError,
    MalformedFileError or NoDataError.
    """
    refuse_other_kinds(measurement.data_type)
    _check_arrays(measurement)
    x_name, x_notes = settle_x_unit(measurement, x_unit)
    wavenumber, values = _ascending(to_wavenumber(measurement.x, x_name), measurement.y)
    _check_range(wavenumber, x_name)
    y_name, y_notes = settle_y_unit(measurement, y_unit)
    absorbance, notes = _CONVERT[y_name](values)
    _check_content(absorbance)
    return Spectrum(
        wavenumber=wavenumber,
        absorbance=absorbance,
        title=measurement.title,
        format=measurement.format,
        x_unit=x_name,
        y_unit=y_name,
        state=measurement.state,
        warnings=(
            *measurement.warnings,
            *x_notes,
            *y_notes,
            *notes,
            *quality_warnings(wavenumber, absorbance),
        ),
        header=measurement.header,
    )


def to_wavenumber(x: Floats, unit: str) -> Floats:
    """``x`` in ``unit`` (one of X_UNITS) as cm-1, same shape and order."""
    if unit == "cm-1":
        return x
    if (x <= 0).any():
        raise MalformedFileError("a wavelength of zero or less")
    return (1e4 if unit == "um" else 1e7) / x


def _check_arrays(m: Measurement) -> None:
    if m.x.shape != m.y.shape or m.x.ndim != 1:
        raise MalformedFileError(f"{m.x.size} X values but {m.y.size} Y values")
    if m.y.size == 0:
        raise NoDataError("no data points")
    if not (np.isfinite(m.x).all() and np.isfinite(m.y).all()):
        raise MalformedFileError("the data hold values that are not finite numbers")
    if m.y.size < MIN_POINTS:
        raise UnfitSpectrumError(
            f"{m.y.size} points: at least {MIN_POINTS} are needed; is it a peak list?"
        )


def _ascending(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Both in ascending order of ``x``; points given twice with one value are merged."""
    step = np.diff(x)
    if (step < 0).all():
        return x[::-1], y[::-1]
    if (step > 0).all():
        return x, y
    order = np.argsort(x, kind="stable")
    turns = int(np.count_nonzero(np.diff(np.sign(step[step != 0]))))
    if turns > 1:
        raise MalformedFileError(f"the X values change direction {turns} times: not one spectrum")
    x, y = x[order], y[order]
    twin = np.flatnonzero(np.diff(x) == 0)
    if (y[twin] != y[twin + 1]).any():
        at = twin[y[twin] != y[twin + 1]][0]
        raise MalformedFileError(f"two different values at {x[at]:g} cm-1")
    return np.delete(x, twin), np.delete(y, twin)


def _check_range(wavenumber: Floats, x_unit: str) -> None:
    """Refuse what does not cover enough of the mid-infrared to be classified."""
    first, last = float(wavenumber[0]), float(wavenumber[-1])
    measured = f"{first:.0f} to {last:.0f} cm-1"
    if last > 1e6 or last <= 0:
        raise AmbiguousUnitError(
            f"X read as {x_unit} gives {measured}; say --x-unit {_choices(X_UNITS)}"
        )
    if first >= 3500:
        kind = "near-infrared" if first < 12500 else "ultraviolet or visible"
        raise NotInfraredError(
            f"{measured} is {kind}; the mid-infrared (4000 to 400 cm-1) is needed"
        )
    low, high = NEEDED_CM1
    if last - first < MIN_SPAN_CM1 or first > low or last < high:
        raise UnfitSpectrumError(
            f"{measured}: too narrow; at least {low:.0f} to {high:.0f} cm-1 and a span of "
            f"{MIN_SPAN_CM1:.0f} cm-1 are needed"
        )


def _check_content(absorbance: Floats) -> None:
    if float(np.ptp(absorbance)) == 0.0:
        raise UnfitSpectrumError(f"every value is the same ({absorbance[0]:g}): no spectrum")


def _choices(names: tuple[str, ...]) -> str:
    return "|".join(n.replace(" ", "-") for n in names)


# --- X ---------------------------------------------------------------------------------------

_X_WORDS = (
    (
        "cm-1",
        r"1/\s*CM|CM\s*\^?\s*\(?\s*[-\u2212\u2013]\s*1|CM\u207b\u00b9|WAVE\s?NUMBER|KAYSER"
        r"|(RECIPROCAL|INVERSE) CENT",
    ),
    ("um", r"MICRO-?\s?MET|MICRONS?\b|\bUM\b|[\u00b5\u03bc]\s?M\b|^[\u00b5\u03bc]$"),
    ("nm", r"NANO-?\s?MET|\bNM\b"),
)
_X_OTHER = (
    (r"RAMAN", "a Raman shift"),
    (r"\bHZ\b|HERTZ|\bPPM\b|CHEMICAL SHIFT", "an NMR axis"),
    (r"SECOND|MINUTE|\bTIME\b|\bSEC\b", "a time axis"),
    (r"M/Z|MASS", "a mass axis"),
    (r"\bDATA POINTS?\b|\bPOINTS?\b|OPTICAL (PATH|RETARD)|RETARDATION", "an interferogram's axis"),
    (r"\bEV\b|ELECTRON.?VOLT|VOLT|\bTHETA\b|DEGREE|CELSIUS", "no infrared axis"),
)


def settle_x_unit(m: Measurement, told: str | None) -> tuple[str, list[str]]:
    """The unit of X, one of X_UNITS, and warnings about what had to be assumed."""
    low, high = float(m.x.min()), float(m.x.max())
    if told is not None:
        return _canonical(told, X_UNITS, "--x-unit"), []
    stated = _find_x_word(m.x_unit)
    if stated is None:
        guess = _guess_x(low, high)
        return guess, [f"the file states no X unit; {low:g} to {high:g} was read as {guess}"]
    if not _X_PLAUSIBLE[stated](low, high):
        raise AmbiguousUnitError(
            f"the file says X is {m.x_unit!r} but it runs from {low:g} to {high:g}; "
            f"say --x-unit {_choices(X_UNITS)}"
        )
    return stated, []


def _find_x_word(words: str | None) -> str | None:
    text = (words or "").upper()
    for pattern, kind in _X_OTHER:
        if re.search(pattern, text):
            raise NotInfraredError(f"X is {words!r}: {kind}; an infrared spectrum is needed")
    for unit, pattern in _X_WORDS:
        if re.search(pattern, text):
            return unit
    if text.strip() and not re.search(r"^\W*$|ARBITRARY|UNKNOWN|^X$|^NONE$", text):
        raise UnsupportedUnitError(
            f"X is in {words!r}, which is not known; if it is one of these, say "
            f"--x-unit {_choices(X_UNITS)}"
        )
    return None


_X_PLAUSIBLE: dict[str, Callable[[float, float], bool]] = {
    "cm-1": lambda low, high: high > 200,
    "um": lambda low, high: low > 0.1 and high < 1000,
    "nm": lambda low, high: low > 100,
}


def _guess_x(low: float, high: float) -> str:
    """cm-1 or um where no other reading makes sense.

    1100 to 2500 may be near-infrared nm, 200 to 3300 the full range of a UV-VIS-NIR instrument
    in nm, 2500 to 25000 the mid-infrared in nm: those are ambiguous.
    """
    if 3300 < high < 9000 and 0 < low < 2000:
        return "cm-1"
    if 1.5 < low < 10 and 10 < high < 60:
        return "um"
    raise AmbiguousUnitError(
        f"the file states no X unit and {low:g} to {high:g} could be several; "
        f"say --x-unit {_choices(X_UNITS)}"
    )


# --- Y ---------------------------------------------------------------------------------------

_Y_WORDS = (
    ("kubelka-munk", r"KUBELKA|\bKM\b|\bK-M\b|K/M"),
    (
        "absorbance",
        r"LOG\s*\(?\s*1\s*/\s*[RT]|ABSORBANCE|\bABS\b|^\W*A\.?\s?U?\.?\W*$|EXTINCTION"
        r"|OPTICAL DENSITY",
    ),
    (
        "absorption coefficient",
        r"MICROMOL/MOL.*BASE 10|ABSORPTION COEFFICIENT|ABSORPTIVITY|CROSS.?SECTION|ATTENUATION",
    ),
    ("percent transmittance", r"%\s*\(?T|T(RANS\w*)?\s*[\[(/]?\s*%|PER\s?CENT\.?\s*T|%\s*TRANS"),
    ("transmittance", r"TRANSMIT|TRANSMISSION|^\W*T\W*$"),
    ("percent reflectance", r"%\s*\(?R|R(EFL\w*)?\s*[\[(/]?\s*%|PER\s?CENT\.?\s*R"),
    ("reflectance", r"REFLECT|^\W*R\W*$"),
)
_Y_OTHER = (
    (r"RAMAN", "Raman intensity"),
    (r"INTERFEROGRAM", "an interferogram"),
    (r"SINGLE.?BEAM|BACKGROUND|EMITTANCE|EMISSION", "a single-beam or emission spectrum"),
    (r"VOLT|AMPERE|\bCOUNTS?\b|\bCPS\b", "a raw detector signal"),
    (r"RELATIVE ABUNDANCE|ABUNDANCE", "a mass spectrum"),
)
_Y_UNSUPPORTED = r"DISPERSION INDEX|REFRACTIVE|ABSORPTION INDEX|PHASE|DERIVATIVE|PHOTOACOUSTIC"


def settle_y_unit(m: Measurement, told: str | None) -> tuple[str, list[str]]:
    """The unit of Y, one of Y_UNITS, and warnings about what had to be assumed."""
    if told is not None:
        return _canonical(told, Y_UNITS, "--y-unit"), []
    stated = _find_y_word(m.y_unit)
    if stated is None and re.search(r"ARBITRARY|INTENSITY|A\. ?U\.", (m.y_unit or "").upper()):
        raise AmbiguousUnitError(
            f"the file says Y is {m.y_unit!r}, which may be anything; "
            f"say --y-unit {_choices(Y_UNITS)}"
        )
    if stated is None:
        guess = _guess_y(m.y)
        return guess, [f"the file states no Y unit; it was read as {guess} from its values"]
    return _plausible_y(stated, m)


def _find_y_word(words: str | None) -> str | None:
    text = (words or "").upper()
    for pattern, kind in _Y_OTHER:
        if re.search(pattern, text):
            raise NotInfraredError(f"Y is {words!r}: {kind}; absorbance or transmittance is needed")
    if re.search(_Y_UNSUPPORTED, text):
        raise UnsupportedUnitError(f"Y is {words!r}, which cannot be turned into absorbance")
    for unit, pattern in _Y_WORDS:
        if re.search(pattern, text):
            return unit
    if text.strip() and not re.search(
        r"^\W*$|ARBITRARY|UNKNOWN|^Y$|^NONE$|INTENSITY|^PER ?CENT$", text
    ):
        raise UnsupportedUnitError(
            f"Y is in {words!r}, which is not known; if it is one of these, say "
            f"--y-unit {_choices(Y_UNITS)}"
        )
    return None


def _plausible_y(stated: str, m: Measurement) -> tuple[str, list[str]]:
    """Percent or fraction by the values where the word leaves it open; nonsense is refused."""
    high = float(m.y.max())
    kind = stated.removeprefix("percent ")
    if kind in ("transmittance", "reflectance"):
        percent = stated.startswith("percent")
        if not percent and high > 10:
            return f"percent {kind}", [
                f"Y is stated as {m.y_unit!r}; values up to {high:g} mean percent"
            ]
        if (percent and high <= 1.5) or (not percent and high > 2) or high > 1000 or high <= 0:
            raise _ambiguous_y(m, high)
    if stated == "absorbance" and (high > 20 or high < -1):
        raise _ambiguous_y(m, high)
    return stated, []


def _ambiguous_y(m: Measurement, high: float) -> AmbiguousUnitError:
    return AmbiguousUnitError(
        f"the file says Y is {m.y_unit!r} but its highest value is {high:g}; "
        f"say --y-unit {_choices(Y_UNITS)}"
    )


def _guess_y(y: Floats) -> str:
    """Percent transmittance or absorbance where values and shape leave no doubt.

    Transmittance lies near its maximum and dips; absorbance lies near its minimum and peaks.
    """
    low, middle, high = (float(v) for v in np.percentile(y, (0, 50, 100)))
    if 20 < high < 120 and low > -10 and middle > 0.6 * high:
        return "percent transmittance"
    if 0.005 < high < 5 and low > -0.2 * high and middle < 0.3 * high:
        return "absorbance"
    raise AmbiguousUnitError(
        f"the file states no Y unit and values from {low:g} to {high:g} do not tell; "
        f"say --y-unit {_choices(Y_UNITS)}"
    )


def _canonical(told: str, known: tuple[str, ...], option: str) -> str:
    name = told.strip().lower().replace("-", " ")
    for unit in known:
        if name == unit.replace("-", " "):
            return unit
    raise UnsupportedUnitError(f"{option} {told}: known are {_choices(known)}")


def _absorbance_from_fraction(y: Floats, what: str) -> tuple[Floats, list[str]]:
    low = y < TRANSMITTANCE_FLOOR
    notes = []
    if (y <= 0).any():
        notes.append(
            f"{int((y <= 0).sum())} points of zero or negative {what} were set to absorbance "
            f"{-np.log10(TRANSMITTANCE_FLOOR):g}"
        )
    return -np.log10(np.where(low, TRANSMITTANCE_FLOOR, y)), notes


def _from_transmittance(y: Floats) -> tuple[Floats, list[str]]:
    return _absorbance_from_fraction(y, "transmittance")


def _from_reflectance(y: Floats) -> tuple[Floats, list[str]]:
    a, notes = _absorbance_from_fraction(y, "reflectance")
    return a, [
        *notes,
        "reflectance was read as -log10 R; specular reflection would distort its bands",
    ]


def _as_is(y: Floats) -> tuple[Floats, list[str]]:
    return y, []


def _as_proportional(y: Floats) -> tuple[Floats, list[str]]:
    return y, ["absorption coefficients were read as absorbance: proportional to it"]


_CONVERT: dict[str, Callable[[Floats], tuple[Floats, list[str]]]] = {
    "absorbance": _as_is,
    "kubelka-munk": lambda y: (y, ["Kubelka-Munk values were read as absorbance"]),
    "absorption coefficient": _as_proportional,
    "transmittance": _from_transmittance,
    "percent transmittance": lambda y: _from_transmittance(y / 100.0),
    "reflectance": _from_reflectance,
    "percent reflectance": lambda y: _from_reflectance(y / 100.0),
}
