"""How the paper's network is fitted: Adam with early stopping (Rieger et al. 2023, section 2.2).

Kind ``random``: the paper's 70/15/15, each seed its own split. ``fold*`` and ``all``: each seed
keeps another tenth of the molecules for early stopping.
"""

from __future__ import annotations

import copy

import numpy as np
import torch
from torch.nn.functional import binary_cross_entropy_with_logits as entropy

from train.data.records import Dataset
from train.data.split import FOLDS, Split, grouped_split, random_split
from train.networks.rieger2023 import Rieger2023
from train.settings import SETTINGS

OWN = SETTINGS["rieger2023"]


def split_of(kind: str, seed: int, data: Dataset) -> Split:
    """Which spectra a network of this kind and seed trained, stopped and is tested on."""
    if kind == "random":
        return random_split(len(data.records), seed)
    folds = data.column("fold")
    tested = folds == FOLDS.index(kind) if kind in FOLDS else np.zeros(len(folds), bool)
    return grouped_split(data.column("molecule"), tested, seed, OWN["seeds"])


def fit(data: Dataset, split: Split, seed: int) -> tuple[Rieger2023, int, float]:
    """Adam with early stopping on the plain validation loss. Returns network, epochs, best loss.

    With the class weights, the handful of acyl halides among the validation spectra (weight about
    100) would stop every network after a few epochs.
    """
    torch.manual_seed(seed)
    network = Rieger2023()
    optimiser = torch.optim.Adam(network.parameters(), lr=OWN["learning_rate"])
    spectra, truth = torch.from_numpy(data.vectors), torch.from_numpy(data.labels).float()
    # Each class of each group weighs the inverse of its share of the training set (eq. 2 and 3).
    share = torch.from_numpy(data.labels[split.train].mean(0)).float()
    weights = torch.where(truth > 0, 1 / share, 1 / (1 - share))
    train, validation = torch.from_numpy(split.train), torch.from_numpy(split.validation)
    best, best_state, best_epoch, epoch = float("inf"), network.state_dict(), 0, 0
    while epoch < OWN["max_epochs"] and epoch - best_epoch < OWN["patience"]:
        epoch += 1
        network.train()
        for rows in train[torch.randperm(train.numel())].split(OWN["batch"]):
            loss = entropy(network(spectra[rows])[0], truth[rows], weight=weights[rows])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        network.eval()
        with torch.no_grad():
            current = entropy(network(spectra[validation])[0], truth[validation]).item()
        if current < best:
            best, best_state, best_epoch = current, copy.deepcopy(network.state_dict()), epoch
    network.load_state_dict(best_state)
    return network.eval(), epoch, best
