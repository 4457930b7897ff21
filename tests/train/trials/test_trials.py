"""What a trial may learn from, and that every trial can be made."""

from __future__ import annotations

import numpy as np
import torch

from train.data.dataset import Dataset, Record
from train.fit.models import RECIPE
from train.networks.pair import PairNetwork
from train.trials import run as trials


def some_data() -> Dataset:
    """Two origins, five folds, and ATR spectra."""
    records = [
        Record(
            file=f"{i}.jdx",
            cas="",
            molecule=f"m{i % 40}",
            smiles="CCO",
            fold=i % 5,
            collection="ATR drugs" if i >= 80 else "MSDC-IR" if i % 2 else "COBLENTZ",
            phase="atr" if i >= 80 else "gas" if i % 2 else "condensed",
            origin=trials.AT_NIST if i % 4 == 1 else "EPA",
            spacing="",
            formula_matches=True,
            single_organic=True,
            in_paper=bool(i % 2) and i < 80,
        )
        for i in range(100)
    ]
    return Dataset(records, np.zeros((100, 17), bool), np.zeros((100, 850), np.float32))


def test_no_trial_learns_a_molecule_of_the_tested_fold() -> None:
    data = some_data()
    molecules = data.column("molecule")
    tested = set(molecules[data.column("fold") == trials.OWN["fold"]])
    for train_on in ("all", "gas", "epa"):
        assert not tested & set(molecules[trials.rows_to_learn(data, train_on)])


def test_training_on_one_origin_leaves_the_other_out() -> None:
    data = some_data()
    chosen = trials.rows_to_learn(data, "epa")
    assert chosen.any()
    assert (data.column("origin")[chosen] != trials.AT_NIST).all()
    assert (data.column("phase")[chosen] == "gas").all()


def test_every_trial_is_a_network_with_local_columns() -> None:
    names = []
    for trial in trials.trials():
        names.append(trial["name"])
        recipe = RECIPE.changed(trial["changes"])
        network = PairNetwork(17, **recipe.network).eval()
        spectrum = torch.rand(1, 850, requires_grad=True)
        latent = network.latent(spectrum)
        assert latent.shape[2] == network.positions
        latent[0, :, 50].sum().backward()
        assert spectrum.grad is not None
        seen = np.flatnonzero(spectrum.grad[0].numpy())
        assert 200 <= seen.min() <= seen.max() < 200 + network.receptive_field
    assert len(names) == len(set(names))
