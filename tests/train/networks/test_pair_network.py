"""The pair network: local, an exact sum, and an average of several is one of its kind."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from heads import pair_contributions, position_contributions

from irclassify.model.head import Head
from train.networks.pair import PairEnsemble, PairNetwork

SMALL = {"first": 8, "width": 8, "channels": 4, "residuals": 1, "factors": 5, "dropout": 0.2}


def randomised(seed: int, pooled: int = 0) -> PairNetwork:
    torch.manual_seed(seed)
    network = PairNetwork(17, **SMALL, pooled=pooled).train()
    for _ in range(30):
        network(torch.rand(16, 850))
    return network.eval()


@pytest.fixture
def spectra() -> torch.Tensor:
    return torch.rand(6, 850, generator=torch.Generator().manual_seed(0))


@pytest.fixture
def networks() -> list[PairNetwork]:
    return [randomised(seed, pooled) for seed, pooled in enumerate((0, 4, 0))]


@pytest.fixture
def ensemble(networks: list[PairNetwork], spectra: torch.Tensor) -> PairEnsemble:
    with torch.no_grad():
        mean = torch.cat([n.latent(spectra) for n in networks], 1).mean(0)
        return PairEnsemble(networks, mean).eval()


@pytest.mark.parametrize("position", [0, 100, 204])
def test_a_latent_column_sees_its_window_and_no_more(position: int) -> None:
    network = randomised(1)
    assert (network.receptive_field, network.positions) == (34, 205)
    spectra = torch.rand(64, 850, requires_grad=True)  # a column is silent for some of them
    network.latent(spectra)[:, :, position].sum().backward()
    seen = np.flatnonzero(spectra.grad.abs().sum(0).numpy())
    assert seen.min() >= 4 * position
    assert seen.max() <= 4 * position + network.receptive_field - 1


def test_centring_changes_no_logit(
    ensemble: PairEnsemble, networks: list[PairNetwork], spectra: torch.Tensor
) -> None:
    with torch.no_grad():
        expected = torch.stack([network(spectra)[0] for network in networks]).mean(0)
        torch.testing.assert_close(ensemble(spectra)[0], expected, atol=2e-3, rtol=1e-3)


def test_the_mean_spectrum_has_only_the_bias(ensemble: PairEnsemble) -> None:
    """At d = 0 nothing contributes."""
    head = Head(**{name: array.numpy() for name, array in ensemble.head_arrays().items()})
    assert not position_contributions(head.reference, head).any()


def test_the_tools_account_adds_up_to_the_logits(
    ensemble: PairEnsemble, spectra: torch.Tensor
) -> None:
    head = Head(**{name: array.numpy() for name, array in ensemble.head_arrays().items()})
    with torch.no_grad():
        logits, latent = ensemble(spectra)
    for i in range(len(spectra)):
        columns = position_contributions(latent[i].numpy(), head).sum(1)
        pairs = [pair_contributions(latent[i].numpy(), head, g).sum() for g in range(17)]
        assert head.bias + columns + np.array(pairs) == pytest.approx(logits[i].numpy(), abs=1e-4)


def test_the_shipped_bodies_crop_by_convolution_and_give_the_same_latent_matrix(
    ensemble: PairEnsemble, networks: list[PairNetwork], spectra: torch.Tensor
) -> None:
    with torch.no_grad():
        expected = torch.cat([network.latent(spectra) for network in networks], 1)
        torch.testing.assert_close(ensemble.latent(spectra), expected)


def test_some_outputs_of_an_ensemble_are_what_they_were(
    ensemble: PairEnsemble, spectra: torch.Tensor
) -> None:
    with torch.no_grad():
        every, some = ensemble(spectra)[0], ensemble.only([3, 0, 16])(spectra)[0]
    torch.testing.assert_close(some, every[:, [3, 0, 16]])
