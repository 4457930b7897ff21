"""The one layer after every reader: units settled, other kinds of data refused, doubts named.

Canonical form: strictly ascending wavenumbers in cm-1, decadic absorbance. What the file (or the
user) states comes first; then the values must be plausible for it. Where neither statement nor
values decide, the spectrum is refused with AmbiguousUnitError, which names the option.
"""

from __future__ import annotations

import math
import re

import numpy as np
from numpy.typing import NDArray

from irclassify.errors import (
    AmbiguousUnitError,
    IrclassifyError,
    MalformedFileError,
    NoDataError,
    NotInfraredError,
    UnfitSpectrumError,
)
from irclassify.spectra.constant_ends import cut_note, measured_part
from irclassify.spectra.data_types import refuse_other_kinds
from irclassify.spectra.extremes import greatest, least
from irclassify.spectra.order import MIN_POINTS, in_ascending_order
from irclassify.spectra.quality import quality_warnings
from irclassify.spectra.spectrum import Measurement, Spectrum
from irclassify.spectra.x_units import settle_x, to_wavenumber
from irclassify.spectra.y_units import settle_y, to_absorbance

Floats = NDArray[np.float64]

# The bands that tell most groups apart (C=O, C=C, N-H bending, C-O, C-H bending) lie between 1200
# and 1800 cm-1: without all of that region nothing can be classified. With less than 1000 cm-1 in
# all, most of what a network sees (3400 cm-1) would be the zeros outside the measured range.
_NEEDED_CM1 = (1200.0, 1800.0)
_MIN_SPAN_CM1 = 1000.0
_LEAST_MEASURED = 20  # of them without constant ends: the baseline is judged in twenty parts
_FARTHEST = 1e30

# Only proportional to absorbance, so the level of saturation says nothing there.
_PROPORTIONAL = ("kubelka-munk", "absorption coefficient")


def to_spectrum(
    measurement: Measurement, *, x_unit: str | None = None, y_unit: str | None = None
) -> Spectrum:
    """Put what a reader found into canonical form: ascending cm-1 and absorbance.

    Parameters
    ----------
    measurement : Measurement
        x and y (n,), in the file's units.
    x_unit, y_unit : str, optional
        One of X_UNITS, one of Y_UNITS: used in place of what the file states.

    Raises
    ------
    NotInfraredError, UnsupportedUnitError, AmbiguousUnitError, UnfitSpectrumError,
    MalformedFileError, NoDataError

    Examples
    --------
    >>> x = np.linspace(4000, 400, 1801)
    >>> percent = 100 * 10 ** -np.exp(-(((x - 1715) / 500) ** 2))
    >>> found = to_spectrum(Measurement(x, percent, "csv", "1/CM", "% Transmittance"))
    >>> found.wavenumber[0].item(), round(found.absorbance.max().item(), 3), found.y_unit
    (400.0, 1.0, 'percent transmittance')
    """
    refuse_other_kinds(measurement.data_type)
    _check_arrays(measurement)
    x_name, x_notes = settle_x(measurement.x, measurement.x_unit, x_unit)
    wavenumber, values, order_notes = in_ascending_order(
        to_wavenumber(measurement.x, x_name), measurement.y
    )
    wavenumber, values, end_notes = _without_constant_ends(wavenumber, values)
    _check_measured(measurement.y.size, values.size)
    _check_range(wavenumber, x_name)
    y_name, y_notes = settle_y(values, measurement.y_unit, y_unit, wavenumber)
    diffuse = y_name.endswith("reflectance") and _says_diffuse(measurement)
    absorbance, notes = to_absorbance(values, y_name, diffuse=diffuse)
    if least(absorbance) == greatest(absorbance):
        raise UnfitSpectrumError(f"every value is the same ({values[0]:g}): no spectrum")
    saturates = not diffuse and y_name not in _PROPORTIONAL
    quality = quality_warnings(wavenumber, absorbance, saturates=saturates)
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
            *order_notes,
            *end_notes,
            *y_notes,
            *notes,
            *quality,
        ),
        header=measurement.header,
    )


def settle_axis(
    x: Floats, *, words: str | None = None, told: str | None = None
) -> tuple[Floats, NDArray[np.intp], list[str]]:
    """The axis of a table: its wavenumbers, and the rules that every spectrum must meet.

    Parameters
    ----------
    x : (p,), in any order
    words : str, optional
        The file's words for the unit.
    told : str, optional
        The unit that the user stated.

    Returns
    -------
    wavenumber : (p,), in cm-1, strictly ascending
    order : (p,)
        The index in ``x`` of each.
    warnings : list of str
        What had to be assumed.

    Raises
    ------
    MalformedFileError, NoDataError, AmbiguousUnitError, NotInfraredError, UnsupportedUnitError,
    UnfitSpectrumError

    Examples
    --------
    >>> wavenumber, order, warnings = settle_axis(np.linspace(4000, 400, 1801), told="cm-1")
    >>> wavenumber[:2].tolist(), order[:2].tolist(), warnings
    ([400.0, 402.0], [1800, 1799], [])
    """
    values = np.asarray(x, np.float64)
    if values.ndim != 1:
        raise MalformedFileError(f"the wavenumbers have {values.ndim} dimensions, not one")
    _check_points(values, values)
    unit, notes = settle_x(values, words, told)
    wavenumber = to_wavenumber(values, unit)
    order = np.argsort(wavenumber, kind="stable")
    wavenumber = wavenumber[order]
    if (twins := np.flatnonzero(np.diff(wavenumber) == 0)).size:
        raise MalformedFileError(f"two columns have the wavenumber {wavenumber[twins[0]]:g} cm-1")
    _check_range(wavenumber, unit)
    return wavenumber, order, notes


