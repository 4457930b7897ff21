"""How the default model's networks are trained: from what their teachers answer (distil.py).

Kinds as the teachers': a student of ``fold2`` has teachers that left out the same molecules.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

import torch
from torch import Tensor

from train import fit_teachers
from train.augment import Augmentation
from train.checkpoint import checkpoint, restore
from train.dataset import Dataset
from train.distil import taught
from train.network import PairNetwork
from train.recipe import Recipe, descend
from train.settings import SETTINGS

MODEL = "default"
OWN = SETTINGS[MODEL]
SEEDS: int = OWN["seeds"]
RECIPE = fit_teachers.RECIPE.changed(OWN["recipe"])
FOLDS, KINDS = fit_teachers.FOLDS, fit_teachers.KINDS

dataset = fit_teachers.dataset
training_rows = fit_teachers.training_rows


def new_network() -> PairNetwork:
    """An unfitted network of the configured shape."""
    return PairNetwork(**RECIPE.network)


def fitted(kind: str) -> list[PairNetwork]:
    """All fitted networks of a kind, by seed."""
    return [restore(new_network(), checkpoint(MODEL, kind, seed)) for seed in range(SEEDS)]


def train(data: Dataset, kind: str, seed: int) -> tuple[PairNetwork, str]:
    """A fitted network, and a line about its fit."""
    trained = data.where(training_rows(data, kind))
    network, loss = fit(trained, fit_teachers.fitted(kind), seed)
    return network, f"{len(trained.records)} spectra, training loss {loss:.4f}"


def fit(
    data: Dataset, teachers: Sequence[PairNetwork], seed: int, recipe: Recipe = RECIPE
) -> tuple[PairNetwork, float]:
    """A network that learns from its teachers, and the last epoch's mean loss."""
    torch.manual_seed(seed)
    network = PairNetwork(**recipe.network)
    copies = taught(data, teachers, Augmentation(**recipe.augmentation), **OWN["lessons"])
    steps = len(data.records) // recipe.batch

    def batches() -> Iterator[tuple[Tensor, Tensor]]:
        while True:
            for rows in torch.randperm(len(copies.spectra)).split(recipe.batch):
                if len(rows) == recipe.batch:
                    yield copies.spectra[rows].float(), copies.answers[rows]

    return network, descend(network, islice(batches(), recipe.epochs * steps), recipe, steps)
