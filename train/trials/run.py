"""Stage ``trials``: what was tried, one network each, on one fold; resumes.

Every trial changes one thing of the default recipe ([trials] in config.toml), trains on the other
folds for fewer epochs and is tested on the fold that the default's size and augmentation were
chosen on: these numbers compare recipes, they are not the accuracy of the model. Calls are made at
a logit of 0. Writes trials.json and the curves beside the model.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from irclassify.evaluation.metrics import group_scores, molecular_f1, molecular_perfection
from train.data.dataset import Dataset
from train.data.split import phase_rows, training_rows
from train.fit.models import DEFAULT, RECIPE, fit_pair_network
from train.networks.checkpoint import logits_of
from train.settings import SETTINGS, evaluation_folder, preprocessing, save_results
from train.trials import teachers
from train.trials.curves import draw_curves

NAME = "trials"
TEACHERS = "teacher_trials"
OWN = SETTINGS["trials"]
KIND = f"fold{OWN['fold']}"
AT_NIST = "NIST Mass Spectrometry Data Center"  # HP-GC/IRD; the other vapour spectra are the EPA's

SPACING = preprocessing(DEFAULT.model).grid.spacing_cm1

Rows = NDArray[np.bool_]
Trial = dict[str, Any]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``python -m train trials`` [--teachers --device D] [--workers N] [--force]."""
    parser.add_argument("--workers", type=int, default=1, help="networks trained at a time")
    parser.add_argument("--teachers", action="store_true", help="those of version 2 only")
    parser.add_argument("--device", default="cpu", help="of those of version 2: cpu or cuda")
    parser.add_argument("--force", action="store_true", help="train again what is already there")


def run(options: argparse.Namespace) -> int:
    """Train what is missing, storing each result at once; then the table and the curves."""
    if options.teachers:
        return _teachers(options)
    done = {} if options.force else _stored()
    missing = [trial for trial in trials() if trial["name"] not in done]
    with ProcessPoolExecutor(options.workers) as pool:
        for result in pool.map(measure, missing):
            done[result["name"]] = result
            _store(done)
            print(f"{result['name']}: {result['seconds']:.0f} s", flush=True)
    save_results(DEFAULT.model, NAME, [done[trial["name"]] for trial in trials()])
    draw_curves(list(done.values()), SPACING)
    return 0


def _teachers(options: argparse.Namespace) -> int:
    """Fit and measure the variations of the first teacher that are missing."""
    file = evaluation_folder(DEFAULT.model) / f"{TEACHERS}.json"
    stored = json.loads(file.read_text()) if file.exists() else {"trials": []}
    names = [name for name, _ in teachers.variations()]
    kept = [t for t in stored["trials"] if not (options.force and t["name"] in names)]
    data = DEFAULT.dataset()
    for name, changes in teachers.variations():
        if name not in [trial["name"] for trial in kept]:
            kept.append(teachers.measure(data, name, changes, options.device))
            save_results(DEFAULT.model, TEACHERS, stored | {"trials": kept})
            print(f"{name}: {kept[-1]['seconds']:.0f} s", flush=True)
    return 0


def trials() -> Iterator[Trial]:
    """Every trial: its name, the table it belongs to, and what differs from the recipe."""
    for window in OWN["windows"]:
        for factors in (RECIPE.network["factors"], 0):
            network = window["network"] | {"factors": factors}
            name = f"window {window['name']}, {f'{factors} factors' if factors else 'no pairs'}"
            yield {"name": name, "varies": "window", "changes": {"network": network}}
    for factors in OWN["factors"]["numbers"]:
        changes = {"network": {"factors": factors}}
        yield {"name": f"{factors} factors", "varies": "factors", "changes": changes}
    for variation in OWN["variations"]:
        changes = {k: v for k, v in variation.items() if k not in ("name", "seed", "train_on")}
        yield {**variation, "varies": "recipe", "changes": changes}


def measure(trial: Trial) -> dict[str, Any]:
    """Train one trial's network and test it by phase."""
    torch.set_num_threads(1)
    started = time.monotonic()
    data = DEFAULT.dataset()
    recipe = RECIPE.changed({"epochs": OWN["epochs"]} | trial["changes"])
    train_on = trial.get("train_on", "all")
    known = data.where(rows_to_learn(data, train_on))
    network, _ = fit_pair_network(known, trial.get("seed", 0), recipe)
    logits = logits_of(network, data.vectors)
    return {
        "name": trial["name"],
        "varies": trial["varies"],
        "window_points": network.receptive_field,
        "factors": recipe.network["factors"],
        "seconds": round(time.monotonic() - started, 1),
        "tested": {
            name: _scores(data.labels[rows], logits[rows])
            for name, rows in tested_rows(data).items()
        },
    }


def rows_to_learn(data: Dataset, train_on: str) -> Rows:
    """Which spectra (n,) a trial learns from; never a molecule of the test fold."""
    rows = training_rows(data, KIND)
    gas = data.column("phase") == "gas"
    if train_on == "gas":
        return rows & gas
    if train_on == "epa":
        return rows & gas & (data.column("origin") != AT_NIST)
    return rows


def tested_rows(data: Dataset) -> dict[str, Rows]:
    """The spectra (n,) each measure is taken on."""
    folds = data.column("fold")
    at_nist = data.column("origin") == AT_NIST
    gas = phase_rows(data, "gas") & (folds == OWN["fold"])
    return {
        "gas": gas,
        "condensed": phase_rows(data, "condensed") & (folds == OWN["fold"]),
        "gas, EPA": gas & ~at_nist,
        "gas, NIST": gas & at_nist,
        "atr": phase_rows(data, "atr") & (folds == OWN["fold"]),
    }


def _scores(truth: Rows, logits: NDArray[np.float32]) -> dict[str, float]:
    called = logits > 0
    f1 = group_scores(truth, called, logits)["f1"][truth.any(0)]
    z = logits.astype(float)
    return {
        "spectra": len(truth),
        "molecular_perfection": molecular_perfection(truth, called),
        "molecular_f1": molecular_f1(truth, called),
        "macro_f1": float(f1.mean()),
        "cross_entropy": float((np.logaddexp(0, z) - truth * z).mean()),
    }


def _stored() -> dict[str, Any]:
    file = evaluation_folder(DEFAULT.model) / f"{NAME}.json"
    return {r["name"]: r for r in json.loads(file.read_text())} if file.exists() else {}


def _store(done: dict[str, Any]) -> None:
    save_results(DEFAULT.model, NAME, list(done.values()))
