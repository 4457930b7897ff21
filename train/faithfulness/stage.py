"""Stage ``faithfulness``: how far the explanations can be trusted, measured on held-out spectra.

For the default model, the paper's, and integrated gradients on a network that is not a sum. Only
correct positive calls are explained, by networks that never saw the molecule. Writes
faithfulness.json beside the models.
"""

from __future__ import annotations

import argparse
import time

import torch

from train.faithfulness.comparison import compare
from train.faithfulness.models import subject
from train.faithfulness.scorecard import examine
from train.settings import save_results


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``python -m train faithfulness`` [--calls N] [--changed N]."""
    parser.add_argument("--calls", type=int, default=100, help="a group, for textbook agreement")
    parser.add_argument("--changed", type=int, default=60, help="a group, for deletion and others")


def run(options: argparse.Namespace) -> int:
    """Measure and store."""
    torch.set_num_threads(1)
    started = time.monotonic()
    default, paper = subject("default"), subject("rieger2023")
    results = {
        "models": {
            each.model: examine(each, options.calls, options.changed) for each in (default, paper)
        },
        "comparison": compare(default, options.changed // 2),
    }
    for model, measured in results["models"].items():
        save_results(model, "faithfulness", measured)
    save_results(default.model, "faithfulness_comparison", results["comparison"])
    print(f"\n{time.monotonic() - started:.0f} s")
    return 0
