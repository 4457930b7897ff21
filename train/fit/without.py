"""A network that never saw a functional group: does the domain detector notice the group then?

``python -m train.fit.without nitro`` trains one network by the default recipe, with fewer epochs,
on the spectra outside fold 0 whose molecules lack the group, and keeps its body: the latent matrix
is all that the detector looks at. train/domain/measure.py measures with it.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from train.data.dataset import Dataset
from train.data.split import training_rows
from train.fit.models import DEFAULT, RECIPE, fit_pair_network
from train.labels.groups import GROUPS
from train.networks.checkpoint import restore, save
from train.networks.pair import PairNetwork
from train.settings import TrainingError, path

EPOCHS = 15
KIND = "fold0"


def checkpoint(group: str) -> Path:
    """Where the body of the network without ``group`` lies."""
    return path("fitted") / "domain" / f"without-{group}.npz"


def rows_without(data: Dataset, group: str) -> NDArray[np.bool_]:
    """Which rows (n,) train it: those of fold 0's networks, without the group."""
    return training_rows(data, KIND) & ~data.labels[:, GROUPS.index(group)]


def body(group: str) -> nn.Module:
    """The fitted body. Raises TrainingError when it was not fitted."""
    if not checkpoint(group).exists():
        raise TrainingError(
            f"{checkpoint(group)} does not exist. Fit it: python -m train.fit.without {group}"
        )
    return restore(PairNetwork(1, **RECIPE.network).body, checkpoint(group))


def main(group: str) -> None:
    """Train and save."""
    torch.set_num_threads(1)
    data = DEFAULT.dataset()
    chosen = rows_without(data, group)
    recipe = RECIPE.changed({"epochs": EPOCHS})
    network, loss = fit_pair_network(data.where(chosen), 0, recipe)
    save(network.body, checkpoint(group))
    print(f"without {group}: {chosen.sum()} spectra, {EPOCHS} epochs, training loss {loss:.4f}")


if __name__ == "__main__":
    main(sys.argv[1])
