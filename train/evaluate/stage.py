"""Stage ``evaluate``: accuracy on held-out spectra, from the fitted networks.

One file a model, ``evaluate_<model>.py``. Prints markdown and writes the same to
train/results/<model>.md, with the numbers as JSON beside it.
"""

from __future__ import annotations

import argparse
import importlib
import json

from train.settings import path

MODELS = ("rieger2023", "default")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``python -m train evaluate`` [--model M]."""
    parser.add_argument("--model", choices=MODELS, default="rieger2023")


def run(options: argparse.Namespace) -> int:
    """Evaluate, print and store."""
    module = importlib.import_module(f"train.evaluate.{options.model}")
    results = module.evaluate()
    text = module.render(results)
    print(text)
    folder = path("results")
    folder.mkdir(exist_ok=True)
    (folder / f"{options.model}.md").write_text(text + "\n", encoding="utf-8")
    (folder / f"{options.model}.json").write_text(
        json.dumps(results, indent=1, allow_nan=False) + "\n"
    )
    return 0
