"""Stage ``faithfulness``: how far accounts by bands can be trusted, measured on held-out spectra.

For right positive calls of the default model, by networks that never saw the molecule, with the
functions that the tool itself uses: once with columns shared by straightening each band, as users
see it, once with each column credited to the band nearest to its centre.
"""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np
import torch

from train.data.dataset import load
from train.faithfulness.measures import measured, summed_up
from train.faithfulness.models import MODEL, PHASES, cases, networks
from train.labels.groups import GROUPS
from train.settings import save_results


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``python -m train faithfulness`` [--calls N]."""
    parser.add_argument("--calls", type=int, default=10, help="of each group in each phase")


def run(options: argparse.Namespace) -> int:
    """Measure and store."""
    torch.set_num_threads(1)
    found = cases(load(MODEL), options.calls)
    by_fold = networks(found)
    every = [measured(case, by_fold[case.fold]) for case in found]

    def part(chosen: list[int]) -> dict[str, Any]:
        return summed_up([every[i] for i in chosen], [found[i].molecule for i in chosen])

    results: dict[str, Any] = {
        "all": part(list(range(len(found)))),
        "phases": {p: part([i for i, c in enumerate(found) if c.phase == p]) for p in PHASES},
        "groups": {
            name: part([i for i, c in enumerate(found) if c.group == group])
            for group, name in enumerate(GROUPS)
            if np.any([c.group == group for c in found])
        },
    }
    save_results(MODEL, "faithfulness", results)
    return 0
