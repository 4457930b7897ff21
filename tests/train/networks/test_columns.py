"""How columns become regions: synthetic contributions, the regions a reader would see."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from train.export.patterns import merge_columns


def test_one_band_is_one_region():
    assert merge_columns(np.array([0, 1, 2, 3, 2, 1, 0.0])) == [(1, 6)]


def test_two_signs_are_two_regions():
    assert merge_columns(np.array([1, 2, 1, -1, -2, -1.0])) == [(0, 3), (3, 6)]


def test_two_maxima_with_a_deep_valley_are_two_regions():
    assert merge_columns(np.array([1, 4, 1, 2, 4, 1.0])) == [(0, 2), (2, 6)]


def test_a_shallow_valley_does_not_cut():
    assert merge_columns(np.array([2, 4, 3, 4, 2.0])) == [(0, 5)]


def test_a_change_of_sign_parts_regions():
    assert merge_columns(np.array([3, 4, -0.5, 4, 3.0])) == [(0, 2), (2, 3), (3, 5)]


def test_tails_are_trimmed():
    assert merge_columns(np.array([0.1, 0.1, 5, 5, 0.1, 0.1])) == [(2, 4)]


@given(st.lists(st.floats(-10, 10), min_size=1, max_size=60))
def test_regions_are_in_order_and_never_overlap(values):
    regions = merge_columns(np.array(values))
    assert all(start < end for start, end in regions)
    assert all(a[1] <= b[0] for a, b in pairwise(regions))
    assert regions[0][0] >= 0
    assert regions[-1][1] <= len(values)
