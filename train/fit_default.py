"""How the default model's networks are trained: all phases together, augmented, one-cycle AdamW.

Kinds: ``fold0`` .. ``fold4`` (cross-validation over the index's folds) and ``all``, the ones
exported. There is no early stopping, so nothing held out is looked at before it is reported.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from train.augment import Augmentation
from train.checkpoint import checkpoint, restore
from train.dataset import Dataset, load
from train.network import GROUP_COUNT, DenseNetwork, PairNetwork
from train.settings import SETTINGS
from train.substructures import substructures

MODEL = "default"
OWN = SETTINGS[MODEL]
SEEDS: int = OWN["seeds"]
FOLDS = tuple(f"fold{k}" for k in range(OWN["folds"]))
KINDS = (*FOLDS, "all")


@dataclass(frozen=True)
class Recipe:
    """Everything that decides a fit but data and seed: train/config.toml, table [default.recipe].

    ``substructures``: the weight of the loss over substructures, which are learned in training
    only (0: not at all). ``warm_up``: the share of the steps in which the learning rate rises.
    """

    network: dict[str, Any]
    augmentation: dict[str, float]
    epochs: int
    batch: int
    learning_rate: float
    warm_up: float
    weight_decay_body: float
    weight_decay_head: float
    substructures: float

    def changed(self, changes: dict[str, Any]) -> Recipe:
        """The recipe with some settings changed; tables are changed entry by entry."""
        merged = {
            name: {**getattr(self, name), **value} if isinstance(value, dict) else value
            for name, value in changes.items()
        }
        return replace(self, **merged)


RECIPE = Recipe(**OWN["recipe"])


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
    network, loss = fit(trained, seed)
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
    loss = optimise(network, torch.from_numpy(data.vectors), truth, recipe)
    return network.only(GROUP_COUNT).eval(), loss


def optimise(
    network: PairNetwork | DenseNetwork, spectra: Tensor, truth: Tensor, recipe: Recipe
) -> float:
    """Fit a network in place to spectra (n, 850) and (n, outputs); the last epoch's mean loss."""
    optimiser = torch.optim.AdamW(_parameter_groups(network, recipe), lr=recipe.learning_rate)
    steps = recipe.epochs * (len(spectra) // recipe.batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, recipe.learning_rate, total_steps=steps, pct_start=recipe.warm_up
    )
    augmented = Augmentation(**recipe.augmentation)
    network.train()
    for _ in range(recipe.epochs):
        losses = []
        for rows in torch.randperm(len(spectra)).split(recipe.batch):
            if len(rows) < recipe.batch:
                continue
            disturbed, known = augmented(spectra[rows], truth[rows])
            groups, other = _losses(network(disturbed)[0], known)
            optimiser.zero_grad()
            (groups + recipe.substructures * other).backward()
            optimiser.step()
            schedule.step()
            losses.append(groups.item())
    return float(np.mean(losses))


def _everything_to_learn(data: Dataset, recipe: Recipe) -> Tensor:
    """(n, 17 + m): the groups, then the substructures."""
    parts = [data.labels]
    if recipe.substructures:
        parts.append(substructures([record.smiles for record in data.records]))
    return torch.from_numpy(np.concatenate(parts, 1)).float()


def _losses(logits: Tensor, truth: Tensor) -> tuple[Tensor, Tensor]:
    """Mean cross-entropy over the groups, and over the substructures (0 without any)."""
    loss = nn.functional.binary_cross_entropy_with_logits
    groups = loss(logits[:, :GROUP_COUNT], truth[:, :GROUP_COUNT])
    if truth.shape[1] == GROUP_COUNT:
        return groups, torch.zeros(())
    return groups, loss(logits[:, GROUP_COUNT:], truth[:, GROUP_COUNT:])


def _parameter_groups(
    network: PairNetwork | DenseNetwork, recipe: Recipe
) -> list[dict[str, object]]:
    """The head, where nearly all parameters are, decays on its own."""
    body = list(network.body.parameters())
    known = {id(parameter) for parameter in body}
    head = [parameter for parameter in network.parameters() if id(parameter) not in known]
    return [
        {"params": body, "weight_decay": recipe.weight_decay_body},
        {"params": head, "weight_decay": recipe.weight_decay_head},
    ]
