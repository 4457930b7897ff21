"""Fitted networks on disk: plain arrays, no pickle, readable without torch."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TypeVar

import numpy as np
import torch
from torch import nn

from train.arrays import Singles
from train.settings import TrainingError, path

Network = TypeVar("Network", bound=nn.Module)


def checkpoint(model: str, kind: str, seed: int) -> Path:
    """Where a fitted network lies."""
    return path("fitted") / model / f"{kind}-{seed:02d}.npz"


def fitted_hash(model: str, kind: str) -> str:
    """sha256 over the fitted networks of a kind: which weights an export was made from."""
    digest = hashlib.sha256()
    for file in sorted((path("fitted") / model).glob(f"{kind}-*.npz")):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def save(network: nn.Module, target: Path, *, half: bool = False) -> None:
    """Write a network's state, ``half`` in half precision; a file that exists is complete."""
    target.parent.mkdir(parents=True, exist_ok=True)
    arrays = {name: value.numpy() for name, value in network.state_dict().items()}
    if half:
        arrays = {n: a.astype(np.float16) if a.dtype.kind == "f" else a for n, a in arrays.items()}
    unfinished = target.with_suffix(".part.npz")
    np.savez_compressed(unfinished, **arrays)
    unfinished.replace(target)


def restore(network: Network, source: Path) -> Network:
    """Fill a network of the right shape; returns it in evaluation mode.

    Raises TrainingError when it has not been fitted.
    """
    if not source.exists():
        raise TrainingError(
            f"{source} does not exist. Fit the networks: "
            f"python -m train fit --model {source.parent.name}"
        )
    with np.load(source) as arrays:
        network.load_state_dict({name: torch.from_numpy(arrays[name]) for name in arrays.files})
    return network.eval()


class DataChangedError(TrainingError):
    """The networks were fitted on other data than is there now: their splits no longer hold."""


def check_data(model: str, fingerprint: str, *, first: bool = False) -> None:
    """Compare with the fingerprint of the data a model's networks were fitted on.

    ``first``: nothing is fitted yet, so record it. Raises DataChangedError when they differ.
    """
    recorded = path("fitted") / model / "data.sha256"
    if first:
        recorded.parent.mkdir(parents=True, exist_ok=True)
        recorded.write_text(fingerprint + "\n")
    elif recorded.read_text().strip() != fingerprint:
        raise DataChangedError(
            f"{recorded}: the dataset has changed since {model} was fitted; "
            f"run python -m train fit --model {model} --force"
        )


def logits_of(network: nn.Module, vectors: Singles) -> Singles:
    """Logits (n, 17) of vectors (n, points), in batches."""
    with torch.no_grad():
        batches = [network(rows)[0] for rows in torch.from_numpy(vectors).split(512)]
    return torch.cat(batches).numpy()
