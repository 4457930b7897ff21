"""A measured spectrum in the terminal, high wavenumber on the left, its peaks numbered above."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from rich.console import Console
from rich.text import Text

from irclassify.reports.terminal.charts import axis, place, plot
from irclassify.reports.terminal.predictions import text_width
from irclassify.results.explanation import Explanation, Peak, Trace

WIDEST = 140
_HEIGHT = 8
MARGIN = 8
HIGHEST, LOWEST = 4000.0, 400.0
_NUMBER_LINES = 2


def print_spectrum(console: Console, explanation: Explanation) -> None:
    """The curve, and above it the numbers that its peaks have in the table.

    Examples
    --------
    >>> import io
    >>> from irclassify.reports.terminal.predictions import make_console
    >>> from irclassify.results.explanation import Trace
    >>> stream = io.StringIO()
    >>> curve = Trace((400.0, 1700.0, 4000.0), (0.0, 1.0, 0.0))
    >>> print_spectrum(make_console(stream), Explanation("a.jdx", "m@1", "", (), trace=curve))
    >>> "A 1" in stream.getvalue()
    True
    """
    if explanation.trace is None:
        return
    drawn = _within(explanation.trace)
    if len(drawn) < 2:
        return
    width = min(text_width(console), WIDEST) - MARGIN - 1
    high, low = drawn[-1][0], drawn[0][0]
    for line in _numbers(explanation.peaks, high, low, width):
        _line(console, "", line, "bold")
    top = max(y for _, y in drawn)
    for number, row in enumerate(plot(_columns(drawn, width), width, _HEIGHT)):
        _line(console, f"A {top:.3g}" if number == 0 else "", row, "")
    ticks, labels = axis(high, low, width)
    _line(console, "", ticks, "dim")
    _line(console, "cm⁻¹", labels, "dim")


def _numbers(peaks: Sequence[Peak], high: float, low: float, width: int) -> list[str]:
    """Numbers over their peaks in up to two lines; where they are crowded, of the highest."""
    lines = [[" "] * width for _ in range(_NUMBER_LINES)]
    for peak in sorted(peaks, key=lambda p: -p.height):
        if not low <= peak.cm1 <= high:
            continue
        word = str(peak.number)
        at = min(place(peak.cm1, high, low, width), width - len(word))
        for cells in reversed(lines):
            if all(cell == " " for cell in cells[max(at - 1, 0) : at + len(word) + 1]):
                cells[at : at + len(word)] = word
                break
    return [text for text in ("".join(cells).rstrip() for cells in lines) if text]


def _within(trace: Trace) -> list[tuple[float, float]]:
    points = zip(trace.wavenumber_cm1, trace.absorbance, strict=True)
    return [(x, y) for x, y in points if LOWEST <= x <= HIGHEST]


def _columns(points: Sequence[tuple[float, float]], width: int) -> list[float]:
    """The highest value (0 to 1) of the curve in each cell, from high to low wavenumber."""
    high, low = points[-1][0], points[0][0]
    bottom = min(y for _, y in points)
    span = (max(y for _, y in points) - bottom) or 1.0
    cells = [0.0] * width
    for (x1, y1), (x2, y2) in pairwise(points):
        start, end = place(x2, high, low, width), place(x1, high, low, width)
        for cell in range(start, end + 1):  # a step over several cells is a straight line
            share = 0.5 if end == start else (cell - start) / (end - start)
            value = max(y1, y2) if end - start < 2 else y2 + share * (y1 - y2)
            cells[cell] = max(cells[cell], (value - bottom) / span)
    return cells


def _line(console: Console, label: str, cells: str, style: str) -> None:
    line = Text.assemble((label.rjust(MARGIN - 1), "dim"), " ", (cells.rstrip(), style))
    console.print(line, no_wrap=True, crop=False, soft_wrap=True)
