"""Variations of the default model's first teacher, measured on folds it has not seen.

Every trial fits one teacher for each of the folds in ``[trials]`` and tests it on the fold. Scales
come from the other folds tested, by phase; called present at 0.5. The trials were made on a GPU,
for fewer epochs than the teachers that were chosen with their help: these numbers compare recipes,
they are not the accuracy of the model.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from irclassify.evaluation.metrics import group_scores
from train.calibrate.platt import calibrate
from train.data.dataset import Dataset
from train.data.split import SETS, phase_rows, set_rows, testing_folds
from train.fit import distilled
from train.labels.details import PHASES
from train.labels.groups import GROUPS
from train.networks.checkpoint import logits_of
from train.settings import SETTINGS

OWN: dict[str, Any] = SETTINGS["trials"]
ENOUGH = 8  # positives, to fit a scale

Rows = NDArray[np.bool_]
Floats = NDArray[np.float64]


def variations() -> Iterator[tuple[str, dict[str, Any]]]:
    """Name, and what differs from the first teacher at OWN["teacher_epochs"] epochs."""
    usual = {"epochs": OWN["teacher_epochs"], "weight_decay_head": 0.3, "imitated": 0.45}
    for variation in OWN["teachers"]:
        yield variation["name"], usual | {k: v for k, v in variation.items() if k != "name"}


def measure(data: Dataset, name: str, changes: dict[str, Any], device: str) -> dict[str, Any]:
    """Fit a variation for every fold tested, and measure it by set."""
    started = time.monotonic()
    logits = np.full((len(data.records), len(GROUPS)), np.nan, np.float32)
    folds = testing_folds(data)
    for fold in OWN["folds"]:
        rows = np.flatnonzero(folds == fold)
        network = distilled.fit_teacher(data, f"fold{fold}", changes, device)
        logits[rows] = logits_of(network, data.vectors[rows])[:, : len(GROUPS)]
    seconds = round(time.monotonic() - started, 1)
    return {"name": name, "folds": OWN["folds"], "seconds": seconds, "tested": by_set(data, logits)}


def by_set(data: Dataset, logits: NDArray[np.float32]) -> dict[str, Any]:
    """Scores of held-out logits (n, 17) by set; NaN where a spectrum was not tested."""
    tested = np.isfinite(logits).all(1)
    probabilities = np.zeros(logits.shape)
    for phase in PHASES:
        _scale(data, logits, probabilities, phase_rows(data, phase) & tested)
    return {
        name: _scores(data, probabilities, rows)
        for name in SETS
        if (rows := set_rows(data, name) & tested).any()
    }


def _scale(data: Dataset, logits: NDArray[np.float32], found: Floats, rows: Rows) -> None:
    """Fill in the probabilities of some rows: the scale of a fold comes from the other folds."""
    folds = testing_folds(data)
    for fold in np.unique(folds[rows]):
        here, others = rows & (folds == fold), rows & (folds != fold)
        for g in range(len(GROUPS)):
            known = others & data.known[:, g]
            truth = data.labels[known, g : g + 1]
            z = logits[here, g : g + 1].astype(float)
            if truth.sum() >= ENOUGH:
                z = calibrate(truth, logits[known, g : g + 1]).rescaled(z)
            found[here, g] = 1 / (1 + np.exp(-np.clip(z[:, 0], -30, 30)))


def _scores(data: Dataset, probabilities: Floats, rows: Rows) -> dict[str, float]:
    """What the structure leaves open is not judged."""
    truth, known = data.labels[rows], data.known[rows]
    called = np.where(known, probabilities[rows] >= 0.5, truth)
    hits, wrong = (truth & called & known).sum(1), ((truth != called) & known).sum(1)
    molecular = np.where(hits + wrong == 0, 1.0, 2 * hits / np.maximum(2 * hits + wrong, 1))
    p = np.clip(probabilities[rows], 1e-6, 1 - 1e-6)
    loss = -np.where(truth, np.log(p), np.log(1 - p))[known].mean()
    f1 = group_scores(truth & known, called & known, probabilities[rows])["f1"]
    return {
        "spectra": int(rows.sum()),
        "molecular_perfection": float((wrong == 0).mean()),
        "molecular_f1": float(molecular.mean()),
        "macro_f1": float(f1[(truth & known).any(0)].mean()),
        "cross_entropy": float(loss),
    }
