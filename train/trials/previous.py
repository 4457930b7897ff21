"""An exported model of before, judged like the fits of ``teacher_trials.json``.

    git worktree add /tmp/before 92be7a4
    python -m train.trials.previous /tmp/before/exported/default "default 1.0.0"

Only on ATR spectra, which the first default model was not trained on. Its networks were trained on
all of NIST, so molecules that are there too are known to it in another phase.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import onnxruntime

from train.data.dataset import load
from train.data.split import phase_rows
from train.labels.groups import GROUPS
from train.settings import load_results, save_results
from train.trials.teachers import by_set

NAME = "teacher_trials"


def main(folder: Path, name: str) -> None:
    """Judge the model, and store it as the first of the fits."""
    data = load("default")
    rows = np.flatnonzero(phase_rows(data, "atr"))
    session = onnxruntime.InferenceSession(str(folder / "model.onnx"))
    logits = np.full((len(data.records), len(GROUPS)), np.nan, np.float32)
    for part in np.array_split(rows, 40):
        logits[part] = session.run(["logits"], {"spectrum": data.vectors[part]})[0]
    result = {"name": name, "folds": [0, 1, 2, 3, 4], "tested": by_set(data, logits)}
    stored = load_results("default", NAME)
    others = [fit for fit in stored["fits"] if fit["name"] != name]
    save_results("default", NAME, stored | {"fits": [result, *others]})


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
