"""Stage ``trials``: variations of the first teacher, tested on some folds; resumes.

Every trial changes one thing of the teacher ([trials] in config.toml). These numbers compare
recipes; they are not the accuracy of the model. Writes teacher_trials.json beside the model.
"""

from __future__ import annotations

import argparse
import json

from train.fit.models import DEFAULT
from train.settings import evaluation_folder, save_results
from train.trials import teachers

NAME = "teacher_trials"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``python -m train trials`` [--device D] [--force]."""
    parser.add_argument("--device", default="cpu", help="cpu or cuda")
    parser.add_argument("--force", action="store_true", help="fit again what is already there")


def run(options: argparse.Namespace) -> int:
    """Fit and measure the variations that are missing, storing each result at once."""
    file = evaluation_folder(DEFAULT.model) / f"{NAME}.json"
    stored = json.loads(file.read_text()) if file.exists() else {"trials": []}
    names = [name for name, _ in teachers.variations()]
    kept = [t for t in stored["trials"] if not (options.force and t["name"] in names)]
    data = DEFAULT.dataset()
    for name, changes in teachers.variations():
        if name not in [trial["name"] for trial in kept]:
            kept.append(teachers.measure(data, name, changes, options.device))
            save_results(DEFAULT.model, NAME, stored | {"trials": kept})
            print(f"{name}: {kept[-1]['seconds']:.0f} s", flush=True)
    return 0
