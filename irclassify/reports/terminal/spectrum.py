"""A measured spectrum in the terminal, high wavenumber on the left, regions marked under it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from rich.console import Console
from rich.text import Text

from irclassify.reports.terminal.charts import axis, place, plot
from irclassify.results.explanation import (
    AssignedBand,
    Explanation,
    GroupExplanation,
    Region,
    Trace,
)

WIDEST = 140
HEIGHT = 7
MARGIN = 16  # the longest name of a group, and a blank
HIGHEST, LOWEST = 4000.0, 400.0
FOR, AGAINST = ("━", "cyan"), ("┄", "red")


def print_spectrum(
    console: Console, explanation: Explanation, groups: Sequence[GroupExplanation]
) -> None:
    """The curve, its strong bands in cm-1 above, and a line of numbered regions a group below.

    A region's number is its row in the group's table; unbroken lines speak for the group, broken
    ones against it.
    """
    if explanation.trace is None:
        return
    drawn = _within(explanation.trace)
    if len(drawn) < 2:
        return
    width = min(console.width, WIDEST) - MARGIN - 1
    high, low = drawn[-1][0], drawn[0][0]
    _line(console, "cm⁻¹", _labels(explanation.bands, high, low, width), "")
    top = max(y for _, y in drawn)
    for number, row in enumerate(plot(_columns(drawn, width), width, HEIGHT)):
        _line(console, f"A {top:.3g}" if number == 0 else "", row, "")
    ticks, labels = axis(high, low, width)
    _line(console, "", ticks, "dim")
    _line(console, "cm⁻¹", labels, "dim")
    for group in groups:
        line = Text(f"{group.name.rjust(MARGIN - 1)} ")
        console.print(line.append_text(_marks(group.regions, high, low, width)), soft_wrap=True)


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


def _labels(bands: Sequence[AssignedBand], high: float, low: float, width: int) -> str:
    """The positions of strong bands over their tops; where they are crowded, of the strongest."""
    cells = [" "] * width
    for band in sorted(bands, key=lambda b: -b.height):
        word = f"{band.band.cm1:.0f}"
        at = place(band.band.cm1, high, low, width) - len(word) // 2
        at = min(max(at, 0), width - len(word))
        if all(cell == " " for cell in cells[max(at - 1, 0) : at + len(word) + 1]):
            cells[at : at + len(word)] = word
    return "".join(cells)


def _marks(regions: Sequence[Region], high: float, low: float, width: int) -> Text:
    cells: list[str] = [" "] * width
    styles = [""] * width
    for number, region in reversed(list(enumerate(regions, start=1))):  # the strongest on top
        if region.to_cm1 < low or region.from_cm1 > high:
            continue
        start, end = (place(x, high, low, width) for x in (region.to_cm1, region.from_cm1))
        glyph, style = FOR if region.contribution > 0 else AGAINST
        word = str(number)
        at = min((start + end + 1 - len(word)) // 2, width - len(word))
        for cell in range(start, end + 1):
            cells[cell], styles[cell] = glyph, style
        for i, digit in enumerate(word):
            cells[at + i], styles[at + i] = digit, f"{style} bold"
    line = Text()
    for glyph, style in zip(cells, styles, strict=True):
        line.append(glyph, style)
    line.rstrip()
    return line


def _line(console: Console, label: str, cells: str, style: str) -> None:
    line = Text.assemble((label.rjust(MARGIN - 1), "dim"), " ", (cells.rstrip(), style))
    console.print(line, no_wrap=True, crop=False, soft_wrap=True)
