"""The spectrum in the terminal: peaks are numbered where they stand, within the width."""

from __future__ import annotations

import io
import re

import numpy as np
import pytest
from rich.console import Console

from irclassify.reports.terminal.charts import place
from irclassify.reports.terminal.spectrum import MARGIN, WIDEST, print_spectrum
from irclassify.results.explanation import Explanation, Peak, Trace

X = np.arange(500.0, 3901.0, 4.0)
Y = np.exp(-(((X - 1745) / 15) ** 2)) + 0.5 * np.exp(-(((X - 2950) / 40) ** 2))


def peak(number: int, cm1: float, height: float) -> Peak:
    return Peak(number, cm1, height, 30.0, height, height, cm1 - 30, cm1 + 30, "")


def drawn(width: int, *peaks: Peak) -> list[str]:
    shown = Explanation(
        "f", "m", "t", (), trace=Trace(tuple(X.tolist()), tuple(Y.tolist())), peaks=peaks
    )
    stream = io.StringIO()
    console = Console(file=stream, width=width, no_color=True, force_terminal=True)
    print_spectrum(console, shown)
    return re.sub(r"\x1b\[[0-9;]*m", "", stream.getvalue()).splitlines()


@pytest.mark.parametrize("width", [60, 80, 140, 300])
def test_lines_fit_and_the_axis_falls(width: int):
    lines = drawn(width, peak(1, 2950, 0.5), peak(2, 1745, 1.0))
    assert max(map(len, lines)) <= min(width, WIDEST)
    labels = [int(word) for word in re.findall(r"\d{3,4}", lines[-1])]
    assert labels == sorted(labels, reverse=True)


def test_numbers_stand_over_their_peaks():
    lines = drawn(100, peak(1, 2950, 0.5), peak(2, 1745, 1.0))
    width = 100 - MARGIN - 1
    assert lines[0].split() == ["1", "2"]
    for number, at in ((1, 2950), (2, 1745)):
        assert lines[0].index(str(number)) - MARGIN == place(at, 3900.0, 500.0, width)
    assert lines[1][lines[0].index("2")].strip()  # the top of the curve is below it


def test_of_crowded_peaks_the_highest_keep_their_numbers():
    crowd = [peak(i + 1, 1760 - 5 * i, 1.0 - 0.1 * i) for i in range(6)]
    numbers = [word for line in drawn(100, *crowd)[:2] for word in line.split()]
    assert sorted(numbers) == ["1", "2"]


def test_no_trace_no_drawing():
    stream = io.StringIO()
    print_spectrum(Console(file=stream), Explanation("f", "m", "t", ()))
    assert stream.getvalue() == ""
