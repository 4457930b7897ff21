"""Maxima of a curve, their prominences and widths, and its smoothed second derivative. Pure.

The same numbers as scipy.signal's ``find_peaks`` and ``peak_widths`` and scipy.ndimage's
``gaussian_filter1d``, to the last bit. To import these takes 0.8 s of processor time, three times
as long as the rest of ``irclassify explain FILE``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

_Floats = NDArray[np.float64]
_Indices = NDArray[np.intp]

# A Gaussian is cut off so many standard deviations from its middle.
_CUT_OFF = 4.0


@dataclass(frozen=True, eq=False)
class Maxima:
    """The maxima ``at`` (n,) of a curve, their ``prominence`` (n,) and both bases, all ascending.

    A base is the lowest point, the nearest of several, between a maximum and the next higher
    point; the prominence is the height above the higher base.
    """

    at: _Indices
    prominence: _Floats
    left: _Indices
    right: _Indices


def find_maxima(y: _Floats, least: float) -> Maxima:
    """Maxima inside a curve (points,) with a prominence of ``least`` or more.

    A flat top counts once, in its middle; the ends are no maxima.

    Examples
    --------
    >>> y = np.array([0.0, 3.0, 1.0, 2.0, 0.0])
    >>> found = find_maxima(y, least=0.5)
    >>> found.at.tolist(), found.prominence.tolist()
    ([1, 3], [3.0, 1.0])
    """
    at = _tops(y)
    low_left, left = _bases(y, at)
    low_right, mirrored = _bases(y[::-1], y.size - 1 - at[::-1])
    right, low_right = y.size - 1 - mirrored[::-1], low_right[::-1]
    prominence = y[at] - np.maximum(low_left, low_right)
    kept = prominence >= least
    return Maxima(at[kept], prominence[kept], left[kept], right[kept])


def half_widths(y: _Floats, found: Maxima) -> _Floats:
    """The width (n,) of each maximum at half its prominence, in points.

    Straight lines are drawn between the points; a maximum is no wider than its bases are apart.

    Examples
    --------
    >>> y = np.array([0.0, 1.0, 2.0, 1.0, 0.0])
    >>> half_widths(y, find_maxima(y, least=0.5)).tolist()
    [2.0]
    """
    levels = (y[found.at] - found.prominence * 0.5).tolist()
    places = zip(found.at.tolist(), found.left.tolist(), found.right.tolist(), levels, strict=True)
    widths = np.empty(found.at.size)
    for i, (top, left, right, level) in enumerate(places):
        below = np.flatnonzero(y[left : top + 1] <= level)
        low = left + int(below[-1]) if below.size else left
        start, end = float(low), 0.0
        if y[low] < level:
            start += (level - y[low]) / (y[low + 1] - y[low])
        beyond = np.flatnonzero(y[top : right + 1] <= level)
        high = top + int(beyond[0]) if beyond.size else right
        end = float(high)
        if y[high] < level:
            end -= (level - y[high]) / (y[high - 1] - y[high])
        widths[i] = end - start
    return widths


def curvature(y: _Floats, sigma: float) -> _Floats:
    """The second derivative (points,) per squared step of ``y`` smoothed by a Gaussian.

    ``sigma``: its standard deviation in points. Beyond its ends the curve is mirrored.

    Examples
    --------
    >>> x = np.linspace(-5, 5, 101)
    >>> int(curvature(np.exp(-(x**2)), sigma=3.0).argmin())  # a band bends most at its top
    50
    """
    radius = int(_CUT_OFF * sigma + 0.5)
    x = np.arange(-radius, radius + 1)
    gauss = np.exp(-0.5 / (sigma * sigma) * x**2)
    gauss = gauss / gauss.sum()
    weights = gauss * (x**2 / sigma**4 - 1 / sigma**2)
    wide = np.pad(y, radius, mode="symmetric")
    bend: _Floats = y * weights[radius]
    for k in range(radius):  # in scipy's order: from the outside to the middle
        bend += (wide[k : k + y.size] + wide[2 * radius - k :][: y.size]) * weights[k]
    return bend


def _tops(y: _Floats) -> _Indices:
    """Where ``y`` is higher than on both sides; the middle of a flat top."""
    start = np.concatenate([[0], np.flatnonzero(y[1:] != y[:-1]) + 1])
    end = np.append(start[1:], y.size) - 1
    value = y[start]
    is_top = np.zeros(start.size, bool)
    is_top[1:-1] = (value[1:-1] > value[:-2]) & (value[1:-1] > value[2:])
    tops: _Indices = (start[is_top] + end[is_top]) // 2
    return tops


def _bases(y: _Floats, at: _Indices) -> tuple[_Floats, _Indices]:
    """For each top, the lowest value between it and the next higher point before it, and where."""
    lowest, where = np.empty(at.size), np.empty(at.size, np.intp)
    higher: list[tuple[float, float, int]] = []  # tops before this one that are not passed yet
    valleys = _valleys(y, at.tolist())
    for i, (top, valley) in enumerate(zip(y[at].tolist(), valleys, strict=True)):
        low, place = valley
        while higher and higher[-1][0] <= top:
            _, farther, farther_place = higher.pop()
            if farther < low:
                low, place = farther, farther_place
        higher.append((top, low, place))
        lowest[i], where[i] = low, place
    return lowest, where


def _valleys(y: _Floats, at: Sequence[int]) -> list[tuple[float, int]]:
    """The lowest value before each top, back to the top before it; the last place of several."""
    found = []
    for first, top in pairwise((0, *at)):
        place = top - int(y[first : top + 1][::-1].argmin())
        found.append((float(y[place]), place))
    return found
