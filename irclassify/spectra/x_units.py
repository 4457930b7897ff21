"""The unit of X: what the file says, if the values can be that; else what the values must be."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from irclassify.errors import (
    AmbiguousUnitError,
    MalformedFileError,
    NotInfraredError,
    UnsupportedUnitError,
)
from irclassify.spectra.extremes import greatest, least

Floats = NDArray[np.float64]

X_UNITS = ("cm-1", "um", "nm")
_SAY = f"say --x-unit {'|'.join(X_UNITS)}"

# Words are compared in capitals, with one blank where there are any. Patterns are compiled when
# they are first needed: most files need few, and all of them together take 5 ms.
_CM = r"CM ?(?:\^|\*\*)? ?[({]? ?[-\u2212\u2013] ?1|CM ?\u207b ?\u00b9|CM ?\^? ?1\b|1 ?/ ?CM"
_UM = r"MICRO-? ?MET(?:ER|RE)S?|MICRONS?\b|\bUM\b|[\u00b5\u03bc\u039c] ?M\b|^[\u00b5\u03bc\u039c]$"
_NM = r"NANO-? ?MET(?:ER|RE)S?|\bNM\b"
# English, German, French, Spanish, Portuguese, Italian, Dutch, Swedish, Polish, Japanese.
_WAVENUMBER = (
    r"WAVE ?-?NUMBERS?|WAVE ?NO\b|\bWN\b|WELLENZAHL(?:EN)?|NOMBRES? D.ONDES?"
    r"|N[U\u00da]MEROS? DE ONDAS?|NUMER[OI] D.ONDA|GOLFGETAL(?:LEN)?|V[A\u00c5]GTAL|LICZBA FALOWA"
    r"|\u6ce2\u6570|KAYSER|(?:RECIPROCAL|INVERSE) CENT\w*"
)
_WAVELENGTH = (
    r"WAVE ?-?LENGTHS?|WELLENL(?:\u00c4|AE|A)NGEN?|LONGUEURS? D.ONDE|LONGITUD(?:ES)? DE ONDA"
    r"|COMPRIMENTOS? DE ONDA|LUNGHEZZ[AE] D.ONDA|GOLFLENGTE|V[A\u00c5]GL\u00c4NGD|\u6ce2\u957f"
)
_M = (
    rf"(?:[(\[/] ?|^|(?:{_WAVENUMBER}) )M ?(?:\^|\*\*)? ?[({{]? ?[-\u2212\u2013] ?1\W*$"
    r"|1 ?/ ?M\b"
)
_WORDS = (
    ("m-1", _M),
    ("THz", r"\bTHZ\b|TERA-?HERTZ"),
    ("meV", r"\bMEV\b"),
    ("cm-1", f"{_CM}|{_WAVENUMBER}"),
    ("um", _UM),
    ("nm", _NM),
)
_UNIT_ALONE = rf"\W*(?:{_CM}|(?:{_UM})|(?:{_NM}))[^\w/]*"
_NAME = (
    rf"\W*(?:(?:{_WAVENUMBER}|{_WAVELENGTH}|FREQUENC\w*|FREQUENZ|(?:PHOTON )?ENERG(?:Y|IE))"
    rf"\W*[(\[/].*"
    rf"|(?:{_WAVENUMBER}|{_WAVELENGTH}|RAMAN SHIFT|FREQUENC(?:Y|IES)|FREQUENZ|X|\u03bd|V\u0304)"
    rf"(?![^\W\d])(?:\W*|\W.*(?:{_CM}|{_UM}|{_NM}|ARB).*|\W+(?:AXIS|VALUES?|DATA)\W*))"
)
_OTHER = (
    (r"RAMAN", "a Raman shift"),
    (r"\bHZ\b|(?<!TERA)(?<!TERA-)HERTZ|\bPPM\b|CHEMICAL SHIFT", "an NMR axis"),
    (r"SECOND|MINUTE|\bTIME\b|\bSEC\b", "a time axis"),
    (r"M/Z|MASS", "a mass axis"),
    (r"\bPOINTS?\b|OPTICAL (PATH|RETARD)|RETARDATION", "an interferogram's axis"),
    (r"\bEV\b|ELECTRON.?VOLT|VOLT|THETA|DEGREE|CELSIUS", "not an infrared axis"),
)
_NOTHING_SAID = rf"\W*|.*(ARBITRARY|UNKNOWN).*|X|NONE|AXIS|FREQUEN\w*|{_WAVELENGTH}"
# cm-1 in one of each unit that is proportional to the wavenumber (CODATA 2018).
_CM1_IN = {"cm-1": 1.0, "m-1": 0.01, "THz": 33.3564095198152, "meV": 8.06554393734921}
_PLAUSIBLE: dict[str, Callable[[float, float], bool]] = {
    "cm-1": lambda low, high: high > 200,
    "um": lambda low, high: low > 0.1 and high < 1000,
    "nm": lambda low, high: low > 100,
    "m-1": lambda low, high: high > 20_000,
    "THz": lambda low, high: 10 < high < 1000,
    "meV": lambda low, high: 20 < high < 10_000,
}


def settle_x(x: Floats, words: str | None, told: str | None) -> tuple[str, list[str]]:
    """The unit of ``x`` (X_UNITS, or m-1, THz, meV) and warnings about what had to be assumed.

    Parameters
    ----------
    x : (n,), in any order
    words : str or None
        The file's words for the unit.
    told : str or None
        The unit that the user stated, which is used in place of the file's.

    Raises
    ------
    AmbiguousUnitError, NotInfraredError, UnsupportedUnitError

    Examples
    --------
    >>> x = np.linspace(400, 4000, 1801)
    >>> settle_x(x, "1/CM", None), settle_x(1e4 / x, "micrometers", None)
    (('cm-1', []), ('um', []))
    """
    low, high = least(x), greatest(x)
    if told is not None:
        if told not in X_UNITS:
            raise UnsupportedUnitError(f"--x-unit {told} is not known: {_SAY}")
        return told, []
    stated = _find((words or "")[:200])
    if stated is None:
        guess = _guess(low, high)
        if guess == "cm-1" and re.search(_WAVELENGTH, _squashed(words)):
            raise AmbiguousUnitError(
                f"the file says X is {str(words)[:40]!r} but {low:g} to {high:g} "
                f"may be cm-1; {_SAY}"
            )
        return guess, [f"the file states no X unit; {low:g} to {high:g} was read as {guess}"]
    if not _PLAUSIBLE[stated](low, high):
        raise AmbiguousUnitError(
            f"the file says X is {str(words)[:40]!r} but it runs from {low:g} to {high:g}; {_SAY}"
        )
    return stated, []


def to_wavenumber(x: Floats, unit: str) -> Floats:
    """``x`` in ``unit`` (as ``settle_x`` names it) as cm-1, same shape and order.

    Examples
    --------
    >>> to_wavenumber(np.array([2.5, 10.0]), "um").tolist()
    [4000.0, 1000.0]
    """
    if unit in _CM1_IN:
        return x if unit == "cm-1" else x * _CM1_IN[unit]
    if (x <= 0).any():
        raise MalformedFileError("a wavelength of zero or less")
    return (1e4 if unit == "um" else 1e7) / x


def refuse_other_axes(words: str | None) -> None:
    """Raise NotInfraredError when a file's word for the unit of X belongs to another method.

    Examples
    --------
    >>> refuse_other_axes("1/CM")
    >>> refuse_other_axes("M/Z")
    Traceback (most recent call last):
        ...
    irclassify.errors.NotInfraredError: X is 'M/Z': a mass axis; an infrared spectrum is...
    """
    text = _squashed(words)
    if kind := _other_axis(text):
        raise NotInfraredError(f"X is {text[:40]!r}: {kind}; an infrared spectrum is needed")


@lru_cache(maxsize=256)
def _other_axis(text: str) -> str:
    return next((kind for pattern, kind in _OTHER if re.search(pattern, text)), "")


def _squashed(words: str | None) -> str:
    """The first 200 characters in capitals, single blanks for white space and underscores."""
    return " ".join((words or "")[:200].replace("_", " ").upper().split())


@lru_cache(maxsize=1024)
def is_x_unit(words: str) -> bool:
    """True when ``words`` are a unit of X and nothing else.

    Examples
    --------
    >>> is_x_unit("cm-1"), is_x_unit("sample 3")
    (True, False)
    """
    return len(words) < 60 and bool(re.fullmatch(_UNIT_ALONE, _squashed(words)))


@lru_cache(maxsize=1024)
def names_x(words: str) -> bool:
    """True when ``words``, the name of a column, say that it holds X: a quantity, a unit, both.

    Examples
    --------
    >>> names_x("Wavenumber (cm-1)"), names_x("absorbance")
    (True, False)
    """
    text = _squashed(words)
    return len(words) < 80 and bool(re.fullmatch(_UNIT_ALONE, text) or re.fullmatch(_NAME, text))


@lru_cache(maxsize=1024)
def x_unit_of(words: str) -> str | None:
    """The unit of X that ``words`` contain, or ``raman``; None when they contain none.

    Examples
    --------
    >>> x_unit_of("Wavenumber (cm-1)"), x_unit_of("Raman shift (cm-1)"), x_unit_of("absorbance")
    ('cm-1', 'raman', None)
    """
    text = _squashed(words)
    if re.search(r"RAMAN ?SHIFT", text):
        return "raman"
    return next((unit for unit, pattern in _WORDS if re.search(pattern, text)), None)


@lru_cache(maxsize=256)
def _find(words: str) -> str | None:
    """The unit that ``words`` name, None when they name none."""
    refuse_other_axes(words)
    text = _squashed(words)
    for unit, pattern in _WORDS:
        if re.search(pattern, text):
            return unit
    if not re.fullmatch(_NOTHING_SAID, text):
        raise UnsupportedUnitError(f"X is in {text[:40]!r}, an unknown unit; {_SAY}")
    return None


def _guess(low: float, high: float) -> str:
    """cm-1 or um where no other reading makes sense.

    1100 to 2500 may be near-infrared nm, 200 to 3300 the full range of a UV-VIS-NIR instrument
    in nm, 2500 to 25000 the mid-infrared in nm: those are ambiguous.
    """
    if 3300 < high < 9000 and 0 < low < 2000:
        return "cm-1"
    if 1.5 < low < 10 and 10 < high < 60:
        return "um"
    raise AmbiguousUnitError(
        f"the file states no X unit and {low:g} to {high:g} could be several; {_SAY}"
    )
