"""The unit of Y, settled like X's, and its conversion to decadic absorbance."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from irclassify.errors import AmbiguousUnitError, NotInfraredError, UnsupportedUnitError

Floats = NDArray[np.float64]

Y_UNITS = (
    "absorbance",
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
TRANSMITTANCE_FLOOR = 1e-4

_WORDS = (
    ("kubelka-munk", r"KUBELKA|\bKM\b|\bK-M\b|K/M"),
    (
        "absorbance",
        r"LOG\s*\(?\s*1\s*/\s*[RT]|-\s*LOG|ABSORBAN|\bABS\b|^\W*A\W*$|^\W*AU\W*$|EXTIN[CK]TION"
        r"|OPTICAL DENSITY|^\W*ABSORPTION\W*$",
    ),
    (
        "absorption coefficient",
        r"MICROMOL/MOL.*BASE 10|ABSORPTION COEFFICIENT|ABSORPTIVITY|CROSS.?SECTION|ATTENUATION",
    ),
    ("percent transmittance", r"%\s*\(?T|T(RANS\w*)?\s*[\[(/]?\s*%|PER\s?CENT\.?\s*T"),
    ("transmittance", r"TRANSMIT|TRANSMISSION|^\W*T\W*$"),
    ("percent reflectance", r"%\s*\(?R|R(EFL\w*)?\s*[\[(/]?\s*%|PER\s?CENT\.?\s*R"),
    ("reflectance", r"REFLECT|^\W*R\W*$"),
)
_OTHER = (
    (r"RAMAN", "Raman intensity"),
    (r"INTERFEROGRAM", "an interferogram"),
    (r"SINGLE.?BEAM|BACKGROUND|EMITTANCE|EMISSION", "a single-beam or emission spectrum"),
    (r"VOLT|AMPERE|\bCOUNTS?\b|\bCPS\b", "a raw detector signal"),
    (r"ABUNDANCE", "a mass spectrum"),
)
_UNSUPPORTED = re.compile(
    r"DISPERSION INDEX|REFRACTIVE|ABSORPTION INDEX|% ?ABSORPTION|PHASE|DERIVATIVE|PHOTOACOUSTIC"
)
_ANYTHING = re.compile(r"\bARB|INTENSITY|\bA\. ?U\b|^PER ?CENT$|^%$")
_NOTHING_SAID = re.compile(r"\W*|UNKNOWN|Y|NONE")


def settle_y(y: Floats, words: str | None, told: str | None) -> tuple[str, list[str]]:
    """The unit of ``y``, one of Y_UNITS, and warnings about what had to be assumed.

    ``words`` are the file's, ``told`` the user's, who has the last word.

    Raises AmbiguousUnitError, NotInfraredError or UnsupportedUnitError.
    """
    if told is not None:
        return _canonical(told), []
    stated = _find((words or "")[:200])
    if stated is None:
        guess = _guess(y)
        return guess, [f"the file states no Y unit; its values were read as {guess}"]
    return _plausible(stated, str(words), y)


def to_absorbance(y: Floats, unit: str, *, diffuse: bool = False) -> tuple[Floats, list[str]]:
    """``y`` in ``unit`` (one of Y_UNITS) as absorbance, same shape, and warnings.

    ``diffuse``: reflectance was measured as diffuse reflectance, by the file's own words.
    """
    if diffuse and unit.endswith("reflectance"):
        return _from_diffuse_reflectance(y / 100.0 if unit.startswith("percent") else y)
    return _CONVERT[unit](y)


def _canonical(told: str) -> str:
    for unit in Y_UNITS:
        if told.replace("-", " ") == unit.replace("-", " "):
            return unit
    raise UnsupportedUnitError(f"--y-unit {told} is not known: {_SAY}")


@lru_cache(maxsize=256)
def _find(words: str) -> str | None:
    """The unit that ``words`` name, None when there are no words."""
    text = " ".join(words.upper().split())
    for pattern, kind in _OTHER:
        if re.search(pattern, text):
            raise NotInfraredError(
                f"Y is {text[:40]!r}: {kind}; absorbance or transmittance is needed"
            )
    if _UNSUPPORTED.search(text):
        raise UnsupportedUnitError(f"Y is {text[:40]!r}, which cannot be turned into absorbance")
    for unit, pattern in _WORDS:
        if re.search(pattern, text):
            return unit
    if _ANYTHING.search(text):
        raise AmbiguousUnitError(f"the file says Y is {text[:40]!r}, which may be anything; {_SAY}")
    if not _NOTHING_SAID.fullmatch(text):
        raise UnsupportedUnitError(
            f"Y is in {text[:40]!r}, which is not known; if you know, {_SAY}"
        )
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
    if stated == "absorbance" and (high > 20 or high < -1):
        raise doubtful
    return stated, []


def _guess(y: Floats) -> str:
    """Percent transmittance or absorbance where values and shape leave no doubt.

    Transmittance lies near its maximum and dips; absorbance lies near its minimum and peaks. A
    dark sample's transmittance between 0 and 1 may look like absorbance, so there the limit is
    stricter. On 4,087 NIST spectra of known unit the guess is right or refused, never wrong.
    """
    low, middle, high = (float(v) for v in np.percentile(y, (0, 50, 100)))
    if 20 < high < 120 and low > -10 and middle > 0.6 * high:
        return "percent transmittance"
    like_fraction = low > -0.02 and 0.5 < high < 1.1
    if 0.005 < high < 5 and low > -0.2 * high and middle < (0.08 if like_fraction else 0.3) * high:
        return "absorbance"
    raise AmbiguousUnitError(
        f"the file states no Y unit and values from {low:g} to {high:g} do not tell; {_SAY}"
    )


def _from_fraction(y: Floats, what: str) -> tuple[Floats, list[str]]:
    dark = int(np.count_nonzero(y <= 0))
    notes = [f"{dark} points of zero or negative {what} were set to absorbance 4"] if dark else []
    return -np.log10(np.maximum(y, TRANSMITTANCE_FLOOR)), notes


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
    "transmittance": _from_transmittance,
    "percent transmittance": lambda y: _from_transmittance(y / 100.0),
    "reflectance": _from_reflectance,
    "percent reflectance": lambda y: _from_reflectance(y / 100.0),
    "kubelka-munk": _kubelka_munk,
    "absorption coefficient": _coefficient,
}
