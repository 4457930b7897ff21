"""What several figures need: the ten networks of the paper's protocol on their own test spectra."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
import torch

from train.arrays import Floats, Ints, Singles
from train.calibrate.platt import best_thresholds
from train.data.records import Dataset
from train.data.split import Split
from train.fit import early_stopping
from train.fit.models import RIEGER2023
from train.labels.groups import GROUPS
from train.networks.checkpoint import logits_of
from train.networks.rieger2023 import Rieger2023
from train.settings import preprocessing

GRID = preprocessing(RIEGER2023.model).grid.wavenumber
FIELD, STRIDE = Rieger2023.receptive_field, Rieger2023.STRIDE
FIRST = np.arange(Rieger2023.positions) * STRIDE
CENTRE = (GRID[FIRST] + GRID[FIRST + FIELD - 1]) / 2  # cm-1, (positions,)
STEP = STRIDE * (GRID[1] - GRID[0])


class Material:
    """Fitted once with ten random 70/15/15 splits, as in the paper; computed when first asked."""

    @cached_property
    def data(self) -> Dataset:
        """The paper's spectra."""
        return RIEGER2023.dataset()

    @cached_property
    def networks(self) -> list[Rieger2023]:
        """By seed."""
        return RIEGER2023.fitted("random")

    @cached_property
    def splits(self) -> list[Split]:
        """By seed."""
        return [
            early_stopping.split_of("random", seed, self.data) for seed in range(len(self.networks))
        ]

    @cached_property
    def thresholds(self) -> list[Floats]:
        """By seed, (17,): best F1 on the validation spectra."""
        return [
            best_thresholds(self.data.labels[split.validation], self.logits(seed, split.validation))
            for seed, split in enumerate(self.splits)
        ]

    @cached_property
    def weights(self) -> Floats:
        """The heads' weights, (seeds, 17, 8, 209)."""
        shape = (len(GROUPS), Rieger2023.CHANNELS, Rieger2023.positions)
        return np.stack([n.head.weight.detach().numpy().reshape(shape) for n in self.networks])

    @cached_property
    def test_logits(self) -> list[Singles]:
        """By seed, (test spectra, 17)."""
        return [self.logits(seed, split.test) for seed, split in enumerate(self.splits)]

    def logits(self, seed: int, rows: Ints) -> Singles:
        """Logits (rows, 17) of a seed's network."""
        return logits_of(self.networks[seed], self.data.vectors[rows])

    def test_latent(self, seed: int) -> Singles:
        """Latent matrices (test spectra, 8, 209) of a seed's network."""
        vectors = torch.from_numpy(self.data.vectors[self.splits[seed].test])
        with torch.no_grad():
            return self.networks[seed](vectors)[1].numpy()


def mean_and_deviation(values: Sequence[float]) -> list[float]:
    """[mean, standard deviation] over seeds."""
    return [float(np.mean(values)), float(np.std(values, ddof=1))]
