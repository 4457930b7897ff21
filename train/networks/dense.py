"""Local convolutions under a hidden layer: a teacher whose logits are no sum."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from train.networks.pair import PairNetwork, local_body, two_views


class DenseNetwork(nn.Module):
    """The same local convolutions under a hidden layer: no exact sum, so never shipped."""

    def __init__(
        self,
        outputs: int,
        *,
        first: int,
        width: int,
        channels: int,
        residuals: int,
        hidden: int,
        dropout: float,
    ) -> None:
        super().__init__()
        self.body = local_body(first, width, channels, residuals)
        self.head = nn.Sequential(
            nn.Dropout(dropout),
            nn.Linear(channels * (209 - 4 * residuals), hidden),
            nn.BatchNorm1d(hidden),
            nn.ReLU(),
            nn.Dropout(dropout),
            nn.Linear(hidden, outputs),
        )

    def forward(self, spectrum: Tensor) -> tuple[Tensor, Tensor]:
        """(n, 850) -> logits (n, outputs), latent (n, channels, positions)."""
        latent = self.body(two_views(spectrum)).squeeze(2)
        with torch.autocast(spectrum.device.type, enabled=False):
            return self.head(latent.float().flatten(1) - PairNetwork.CENTRE), latent
