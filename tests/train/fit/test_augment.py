"""Augmentation keeps a spectrum a spectrum."""

from __future__ import annotations

import pytest
import torch

from train.fit.augment import POINTS, Augmentation, mixed, shifted, tilted


@pytest.fixture
def spectra() -> torch.Tensor:
    torch.manual_seed(0)
    spectra = torch.rand(32, POINTS) ** 4
    spectra[:, :40] = 0  # not measured
    return spectra / spectra.amax(1, keepdim=True)


def test_everything_at_once_stays_finite_with_maximum_one(spectra: torch.Tensor) -> None:
    truth = (torch.rand(32, 17) < 0.3).float()
    for _ in range(20):
        disturbed, known = Augmentation(1.0, 1.0, 1.0, 0.5)(spectra, truth)
        assert disturbed.isfinite().all()
        torch.testing.assert_close(disturbed.amax(1), torch.ones(32))
        assert ((known >= truth) & (known <= 1)).all()


def test_a_dead_spectrum_stays_finite() -> None:
    dead = torch.zeros(4, POINTS)
    assert Augmentation(1.0, 1.0, 1.0, 1.0)(dead, torch.zeros(4, 17))[0].isfinite().all()


def test_no_strength_changes_nothing(spectra: torch.Tensor) -> None:
    truth = torch.zeros(32, 17)
    disturbed, known = Augmentation(0.0, 0.0, 0.0, 0.0)(spectra, truth)
    torch.testing.assert_close(disturbed, spectra, atol=2e-3, rtol=0)
    assert not known.any()


def test_shift_moves_a_band_by_a_few_points() -> None:
    spectra = torch.zeros(200, POINTS)
    spectra[:, 400] = 1
    moved = shifted(spectra, 2.0).argmax(1) - 400
    assert 1 < moved.float().std() < 3


def test_tilt_favours_low_wavenumbers_on_average() -> None:
    torch.manual_seed(1)
    tilt = tilted(torch.ones(4000, POINTS), 0.6)
    assert (tilt[:, 0] / tilt[:, -1]).log().mean() > 0.2


def test_a_mixture_has_the_groups_of_both() -> None:
    torch.manual_seed(2)
    spectra, truth = torch.rand(2, POINTS), torch.eye(2, 17)
    seen = torch.stack([mixed(spectra, truth, 1.0)[1] for _ in range(50)])
    assert (seen[..., 2:] == 0).all()
    assert (seen[:, 0, 1] > 0.9).any()
