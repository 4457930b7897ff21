"""Fitted networks averaged into one: its calibration, and the reference of its sum."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from train.calibrate.platt import Calibration
from train.labels.groups import SMARTS
from train.networks.pair import PairNetwork
from train.networks.rieger2023 import Rieger2023
from train.settings import SETTINGS

# The reference of contributions: a spectrum without absorption. A region then says what its bands
# add, and what was not measured adds nothing. Relative to the average training spectrum, the other
# natural choice, it would say how a spectrum differs from that one; the scorecard measures both.
NO_ABSORPTION = np.zeros((1, SETTINGS["grid"]["points"]), np.float32)


def mean_latent(networks: list[PairNetwork], around: NDArray[np.float32]) -> torch.Tensor:
    """The mean latent matrix (members * channels, positions) of some spectra (n, points)."""
    with torch.no_grad():
        return torch.cat([_mean(network.latent, around) for network in networks])


def _mean(
    function: Callable[[torch.Tensor], torch.Tensor], rows: NDArray[np.float32]
) -> torch.Tensor:
    total = sum(function(batch).double().sum(0) for batch in torch.from_numpy(rows).split(512))
    return total / len(rows)


def calibrated(network: nn.Module, calibration: Calibration) -> nn.Module:
    """The same network with Platt's slope and intercept in its head: sigmoid(logit) is calibrated.

    A linear rescaling of each logit, so the sum stays exact and its parts are in calibrated units.
    """
    twin = copy.deepcopy(network)
    twin.rescale(*(torch.tensor(v).float() for v in (calibration.slope, calibration.intercept)))
    return twin


def linear_head(network: Rieger2023, around: NDArray[np.float32]) -> dict[str, Any]:
    """The linear head around the mean latent matrix of some spectra (see model.head.Head)."""
    with torch.no_grad():
        mean = _mean(lambda rows: network(rows)[1], around)
        weight = network.head.weight.double().reshape(len(SMARTS), *mean.shape)
        bias = network.head.bias.double() + (weight * mean).sum((1, 2))
    return {
        "bias": bias.float().numpy(),
        "weight": weight.float().numpy(),
        "reference": mean.float().numpy(),
    }
