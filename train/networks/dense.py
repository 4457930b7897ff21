"""The comparison for explanations: local convolutions under a hidden layer, not additive."""

from __future__ import annotations

from torch import Tensor, nn

from train.networks import GROUP_COUNT
from train.networks.pair import local_body, two_views


class DenseNetwork(nn.Module):
    """The same local convolutions under a hidden layer: no exact sum, so never shipped.

    What the scorecard explains by integrated gradients, for comparison (train/faithfulness).
    """

    def __init__(
        self, width: int, channels: int, residuals: int, hidden: int, dropout: float
    ) -> None:
        super().__init__()
        self.body = local_body(width // 2, width, channels, residuals)
        self.head = nn.Sequential(
            nn.Dropout(dropout),
            nn.Linear(channels * (209 - 4 * residuals), hidden),
            nn.ReLU(),
            nn.Dropout(dropout),
            nn.Linear(hidden, GROUP_COUNT),
        )

    def forward(self, spectrum: Tensor) -> tuple[Tensor, Tensor]:
        """(n, 850) -> logits (n, 17), latent (n, channels, positions)."""
        latent = self.body(two_views(spectrum)).squeeze(2)
        return self.head(latent.flatten(1)), latent
