"""The rule that names fragments, on curves whose name nobody would dispute."""

from __future__ import annotations

import numpy as np
import pytest

from irclassify.explain.fragments import SHAPES, shape_of, width_points

X = np.arange(16.0)


def bell(centre: float, width: float) -> np.ndarray:
    return np.exp(-(((X - centre) / width) ** 2))


# Drawn from high to low wavenumber, as the rule sees them; the functions take ascending ones.
FRAGMENTS = {
    "flat": [np.full(16, 0.4), 0.4 + 0.01 * np.sin(X), np.zeros(16)],
    "peak": [bell(7.5, 3), bell(6, 2), bell(9, 4), 0.2 + 0.1 * bell(8, 3)],
    "peak with tail": [
        bell(6, 2) + 0.9 / (1 + np.exp(6 - X)),
        bell(9, 2) + 0.9 / (1 + np.exp(X - 9)),
    ],
    "valley": [1 - bell(7.5, 3), 1 - 0.2 * bell(9, 3), bell(0, 4) + bell(15, 4)],
    "shoulder": [bell(15, 4) + 0.5 * bell(6.5, 3), bell(0, 4) + 0.5 * bell(8.5, 3)],
    "rising flank": [X / 15, 1 / (1 + np.exp(7.5 - X)), bell(15, 6), np.exp(X / 4)],
    "falling flank": [1 - X / 15, 1 / (1 + np.exp(X - 7.5)), bell(0, 6), np.exp(-X / 4)],
}


@pytest.mark.parametrize(
    ("name", "drawn"), [(name, drawn) for name, all_ in FRAGMENTS.items() for drawn in all_]
)
def test_undisputed_fragments(name: str, drawn: np.ndarray):
    assert shape_of(drawn[::-1]) == name


@pytest.mark.parametrize("name", FRAGMENTS)
def test_scale_does_not_matter(name: str):
    drawn = FRAGMENTS[name][0]
    assert shape_of(0.01 * drawn[::-1]) == name


def test_a_mirrored_flank_has_the_other_name():
    assert shape_of(X) == "falling flank"
    assert shape_of(X[::-1]) == "rising flank"


def test_every_name_is_explained():
    assert set(FRAGMENTS) == set(SHAPES)


def test_width_is_taken_at_half_height():
    assert width_points(bell(7.5, 3)) == pytest.approx(2 * 3 * np.sqrt(np.log(2)), abs=1.5)
    assert width_points(X) == 8
    assert width_points(np.eye(16)[4]) == 1
