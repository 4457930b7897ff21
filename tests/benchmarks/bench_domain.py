"""What the domain verdict costs: the default model's answers with it and without, in one run."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np

from irclassify import samples
from irclassify.model.folder import DEFAULT_MODEL, find_model
from irclassify.model.preprocessing import to_grid
from irclassify.model.session import BATCH, Model
from irclassify.readers import read_spectrum
from tests.benchmarks.figures import Figure


def measure(quick: bool) -> Iterator[Figure]:
    """Spectra a second on one core, and the ratio of the two: the median of many turns."""
    spec = find_model(DEFAULT_MODEL)
    detector = spec.detector
    if detector is None:
        return
    model = Model(spec)
    read = (read_spectrum(file.read_bytes(), file.name) for file in samples.spectra())
    grids = np.resize(
        [to_grid(spectrum, spec.preprocessing) for spectrum in read],
        (BATCH, spec.preprocessing.grid.points),
    )
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
    yield Figure("logits only, one core", without, "spectra/s")
    yield Figure("logits and domain, one core", with_it, "spectra/s")
    yield Figure("logits only / with domain", without / with_it, target=1.25)
