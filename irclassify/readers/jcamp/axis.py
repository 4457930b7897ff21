"""The X axis of an (X++(Y..Y)) table: what the header says, judged by the X values of the lines."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from irclassify.errors import MalformedFileError
from irclassify.readers.jcamp.records import Block
from irclassify.readers.jcamp.table import Rows

Floats = NDArray[np.float64]

# Line X values are printed with few digits, and some writers print the next point's. So all may
# lie one step off (in NIST's quantitative series all but the first do), but a step more or less
# from some later line on is a point lost or doubled there.
_OFFSET_STEPS = 1.01
_SPREAD_STEPS = 0.5


_FACTOR_IGNORED = "XFACTOR was ignored: the X values of the data fit FIRSTX and LASTX without it"


def uniform_axis(block: Block, rows: Rows, x_factor: float) -> tuple[Floats, list[str]]:
    r"""X of every point of ``rows``, shape (n,), in the file's own unit, and warnings.

    FIRSTX and LASTX hold when the X values of the lines agree with them for the number of points
    found. Where they do not, the X values of the lines decide, if they are evenly spaced.

    Raises MalformedFileError when the data are cut off or the lines contradict each other.

    Examples
    --------
    >>> from irclassify.readers.jcamp.records import split_blocks
    >>> from irclassify.readers.jcamp.table import decode_rows
    >>> [block] = split_blocks(b"##TITLE=a\n##FIRSTX=400\n##LASTX=408\n##END=\n")
    >>> uniform_axis(block, decode_rows(b"400 1 2 3\n406 4 5\n", 4), 1.0)[0].tolist()
    [400.0, 402.0, 404.0, 406.0, 408.0]
    """
    count = rows.y.size
    if count < 2:
        return np.full(count, block.number("FIRSTX") or 0.0), []
    line_x = rows.line_x if x_factor == 1 else rows.line_x * x_factor
    ends = _header_ends(block, count)
    if ends is not None and _misfit(ends, count, rows, line_x) is None:
        return _even(ends, count), _judge_count(block, count)
    if ends is not None and x_factor != 1 and _misfit(ends, count, rows, rows.line_x) is None:
        return _even(ends, count), [_FACTOR_IGNORED, *_judge_count(block, count)]
    if ends is not None and _lines_drift(block, ends, count, rows, line_x):
        return _even(ends, count), []
    _refuse_cut_off(block, count, rows, line_x)
    ends = _line_ends(rows, line_x, count)
    if ends is None:
        raise MalformedFileError(
            "##FIRSTX, ##LASTX or ##DELTAX is missing or wrong and the data have too few lines "
            "to find the axis: export the file again"
        )
    misfit = _misfit(ends, count, rows, line_x)
    if misfit is not None:
        at, expected = misfit
        raise MalformedFileError(
            f"this line starts at X={line_x[at]:g}, where {expected:g} was expected: "
            "points are missing or doubled before it",
            line=int(rows.line[at]),
        )
    return _even(ends, count), [
        f"FIRSTX, LASTX or DELTAX in the header do not fit the data; the X values of the data "
        f"lines were used ({ends[0]:g} to {ends[1]:g})"
    ]


def listed_axis(block: Block, x: Floats, x_factor: float) -> tuple[Floats, list[str]]:
    r"""X of every point of an (XY..XY) table, shape (n,), checked with FIRSTX and LASTX.

    Some writers scale the table and some do not: what fits FIRSTX and LASTX is right.

    Examples
    --------
    >>> from irclassify.readers.jcamp.records import split_blocks
    >>> [block] = split_blocks(b"##TITLE=a\n##FIRSTX=400\n##LASTX=404\n##END=\n")
    >>> listed_axis(block, np.array([400.0, 401.0, 404.0]), 2.0)
    (array([400., 401., 404.]), ['XFACTOR was ignored: the X values of the data fit FIRSTX an...
    """
    first, last = block.number("FIRSTX"), block.number("LASTX")
    if x_factor == 1 or first is None or last is None or x.size < 2:
        return x * x_factor, []
    slack = 0.001 * abs(last - first)
    stated = sorted((first, last))

    def fits(ends: Floats) -> bool:
        return all(abs(a - b) <= slack for a, b in zip(sorted(ends), stated, strict=True))

    if not fits(x[[0, -1]] * x_factor) and fits(x[[0, -1]]):
        return x, [_FACTOR_IGNORED]
    return x * x_factor, []


def _even(ends: tuple[float, float], count: int) -> Floats:
    """numpy's linspace without its overhead, which counts where files are small."""
    x = np.arange(count, dtype=np.float64)
    x *= (ends[1] - ends[0]) / (count - 1)
    x += ends[0]
    x[-1] = ends[1]
    return x


def _header_ends(block: Block, count: int) -> tuple[float, float] | None:
    """First and last X by the header; DELTAX stands in for a missing end."""
    first, last, step = (block.number(k) for k in ("FIRSTX", "LASTX", "DELTAX"))
    if step is not None and first is not None and last is None:
        last = first + step * (count - 1)
    if step is not None and first is None and last is not None:
        first = last - step * (count - 1)
    if first is None or last is None or first == last:
        return None
    return first, last


def _misfit(
    ends: tuple[float, float], count: int, rows: Rows, line_x: Floats
) -> tuple[int, float] | None:
    """A line whose X is off by more than is tolerated, and the X due there; None if all fit."""
    step = (ends[1] - ends[0]) / (count - 1)
    due = ends[0] + step * rows.line_start
    off = line_x - due
    distance = np.abs(off)
    if distance[distance.argmax()] <= abs(step) / 4:
        return None
    printed = _print_error(line_x)
    if distance.max() > _OFFSET_STEPS * abs(step) + printed:
        at = int(np.argmax(distance))
    elif off.size < 2:
        return None
    elif np.ptp(off[1:]) > _SPREAD_STEPS * abs(step) + 2 * printed:
        at = 2 + int(np.argmax(np.abs(np.diff(off[1:]))))
    else:
        return None
    return at, float(due[at])


def _lines_drift(
    block: Block, ends: tuple[float, float], count: int, rows: Rows, line_x: Floats
) -> bool:
    """True when the header agrees with itself and the lines only drift away from it by rounding.

    OMNIC prints the X of lines from a rounded step: they end some points off, without a jump.
    """
    step = block.number("DELTAX")
    if not step or block.number("NPOINTS") != count:
        return False
    if abs(ends[0] + step * (count - 1) - ends[1]) > 0.5 * abs(step):
        return False
    off = line_x - (ends[0] + (ends[1] - ends[0]) / (count - 1) * rows.line_start)
    if off.size < 2 or abs(off[0]) > _OFFSET_STEPS * abs(step):
        return False
    jump = float(np.abs(np.diff(off)).max())
    return jump <= _SPREAD_STEPS * abs(step) and float(np.abs(off).max()) <= 0.01 * abs(
        ends[1] - ends[0]
    )


def _print_error(line_x: Floats) -> float:
    """Half a unit of the last digit the lines' X values are printed with."""
    for digits in range(7):
        if np.array_equal(np.round(line_x, digits), line_x):
            return float(0.5 * 10.0**-digits)
    return 0.0


def _line_ends(rows: Rows, line_x: Floats, count: int) -> tuple[float, float] | None:
    """First and last X by the first and last line; None when they cannot say."""
    points = int(rows.line_start[-1] - rows.line_start[0])
    if points < 1 or line_x[-1] == line_x[0]:
        return None
    step = float(line_x[-1] - line_x[0]) / points
    first = float(line_x[0]) - step * int(rows.line_start[0])
    return first, first + step * (count - 1)


def _judge_count(block: Block, count: int) -> list[str]:
    """A warning when NPOINTS is wrong though the axis fits the points that are there."""
    stated = block.number("NPOINTS")
    if stated is None or stated == count:
        return []
    return [f"##NPOINTS={stated:.0f} but {count} points were found; they fit FIRSTX and LASTX"]


def _refuse_cut_off(block: Block, count: int, rows: Rows, line_x: Floats) -> None:
    """Refuse when the lines fit the header's own step and NPOINTS promises more than follows."""
    stated = block.number("NPOINTS")
    first, last = block.number("FIRSTX"), block.number("LASTX")
    if stated is None or first is None or last is None or stated <= count:
        return
    step = (last - first) / (stated - 1)
    if _misfit((first, first + step * (count - 1)), count, rows, line_x) is None:
        raise MalformedFileError(
            f"##NPOINTS={stated:.0f} but {count} points follow, ending at X="
            f"{first + step * (count - 1):g} of {last:g}: the file is cut off; get it again"
        )
