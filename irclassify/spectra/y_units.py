"""The unit of Y, settled like X's, and its conversion to decadic absorbance."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from irclassify.errors import (
    AmbiguousUnitError,
    IrclassifyError,
    NotInfraredError,
    UnsupportedUnitError,
)
from irclassify.spectra.y_guess import guess_y_unit

Floats = NDArray[np.float64]

Y_UNITS = (
    "absorbance",
    "milliabsorbance",
    "transmittance",
    "percent transmittance",
    "reflectance",
    "percent reflectance",
    "kubelka-munk",
    "absorption coefficient",
)
_SAY = f"say --y-unit {'|'.join(unit.replace(' ', '-') for unit in Y_UNITS)}"

# A = -log10 T (Beer-Lambert). Detectors and digitisers resolve about four decades: nothing above
# A = 4 is a measurement, so transmittance is floored here, zero and negative values with a warning.
_TRANSMITTANCE_FLOOR = 1e-4

# Words are compared in capitals, with one blank where there are any; as in x_units, patterns are
# compiled when they are first needed.
_ABSORBANCE = (
    r"ABSORB[A\u00c2]N|ABSORV[A\u00c2]N|ASSORBANZA|EXTIN[CK]TION|OPTICAL DENSITY"
    r"|LOG ?\(? ?1 ?/ ?[RT]|-? ?LOG ?\(? ?T\b|-LOG"
)
_COEFFICIENT = (
    r"MICROMOL/MOL.*BASE 10|ABSORPTION COEFFICIENT|ABSORPTIVITY|CROSS.?SECTION|ATTENUATION"
)
_TRANSMITTANCE = r"TRANSMIT|TRANSMISSI|TRASMITTAN|DURCHL\u00c4SS"
_REFLECTANCE = r"REFLE[CK]T|REFLEXION|RIFLETTAN"
_PERCENT = r"(?:(?<![\d.])(?<![\d.] )% ?|PER ?CENT\.? ?|PCT\.? ?)\(? ?"
_IN_PERCENT = r"(?: ?[\[(/,] ?| )%"
_UNITS = (
    ("kubelka-munk", r"KUBELKA|\bKM\b(?! ?/)|\bK-M\b|K/M"),
    ("milliabsorbance", r"\bM ?(?:AU|ABS|OD)\b|MILLI-? ?ABSORB|\bMABSORB"),
    (
        "absorbance",
        rf"{_ABSORBANCE}|\bABS\b|\bA\.?U\.? ?\(?ABS|^\W*(?:AU?|OD|ABSORPTI(?:ON|E))\W*$",
    ),
    ("absorption coefficient", _COEFFICIENT),
    (
        "percent transmittance",
        rf"{_PERCENT}T(?:RANS\w*)?\b|(?:\bT|\bTRANS\w*|\bTRASM\w*|DURCHL\w*){_IN_PERCENT}|\bT%",
    ),
    ("transmittance", rf"{_TRANSMITTANCE}|^\W*TRANS\W*$|^\W*T\W*$"),
    ("percent reflectance", rf"{_PERCENT}R(?:EFL\w*)?\b|(?:\bR|\bREFL\w*){_IN_PERCENT}|\bR%"),
    ("reflectance", rf"{_REFLECTANCE}|^\W*REFL\W*$|^\W*R\W*$"),
)
# Never absorbance or transmittance, whatever else the words say.
_OTHER = (
    (r"\bRAMAN\b", "Raman intensity"),
    (r"INTERFEROGRAM", "an interferogram"),
    (r"SINGLE.?BEAM", "a single-beam spectrum"),
)
# Of another kind unless the words name a unit too ("transmittance, background corrected").
_OTHER_ALONE = (
    (r"BACKGROUND|EMITTANCE|EMISSION\b", "a single-beam or emission spectrum"),
    (r"VOLT|AMPERE|\bCOUNTS?\b|\bCPS\b", "a raw detector signal"),
    (r"ABUNDANCE", "a mass spectrum"),
)
# Quantities made from a spectrum that are not it.
_DERIVED = (
    r"DERIVATIVE|\bD\^?[1-4]A\b|\bDA ?/ ?D|ABSORPTANCE|[(\[ ]DB[)\]]?$"
    r"|STANDARD DEV|\bST\.? ?DEV|\bSTDEV|\bR?STDV?\b|\bR?SD\b|\bSEM\b|VARIANCE"
    r"|\bERRORS?\b|UNCERTAINT|\bSIGMA\b|RESIDUAL|\bLOADINGS?\b|EXTINCTION COEFF|KM ?/ ?MOL|\bSNR\b"
    rf"|{_PERCENT}ABSOR|ABSOR\w*{_IN_PERCENT}|ABSOR\w* PER ?CENT"
)
_UNSUPPORTED = (
    r"COMPLEX INDEX|DISPERSION INDEX|REFRACTIVE|ABSORPTION INDEX|PHASE|PHOTOACOUSTIC"
    r"|EMISSIVIT|EMISSIONSGRAD"
    r"|RADIANCE|PERMITTIVIT|DIELECTRIC|OPTICAL CONST|\bPSI\b|AMPLITUDE|\bEPSILON\b"
    r"|\bEPS ?\d?\b|^\W*[NK]\W*$|TEMPERATURE|PRESSURE"
)
_ANYTHING = r"\bARB|INTENSIT|\bA\. ?U\b|^PER ?CENT$|^%$|^\W*INT\W*$"
# One or a few letters name a unit only where nothing suggests that they name samples.
_SHORT = r"\W*(?:ABS|AU|A|T|R|K|N|KM|OD|REFL|TRANS|I|INT|SD|K-M|EPS ?\d?)\W*"
_ALONE = (
    rf"\W*(?:{_PERCENT}[TR](?:RANS\w*|EFL\w*)?|ABSORB\w*|ABS|A|AU|T|R|TRANSMI\w*|REFLECT\w*|KUBELKA-MUNK|K-?M"
    r"|LOG ?\(? ?1 ?/ ?R|MAU)(?: UNITS?)?\W*"
)
_NOTHING_SAID = r"\W*|UNKNOWN|Y|NONE"


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
    stated = _find((words or "")[:200])
    if stated is None:
        guess = guess_y_unit(y, wavenumber)
        if guess is None:
            raise AmbiguousUnitError(
                f"the file states no Y unit and values from {y.min():g} to {y.max():g} do not "
                f"tell; {_SAY}"
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
    raise UnsupportedUnitError(f"--y-unit {told} is not known: {_SAY}")


def _squashed(words: str) -> str:
    """The first 200 characters in capitals, single blanks for white space and underscores."""
    return " ".join(words[:200].replace("_", " ").upper().split())


@lru_cache(maxsize=1024)
def names_y(words: str) -> bool:
    """True when ``words``, the name of a column, say what was measured, infrared or not.

    Examples
    --------
    >>> names_y("Transmittance (%)"), names_y("sample 3")
    (True, False)
    """
    text = _squashed(words)
    if len(words) > 80 or not text:
        return False
    known = [*(pattern for _, pattern in _UNITS), _DERIVED, _UNSUPPORTED, _ANYTHING]
    others = (pattern for pattern, _ in (*_OTHER, *_OTHER_ALONE))
    return any(re.search(pattern, text) for pattern in (*known, *others))


def states_unit(words: str) -> bool:
    """True when ``words`` name a unit that can be turned into absorbance.

    Examples
    --------
    >>> states_unit("Transmittance (%)"), states_unit("ion counts")
    (True, False)
    """
    try:
        return _find(words) is not None
    except IrclassifyError:
        return False


@lru_cache(maxsize=1024)
def is_short_name(words: str) -> bool:
    """True for one or a few letters that may be a unit or a sample's name: A, T, R, ABS, n, k.

    Examples
    --------
    >>> is_short_name("A"), is_short_name("absorbance")
    (True, False)
    """
    return bool(re.fullmatch(_SHORT, _squashed(words)))


@lru_cache(maxsize=1024)
def is_y_unit(words: str) -> bool:
    """True when ``words`` are a unit of Y that is read here, and nothing else.

    Examples
    --------
    >>> is_y_unit("%T"), is_y_unit("film 3")
    (True, False)
    """
    return len(words) < 60 and bool(re.fullmatch(_ALONE, _squashed(words)))


@lru_cache(maxsize=256)
def _find(words: str) -> str | None:
    """The unit that ``words`` name, None when there are no words."""
    text = _squashed(words)
    unit = next((unit for unit, pattern in _UNITS if re.search(pattern, text)), None)
    for pattern, kind in (*_OTHER, *(() if unit else _OTHER_ALONE)):
        if re.search(pattern, text):
            raise NotInfraredError(
                f"Y is {text[:40]!r}: {kind}; absorbance or transmittance is needed"
            )
    if re.search(_DERIVED, text) or (unit is None and re.search(_UNSUPPORTED, text)):
        raise UnsupportedUnitError(f"Y is {text[:40]!r}, which cannot be turned into absorbance")
    if unit is not None:
        return unit
    if re.search(_ANYTHING, text):
        raise AmbiguousUnitError(f"the file says Y is {text[:40]!r}, which may be anything; {_SAY}")
    if not re.fullmatch(_NOTHING_SAID, text):
        raise UnsupportedUnitError(f"Y is in {text[:40]!r}, an unknown unit; {_SAY}")
    return None


def _plausible(stated: str, words: str, y: Floats) -> tuple[str, list[str]]:
    """Percent or fraction by the values where the word leaves it open; nonsense is refused.

    A fraction stays below 2 even with a poor background, percent reach 10 even for a dark
    sample; absorbance ends where detectors do.
    """
    high = float(y.max())
    kind = stated.removeprefix("percent ")
    doubtful = AmbiguousUnitError(
        f"the file says Y is {words[:40]!r} but its highest value is {high:g}; {_SAY}"
    )
    if kind in ("transmittance", "reflectance"):
        percent = stated.startswith("percent")
        if not percent and 10 < high < 1000:
            return f"percent {kind}", [
                f"Y is stated as {words[:40]!r}; values up to {high:g} were read as percent"
            ]
        if high <= 0 or high > 1000 or (high <= 1.5 if percent else high > 2):
            raise doubtful
    scale = {"absorbance": 1.0, "milliabsorbance": 1000.0}.get(stated)
    if scale is not None and (high > 20 * scale or high < -scale):
        raise doubtful
    return stated, []


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
    "transmittance": _from_transmittance,
    "percent transmittance": lambda y: _from_transmittance(y / 100.0),
    "reflectance": _from_reflectance,
    "percent reflectance": lambda y: _from_reflectance(y / 100.0),
    "kubelka-munk": _kubelka_munk,
    "absorption coefficient": _coefficient,
}
