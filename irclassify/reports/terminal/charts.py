"""Curves and heat strips in text: one cell a step, high wavenumber on the left as chemists draw.

Shades carry the value, so that nothing is lost without colour.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

_LEVELS = "▁▂▃▄▅▆▇█"
_SHADES = " ░▒▓█"


def sparkline(values: Sequence[float]) -> str:
    """One character a value, from the lowest to the highest of them.

    Examples
    --------
    >>> sparkline([0.0, 0.5, 1.0])
    '▁▅█'
    """
    low, high = min(values), max(values)
    span = (high - low) or 1.0
    return "".join(_LEVELS[round((v - low) / span * (len(_LEVELS) - 1))] for v in values)


def chart(values: Sequence[float], width: int, height: int) -> list[str]:
    """The curve through ``values`` from 0 to their maximum, as lines of eighth blocks.

    Examples
    --------
    >>> chart([0.0, 1.0, 0.0], width=5, height=1)
    [' ▄█▄ ']
    """
    top = max(values) or 1.0
    columns = [
        round(max(_between(values, i / (width - 1)), 0.0) / top * height * 8) for i in range(width)
    ]
    return _lines(columns, height)


def plot(values: Sequence[float], width: int, height: int) -> list[str]:
    """``height`` lines of ``width`` cells; ``values`` (0 to 1) from left to right.

    Where several values share a cell, the highest is drawn: no band is lost.

    Examples
    --------
    >>> plot([0.0, 1.0, 0.5], width=3, height=1)
    [' █▄']
    """
    columns = resample(values, width) if values else [0.0] * width
    return _lines([round(value * height * 8) for value in columns], height)


def _lines(eighths: Sequence[int], height: int) -> list[str]:
    """Columns of so many eighths of a cell, as lines from the top."""
    return ["".join(_cell(each - 8 * row) for each in eighths) for row in reversed(range(height))]


def heat(values: Sequence[float], width: int, top: float) -> str:
    """Shades of values (0 to ``top``); each cell shows the largest of those it stands for.

    Examples
    --------
    >>> heat([0.0, 0.3, 1.0], width=3, top=1.0)
    ' ▒█'
    """
    cells = resample(values, width)
    return "".join(_SHADES[_shade(value / top if top else 0.0)] for value in cells)


def resample(values: Sequence[float], width: int) -> list[float]:
    """``width`` values from many: the largest of each stretch, or the nearest where there is none.

    The order stays.

    Examples
    --------
    >>> resample([0.0, 3.0, 1.0, 2.0], width=2)
    [3.0, 2.0]
    """
    edges = [i * len(values) // width for i in range(width + 1)]
    return [max(values[a : max(b, a + 1)]) for a, b in pairwise(edges)]


def place(wavenumber: float, high: float, low: float, width: int) -> int:
    """The cell of a wavenumber on an axis that falls from ``high`` to ``low``, within the axis.

    Examples
    --------
    >>> place(4000.0, high=4000.0, low=400.0, width=80)
    0
    """
    share = (high - wavenumber) / (high - low)
    return min(max(int(share * width), 0), width - 1)


def marks(ranges: Sequence[tuple[float, float]], high: float, low: float, width: int) -> str:
    """A line that is drawn where any of the ``ranges`` (low, high in cm-1) lies.

    Examples
    --------
    >>> marks([(1700.0, 1760.0)], high=2000.0, low=1600.0, width=10)
    '      ━━  '
    """
    cells = [" "] * width
    for start, end in ranges:
        if end >= low and start <= high:
            for i in range(place(end, high, low, width), place(start, high, low, width) + 1):
                cells[i] = "━"
    return "".join(cells)


def axis(high: float, low: float, width: int, step: int = 500) -> tuple[str, str]:
    """Ticks and their labels, every ``step`` cm-1.

    Examples
    --------
    >>> axis(high=2000.0, low=1000.0, width=12)
    ('┴─────┴────┴', '2000 1500 1000')
    """
    ticks, labels = ["─"] * width, [" "] * (width + 4)
    for wavenumber in range(int(high // step) * step, int(low) - 1, -step):
        at = place(wavenumber, high, low, width)
        ticks[at] = "┴"
        start = max(at - 1, 0)
        labels[start : start + 4] = f"{wavenumber:<4}"
    return "".join(ticks), "".join(labels).rstrip()


def _between(values: Sequence[float], share: float) -> float:
    at = share * (len(values) - 1)
    i = min(int(at), len(values) - 2)
    return values[i] + (at - i) * (values[i + 1] - values[i])


def _cell(eighths: int) -> str:
    return " " if eighths <= 0 else _LEVELS[min(eighths, 8) - 1]


def _shade(share: float) -> int:
    """Nothing below 1/12 of the top, then four equal steps in the square root: weak ones show."""
    if share < 1 / 12:
        return 0
    return min(int(share**0.5 * 4 + 0.5), 4)
