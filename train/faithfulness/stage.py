"""Stage ``faithfulness``: how far the explanations can be trusted, measured on held-out spectra.

For the default model, the paper's, and integrated gradients on a network that is no sum. Only
correct positive calls are explained, by networks that never saw the molecule. Prints markdown and
writes it to train/results/faithfulness.md, the numbers to faithfulness.json beside it.
"""

from __future__ import annotations

import argparse
import json
import time

import torch

from train.documents.faithfulness_tables import render
from train.faithfulness.comparison import compare
from train.faithfulness.models import subject
from train.faithfulness.scorecard import examine
from train.settings import path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``python -m train faithfulness`` [--calls N] [--changed N]."""
    parser.add_argument("--calls", type=int, default=100, help="a group, for textbook agreement")
    parser.add_argument("--changed", type=int, default=60, help="a group, for deletion and others")


def run(options: argparse.Namespace) -> int:
    """Measure, print and store."""
    torch.set_num_threads(1)
    started = time.monotonic()
    default, paper = subject("default"), subject("rieger2023")
    results = {
        "models": {
            each.model: examine(each, options.calls, options.changed) for each in (default, paper)
        },
        "comparison": compare(default, options.changed // 2),
    }
    text = render(results)
    print(text)
    folder = path("results")
    (folder / "faithfulness.md").write_text(text + "\n", encoding="utf-8")
    stored = json.dumps(results, indent=1, allow_nan=False) + "\n"
    (folder / "faithfulness.json").write_text(stored, encoding="utf-8")
    print(f"\n{time.monotonic() - started:.0f} s")
    return 0
