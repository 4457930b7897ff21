"""How the paper's network is fitted: Adam with early stopping (Rieger et al. 2023, section 2.2).

Kind ``random``: the paper's 70/15/15, each seed its own split. ``fold*`` and ``all``: each seed
keeps another tenth of the molecules for early stopping.
"""

from __future__ import annotations

import copy

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

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
    """Adam with early stopping on the plain validation loss. Returns network, epochs, best loss."""
    torch.manual_seed(seed)
    network = Rieger2023()
    optimiser = torch.optim.Adam(network.parameters(), lr=OWN["learning_rate"])
    spectra, truth = torch.from_numpy(data.vectors), torch.from_numpy(data.labels).float()
    weights = class_weights(data.labels[split.train])
    train, validation = torch.from_numpy(split.train), torch.from_numpy(split.validation)
    best, best_state, best_epoch, epoch = float("inf"), network.state_dict(), 0, 0
    while epoch < OWN["max_epochs"] and epoch - best_epoch < OWN["patience"]:
        epoch += 1
        network.train()
        for rows in train[torch.randperm(train.numel())].split(OWN["batch"]):
            loss = weighted_loss(network(spectra[rows])[0], truth[rows], weights)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        network.eval()
        with torch.no_grad():
            current = plain_loss(network(spectra[validation])[0], truth[validation]).item()
        if current < best:
            best, best_state, best_epoch = current, copy.deepcopy(network.state_dict()), epoch
    network.load_state_dict(best_state)
    return network.eval(), epoch, best


def class_weights(truth: NDArray[np.bool_]) -> tuple[Tensor, Tensor]:
    """1/p_j for positives and 1/(1-p_j) for negatives, p_j from the training set (eq. 3)."""
    proportion = torch.from_numpy(truth.mean(0)).float()
    return 1 / proportion, 1 / (1 - proportion)


def plain_loss(logits: Tensor, truth: Tensor) -> Tensor:
    """Binary cross-entropy without class weights: what decides when to stop.

    With the weights, the handful of acyl halides among the validation spectra (weight about 100)
    would stop every network after a few epochs.
    """
    return nn.functional.binary_cross_entropy_with_logits(logits, truth)


def weighted_loss(logits: Tensor, truth: Tensor, weights: tuple[Tensor, Tensor]) -> Tensor:
    """Binary cross-entropy, weighted per group and class (eq. 2), mean over all entries."""
    weight = torch.where(truth > 0, weights[0], weights[1])
    return nn.functional.binary_cross_entropy_with_logits(logits, truth, weight=weight)
