"""The network of Rieger et al. 2023, and several of them averaged into one."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from train.arrays import Singles
from train.networks import GROUP_COUNT, POINTS


class Rieger2023(nn.Module):
    """The network of Rieger et al. 2023, section 2.2: 28,845 parameters, latent matrix 8 x 209.

    Unpadded convolutions: latent column p sees grid points 4p .. 4p+15. ``members`` > 1 holds that
    many such networks side by side as grouped convolutions; the head then averages their logits,
    and being linear it stays one exact sum over a latent matrix of 8 * members channels.
    """

    receptive_field = 16  # grid points
    STRIDE = 4
    positions = 209
    CHANNELS = 8

    def __init__(self, members: int = 1) -> None:
        super().__init__()
        m = members
        self.body = nn.Sequential(
            nn.Conv1d(1, 4 * m, 3),
            nn.ReLU(),
            nn.BatchNorm1d(4 * m),
            nn.Conv1d(4 * m, 4 * m, 3, groups=m),
            nn.ReLU(),
            nn.BatchNorm1d(4 * m),
            nn.MaxPool1d(2),
            nn.Conv1d(4 * m, 8 * m, 3, groups=m),
            nn.ReLU(),
            nn.BatchNorm1d(8 * m),
            nn.Conv1d(8 * m, 8 * m, 3, groups=m),
            nn.ReLU(),
            nn.MaxPool1d(2),
            nn.BatchNorm1d(8 * m, affine=False),
        )
        self.head = nn.Linear(8 * m * self.positions, GROUP_COUNT)

    def forward(self, spectrum: Tensor) -> tuple[Tensor, Tensor]:
        """(n, 850) -> logits (n, 17), latent (n, 8 * members, 209)."""
        latent = self.body(spectrum.unsqueeze(1))
        return self.head(latent.flatten(1)), latent

    def rescale(self, slope: Tensor, intercept: Tensor) -> None:
        """Make every logit slope * logit + intercept, both (17,): calibration, in place."""
        with torch.no_grad():
            self.head.weight *= slope[:, None]
            self.head.bias.copy_(slope * self.head.bias + intercept)


def average(networks: Sequence[Rieger2023]) -> Rieger2023:
    """One network: its logits are the mean of the given ones, its latent is theirs stacked."""
    merged = Rieger2023(len(networks)).eval()
    states = [network.state_dict() for network in networks]
    stacked = {
        name: torch.cat([state[name] for state in states]) if value.dim() else value
        for name, value in states[0].items()
        if not name.startswith("head")
    }
    stacked["head.weight"] = torch.cat([s["head.weight"] for s in states], 1) / len(states)
    stacked["head.bias"] = torch.stack([s["head.bias"] for s in states]).mean(0)
    merged.load_state_dict(stacked)
    return merged


def parameter_count(network: nn.Module) -> int:
    """Trainable parameters."""
    return sum(p.numel() for p in network.parameters() if p.requires_grad)


def linear_head(network: Rieger2023) -> dict[str, Singles]:
    """The arrays of irclassify.model.head.Head, around a spectrum without absorption."""
    with torch.no_grad():
        reference = network(torch.zeros(1, POINTS))[1][0].double()
        weight = network.head.weight.double().reshape(GROUP_COUNT, *reference.shape)
        bias = network.head.bias.double() + (weight * reference).sum((1, 2))
    arrays = {"bias": bias, "weight": weight, "reference": reference}
    return {name: array.float().numpy() for name, array in arrays.items()}
