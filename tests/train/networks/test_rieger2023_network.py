"""The paper's network: its size, its locality, and that an average of networks is one network."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from train.networks.rieger2023 import Rieger2023, average, parameter_count


@pytest.fixture
def spectra() -> torch.Tensor:
    return torch.rand(6, 850, generator=torch.Generator().manual_seed(0))


def randomised(seed: int) -> Rieger2023:
    """A network whose batch norms have seen data, so that nothing is zero or one by accident."""
    torch.manual_seed(seed)
    network = Rieger2023().train()
    for _ in range(3):
        network(torch.rand(32, 850))
    return network.eval()


def test_size_and_shapes_are_the_papers(spectra: torch.Tensor) -> None:
    logits, latent = randomised(0)(spectra)
    assert parameter_count(Rieger2023()) == 28_845
    assert logits.shape == (6, 17)
    assert latent.shape == (6, 8, 209)


@pytest.mark.parametrize("position", [0, 77, 208])
def test_a_latent_column_sees_its_sixteen_points_and_no_others(position: int) -> None:
    network = randomised(1)
    spectrum = torch.rand(1, 850, requires_grad=True)
    network(spectrum)[1][0, :, position].sum().backward()
    assert spectrum.grad is not None
    seen = np.flatnonzero(spectrum.grad[0].numpy())
    assert seen.min() >= 4 * position
    assert seen.max() <= 4 * position + 15


def test_the_average_is_one_network_with_the_mean_logits(spectra: torch.Tensor) -> None:
    networks = [randomised(seed) for seed in range(3)]
    logits, latent = average(networks)(spectra)
    expected = torch.stack([network(spectra)[0] for network in networks]).mean(0)
    torch.testing.assert_close(logits, expected, atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(
        latent, torch.cat([n(spectra)[1] for n in networks], 1), atol=1e-5, rtol=1e-5
    )
