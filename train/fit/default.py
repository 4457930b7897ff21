"""How the default model's networks are trained: all phases together, augmented.

Some learn substructures besides the groups, and forget them afterwards. Kinds: ``fold0`` ..
``fold4`` (cross-validation over the index's folds) and ``all``. There is no early stopping, so
nothing held out is looked at before it is reported.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from train.data.dataset import Dataset, load
from train.fit.descent import Recipe, descend
from train.labels.substructures import substructures
from train.networks import GROUP_COUNT
from train.networks.checkpoint import checkpoint, restore
from train.networks.pair import PairNetwork
from train.settings import SETTINGS

MODEL = "default"
OWN = SETTINGS[MODEL]
RECIPE = Recipe(**OWN["recipe"])
VARIANTS: list[dict[str, Any]] = OWN["variants"]  # what differs, by seed
SEEDS = len(VARIANTS)
FOLDS = tuple(f"fold{k}" for k in range(OWN["folds"]))
KINDS = (*FOLDS, "all")


def dataset() -> Dataset:
    """Every usable spectrum, whatever its phase."""
    return load(MODEL)


def new_network() -> PairNetwork:
    """An unfitted network of the configured shape."""
    return PairNetwork(**RECIPE.network)


def fitted(kind: str) -> list[PairNetwork]:
    """All fitted networks of a kind, by seed."""
    return [restore(new_network(), checkpoint(MODEL, kind, seed)) for seed in range(SEEDS)]


def train(data: Dataset, kind: str, seed: int) -> tuple[PairNetwork, str]:
    """A fitted network, and a line about its fit."""
    trained = data.where(training_rows(data, kind))
    network, loss = fit(trained, seed, RECIPE.changed(VARIANTS[seed]))
    return network, f"{len(trained.records)} spectra, training loss {loss:.4f}"


def training_rows(data: Dataset, kind: str) -> np.ndarray:
    """Which rows (n,) train a kind: never the ATR spectra, never those of doubtful identity."""
    folds = data.column("fold")
    usable = (folds >= 0) & data.column("formula_matches").astype(bool)
    return usable if kind == "all" else usable & (folds != int(kind.removeprefix("fold")))


def fit(data: Dataset, seed: int, recipe: Recipe = RECIPE) -> tuple[PairNetwork, float]:
    """A network that learns from the spectra, and the last epoch's mean loss over the groups."""
    torch.manual_seed(seed)
    truth = _everything_to_learn(data, recipe)
    network = PairNetwork(**recipe.network, outputs=truth.shape[1])
    loss = descend(network, torch.from_numpy(data.vectors), truth, recipe)
    return network.only(GROUP_COUNT), loss


def _everything_to_learn(data: Dataset, recipe: Recipe) -> Tensor:
    """(n, 17 + m): the groups, then the substructures."""
    parts = [data.labels]
    if recipe.substructures:
        parts.append(substructures([record.smiles for record in data.records]))
    return torch.from_numpy(np.concatenate(parts, 1)).float()
