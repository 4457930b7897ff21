"""ATR simulated from transmission: what theory says of it."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from train.fit import disturb
from train.fit.disturb import GRID, POINTS, WAVENUMBER, attenuated, dispersion, reflected


def bands(*centres: float, width: float = 12.0) -> Tensor:
    """(1, points): Lorentzian bands of one height."""
    return sum(1 / (1 + ((WAVENUMBER - c) / width) ** 2) for c in centres)[None]


def place(spectrum: Tensor, near: float) -> float:
    """Where the highest point within 60 cm-1 is, to a fraction of a step."""
    rows = ((WAVENUMBER - near).abs() < 60).nonzero()[:, 0]
    top = rows[spectrum[rows].argmax()]
    a, b, c = spectrum[top - 1 : top + 2]
    return float(WAVENUMBER[top] + GRID.spacing_cm1 * (a - c) / (a - 2 * b + c) / 2)


def test_dispersion_of_a_band_is_the_known_one():
    width, centre = 40.0, 2000.0
    away = (WAVENUMBER - centre) / width
    expected = -away / (1 + away**2)  # the refractive index rises below a band
    inside = away.abs() < 20
    found = dispersion(bands(centre, width=width))[0]
    torch.testing.assert_close(found[inside], expected[inside], atol=0.03, rtol=0)


def test_without_absorption_everything_is_reflected():
    sample = torch.full((1, POINTS), 1.5, dtype=torch.complex64)
    torch.testing.assert_close(
        reflected(sample, torch.tensor([[2.4]])), torch.zeros(1, POINTS), atol=1e-6, rtol=0
    )


def test_equal_bands_grow_toward_low_wavenumbers(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(disturb, "STRONGEST", (0.01, 0.01))
    found = attenuated(bands(1000, 3000))[0]
    high, low = found[(WAVENUMBER - 3000).abs() < 30].max(), found.max()
    assert high / low == pytest.approx(1000 / 3000, rel=0.1)


def test_strong_bands_stand_lower_than_weak_ones(monkeypatch: pytest.MonkeyPatch):
    found = []
    for strongest in (0.01, 0.6):
        monkeypatch.setattr(disturb, "STRONGEST", (strongest, strongest))
        monkeypatch.setattr(disturb, "CRYSTALS", ((2.4, 1.0),))
        found.append(place(attenuated(bands(1715))[0], 1715))
    assert abs(found[0] - 1715) < 2
    assert 2 < found[0] - found[1] < 20


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(0, 300), st.integers(400, POINTS))
def test_always_a_spectrum_and_zero_where_nothing_was_measured(seed: int, first: int, end: int):
    torch.manual_seed(seed)
    spectra = torch.rand(3, POINTS)
    spectra[:, :first] = spectra[:, end:] = 0
    found = attenuated(spectra)
    assert found.isfinite().all()
    assert (found >= 0).all()
    torch.testing.assert_close(found.amax(1), torch.ones(3))
    assert not found[:, :first].any()
    assert not found[:, end:].any()
