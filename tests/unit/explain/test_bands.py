"""The table of group frequencies: whole, ordered, and what its look-ups promise."""

from __future__ import annotations

import pytest

from irclassify.explain.bands import BANDS, SOURCES, bands_between, bands_of
from irclassify.model.folder import ModelSpec


def test_every_group_has_bands(tiny: ModelSpec):
    assert {band.group for band in BANDS} == {group.name for group in tiny.groups}


@pytest.mark.parametrize("band", BANDS, ids=lambda band: f"{band.group} {band.low:.0f}")
def test_every_band_is_complete(band):
    assert 400 <= band.low < band.high <= 4000
    assert band.intensity in ("strong", "medium", "weak", "variable")
    assert all(source.split()[0] in SOURCES for source in band.source.split("; "))


def test_bands_of_a_group_fall_from_high_to_low():
    highs = [band.high for band in bands_of("ester")]
    assert highs == sorted(highs, reverse=True)
    assert bands_of("thiol") == ()


@pytest.mark.parametrize(
    ("low", "high", "group", "vibration"),
    [
        (2238, 2262, "nitrile", "C≡N stretch"),
        (3620, 3680, "alcohol", "O-H stretch"),
        (1500, 1545, "nitro", "NO2 asymmetric stretch"),
        (2690, 2830, "aldehyde", "C-H stretch, Fermi resonance with the C-H bend"),
    ],
)
def test_the_best_band_comes_first(low: float, high: float, group: str, vibration: str):
    assert bands_between(low, high)[0].group == group
    assert bands_between(low, high, group)[0].vibration == vibration


def test_nothing_is_known_where_nothing_is():
    assert bands_between(2300, 2400) == ()
    assert bands_between(2200, 2280, "ketone") == ()
