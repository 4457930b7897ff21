"""Stage ``fit``: train the paper's network, ten seeds, two splits. Resumes where it stopped."""

from __future__ import annotations

import argparse
import copy
import time
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from train.dataset import Dataset, load, paper_subset
from train.network import Rieger2023
from train.settings import SETTINGS, path
from train.split import Split, grouped_split, random_split

MODEL = "rieger2023"
SPLITS = ("random", "grouped")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``python -m train fit`` [--split S] [--seeds N] [--force]."""
    parser.add_argument("--split", choices=SPLITS, help="one split only; both without it")
    parser.add_argument("--seeds", type=int, default=SETTINGS[MODEL]["seeds"])
    parser.add_argument("--max-epochs", type=int, default=SETTINGS[MODEL]["max_epochs"])
    parser.add_argument("--force", action="store_true", help="train again what is already there")


def run(options: argparse.Namespace) -> int:
    """Train what is missing; every finished network is saved at once."""
    torch.set_num_threads(1)  # the network is too small for a second thread to help
    data = paper_subset(load(MODEL))
    for kind in [options.split] if options.split else SPLITS:
        split = split_of(kind, data)
        for seed in range(options.seeds):
            target = checkpoint(kind, seed)
            if target.exists() and not options.force:
                print(f"{target.name}: already fitted")
                continue
            started = time.monotonic()
            network, epochs, loss = fit(data, split, seed, options.max_epochs)
            save(network, target)
            seconds = time.monotonic() - started
            print(f"{target.name}: {epochs} epochs, validation loss {loss:.4f}, {seconds:.0f} s")
    return 0


def split_of(kind: str, data: Dataset) -> Split:
    """The split all seeds share, so that their average can be judged on spectra none has seen."""
    own = SETTINGS[MODEL]
    if kind == "random":
        return random_split(len(data.records), own["split_seed"])
    return grouped_split(data.column("fold"), own["test_fold"], own["validation_fold"])


def fit(data: Dataset, split: Split, seed: int, max_epochs: int) -> tuple[Rieger2023, int, float]:
    """Adam with early stopping on the validation loss. Returns network, epochs, best loss."""
    own = SETTINGS[MODEL]
    torch.manual_seed(seed)
    network = Rieger2023()
    optimiser = torch.optim.Adam(network.parameters(), lr=own["learning_rate"])
    spectra, truth = torch.from_numpy(data.vectors), torch.from_numpy(data.labels).float()
    weights = class_weights(data.labels[split.train])
    train, validation = torch.from_numpy(split.train), torch.from_numpy(split.validation)
    best, best_state, best_epoch, epoch = float("inf"), network.state_dict(), 0, 0
    while epoch < max_epochs and epoch - best_epoch < own["patience"]:
        epoch += 1
        network.train()
        for rows in train[torch.randperm(train.numel())].split(own["batch"]):
            loss = weighted_loss(network(spectra[rows])[0], truth[rows], weights)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        network.eval()
        with torch.no_grad():
            current = weighted_loss(
                network(spectra[validation])[0], truth[validation], weights
            ).item()
        if current < best:
            best, best_state, best_epoch = current, copy.deepcopy(network.state_dict()), epoch
    network.load_state_dict(best_state)
    return network.eval(), epoch, best


def class_weights(truth: NDArray[np.bool_]) -> tuple[Tensor, Tensor]:
    """1/p_j for positives and 1/(1-p_j) for negatives, p_j from the training set (eq. 3)."""
    proportion = torch.from_numpy(truth.mean(0)).float()
    return 1 / proportion, 1 / (1 - proportion)


def weighted_loss(logits: Tensor, truth: Tensor, weights: tuple[Tensor, Tensor]) -> Tensor:
    """Binary cross-entropy, weighted per group and class (eq. 2), mean over all entries."""
    weight = torch.where(truth > 0, weights[0], weights[1])
    return nn.functional.binary_cross_entropy_with_logits(logits, truth, weight=weight)


def checkpoint(kind: str, seed: int) -> Path:
    """Where a fitted network lies (committed: the other stages start from it)."""
    return path("fitted") / MODEL / f"{kind}-{seed:02d}.npz"


def save(network: nn.Module, target: Path) -> None:
    """A state dictionary as plain arrays: no pickle, readable without torch."""
    target.parent.mkdir(parents=True, exist_ok=True)
    arrays = {name: value.numpy() for name, value in network.state_dict().items()}
    np.savez_compressed(target, **arrays)


def restore(target: Path) -> Rieger2023:
    """A fitted network, in evaluation mode."""
    network = Rieger2023()
    with np.load(target) as arrays:
        network.load_state_dict({name: torch.from_numpy(arrays[name]) for name in arrays.files})
    return network.eval()


def fitted(kind: str) -> list[Rieger2023]:
    """All fitted networks of a split, by seed."""
    return [restore(file) for file in sorted((path("fitted") / MODEL).glob(f"{kind}-*.npz"))]


def logits_of(network: nn.Module, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Logits (n, 17) of vectors (n, points), in batches."""
    with torch.no_grad():
        batches = [network(rows)[0] for rows in torch.from_numpy(vectors).split(512)]
    result: NDArray[np.float32] = torch.cat(batches).numpy()
    return result
