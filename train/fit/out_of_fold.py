"""Stage ``fit``: fit the networks of a model, then store their held-out logits. Resumes.

Held-out logits are those of every spectrum by the networks that never saw its molecule. They are
stored beside the model in half precision, so that accuracy and calibration can be measured without
the networks: ``exported/<model>/evaluation/out_of_fold.npz`` with ``logits`` (n, outputs),
``files`` (n,), ``outputs`` (names), ``data_sha256``, the data they belong to, and ``signatures``
(n,), which show a spectrum that is read differently.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import torch

from train.arrays import Floats, Singles
from train.data.dataset import load
from train.data.records import Dataset
from train.data.split import FOLDS, testing_folds
from train.fit.models import PLANS
from train.labels.details import OUTPUTS
from train.labels.groups import GROUPS
from train.networks.checkpoint import check_data, checkpoint, logits_of, save
from train.settings import TrainingError, evaluation_folder

FILE = "out_of_fold.npz"
ALIKE = 0.001  # relative difference of signatures up to which a spectrum is read as before
SOME = 0.01  # share of spectra that may be read differently
OUTPUTS_OF = {"default": OUTPUTS}  # of a model that answers more than the groups


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``python -m train fit`` [--model M] [--kind K] [--workers N] [--device D] [--force]."""
    parser.add_argument("--model", choices=PLANS, default="default")
    parser.add_argument("--kind", help="one kind only (random, fold0, ..., all); all without it")
    parser.add_argument("--workers", type=int, default=1, help="networks fitted at a time")
    parser.add_argument(
        "--device", default="cpu", help="cpu, or cuda: the default model in minutes instead of days"
    )
    parser.add_argument("--force", action="store_true", help="fit again what is already there")


def run(options: argparse.Namespace) -> int:
    """Fit what is missing; every fitted network is saved at once."""
    plan = PLANS[options.model]
    jobs = [
        (plan.model, kind, seed, options.device)
        for seed in range(plan.seeds)
        for kind in ([options.kind] if options.kind else plan.kinds)
        if options.force or not checkpoint(plan.model, kind, seed).exists()
    ]
    begun = any(checkpoint(plan.model, "", 0).parent.glob("*.npz")) and not options.force
    check_data(plan.model, plan.dataset().fingerprint, first=not begun)
    workers = get_context("spawn")  # a GPU cannot be used from a forked process
    with ProcessPoolExecutor(options.workers, workers) as pool:
        for name, note, seconds in pool.map(_fit_and_save, *zip(*jobs, strict=True)):
            print(f"{plan.model} {name}: {note}, {seconds:.0f} s", flush=True)
    complete = all(checkpoint(plan.model, k, s).exists() for k in FOLDS for s in range(plan.seeds))
    if complete:
        print(f"{store(plan.model)}: held-out logits")
    return 0


def _fit_and_save(model: str, kind: str, seed: int, device: str) -> tuple[str, str, float]:
    torch.set_num_threads(1)  # the networks are too small for a second thread to help
    plan = PLANS[model]
    started = time.monotonic()
    network, note = plan.fit(plan.dataset(), kind, seed, device)
    file = checkpoint(model, kind, seed)
    save(network, file, half=plan.half_precision)
    return file.stem, note, time.monotonic() - started


def held_out(model: str, data: Dataset, outputs: Sequence[str] = GROUPS) -> Singles:
    """The stored mean logits (n, outputs) of the networks that never saw the spectrum's molecule.

    ``data``: what ``load(model)`` gives; ``outputs``: names of the logits. Raises TrainingError
    when nothing is stored, or when it belongs to other data.
    """
    file = evaluation_folder(model) / FILE
    fit = f"python -m train fit --model {model}"
    if not file.exists():
        raise TrainingError(f"{file} does not exist. Fit the networks and store it: {fit}")
    with np.load(file, allow_pickle=False) as stored:
        if str(stored["data_sha256"]) != data.fingerprint:
            raise TrainingError(
                f"{file} belongs to other data than `python -m train dataset` prepared. "
                f"Fit the networks again: {fit} --force"
            )
        _note_changes(model, stored["signatures"], data.signatures)
        names = stored["outputs"].tolist()
        columns = [names.index(output) for output in outputs]
        logits: Singles = stored["logits"][:, columns].astype(np.float32)
    return logits


def store(model: str) -> Path:
    """Compute the held-out logits of a model from its networks, and store them."""
    data = load(model)
    file = evaluation_folder(model) / FILE
    file.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        file,
        logits=predicted(model, data).astype(np.float16),
        files=data.column("file"),
        outputs=np.array(OUTPUTS_OF.get(model, GROUPS)),
        data_sha256=np.array(data.fingerprint),
        signatures=data.signatures,
    )
    return file


def _note_changes(model: str, then: Floats, now: Floats) -> None:
    """Say how many spectra are read differently than for the stored logits."""
    changed = int((np.abs(now - then) > ALIKE * np.abs(then)).sum())
    if changed > SOME * len(now):
        raise TrainingError(
            f"{changed} of {len(now)} spectra are read differently than for the held-out logits of "
            f"{model}. Fit the networks again: python -m train fit --model {model} --force"
        )
    if changed:
        print(
            f"{model}: {changed} of {len(now)} spectra are read differently since the held-out "
            "logits were stored. Results are of the stored logits.",
            file=sys.stderr,
        )


def predicted(model: str, data: Dataset) -> Singles:
    """The mean held-out logits (n, outputs), computed by the fitted networks."""
    folds = testing_folds(data)
    logits = np.zeros((len(folds), len(OUTPUTS_OF.get(model, GROUPS))), np.float32)
    for fold in np.unique(folds):
        rows = np.flatnonzero(folds == fold)
        networks = PLANS[model].fitted(FOLDS[fold])
        logits[rows] = np.mean([logits_of(n, data.vectors[rows]) for n in networks], 0)
    return logits
