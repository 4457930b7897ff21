"""The small computations behind the figures."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("matplotlib")

from train.documents.reproduction import MEASURES, TABLE_1
from train.labels.groups import GROUPS
from train.networks.rieger2023 import Rieger2023, average
from train.reproduction import canvas
from train.reproduction.fig7_overtones import flattened
from train.reproduction.material import CENTRE, GRID
from train.reproduction.textbook import multiply_adds, strongest


def test_a_flattened_region_is_a_straight_line_and_the_rest_untouched():
    spectra = np.random.default_rng(0).random((3, 850)).astype(np.float32)
    changed = flattened(spectra, 2400, 2700)
    inside = (GRID >= 2400) & (GRID <= 2700)
    assert (changed[:, ~inside] == spectra[:, ~inside]).all()
    assert np.abs(np.diff(changed[:, inside], 2)).max() < 1e-5
    assert changed[:, inside][:, [0, -1]] == pytest.approx(spectra[:, inside][:, [0, -1]])


def test_multiply_adds_counted_by_hand():
    convolutions = 848 * 4 * 3 + 846 * 4 * 12 + 421 * 8 * 12 + 419 * 8 * 24
    assert multiply_adds(Rieger2023()) == convolutions + 1672 * 17


def test_an_average_costs_as_much_as_its_members():
    assert multiply_adds(average([Rieger2023()] * 3)) == 3 * multiply_adds(Rieger2023())


def test_the_strongest_maxima_come_first_and_may_stand_at_the_edge():
    profile = np.zeros(len(CENTRE))
    profile[[0, 50, 100]] = 2, 3, 1
    assert strongest(profile, 3) == [CENTRE[50], CENTRE[0], CENTRE[100]]


def test_the_published_table_is_whole_and_has_the_published_mean():
    assert tuple(sorted(TABLE_1)) == tuple(sorted(GROUPS))
    assert {len(row) for row in TABLE_1.values()} == {1 + len(MEASURES)}
    assert np.mean([row[1] for row in TABLE_1.values()]) == pytest.approx(0.828, abs=5e-4)


def test_figures_are_the_same_bytes_for_the_same_data(tmp_path):
    stored = []
    for name in ("a", "b"):
        figure, axes = canvas.panels()
        axes[0].plot([1, 2], [3, 4])
        canvas.mark_bands(axes[0], "nitrile")
        canvas.save(figure, "same", to=tmp_path / name)
        stored.append([(tmp_path / name / f"same.{s}").read_bytes() for s in ("svg", "png")])
    assert stored[0] == stored[1]
