"""What the domain verdict costs: the default model's answers with it and without, in one run."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np

from irclassify.artifact import DEFAULT_MODEL, find_model
from irclassify.model import Model
from tests.benchmarks.figures import Figure

BATCH = 64


def measure(quick: bool) -> Iterator[Figure]:
    """Spectra a second on two threads, and the ratio of the two: the median of many turns."""
    spec = find_model(DEFAULT_MODEL)
    detector = spec.detector
    if detector is None:
        return
    model = Model(spec, threads=2)
    grids = np.random.default_rng(0).random((BATCH, spec.preprocessing.grid.points), np.float32)
    covered = np.ones(BATCH)
    plain, judged = [], []
    for _ in range(10 if quick else 60):
        start = time.perf_counter()
        model.logits(grids)
        between = time.perf_counter()
        _, latent = model.run(grids)
        detector.judge(latent, covered)
        judged.append(time.perf_counter() - between)
        plain.append(between - start)
    without, with_it = (BATCH / float(np.median(times)) for times in (plain, judged))
    yield Figure("logits only", without, "spectra/s")
    yield Figure("logits and domain", with_it, "spectra/s")
    yield Figure("logits only / with domain", without / with_it, target=1.25)
