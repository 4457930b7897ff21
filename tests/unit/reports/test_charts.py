"""Curves and heat strips in text."""

from __future__ import annotations

from irclassify.reports.terminal.charts import axis, chart, heat, marks, place, resample, sparkline


def test_sparkline_runs_from_the_lowest_to_the_highest():
    assert sparkline([0, 1, 2, 3, 4, 5, 6, 7]) == "▁▂▃▄▅▆▇█"
    assert sparkline([5.0, 5.0]) == "▁▁"


def test_chart_fills_from_below():
    lines = chart([0.0, 1.0], 4, 2)
    assert [len(line) for line in lines] == [4, 4]
    assert lines[0] == "  ▃█"
    assert lines[1][3] == "█"
    assert chart([0.0, 0.0], 3, 1) == ["   "]


def test_heat_shows_the_strongest_of_each_cell():
    assert heat([0, 0, 0, 1, 0, 0.3], 3, 1.0) == " █▒"
    assert heat([0.0, 0.0], 2, 0.0) == "  "


def test_resample_loses_no_maximum():
    values = [float(i % 7 == 3) for i in range(209)]
    assert max(resample(values, 60)) == 1.0
    assert len(resample(values, 300)) == 300


def test_the_axis_falls():
    assert place(3900, 3900, 500, 68) == 0
    assert place(500, 3900, 500, 68) == 67
    ticks, labels = axis(3900, 500, 68)
    assert len(ticks) == 68
    assert labels.split() == ["3500", "3000", "2500", "2000", "1500", "1000", "500"]
    assert labels.index("3500") < labels.index("1000")


def test_marks_cover_their_range_and_leave_out_what_lies_outside():
    assert marks([(2000, 3000)], 4000, 0, 8) == "  ━━━   "
    assert marks([(5000, 6000)], 4000, 0, 8) == " " * 8
