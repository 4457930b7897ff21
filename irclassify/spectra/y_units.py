"""The unit of Y, settled like X's, and its conversion to decadic absorbance."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from irclassify.errors import AmbiguousUnitError, UnsupportedUnitError
from irclassify.spectra.extremes import greatest
from irclassify.spectra.y_guess import guess_y_unit
from irclassify.spectra.y_words import SAY_Y_UNIT, Y_UNITS, find_unit

Floats = NDArray[np.float64]

# A = -log10 T (Beer-Lambert). Detectors and digitisers resolve about four decades: nothing above
# A = 4 is a measurement, so transmittance is floored here, zero and negative values with a warning.
_TRANSMITTANCE_FLOOR = 1e-4


def settle_y(
    y: Floats, words: str | None, told: str | None, wavenumber: Floats | None = None
) -> tuple[str, list[str]]:
    """The unit of ``y``, one of Y_UNITS, and warnings about what had to be assumed.

    Parameters
    ----------
    y : (n,)
    words : str or None
        The file's words for the unit.
    told : str or None
        The unit that the user stated, which is used in place of the file's.
    wavenumber : (n,), ascending, in cm-1, optional
        Where the values lie; a guess is surer with it.

    Raises
    ------
    AmbiguousUnitError, NotInfraredError, UnsupportedUnitError

    Examples
    --------
    >>> settle_y(np.array([90.0, 20.0, 95.0]), "% Transmittance", None)[0]
    'percent transmittance'
    """
    if told is not None:
        return _canonical(told), []
    stated = find_unit((words or "")[:200])
    if stated is None:
        guess = guess_y_unit(y, wavenumber)
        if guess is None:
            raise AmbiguousUnitError(
                f"the file states no Y unit and values from {y.min():g} to {y.max():g} do not "
                f"tell; {SAY_Y_UNIT}"
            )
        return guess, [f"the file states no Y unit; its values were read as {guess}"]
    return _plausible(stated, str(words), y)


def to_absorbance(y: Floats, unit: str, *, diffuse: bool = False) -> tuple[Floats, list[str]]:
    """``y`` in ``unit`` (one of Y_UNITS) as absorbance, same shape, and warnings.

    ``diffuse``: reflectance was measured as diffuse reflectance, by the file's own words.

    Examples
    --------
    >>> absorbance, warnings = to_absorbance(np.array([1.0, 0.1, 0.01]), "transmittance")
    >>> (absorbance + 0).tolist(), warnings
    ([0.0, 1.0, 2.0], [])
    """
    if diffuse and unit.endswith("reflectance"):
        return _from_diffuse_reflectance(y / 100.0 if unit.startswith("percent") else y)
    return _CONVERT[unit](y)


def _canonical(told: str) -> str:
    for unit in Y_UNITS:
        if told.replace("-", " ") == unit.replace("-", " "):
            return unit
    raise UnsupportedUnitError(f"--y-unit {told} is not known: {SAY_Y_UNIT}")


_SCALES = {"absorbance": 1.0, "milliabsorbance": 1000.0, "napierian absorbance": math.log(10)}


def _plausible(stated: str, words: str, y: Floats) -> tuple[str, list[str]]:
    """Percent or fraction by the values where the word leaves it open; nonsense is refused.

    A fraction stays below 2 even with a poor background, percent reach 10 even for a dark
    sample; absorbance ends where detectors do.
    """
    high = greatest(y)
    kind = stated.removeprefix("percent ")
    if kind in ("transmittance", "reflectance"):
        percent = stated.startswith("percent")
        if not percent and 10 < high < 1000:
            return f"percent {kind}", [
                f"Y is stated as {words[:40]!r}; values up to {high:g} were read as percent"
            ]
        if high <= 0 or high > 1000 or (high <= 1.5 if percent else high > 2):
            raise _doubtful(words, high)
    scale = _SCALES.get(stated)
    if scale is not None and (high > 20 * scale or high < -scale):
        raise _doubtful(words, high)
    return stated, []


def _doubtful(words: str, high: float) -> AmbiguousUnitError:
    return AmbiguousUnitError(
        f"the file says Y is {words[:40]!r} but its highest value is {high:g}; {SAY_Y_UNIT}"
    )


def _from_fraction(y: Floats, what: str) -> tuple[Floats, list[str]]:
    dark = int(np.count_nonzero(y <= 0))
    notes = [f"zero or negative {what}, set to absorbance 4: {dark} of the points"] if dark else []
    return -np.log10(np.maximum(y, _TRANSMITTANCE_FLOOR)), notes


def _from_transmittance(y: Floats) -> tuple[Floats, list[str]]:
    return _from_fraction(y, "transmittance")


def _from_reflectance(y: Floats) -> tuple[Floats, list[str]]:
    """-log10 R: the usual measure for ATR, where R is the light left after absorption."""
    absorbance, notes = _from_fraction(y, "reflectance")
    return absorbance, [
        *notes,
        "reflectance was read as -log10 R; if it is specular, its bands are distorted",
    ]


def _from_diffuse_reflectance(y: Floats) -> tuple[Floats, list[str]]:
    """Kubelka and Munk's (1 - R)^2 / 2R, with R floored at a thousandth."""
    r = np.clip(y, 1e-3, None)
    values: Floats = (1 - r) ** 2 / (2 * r)
    return values, ["diffuse reflectance was turned into Kubelka-Munk values, read as absorbance"]


def _kubelka_munk(y: Floats) -> tuple[Floats, list[str]]:
    """Proportional to concentration, as absorbance is."""
    return y, ["Kubelka-Munk values were read as absorbance"]


def _coefficient(y: Floats) -> tuple[Floats, list[str]]:
    return y, ["absorption coefficients were read as absorbance: they are proportional to it"]


_CONVERT: dict[str, Callable[[Floats], tuple[Floats, list[str]]]] = {
    "absorbance": lambda y: (y, []),
    "milliabsorbance": lambda y: (y / 1000.0, []),
    "napierian absorbance": lambda y: (y / math.log(10), []),
    "transmittance": _from_transmittance,
    "percent transmittance": lambda y: _from_transmittance(y / 100.0),
    "reflectance": _from_reflectance,
    "percent reflectance": lambda y: _from_reflectance(y / 100.0),
    "kubelka-munk": _kubelka_munk,
    "absorption coefficient": _coefficient,
}
