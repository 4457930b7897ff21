"""How the default model's networks are trained: all phases together, augmented, one-cycle AdamW.

Kinds: ``fold0`` .. ``fold4`` (cross-validation over the index's folds) and ``all``, the ones
exported. There is no early stopping, so nothing held out is looked at before it is reported.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from train.augment import Augmentation
from train.checkpoint import checkpoint, restore
from train.dataset import Dataset, load
from train.network import PairNetwork
from train.settings import SETTINGS

MODEL = "default"
OWN = SETTINGS[MODEL]
SEEDS: int = OWN["seeds"]
FOLDS = tuple(f"fold{k}" for k in range(OWN["folds"]))
KINDS = (*FOLDS, "all")


def dataset() -> Dataset:
    """Every usable spectrum, whatever its phase."""
    return load(MODEL)


def new_network() -> PairNetwork:
    """An unfitted network of the configured shape."""
    return PairNetwork(**OWN["network"])


def fitted(kind: str) -> list[PairNetwork]:
    """All fitted networks of a kind, by seed."""
    return [restore(new_network(), checkpoint(MODEL, kind, seed)) for seed in range(SEEDS)]


def train(data: Dataset, kind: str, seed: int) -> tuple[PairNetwork, str]:
    """A fitted network, and a line about its fit."""
    chosen = training_rows(data, kind)
    network, loss = fit(data.where(chosen), seed)
    return network, f"{chosen.sum()} spectra, training loss {loss:.4f}"


def training_rows(data: Dataset, kind: str) -> np.ndarray:
    """Which rows (n,) train a kind: never the ATR spectra, never those of doubtful identity."""
    folds = data.column("fold")
    usable = (folds >= 0) & data.column("formula_matches").astype(bool)
    return usable if kind == "all" else usable & (folds != int(kind.removeprefix("fold")))


def fit(data: Dataset, seed: int) -> tuple[PairNetwork, float]:
    """Returns the network and the last epoch's mean loss."""
    torch.manual_seed(seed)
    network = new_network()
    optimiser = torch.optim.AdamW(_parameter_groups(network), lr=OWN["learning_rate"])
    steps = OWN["epochs"] * (len(data.records) // OWN["batch"])
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, OWN["learning_rate"], total_steps=steps, pct_start=OWN["warm_up"]
    )
    spectra, truth = torch.from_numpy(data.vectors), torch.from_numpy(data.labels).float()
    augmented = Augmentation(**OWN["augmentation"])
    network.train()
    for _ in range(OWN["epochs"]):
        losses = []
        for rows in torch.randperm(len(spectra)).split(OWN["batch"]):
            if len(rows) < OWN["batch"]:
                continue
            disturbed, known = augmented(spectra[rows], truth[rows])
            loss = nn.functional.binary_cross_entropy_with_logits(network(disturbed)[0], known)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            losses.append(loss.item())
    return network.eval(), float(np.mean(losses))


def _parameter_groups(network: PairNetwork) -> list[dict[str, object]]:
    """The head, where nearly all parameters are, decays on its own."""
    body = list(network.body.parameters())
    known = {id(parameter) for parameter in body}
    head = [parameter for parameter in network.parameters() if id(parameter) not in known]
    return [
        {"params": body, "weight_decay": OWN["weight_decay_body"]},
        {"params": head, "weight_decay": OWN["weight_decay_head"]},
    ]
