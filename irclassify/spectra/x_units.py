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

Floats = NDArray[np.float64]

X_UNITS = ("cm-1", "um", "nm")
_SAY = f"say --x-unit {'|'.join(X_UNITS)}"

_WORDS = (
    (
        "cm-1",
        r"1/\s*CM|CM\s*(?:\^|\*\*)?\s*\(?\s*[-\u2212\u2013]\s*1|CM\u207b\u00b9|WAVE\s?NUMBER|WELLENZAHL|KAYSER"
        r"|(RECIPROCAL|INVERSE) CENT",
    ),
    ("um", r"MICRO-?\s?MET|MICRONS?\b|\bUM\b|[\u00b5\u03bc\u039c]\s?M\b|^[\u00b5\u03bc\u039c]$"),
    ("nm", r"NANO-?\s?MET|\bNM\b"),
)
_OTHER = (
    (r"RAMAN", "a Raman shift"),
    (r"\bHZ\b|HERTZ|\bPPM\b|CHEMICAL SHIFT", "an NMR axis"),
    (r"SECOND|MINUTE|\bTIME\b|\bSEC\b", "a time axis"),
    (r"M/Z|MASS", "a mass axis"),
    (r"\bPOINTS?\b|OPTICAL (PATH|RETARD)|RETARDATION", "an interferogram's axis"),
    (r"\bEV\b|ELECTRON.?VOLT|VOLT|THETA|DEGREE|CELSIUS", "no infrared axis"),
)
_NOTHING_SAID = re.compile(r"\W*|.*(ARBITRARY|UNKNOWN).*|X|NONE")
_PLAUSIBLE: dict[str, Callable[[float, float], bool]] = {
    "cm-1": lambda low, high: high > 200,
    "um": lambda low, high: low > 0.1 and high < 1000,
    "nm": lambda low, high: low > 100,
}


def settle_x(x: Floats, words: str | None, told: str | None) -> tuple[str, list[str]]:
    """The unit of ``x``, one of X_UNITS, and warnings about what had to be assumed.

    ``words`` are the file's, ``told`` the user's, who has the last word.

    Raises AmbiguousUnitError, NotInfraredError or UnsupportedUnitError.
    """
    low, high = float(x.min()), float(x.max())
    if told is not None:
        if told not in X_UNITS:
            raise UnsupportedUnitError(f"--x-unit {told} is not known: {_SAY}")
        return told, []
    stated = _find((words or "")[:200])
    if stated is None:
        guess = _guess(low, high)
        return guess, [f"the file states no X unit; {low:g} to {high:g} was read as {guess}"]
    if not _PLAUSIBLE[stated](low, high):
        raise AmbiguousUnitError(
            f"the file says X is {words!r} but it runs from {low:g} to {high:g}; {_SAY}"
        )
    return stated, []


def to_wavenumber(x: Floats, unit: str) -> Floats:
    """``x`` in ``unit`` (one of X_UNITS) as cm-1, same shape and order."""
    if unit == "cm-1":
        return x
    if (x <= 0).any():
        raise MalformedFileError("a wavelength of zero or less")
    return (1e4 if unit == "um" else 1e7) / x


def refuse_other_axes(words: str | None) -> None:
    """Raise NotInfraredError when a file's word for the unit of X belongs to another method."""
    text = _squashed(words)
    if kind := _other_axis(text):
        raise NotInfraredError(f"X is {text[:40]!r}: {kind}; an infrared spectrum is needed")


@lru_cache(maxsize=256)
def _other_axis(text: str) -> str:
    return next((kind for pattern, kind in _OTHER if re.search(pattern, text)), "")


def _squashed(words: str | None) -> str:
    return " ".join((words or "")[:200].upper().split())


@lru_cache(maxsize=256)
def _find(words: str) -> str | None:
    """The unit that ``words`` name, None when they name none."""
    refuse_other_axes(words)
    text = _squashed(words)
    for unit, pattern in _WORDS:
        if re.search(pattern, text):
            return unit
    if not _NOTHING_SAID.fullmatch(text):
        raise UnsupportedUnitError(
            f"X is in {text[:40]!r}, which is not known; if you know, {_SAY}"
        )
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
