"""Curves of a page: few bytes, and exact enough for any screen."""

from __future__ import annotations

import base64

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from irclassify.reports.html.spectrum import packed, packed_steps


def unpacked(first: float, last: float, text: str, total: int) -> np.ndarray:
    """As spectrum.js does it."""
    at = np.cumsum([0, *base64.b64decode(text)])
    return first + (last - first) * at / total


@given(st.sets(st.integers(0, 900), min_size=3), st.floats(0.5, 4))
def test_points_of_an_even_axis_are_packed_as_steps(chosen, step):
    x = [400 + step * at for at in sorted(chosen)]
    found = packed_steps(x)
    if found is not None:
        assert np.abs(unpacked(*found) - x).max() <= (x[-1] - x[0]) / 60_000
        assert len(found[2]) < len(packed(x)[2])


def test_steps_take_half_of_the_space():
    x = [400 + 2.0 * at for at in range(1000) if at % 3]
    assert len(packed_steps(x)[2]) < 0.51 * len(packed(x)[2])


@pytest.mark.parametrize("x", [[400.0], [1.0, 2.0, 3.0], [1.0, 2.1, 5.63, 6.0], [2.0, 1.0, 3.0]])
def test_other_axes_are_not_packed_as_steps(x):
    assert packed_steps(x) is None
