"""A spectrum as a few lines of block characters."""

from __future__ import annotations

from collections.abc import Sequence

_LEVELS = " ▁▂▃▄▅▆▇█"


def plot(values: Sequence[float], width: int, height: int) -> list[str]:
    """``height`` lines of ``width`` cells; ``values`` (0 to 1) from left to right.

    Where several values share a cell, the highest is drawn: no band is lost.
    """
    columns = [_column(values, i, width) for i in range(width)]
    levels = [round(value * height * 8) for value in columns]
    return [
        "".join(_LEVELS[min(max(level - 8 * row, 0), 8)] for level in levels)
        for row in range(height - 1, -1, -1)
    ]


def _column(values: Sequence[float], cell: int, width: int) -> float:
    start = cell * len(values) // width
    end = max((cell + 1) * len(values) // width, start + 1)
    return max(values[start:end], default=0.0)
