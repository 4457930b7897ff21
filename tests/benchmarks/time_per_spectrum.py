"""Time of the network alone: ``python -m tests.benchmarks.time_per_spectrum MODEL ...``.

Models by name or folder, measured in turns on one core, so that what else the machine does falls on
all of them alike. An earlier default: ``git archive 87078da exported/default | tar x -C FOLDER``.
"""

from __future__ import annotations

import sys
import time

import numpy as np

from irclassify.model.folder import find_model
from irclassify.model.session import BATCH, Model

TURNS = 30


def main(names: list[str]) -> None:
    """Print the median time in milliseconds of each model, and what it is of the first one's."""
    models = [Model(find_model(name), threads=1) for name in names]
    grids = np.random.default_rng(0).random((BATCH, 850)).astype(np.float32)
    seconds: list[list[float]] = [[] for _ in models]
    for _ in range(TURNS):
        for model, own in zip(models, seconds, strict=True):
            start = time.perf_counter()
            model.run(grids)
            own.append(time.perf_counter() - start)
    first = np.median(seconds[0])
    for name, model, own in zip(names, models, seconds, strict=True):
        each = 1000 * np.median(own) / BATCH
        share = np.median(own) / first
        print(f"{model.spec.label} ({name}): {each:.3f} ms a spectrum, {share:.2f} of the first")


if __name__ == "__main__":
    main(sys.argv[1:])
