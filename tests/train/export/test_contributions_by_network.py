"""Contributions network by network are the tool's, spectrum by spectrum."""

from __future__ import annotations

import numpy as np
import pytest
from heads import pair_contributions, position_contributions

from irclassify.model.head import Head
from train.export.observed import contributions_by_network

GROUPS, CHANNELS, POSITIONS, FACTORS, NETWORKS = 5, 6, 9, 4, 2


def head(factors: int) -> Head:
    random = np.random.default_rng(1)
    shapes = {
        "bias": (GROUPS,),
        "weight": (GROUPS, CHANNELS, POSITIONS),
        "reference": (CHANNELS, POSITIONS),
        "left": (factors, CHANNELS // NETWORKS, POSITIONS),
        "right": (factors, CHANNELS // NETWORKS, POSITIONS),
        "mix": (GROUPS, factors),
    }
    return Head(**{n: random.normal(size=s).astype(np.float32) for n, s in shapes.items()})


@pytest.mark.parametrize("factors", [0, FACTORS])
def test_the_networks_mean_is_the_tools_account(factors: int):
    own = head(factors)
    shape = (3, CHANNELS, POSITIONS)
    latent = np.random.default_rng(2).normal(size=shape).astype(np.float32)
    ours = contributions_by_network(latent, own, NETWORKS)
    assert ours.shape == (3, NETWORKS, GROUPS, POSITIONS)
    for i, matrix in enumerate(latent):
        expected = position_contributions(matrix, own)
        for g in range(GROUPS):
            expected[g] += pair_contributions(matrix, own, g).sum(1)
        assert ours.mean(1)[i] == pytest.approx(expected, abs=1e-4)


def test_a_network_answers_for_its_own_channels_only():
    own = head(FACTORS)
    latent = np.zeros((1, CHANNELS, POSITIONS), np.float32) + own.reference
    latent[:, : CHANNELS // NETWORKS] += 1
    first, second = contributions_by_network(latent, own, NETWORKS)[0]
    assert np.abs(first).max() > 0
    assert second == pytest.approx(np.zeros_like(second))
