"""Neighbouring latent columns that say the same -> regions. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

# How columns become regions; see merge_columns.
VALLEY_SHARE = 0.7
TAIL_SHARE = 0.2

# Neighbouring columns: the first and one past the last, as in a slice.
Stretch = tuple[int, int]


def merge_columns(contributions: NDArray[np.float64]) -> list[Stretch]:
    """Contributions of all positions (positions,) -> the regions a reader would see.

    1. Neighbouring columns of one sign form a stretch.
    2. A stretch is cut at a column that falls below VALLEY_SHARE of the lower of the two maxima
       beside it: two bands, two regions.
    3. Its ends are trimmed where columns stay below TAIL_SHARE of its strongest column.
    """
    edges = np.flatnonzero(np.diff(np.signbit(contributions))) + 1
    strength: list[float] = np.abs(contributions).tolist()  # for a few columns, quicker than arrays
    return [
        _trim(strength, piece)
        for stretch in pairwise([0, *edges.tolist(), len(strength)])
        for piece in _cut_at_valleys(strength, stretch)
    ]


def _cut_at_valleys(strength: Sequence[float], stretch: Stretch) -> list[Stretch]:
    first, end = stretch
    inside = strength[first:end]
    if len(inside) < 3:
        return [stretch]
    before = list(accumulate(inside, max))[:-2]
    after = list(accumulate(reversed(inside), max))[-3::-1]
    depths = [
        value / max(min(left, right), _TINY)
        for value, left, right in zip(inside[1:-1], before, after, strict=True)
    ]
    deepest = min(depths)
    if deepest >= VALLEY_SHARE:
        return [stretch]
    cut = first + 1 + depths.index(deepest)
    return _cut_at_valleys(strength, (first, cut)) + _cut_at_valleys(strength, (cut, end))


_TINY = float(np.finfo(float).tiny)


def _trim(strength: Sequence[float], stretch: Stretch) -> Stretch:
    first, end = stretch
    lowest = TAIL_SHARE * max(strength[first:end])
    while strength[first] < lowest:
        first += 1
    while strength[end - 1] < lowest:
        end -= 1
    return first, end
