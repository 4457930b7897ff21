"""What training does to spectra keeps them spectra, and their answers true."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from train.fit.disturb import Disturbances, mixed
from train.settings import SETTINGS

OWN = SETTINGS["default"]["disturbances"]
NOTHING = Disturbances(**dict.fromkeys(OWN, 0.0))


def some_spectra(seed: int, first: int = 0, count: int = 32) -> torch.Tensor:
    torch.manual_seed(seed)
    spectra = torch.rand(count, 850) ** 4
    spectra[:, :first] = 0  # not measured
    return spectra / spectra.amax(1, keepdim=True)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(0, 300))
def test_a_disturbed_spectrum_is_a_spectrum(seed: int, first: int) -> None:
    spectra = some_spectra(seed, first)
    atr = (torch.rand(32, 1) < 0.5).float()
    found = Disturbances(**OWN)(spectra, atr)
    assert found.isfinite().all()
    torch.testing.assert_close(found.amax(1), torch.ones(32))
    assert not found[:, :first].any()


def test_without_strength_a_measured_band_stays_where_it_is() -> None:
    spectra = torch.zeros(64, 850)
    spectra[:, 400] = 1
    found = NOTHING(spectra, torch.zeros(64, 1))
    assert (found.argmax(1) == 400).all()


def test_coarse_sampling_keeps_the_area_of_broad_bands() -> None:
    band = torch.exp(-0.5 * ((torch.arange(850.0) - 400) / 12) ** 2)[None].repeat(64, 1)
    coarse = Disturbances(**dict.fromkeys(OWN, 0.0) | {"coarse": 1.0}).resampled(band)
    torch.testing.assert_close(coarse.sum(1), band.sum(1), rtol=0.02, atol=0)
    assert (coarse - band).abs().max() > 1e-4


def test_atr_spectra_begin_later() -> None:
    cut = Disturbances(**dict.fromkeys(OWN, 0.0) | {"cut": 1.0})
    found = cut(torch.ones(64, 850), torch.ones(64, 1))
    first = (found > 0).float().argmax(1) * 4.0 + 500
    assert first.min() >= 545
    assert (first <= 705).float().mean() > 0.8  # a few lose up to 300 cm-1, as all spectra do


@pytest.mark.parametrize("seed", range(5))
def test_a_sum_has_what_both_have_and_knows_no_more_than_both(seed: int) -> None:
    torch.manual_seed(seed)
    truth = (torch.rand(32, 6) < 0.4).float()
    known = (torch.rand(32, 6) < 0.7).float()
    truth = truth * known
    _, both, told, part = mixed(some_spectra(seed), truth, known, 1.0)
    other, known_too = truth.roll(16, 0), known.roll(16, 0)
    assert (both >= truth).all()
    assert (both <= torch.maximum(truth, other) + 1e-6).all()
    certain = both > 0.999
    assert (told[certain] == 1).all()
    assert (told[~certain] == (known * known_too)[~certain]).all()
    assert (part > 0).all()
