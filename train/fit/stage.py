"""Stage ``fit``: fit the networks of a model, then store their held-out logits. Resumes."""

from __future__ import annotations

import argparse
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import torch

from train.data.split import FOLDS
from train.fit import out_of_fold
from train.fit.models import PLANS
from train.networks.checkpoint import check_data, checkpoint, save


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
        print(f"{out_of_fold.store(plan.model)}: held-out logits")
    return 0


def _fit_and_save(model: str, kind: str, seed: int, device: str) -> tuple[str, str, float]:
    torch.set_num_threads(1)  # the networks are too small for a second thread to help
    plan = PLANS[model]
    started = time.monotonic()
    network, note = plan.fit(plan.dataset(), kind, seed, device)
    file = checkpoint(model, kind, seed)
    save(network, file, half=plan.half_precision)
    return file.stem, note, time.monotonic() - started
