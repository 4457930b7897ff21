"""How the networks of each model are fitted: one plan a model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from torch import nn

from train.data.dataset import load, paper_subset
from train.data.records import Dataset
from train.data.split import FOLDS
from train.fit import distilled, early_stopping
from train.networks.checkpoint import checkpoint, restore
from train.networks.rieger2023 import Rieger2023
from train.settings import SETTINGS


@dataclass(frozen=True)
class FitPlan:
    """What it takes to fit one model.

    Kinds of networks: ``fold0`` to ``fold4`` are fitted without that fold of the index, ``all`` to
    every spectrum, ``random`` to the paper's random 70/15/15 splits. Each kind has ``seeds``
    networks. ``fit(data, kind, seed, device)`` gives a fitted network and a line about its fit.
    """

    model: str
    seeds: int
    kinds: tuple[str, ...]
    dataset: Callable[[], Dataset]
    new_network: Callable[[], nn.Module]
    fit: Callable[[Dataset, str, int, str], tuple[nn.Module, str]]
    half_precision: bool = False  # of the stored weights

    def fitted(self, kind: str) -> list[Any]:
        """The fitted networks of a kind, by seed. Raises TrainingError without them."""
        return [
            restore(self.new_network(), checkpoint(self.model, kind, seed))
            for seed in range(self.seeds)
        ]


def _fit_paper(data: Dataset, kind: str, seed: int, _device: str) -> tuple[Rieger2023, str]:
    split = early_stopping.split_of(kind, seed, data)
    network, epochs, loss = early_stopping.fit(data, split, seed)
    return network, f"{epochs} epochs, validation loss {loss:.4f}"


# Rieger et al. 2023, section 2.2: gas-phase spectra, early stopping on a tenth of the molecules.
RIEGER2023 = FitPlan(
    "rieger2023",
    SETTINGS["rieger2023"]["seeds"],
    ("random", *FOLDS, "all"),
    lambda: paper_subset(load("rieger2023")),
    Rieger2023,
    _fit_paper,
)
# All phases together: teachers, and a student that learns from them and is shipped
# (train/fit/distilled.py). No early stopping: nothing held out is looked at before it is reported.
DEFAULT = FitPlan(
    "default",
    1,
    (*FOLDS, "all"),
    lambda: load("default"),
    distilled.new_student,
    distilled.fit,
    half_precision=True,
)
PLANS = {plan.model: plan for plan in (RIEGER2023, DEFAULT)}
