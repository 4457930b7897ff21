"""Stage ``fit``: train the networks of a model, one file ``fit_<model>.py`` each. Resumes."""

from __future__ import annotations

import argparse
import importlib
import json
import time
from concurrent.futures import ProcessPoolExecutor

import torch

from train.networks.checkpoint import check_data, checkpoint, save
from train.settings import path

MODELS = ("rieger2023", "default", "dense")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``python -m train fit`` [--model M] [--kind K] [--workers N] [--force]."""
    parser.add_argument("--model", choices=MODELS, default="rieger2023")
    parser.add_argument("--kind", help="one kind only (random, fold0, ..., all); all without it")
    parser.add_argument("--workers", type=int, default=1, help="networks trained at a time")
    parser.add_argument("--force", action="store_true", help="train again what is already there")


def run(options: argparse.Namespace) -> int:
    """Train what is missing; every finished network is saved at once."""
    recipe = importlib.import_module(f"train.fit.{options.model}")
    jobs = [
        (options.model, kind, seed)
        for seed in range(recipe.SEEDS)
        for kind in ([options.kind] if options.kind else recipe.KINDS)
        if options.force or not checkpoint(options.model, kind, seed).exists()
    ]
    begun = any(checkpoint(options.model, "", 0).parent.glob("*.npz")) and not options.force
    check_data(options.model, recipe.dataset().fingerprint, first=not begun)
    with ProcessPoolExecutor(options.workers) as pool:
        for name, note, seconds in pool.map(_train_and_save, *zip(*jobs, strict=True)):
            _remember(options.model, name, seconds)
            print(f"{options.model} {name}: {note}, {seconds:.0f} s", flush=True)
    return 0


def hours(model: str, networks: int) -> float:
    """Hours of one core that ``networks`` of a model take, by the mean of the recorded fits."""
    took = list(_remembered().get(model, {}).values())
    return networks * sum(took) / len(took) / 3600


def _remembered() -> dict[str, dict[str, float]]:
    """Seconds by model and network."""
    file = path("results") / "fit_seconds.json"
    return json.loads(file.read_text()) if file.exists() else {}


def _remember(model: str, name: str, seconds: float) -> None:
    known = _remembered()
    known.setdefault(model, {})[name] = round(seconds, 1)
    text = json.dumps(known, indent=1, sort_keys=True)
    (path("results") / "fit_seconds.json").write_text(text + "\n")


def _train_and_save(model: str, kind: str, seed: int) -> tuple[str, str, float]:
    torch.set_num_threads(1)  # the networks are too small for a second thread to help
    recipe = importlib.import_module(f"train.fit.{model}")
    started = time.monotonic()
    network, note = recipe.train(recipe.dataset(), kind, seed)
    file = checkpoint(model, kind, seed)
    save(network, file, half=getattr(recipe, "HALF", False))
    return file.stem, note, time.monotonic() - started
