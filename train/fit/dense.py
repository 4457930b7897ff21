"""How the scorecard's comparison is trained: the default's recipe with a dense head, fold 0 only.

No exact sum: its explanations are integrated gradients, see train/faithfulness. Never exported.
"""

from __future__ import annotations

import torch

from train.data.dataset import Dataset
from train.fit import default as fit_default
from train.fit.descent import descend
from train.networks.checkpoint import checkpoint, restore
from train.networks.dense import DenseNetwork
from train.settings import SETTINGS

MODEL = "dense"
OWN = SETTINGS[MODEL]
SEEDS: int = OWN["seeds"]
KINDS = ("fold0",)
HALF = True  # stored in half precision: small enough to commit

dataset = fit_default.dataset


def new_network() -> DenseNetwork:
    """An unfitted network of the configured shape."""
    return DenseNetwork(**OWN["network"])


def fitted(kind: str) -> list[DenseNetwork]:
    """All fitted networks of a kind, by seed."""
    return [restore(new_network(), checkpoint(MODEL, kind, seed)) for seed in range(SEEDS)]


def train(data: Dataset, kind: str, seed: int) -> tuple[DenseNetwork, str]:
    """A fitted network, and a line about its fit."""
    trained = data.where(fit_default.training_rows(data, kind))
    spectra, truth = torch.from_numpy(trained.vectors), torch.from_numpy(trained.labels).float()
    torch.manual_seed(seed)
    network = new_network()
    loss = descend(network, spectra, truth, fit_default.RECIPE)
    return network, f"{len(spectra)} spectra, training loss {loss:.4f}"
