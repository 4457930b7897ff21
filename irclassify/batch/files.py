"""Sources -> Ok | Failed in the order they came in, batched through the model, memory bounded.

Reading is done here or, for many files, in worker processes; they send back float32 grid vectors
and names, never whole spectra. The model runs in this process.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from functools import partial
from itertools import chain, islice

from irclassify.batch.reading import (
    Readable,
    Readings,
    read_grids,
)
from irclassify.batch.workers import ordered_map
from irclassify.classifier import Classifier
from irclassify.model.folder import ModelSpec
from irclassify.model.threads import usable_cores
from irclassify.options import DEFAULT_ERROR_RATE, ReadOptions
from irclassify.results.prediction import Failed, Ok, Result
from irclassify.sources.paths import Source
from irclassify.spectra.phase import phase_of

FILES_PER_TASK = 64

# With fewer files than this, starting processes takes longer than it saves.
WORTH_WORKERS = 200


def predict_sources(
    sources: Iterable[Source],
    spec: ModelSpec,
    *,
    options: ReadOptions | None = None,
    error_rate: float = DEFAULT_ERROR_RATE,
    workers: int | None = None,
    fork: bool = True,
    warn: Callable[[str], None] | None = None,
) -> Generator[Result]:
    """One result per spectrum, in order. Bad files become Failed; nothing stops the rest.

    ``workers``: reading processes; 1 reads here; None decides by the number of files and cores.
    ``fork``: False where threads of this process make forking unsafe. ``warn`` is told when
    processes cannot be started, and all is read here.
    Raises ModelError when the model cannot run.
    """
    read = partial(read_grids, how=spec.preprocessing, options=options or ReadOptions())
    tasks, workers = _tasks(iter(sources), workers)
    readings = (
        (read(task) for task in tasks)
        if workers == 1
        else ordered_map(read, tasks, workers, fork=fork, warn=warn)
    )
    with closing(readings):
        # The first task is handed out before the model starts threads: forking comes first.
        first = next(readings, None)
        if first is not None:
            classifier = Classifier(spec, threads=1)
            for reading in chain([first], readings):
                yield from classify(reading, classifier, error_rate)


def classify(
    readings: Readings, classifier: Classifier, error_rate: float = DEFAULT_ERROR_RATE
) -> Iterator[Result]:
    """Run the model over what was read and put the answers in their rows."""
    rows = [row for row in readings.rows if isinstance(row, Readable)]
    phases = [phase_of(row.state) for row in rows]
    covered = [row.covered for row in rows]
    found = classifier.predict_grids(
        readings.grids, phase=phases, error_rate=error_rate, covered=covered
    )
    answers = enumerate(found.predictions())
    for row in readings.rows:
        if isinstance(row, Failed):
            yield row
            continue
        at, said = next(answers)
        if said is not None:
            yield Ok(row.file, said, row.warnings + classifier.spec.phase_warnings(row.state))
        else:
            yield Failed(row.file, str(found.errors[at]), found.message(at))


def _tasks(
    sources: Iterator[Source], workers: int | None
) -> tuple[Iterator[tuple[Source, ...]], int]:
    """Sources in portions, and how many workers they are worth."""
    if workers is None:
        head = list(islice(sources, WORTH_WORKERS))
        workers = usable_cores() if len(head) == WORTH_WORKERS else 1
        sources = chain(head, sources)
    if workers > 1:
        sources = (source.here() for source in sources)
    portions = iter(lambda: tuple(islice(sources, FILES_PER_TASK)), ())
    return portions, workers
