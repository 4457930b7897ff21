"""Sources -> Ok | Failed in the order they came in, batched through the model, memory bounded.

Reading is done here or, for many files, in worker processes; they send back float32 grid vectors
and names, never whole spectra. The model runs in this process.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from math import nan
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from irclassify import batch
from irclassify.batch.reading import (
    Readable,
    Readings,
    read_grids,
)
from irclassify.classifier import Classifier, Predicted
from irclassify.model.folder import ModelSpec
from irclassify.model.threads import usable_cores
from irclassify.options import DEFAULT_ERROR_RATE, ReadOptions
from irclassify.results.prediction import Failed, GroupCall, Ok, Prediction, Result
from irclassify.sources.paths import Source
from irclassify.spectra.phase import phase_of

if TYPE_CHECKING:
    from irclassify.explain.explainer import Interpretation
    from irclassify.explain.observed import Bands
    from irclassify.spectra.spectrum import Spectrum

FILES_PER_TASK = 64

# With fewer files than this, starting processes takes longer than it saves.
WORTH_WORKERS = 200


class InWords(NamedTuple):
    """What puts answers in words, where that is asked for: it takes longer than the answer.

    ``measure`` finds the bands where a file is read, ``tell`` names them when it is answered.
    """

    measure: Callable[[Spectrum], Bands]
    tell: Callable[[Bands, Prediction], Interpretation]


@dataclass(frozen=True, eq=False)
class Answered:
    """The spectra of some files with their answers; iterates over one result a spectrum.

    ``rows``: every spectrum, or why it could not be read; ``found``: the readable ones, in order;
    ``told``: the same in words, None for those without an answer, and empty where words were not
    asked for.
    Results are made when they are asked for: who needs arrays only (``reports.rows.Answers``) is
    spared an object for every call.

    Examples
    --------
    >>> import irclassify
    >>> from irclassify import samples
    >>> files = samples.spectra()
    >>> sources = [Source(file.name, file.name, data=file.read_bytes()) for file in files]
    >>> spec = irclassify.load().spec
    >>> (answered,) = answer_sources(sources[:2], spec, workers=1)
    >>> [result.file for result in answered]
    ['1_hexene.jdx', '1_hexyne.jdx']
    >>> len(answered), answered.failed, answered.outside, answered.groups
    (2, 0, 0, 17)
    >>> answered.probabilities.shape == (2, len(answered.outputs))
    True
    >>> answered.calls.shape == answered.guesses.shape == answered.probabilities.shape
    True
    >>> next(iter(answered.without_calls())).prediction.groups
    ()
    """

    rows: Sequence[Readable | Failed]
    found: Predicted
    told: Sequence[Interpretation | None] = ()

    def __iter__(self) -> Iterator[Result]:
        """Every result, in order."""
        return self._results(self.found.predictions())

    def without_calls(self) -> Iterator[Result]:
        """The same, predictions without their groups and details."""
        return self._results(self.found.predictions(calls=False))

    def __len__(self) -> int:
        """Number of results."""
        return len(self.rows)

    @property
    def failed(self) -> int:
        """How many have no answer."""
        return len(self.rows) - int(self.found.ok.sum())

    @property
    def outside(self) -> int:
        """How many are outside what the model knows."""
        return self.found.outside

    @property
    def groups(self) -> int:
        """How many of ``outputs`` are groups; the rest are details."""
        return len(self.found.spec.groups)

    @property
    def outputs(self) -> tuple[GroupCall, ...]:
        """Each group and detail as a call without its answer."""
        return tuple(
            GroupCall(one.name, nan, "", nan, "", one.title, one.parent)
            for one in self.found.spec.outputs
        )

    @property
    def probabilities(self) -> NDArray[np.float64]:
        """(answers, outputs)."""
        return self.found.said.probabilities[self.found.ok]

    @property
    def calls(self) -> NDArray[np.int8]:
        """(answers, outputs): -1 absent, 0 uncertain, 1 present."""
        return self.found.said.calls[self.found.ok]

    @property
    def guesses(self) -> NDArray[np.bool_]:
        """(answers, outputs): True for present."""
        return self.found.said.guesses[self.found.ok]

    def _results(self, predictions: Iterable[Prediction | None]) -> Iterator[Result]:
        found, answers = self.found, enumerate(predictions)
        for row in self.rows:
            if isinstance(row, Failed):
                yield row
                continue
            at, said = next(answers)
            if said is None:
                yield Failed(row.file, str(found.errors[at]), found.message(at))
                continue
            warnings = row.warnings + found.spec.phase_warnings(row.state)
            words = self.told[at] if self.told else None
            if words is None:
                yield Ok(row.file, said, warnings)
            else:
                yield Ok(row.file, said, warnings, words.summary, words.unexplained)


def predict_sources(
    sources: Iterable[Source],
    spec: ModelSpec,
    *,
    options: ReadOptions | None = None,
    error_rate: float = DEFAULT_ERROR_RATE,
    workers: int | None = None,
) -> Generator[Result]:
    """One result per spectrum, in order; see ``answer_sources``.

    Examples
    --------
    >>> import irclassify
    >>> from irclassify import samples
    >>> files = samples.spectra()
    >>> sources = [Source(file.name, file.name, data=file.read_bytes()) for file in files]
    >>> spec = irclassify.load().spec
    >>> [result.file for result in predict_sources(sources[:2], spec, workers=1)]
    ['1_hexene.jdx', '1_hexyne.jdx']
    """
    answers = answer_sources(sources, spec, options=options, error_rate=error_rate, workers=workers)
    with closing(answers):
        for some in answers:
            yield from some


def answer_sources(  # noqa: PLR0913 - every option has its say
    sources: Iterable[Source],
    spec: ModelSpec,
    *,
    options: ReadOptions | None = None,
    error_rate: float = DEFAULT_ERROR_RATE,
    workers: int | None = None,
    fork: bool = True,
    warn: Callable[[str], None] | None = None,
    in_words: InWords | None = None,
) -> Generator[Answered]:
    """Answers in order, FILES_PER_TASK files at a time.

    Bad files become Failed; nothing stops the rest.

    ``workers``: reading processes; 1 reads here; None decides by the number of files and cores.
    ``fork``: False where threads of this process make forking unsafe. ``warn`` is told when
    processes cannot be started, and all is read here. ``in_words``: puts each answer in words.
    Raises ModelError when the model cannot run.

    Examples
    --------
    >>> import irclassify
    >>> from irclassify import samples
    >>> files = samples.spectra()
    >>> sources = [Source(file.name, file.name, data=file.read_bytes()) for file in files]
    >>> [len(some) for some in answer_sources(sources, irclassify.load().spec, workers=1)]
    [14]
    """
    read = partial(
        read_grids,
        how=spec.preprocessing,
        options=options or ReadOptions(),
        measure=None if in_words is None else in_words.measure,
    )
    tasks, workers = in_tasks(iter(sources), workers)
    readings = (
        (read(task) for task in tasks)
        if workers == 1
        else batch.workers.ordered_map(read, tasks, workers, fork=fork, warn=warn)
    )
    with closing(readings):
        # The first task is handed out before the model starts threads: forking comes first.
        first = next(readings, None)
        if first is not None:
            classifier = Classifier(spec, threads=1)
            for reading in chain([first], readings):
                yield classify(reading, classifier, error_rate, in_words)


def classify(
    readings: Readings,
    classifier: Classifier,
    error_rate: float = DEFAULT_ERROR_RATE,
    in_words: InWords | None = None,
) -> Answered:
    """Run the model over what was read and put the answers in their rows.

    Examples
    --------
    >>> import irclassify
    >>> from irclassify import samples
    >>> from irclassify.batch.reading import read_grids
    >>> path = samples.spectra()[0]
    >>> classifier = irclassify.load()
    >>> how = classifier.spec.preprocessing
    >>> source = Source(path.name, path.name, data=path.read_bytes())
    >>> readings = read_grids([source], how, ReadOptions())
    >>> [result.file for result in classify(readings, classifier)]
    ['1_hexene.jdx']
    """
    rows = [row for row in readings.rows if isinstance(row, Readable)]
    phases = [phase_of(row.state) for row in rows]
    covered = [row.covered for row in rows]
    found = classifier.predict_grids(
        readings.grids, phase=phases, error_rate=error_rate, covered=covered
    )
    if in_words is None:
        return Answered(readings.rows, found)
    told = [
        in_words.tell(row.bands, said) if said and row.bands else None
        for row, said in zip(rows, found.predictions(), strict=True)
    ]
    return Answered(readings.rows, found, told)


def in_tasks(
    sources: Iterator[Source],
    workers: int | None,
    files: int = FILES_PER_TASK,
    worth: int = WORTH_WORKERS,
) -> tuple[Iterator[tuple[Source, ...]], int]:
    """Sources in portions of ``files``, and how many workers they are worth: from ``worth`` on.

    Examples
    --------
    >>> sources = (Source(f"{number}.jdx", None, data=b"") for number in range(5))
    >>> tasks, workers = in_tasks(sources, None, files=2)
    >>> [len(task) for task in tasks], workers
    ([2, 2, 1], 1)
    """
    if workers is None:
        head = list(islice(sources, worth))
        workers = usable_cores() if len(head) == worth else 1
        sources = chain(head, sources)
    if workers > 1:
        sources = (source.here() for source in sources)
    portions = iter(lambda: tuple(islice(sources, files)), ())
    return portions, workers
