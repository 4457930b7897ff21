"""The spectrum in the terminal: bands and regions stand where they belong, within the width."""

from __future__ import annotations

import io
import re

import numpy as np
import pytest
from rich.console import Console

from irclassify.reports.terminal.charts import place
from irclassify.reports.terminal.spectrum import MARGIN, WIDEST, print_spectrum
from irclassify.results.explanation import (
    AssignedBand,
    Explanation,
    GroupExplanation,
    MeasuredBand,
    Region,
    Trace,
)

X = np.arange(500.0, 3901.0, 4.0)
Y = np.exp(-(((X - 1745) / 15) ** 2)) + 0.5 * np.exp(-(((X - 2950) / 40) ** 2))


def explanation(*regions: Region) -> tuple[Explanation, GroupExplanation]:
    group = GroupExplanation("ester", 0.9, "present", 0.5, 2.0, -1.0, regions, (), 0.0)
    bands = tuple(
        AssignedBand(MeasuredBand(at, 1.0, 30.0, height), height, ())
        for at, height in ((1745.0, 1.0), (2950.0, 0.5), (1760.0, 0.3))
    )
    trace = Trace(tuple(X.tolist()), tuple(Y.tolist()))
    return Explanation("f", "m", "t", (group,), trace=trace, bands=bands), group


def drawn(width: int, *regions: Region) -> list[str]:
    shown, group = explanation(*regions)
    stream = io.StringIO()
    console = Console(file=stream, width=width, no_color=True, force_terminal=True)
    print_spectrum(console, shown, [group])
    text = re.sub(r"\x1b\[[0-9;]*m", "", stream.getvalue())
    return text.splitlines()


@pytest.mark.parametrize("width", [60, 80, 140, 300])
def test_lines_fit_and_the_axis_falls(width: int):
    lines = drawn(width, Region(1700, 1790, 2.0, 0.5, 1650, 1840))
    assert max(map(len, lines)) <= min(width, WIDEST)
    labels = [int(word) for word in re.findall(r"\d{3,4}", lines[-2])]
    assert labels == sorted(labels, reverse=True)


def test_bands_are_labelled_over_their_tops_and_crowded_ones_left_out():
    lines = drawn(100)
    width = 100 - MARGIN - 1
    at = lines[0].index("1745") + 2 - MARGIN
    assert abs(at - place(1745.0, 3900.0, 500.0, width)) <= 1
    assert "2950" in lines[0]
    assert "1760" not in lines[0]
    assert lines[1][MARGIN + at - 2 : MARGIN + at + 3].strip()  # the top of the curve is below it


def test_regions_carry_their_number_and_their_sign_without_colour():
    lines = drawn(100, Region(1700, 1790, 2.0, 0.5, 1, 2), Region(2800, 3000, -1.0, 0.5, 1, 2))
    marks = lines[-1]
    assert marks.strip().startswith("ester")
    assert re.search(r"┄+2┄+", marks)
    assert re.search(r"━*1━*", marks)
    assert marks.index("2") < marks.index("1")


def test_no_trace_no_drawing():
    stream = io.StringIO()
    print_spectrum(Console(file=stream), Explanation("f", "m", "t", ()), [])
    assert stream.getvalue() == ""