# Why a row among many spectra is none, by the number ``row_faults`` gives: code and message.
ROW_FAULTS: tuple[tuple[str, str], ...] = (
    ("", ""),
    (MalformedFileError.code, "the data hold values that are not finite numbers"),
    (MalformedFileError.code, "the data hold values beyond 1e30, which no instrument measures"),
    (UnfitSpectrumError.code, "every value is the same: this is not a spectrum"),
    (
        UnfitSpectrumError.code,
        "its ends repeat one value, and what was measured between them is too narrow",
    ),
)
TOO_NARROW = len(ROW_FAULTS) - 1


def row_faults(values: NDArray[np.floating]) -> NDArray[np.int8]:
    """What is wrong with each of many spectra (n, p): indices (n,) into ROW_FAULTS, 0 for nothing.

    Examples
    --------
    >>> faults = row_faults(np.array([[0.1, 0.2, 0.3], [0.1, np.nan, 0.3], [0.2, 0.2, 0.2]]))
    >>> [ROW_FAULTS[fault][0] for fault in faults]
    ['', 'malformed', 'unfit']
    """
    high, low = (np.asarray(end(axis=1), np.float64) for end in (values.max, values.min))
    faults = np.where(high == low, 3, 0).astype(np.int8)
    faults[(high > _FARTHEST) | (low < -_FARTHEST)] = 2
    faults[~(np.isfinite(high) & np.isfinite(low))] = 1
    return faults


def is_wide_enough(wavenumber: Floats) -> bool:
    """True when ascending ``wavenumber``, (n,) in cm-1, is enough of a spectrum to be classified.

    Examples
    --------
    >>> is_wide_enough(np.linspace(400, 4000, 1801)), is_wide_enough(np.linspace(400, 900, 251))
    (True, False)
    """
    if wavenumber.size < MIN_POINTS:
        return False
    try:
        _check_range(wavenumber, "cm-1")
    except IrclassifyError:
        return False
    return True


def _says_diffuse(m: Measurement) -> bool:
    """True when the file's own words are of diffuse reflectance."""
    words = " ".join([m.y_unit or "", m.data_type or "", *m.header, *m.header.values()])
    return bool(re.search(r"DIFFUSE|\bDRIFTS?\b|HEMISPHERICAL", words.upper()))


def _check_arrays(m: Measurement) -> None:
    if m.x.shape != m.y.shape or m.x.ndim != 1:
        raise MalformedFileError(f"{m.x.size} X values but {m.y.size} Y values")
    _check_points(m.x, m.y)


def _check_points(x: Floats, y: Floats) -> None:
    if y.size == 0:
        raise NoDataError("no data points; get the spectrum itself")
    extremes = [end(v) for v in (x, y) for end in (least, greatest)]  # NaN where one is
    if not all(map(math.isfinite, extremes)):
        raise MalformedFileError(ROW_FAULTS[1][1])
    if max(map(abs, extremes)) > _FARTHEST:
        raise MalformedFileError(ROW_FAULTS[2][1])
    if y.size < MIN_POINTS:
        raise UnfitSpectrumError(
            f"{y.size} points: at least {MIN_POINTS} are needed; is it a peak list?"
        )


def _check_measured(stated: int, left: int) -> None:
    """Refuse a spectrum of which too little is left without repeated points and constant ends."""
    if left < _LEAST_MEASURED:
        raise UnfitSpectrumError(
            f"{left} of its {stated} points differ from their neighbours: at least "
            f"{_LEAST_MEASURED} are needed; export the measured spectrum"
        )


def _without_constant_ends(x: Floats, y: Floats) -> tuple[Floats, Floats, list[str]]:
    """The measured part of a spectrum, and a warning where an end was cut off."""
    part = measured_part(x, y)
    if part == slice(0, y.size):
        return x, y, []
    if part.start >= part.stop:
        raise UnfitSpectrumError(
            f"all values are {y[0]:g} up to {x[part.stop - 1]:.0f} cm-1 and {y[-1]:g} from there: "
            "nothing was measured"
        )
    return x[part], y[part], [cut_note(x, y, part)]


def _region(first: float, last: float) -> str:
    """The name of the light from ``first`` to ``last`` cm-1, both above the mid-infrared."""
    names = ("near-infrared", "visible", "ultraviolet")
    low, high = (sum(at >= edge for edge in (12_800, 25_000)) for at in (first, last))
    return names[low] if low == high else f"{names[low]} to {names[high]}"


def _check_range(wavenumber: Floats, x_unit: str) -> None:
    """Refuse what does not cover enough of the mid-infrared to be classified."""
    first, last = float(wavenumber[0]), float(wavenumber[-1])
    measured = f"{first:.0f} to {last:.0f} cm-1"
    if last > 1e6 or last <= 0:
        raise AmbiguousUnitError(f"X read as {x_unit} gives {measured}; say --x-unit cm-1|um|nm")
    if first >= 3500:
        raise NotInfraredError(
            f"{measured} is {_region(first, last)}; mid-infrared (4000 to 400 cm-1) is needed"
        )
    low, high = _NEEDED_CM1
    if last - first < _MIN_SPAN_CM1 or first > low or last < high:
        raise UnfitSpectrumError(
            f"{measured}: too narrow; {low:.0f} to {high:.0f} cm-1 and {_MIN_SPAN_CM1:.0f} cm-1 "
            "in all are needed"
        )
    inside = int(wavenumber.searchsorted(high, side="right") - wavenumber.searchsorted(low))
    if inside < 10:
        raise UnfitSpectrumError(
            f"{inside} points between {low:.0f} and {high:.0f} cm-1: nothing was measured there"
        )
