"""Which columns of a table are X and which are spectra.

The names above them say it, and the numbers confirm it: X goes one way, a spectrum does not. Row
numbers, as pandas and R write them, and a second axis of the same points are left out. Every
spectrum keeps the X that stands before it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from irclassify.errors import UnfitSpectrumError
from irclassify.spectra.x_units import names_x
from irclassify.spectra.y_words import names_y

Floats = NDArray[np.float64]
_ROW_NAMES = ("", "index", "unnamed: 0", "row", "id", "no", "no.")
_ROW_NUMBERS = "one column of numbers beside row numbers: export the wavenumbers too"


class Pair(NamedTuple):
    """Numbers of the columns that hold X and Y of one spectrum."""

    x: int
    y: int


def find_pairs(table: Floats, names: list[str]) -> list[Pair]:
    """The spectra among the columns of ``table`` (rows, columns); ``names`` may be [].

    Raises UnfitSpectrumError where names are missing or do not say which column is X.

    Examples
    --------
    >>> x = np.linspace(400.0, 4000.0, 61)
    >>> table = np.stack([np.arange(61.0), x, np.sin(x)], axis=1)
    >>> find_pairs(table, ["", "wavenumber", "film"])
    [Pair(x=1, y=2)]
    """
    columns = table.shape[1]
    axes = [i for i, name in enumerate(names) if names_x(name)]
    if names:
        axes = sorted({*axes, *_like_the_axis(table, axes[0] if axes else 0)})
    axes = _without_counters(table, axes, names) or _axes_by_values(table, names)
    before = [i for i in range(axes[0]) if not _one_way(table[:, i])]
    if len(axes) == 1:
        return _beside(table, axes[0], before, names)
    if before:
        return _pairs_after(axes, columns)
    pairs = []
    for start, end in zip(axes, [*axes[1:], columns], strict=True):
        spectra = [i for i in range(start + 1, end) if not _counts(table[:, i])]
        if not spectra and end < columns and not _same_points(table[:, start], table[:, end]):
            raise _unclear()
        pairs += [Pair(start, i) for i in spectra]
    if not pairs:
        raise UnfitSpectrumError("columns of wavenumbers only: no spectrum")
    return pairs


def _beside(table: Floats, x: int, before: list[int], names: list[str]) -> list[Pair]:
    """All spectra beside the one X; others than spectra in front of it are no guess."""
    columns = table.shape[1]
    last = x == columns - 1
    if before and not last and not all(names and names_y(names[i]) for i in before):
        said = [repr(names[i][:20]) if names else str(i + 1) for i in (*before, x)]
        raise UnfitSpectrumError(
            f"columns {', '.join(said[:-1])} come before {said[-1]}: keep the wavenumber and the "
            "spectra (absorbance or transmittance) only"
        )
    after = [i for i in range(x + 1, columns) if columns == 2 or not _counts(table[:, i])]
    if not before and not after:
        if columns == 2:
            return [Pair(x, 1 - x)]
        raise UnfitSpectrumError(_ROW_NUMBERS)
    return [Pair(x, i) for i in (*before, *after)]


def _axes_by_values(table: Floats, names: list[str]) -> list[int]:
    """The columns that can only be X where no name says so; the first of two in any case.

    Raises UnfitSpectrumError where other columns than row numbers stand before them, or where
    nothing says what the columns behind are.
    """
    columns = table.shape[1]
    axes = [i for i in range(columns) if _is_axis(table[:, i])]
    if columns == 2:
        if _counts(table[:, 0]) and len(table) > 2:
            raise UnfitSpectrumError(_ROW_NUMBERS)
        return [1] if axes == [1] and not _one_way(table[:, 0]) else [0]
    if axes and all(_counts(table[:, i]) for i in range(axes[0])):
        pairs = columns == axes[-1] + 2 and (np.diff(axes) == 2).all()
        if pairs or (names and len(axes) == 1):
            return axes
    raise UnfitSpectrumError(
        f"{columns} columns and no names above them that say which is X: keep wavenumber and "
        "one spectrum, or name the columns in one line above (the first such as 'cm-1')"
    )


def _is_axis(values: Floats) -> bool:
    """True for a column that can only be wavenumbers, whatever it is called."""
    x = values[~np.isnan(values)]
    return _one_way(x) and bool(200 < x.min() < 2000 and 3000 < x.max() < 9000)


def _like_the_axis(table: Floats, x: int) -> list[int]:
    """Columns that run as column ``x`` does, over its range: another X, whatever they are called.

    Column ``x`` is among them then; [] when no other column is like it.
    """
    first = table[:, x]
    low, high = np.nanmin(first), np.nanmax(first)
    if not (low >= 0 and high - low > 100):
        return []
    found = [i for i in range(table.shape[1]) if i != x and _runs_over(table[:, i], low, high)]
    return [x, *found] if found and _one_way(first) else []


def _runs_over(values: Floats, low: float, high: float) -> bool:
    """True for values that go one way and cover at least half of ``low`` to ``high``."""
    if not _one_way(values):
        return False
    both = min(np.nanmax(values), high) - max(np.nanmin(values), low)
    return bool(both > 0.5 * max(high - low, np.nanmax(values) - np.nanmin(values)))


def _one_way(values: Floats) -> bool:
    step = np.diff(values[~np.isnan(values)])
    return step.size > 1 and bool((step > 0).all() or (step < 0).all())


def _counts(values: Floats) -> bool:
    """True for the numbers of rows: 0, 1, 2, ... or 1, 2, 3, ..."""
    return bool(values[0] in (0, 1) and (np.diff(values) == 1).all())


def _without_counters(table: Floats, axes: list[int], names: list[str]) -> list[int]:
    """``axes`` without row numbers where another axis is among them.

    R calls their column X; pandas gives it no name, and leaves gaps where rows were taken out.
    """
    left = [
        i for i in axes if not (_counts(table[:, i]) or (names and names[i].lower() in _ROW_NAMES))
    ]
    return left or axes


def _same_points(one: Floats, other: Floats) -> bool:
    """True for two axes of the same points: in units that are proportional or reciprocal."""
    with np.errstate(all="ignore"):
        known = ~np.isnan(one) & ~np.isnan(other)
        one, other = one[known], other[known]
        return any(
            bool(np.ptp(scale) <= 1e-3 * abs(float(np.mean(scale))))
            for scale in (one / other, one * other)
        )


def _pairs_after(axes: list[int], columns: int) -> list[Pair]:
    """Pairs of which Y stands first: y1, x1, y2, x2, ..."""
    if axes != list(range(1, columns, 2)):
        raise _unclear()
    return [Pair(x, x - 1) for x in axes]


def _unclear() -> UnfitSpectrumError:
    return UnfitSpectrumError(
        "several columns of wavenumbers: it is not clear which belongs to which spectrum; "
        "keep one wavenumber and one spectrum"
    )
