"""The figure: names of peaks never touch and stay near their peaks."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irclassify.reports.figure import spread


@given(st.lists(st.floats(400, 4000), min_size=1, max_size=22).map(sorted))
def test_names_are_apart_in_order_and_inside(wanted: list[float]):
    places = spread(wanted, 70.0, 435.0, 3965.0)
    assert len(places) == len(wanted)
    assert all(b - a >= 70.0 - 1e-6 for a, b in pairwise(places))
    assert places[0] >= 435.0 - 1e-6
    assert places[-1] <= 3965.0 + 1e-6


def test_names_with_room_stand_over_their_peaks():
    assert spread([1000.0, 2000.0, 3000.0], 70.0, 400.0, 4000.0) == [1000.0, 2000.0, 3000.0]


def test_crowded_names_share_the_room_around_their_peaks():
    assert spread([1700.0, 1710.0], 70.0, 400.0, 4000.0) == pytest.approx([1670.0, 1740.0])
