"""The scorecard: what is removed, what counts as found again, and how it is summed up."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from irclassify.explain.peaks import Extent
from irclassify.results.explanation import MeasuredBand
from train.faithfulness.measures import (
    AGAINST,
    DISTURBANCES,
    Resampled,
    again,
    is_on_book,
    summed_up,
    without,
)
from train.faithfulness.models import RULES, Told


def band(cm1: float, low: float | None = None, high: float | None = None) -> Extent:
    return Extent(MeasuredBand(cm1, 1.0, 10.0, 1.0), low or cm1 - 20, high or cm1 + 20, "")


AXIS = np.arange(400.0, 4000.0, 4.0)


def test_a_removed_band_is_a_straight_line_and_nothing_else_changes() -> None:
    grid = np.exp(-(((AXIS - 1700) / 15) ** 2)).astype(np.float32) + AXIS.astype(np.float32) / 1e4
    left = without(grid, AXIS, [(1600.0, 1800.0)])
    inside = (AXIS >= 1600) & (AXIS <= 1800)
    np.testing.assert_array_equal(left[~inside], grid[~inside])
    np.testing.assert_allclose(left[inside], AXIS[inside] / 1e4, atol=1e-4)


def test_the_first_bands_are_those_that_add_most_and_only_those_that_speak_for_the_group() -> None:
    bands = (band(1000), band(1700), band(2900))
    told = Told(bands, {RULES[0]: np.array([0.5, 3.0, -4.0, 9.0])}, logit=8.5, bias=0.0)
    assert told.first(RULES[0], 3) == [bands[1], bands[0]]


@pytest.mark.parametrize(
    ("other", "moved", "share"),
    [
        ([band(1700), band(1250)], 0.0, 1.0),
        ([band(1700)], 0.0, 0.5),
        ([band(1702), band(1252)], 2.0, 1.0),
        ([band(1600, 1590, 1610)], 0.0, 0.0),
        ([band(1480, 1240, 1720)], 0.0, 1.0),  # two bands that became one
        ([], 0.0, 0.0),
    ],
)
def test_a_band_is_found_again_where_its_top_lies_in_the_other(
    other: Sequence[Extent], moved: float, share: float
) -> None:
    assert again([band(1700), band(1250)], other, moved) == share


def test_of_no_first_bands_none_is_found_again() -> None:
    assert again([], [band(1700)], 0.0) == 0.0


def test_a_textbook_band_holds_in_its_phase() -> None:
    assert is_on_book(band(1740), "ester", "condensed")
    assert not is_on_book(band(2250), "ester", "gas")
    assert is_on_book(band(3650), "alcohol", "gas")


def test_an_interval_is_wider_where_calls_share_a_molecule() -> None:
    values = np.repeat(np.random.default_rng(0).normal(1.0, 1.0, 30), 10)
    shared = Resampled([str(i // 10) for i in range(300)]).mean(values)
    apart = Resampled([str(i) for i in range(300)]).mean(values)
    assert shared[0] == apart[0]
    assert shared[2] - shared[1] > 2 * (apart[2] - apart[1])


def test_ratios_and_shares_are_those_of_the_calls() -> None:
    again_in = dict.fromkeys((*DISTURBANCES, "random bands"), 0.75)
    own = {"falls": [8.0, 1.0, 2.0, 4.0], "textbook": True, "no_band": 0.5, "again": again_in}
    call = {"exact": 1e-6, "by_chance": 0.25, **dict.fromkeys(RULES, own)}
    found = summed_up([call, call], ["a", "b"])
    assert found["calls"] == found["molecules"] == 2
    assert {n: found[RULES[0]]["times"][n][0] for n in AGAINST} == {
        "random bands": 8.0,
        "random stretches": 4.0,
        "highest bands": 2.0,
    }
    assert found[RULES[0]]["textbook"][0] == 1.0
    assert {value[0] for value in found[RULES[0]]["again"].values()} == {0.75}
