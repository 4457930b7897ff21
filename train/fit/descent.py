"""What decides a fit but data and seed, and the descent itself: one-cycle AdamW."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from train.fit.augment import Augmentation
from train.networks import GROUP_COUNT
from train.networks.dense import DenseNetwork
from train.networks.pair import PairNetwork


@dataclass(frozen=True)
class Recipe:
    """A table ``recipe`` of train/config.toml.

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


def descend(
    network: PairNetwork | DenseNetwork, spectra: Tensor, truth: Tensor, recipe: Recipe
) -> float:
    """Fit a network in place to spectra (n, 850) and truth (n, outputs), disturbed anew each epoch.

    Returns the last epoch's mean loss over the groups; the network is left in evaluation mode.
    """
    groups = _parameter_groups(network, recipe)
    optimiser = torch.optim.AdamW(groups, lr=recipe.learning_rate, fused=True)
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
            loss, other = _losses(network(disturbed)[0], known)
            optimiser.zero_grad()
            (loss + recipe.substructures * other).backward()
            optimiser.step()
            schedule.step()
            losses.append(loss.item())
    network.eval()
    return float(np.mean(losses))


def _losses(logits: Tensor, answers: Tensor) -> tuple[Tensor, Tensor]:
    """Mean cross-entropy over the groups, and over the substructures (0 without any)."""
    loss = nn.functional.binary_cross_entropy_with_logits
    groups = loss(logits[:, :GROUP_COUNT], answers[:, :GROUP_COUNT])
    if answers.shape[1] == GROUP_COUNT:
        return groups, torch.zeros(())
    return groups, loss(logits[:, GROUP_COUNT:], answers[:, GROUP_COUNT:])


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
