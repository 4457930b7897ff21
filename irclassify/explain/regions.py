"""Neighbouring latent columns -> regions of a spectrum: where, and what is measured there. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from irclassify.explain.fragments import shape_of
from irclassify.model.folder import ModelSpec
from irclassify.results.explanation import MeasuredBand

# How columns become regions; see merge_columns.
VALLEY_SHARE = 0.7
TAIL_SHARE = 0.2

# A window without a band in which nothing rises above this share of the highest band is faint: what
# it adds is still the absorption there, of a tail or the baseline.
FAINT_SHARE = 0.05
FAINT = "faint"

# A maximum lower than this share of a stretch's highest point is a ripple on the side of its band.
RIPPLE_SHARE = 0.25

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


@dataclass(frozen=True)
class View:
    """One spectrum seen by one model: what a region needs to be described.

    ``grid``: the spectrum as the network saw it, (points,), highest value 1. ``sees_from`` and
    ``sees_to``: the window of each column, cm-1, (positions,). ``half_cell`` in cm-1.
    """

    bands: Sequence[MeasuredBand]
    grid: NDArray[np.float32]
    spec: ModelSpec
    sees_from: NDArray[np.float64]
    sees_to: NDArray[np.float64]
    half_cell: float

    @classmethod
    def of(cls, grid: NDArray[np.float32], bands: Sequence[MeasuredBand], spec: ModelSpec) -> View:
        """``grid``, ``bands``: of the spectrum by preprocess.to_grid and peaks.measured_bands."""
        half_cell = spec.latent.stride_points * spec.preprocessing.grid.spacing_cm1 / 2
        return cls(bands, grid, spec, *spec.columns_cm1(), half_cell)

    def cells(self, stretch: Stretch) -> tuple[float, float]:
        """Wavenumbers from the lower edge of the first column's cell to the last's upper edge."""
        first, last = stretch[0], stretch[1] - 1
        centre = (self.sees_from + self.sees_to) / 2
        return float(centre[first] - self.half_cell), float(centre[last] + self.half_cell)

    def sees(self, stretch: Stretch) -> tuple[float, float]:
        """Wavenumbers from the first to the last that any of the columns sees."""
        return float(self.sees_from[stretch[0]]), float(self.sees_to[stretch[1] - 1])

    def band_of(self, stretch: Stretch) -> MeasuredBand | None:
        """The strongest band of the stretch itself; without one, of all that its columns see."""
        return self.own_band_of(stretch) or self._strongest_band(*self.sees(stretch))

    def own_band_of(self, stretch: Stretch) -> MeasuredBand | None:
        """The strongest band of the stretch itself, give or take half a cell; a ripple is none."""
        low, high = self.cells(stretch)
        band = self._strongest_band(low - self.half_cell, high + self.half_cell)
        if band is None or self._seen_at(band.cm1) < RIPPLE_SHARE * self._inside(stretch).max():
            return None
        return band

    def stands_at(self, stretch: Stretch) -> float | None:
        """Where the band is (cm-1) that the stretch shows: its own, or the one it is the side of.

        None for a stretch in which nothing rises above FAINT_SHARE of the highest band.
        """
        own = self.own_band_of(stretch)
        if own is None:
            if self._inside(stretch).max() < FAINT_SHARE:
                return None
            own = self._strongest_band(*self.sees(stretch))
        return None if own is None else own.cm1

    def pattern_of(self, column: int) -> str:
        """What a column saw, one of shapes.SHAPES, or FAINT.

        The shape is that of the column's whole window, as the network saw it. It is faint where
        the window holds the top of no band and nothing above FAINT_SHARE of the highest.
        """
        start = column * self.spec.latent.stride_points
        window = self.grid[start : start + self.spec.latent.receptive_field_points]
        band = self._strongest_band(*self.sees((column, column + 1)))
        return FAINT if band is None and window.max() < FAINT_SHARE else shape_of(window)

    def _inside(self, stretch: Stretch) -> NDArray[np.float32]:
        """The grid's points in the cells of the stretch."""
        field, stride = self.spec.latent.receptive_field_points, self.spec.latent.stride_points
        start = (field - stride) // 2
        return self.grid[start + stretch[0] * stride : start + stretch[1] * stride]

    def _seen_at(self, cm1: float) -> float:
        """The height of the grid at a wavenumber (cm-1)."""
        grid = self.spec.preprocessing.grid
        at = round((cm1 - grid.first_cm1) / grid.spacing_cm1)
        return float(self.grid[min(max(at, 0), self.grid.size - 1)])

    def _strongest_band(self, low: float, high: float) -> MeasuredBand | None:
        inside = (band for band in self.bands if low <= band.cm1 <= high)
        return max(inside, key=lambda band: band.absorbance, default=None)
