"""What a fragment of a spectrum looks like, in a word, by a fixed rule.

A fragment is drawn as chemists draw a spectrum, high wavenumber on the left; "rising" and "falling"
are meant from left to right. It is scaled to 0..1 first, so only its shape counts:

1. Flat: it varies by less than FLAT of its largest value.
2. Peak: its highest point lies inside and it falls by at least STEEP of its range on both sides.
   Peak with tail: it falls by STEEP on one side, but only by TAIL to STEEP on the other.
3. Valley: its lowest point lies inside and it rises by at least STEEP on both sides.
4. Shoulder: a flank with a step, i.e. between two stretches as steep as STEP of the steepest slope
   lies one that is less than half as steep as either.
5. Rising or falling flank: what is left, by the sign of the change from end to end.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

_FLAT = 0.1
_STEEP = 0.5
_TAIL = 0.15
_STEP = 0.3

SHAPES = {
    "flat": "hardly any change: a baseline",
    "peak": "a band, whole",
    "peak with tail": "a band with absorption continuing on one side",
    "valley": "the gap between two bands",
    "shoulder": "a flank with a step: a band on the side of a stronger one",
    "rising flank": "the high-wavenumber side of a band",
    "falling flank": "the low-wavenumber side of a band",
}


def shape_of(fragment: NDArray[np.floating]) -> str:
    """The name, one of SHAPES, of a fragment (points,) given with ascending wavenumber.

    Examples
    --------
    >>> x = np.linspace(-2, 2, 34)
    >>> shape_of(np.exp(-4 * x**2)), shape_of(x), shape_of(np.ones(34))
    ('peak', 'falling flank', 'flat')
    """
    drawn = np.asarray(fragment, np.float64)[::-1]
    span = float(np.ptp(drawn))
    if span <= _FLAT * float(np.abs(drawn).max()):
        return "flat"
    curve = (drawn - drawn.min()) / span
    lesser, greater = _falls(curve)
    if lesser >= _TAIL and greater >= _STEEP:
        return "peak" if lesser >= _STEEP else "peak with tail"
    if _falls(1 - curve)[0] >= _STEEP:
        return "valley"
    if _has_step(curve):
        return "shoulder"
    return "rising flank" if curve[-1] > curve[0] else "falling flank"


def shapes_of(fragments: NDArray[np.floating]) -> dict[str, int]:
    """How many of the fragments (n, points) have which name, the most common first.

    Examples
    --------
    >>> x = np.linspace(-2, 2, 34)
    >>> shapes_of(np.stack([x, x**3, np.exp(-4 * x**2)]))
    {'falling flank': 1, 'shoulder': 1, 'peak': 1}
    """
    return dict(Counter(map(shape_of, fragments)).most_common())


def width_points(fragment: NDArray[np.floating]) -> float:
    """Width in points at half height between its lowest and highest value, around the highest.

    Examples
    --------
    >>> width_points(np.array([0.0, 0.2, 0.8, 1.0, 0.7, 0.1]))
    3.0
    """
    curve = np.asarray(fragment, np.float64)
    above = curve >= (curve.min() + curve.max()) / 2
    top = int(curve.argmax())
    left = top - int(np.argmin(np.append(above[top::-1], False)))
    right = top + int(np.argmin(np.append(above[top:], False)))
    return float(right - left - 1)


def _falls(curve: NDArray[np.float64]) -> tuple[float, float]:
    """How far the curve falls from its highest point to its lowest on either side, sorted."""
    top = int(curve.argmax())
    left, right = curve[top] - curve[: top + 1].min(), curve[top] - curve[top:].min()
    return float(min(left, right)), float(max(left, right))


def _has_step(curve: NDArray[np.float64]) -> bool:
    slope = np.diff(curve) * np.sign(curve[-1] - curve[0])
    before = np.maximum.accumulate(slope)[:-2]
    after = np.maximum.accumulate(slope[::-1])[::-1][2:]
    lower = np.minimum(before, after)
    return bool(np.any((lower >= _STEP * slope.max()) & (slope[1:-1] < lower / 2)))
