"""Sources -> the full account of each spectrum, a batch of spectra at a time in memory."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from functools import lru_cache, partial
from itertools import chain, islice

import numpy as np
from numpy.typing import NDArray

from irclassify import batch
from irclassify.batch.files import in_tasks
from irclassify.batch.reading import Gridded, failed, quiet_numbers
from irclassify.batch.spectra import is_table, spectra_of
from irclassify.classifier import Classifier
from irclassify.errors import IrclassifyError, ModelError, UnfitSpectrumError, UsageError
from irclassify.explain.account import SpectrumAccount
from irclassify.explain.assignment import Measured
from irclassify.explain.compare import compare
from irclassify.explain.explainer import explain_groups, interpret
from irclassify.explain.observed import Bands
from irclassify.model.domain import spectrum_share
from irclassify.model.folder import ModelSpec, find_model
from irclassify.model.preprocessing import to_grid
from irclassify.model.session import BATCH
from irclassify.model.shared_axis import NOT_FINITE_MESSAGE
from irclassify.options import DEFAULT_ERROR_RATE, ReadOptions, TableOptions
from irclassify.results.comparison import Comparison
from irclassify.results.explanation import Explanation
from irclassify.results.inspection import SpectrumReport
from irclassify.results.prediction import Failed, Prediction
from irclassify.sources.paths import Source
from irclassify.spectra.downsample import trace
from irclassify.spectra.phase import phase_of
from irclassify.spectra.summary import inspect_spectrum

# An explanation takes thirty times as long as an answer: fewer files make up a task, and are worth
# the start of processes.
FILES_PER_TASK, WORTH_WORKERS = 8, 32


def explain_source(
    source: Source,
    spec: ModelSpec,
    *,
    options: ReadOptions | None = None,
    asked: TableOptions | None = None,
    error_rate: float = DEFAULT_ERROR_RATE,
    details: Sequence[str] = (),
) -> Explanation:
    """The exact account of every group of one spectrum, by its peaks.

    ``details``: names of details whose account is asked for too; it stands after the groups.
    Raises UsageError when the file holds several spectra, IrclassifyError when its one spectrum
    cannot be read and classified.

    Examples
    --------
    >>> import irclassify
    >>> from irclassify import samples
    >>> files = samples.spectra()
    >>> sources = [Source(file.name, file.name, data=file.read_bytes()) for file in files]
    >>> spec = irclassify.load().spec
    >>> explain_source(sources[0], spec).title
    '1-Hexene (simulated)'
    """
    row = _one_row(source, spec, options, asked)
    classifier = Classifier(spec, threads=1)
    ((said, latent),) = _answered([row], classifier, error_rate)
    said = said and said.with_details(details)
    return _explained(row, said, latent, classifier)


def compare_sources(
    a: Source,
    b: Source,
    spec: ModelSpec,
    *,
    options: ReadOptions | None = None,
    asked: TableOptions | None = None,
    error_rate: float = DEFAULT_ERROR_RATE,
    details: Sequence[str] = (),
) -> Comparison | tuple[Failed, ...]:
    """Two spectra explained, and what made their verdicts differ; or the files that failed.

    ``details``: as in ``explain_source``.
    Raises UsageError when a file holds several spectra.

    Examples
    --------
    >>> import irclassify
    >>> from irclassify import samples
    >>> files = samples.spectra()
    >>> sources = [Source(file.name, file.name, data=file.read_bytes()) for file in files]
    >>> spec = irclassify.load().spec
    >>> compared = compare_sources(sources[0], sources[1], spec)
    >>> compared.by_change[0].is_called
    True
    """
    classifier = Classifier(spec, threads=1)
    found: list[Explanation | Failed] = []
    for source in (a, b):
        try:
            row = _one_row(source, spec, options, asked)
            ((said, latent),) = _answered([row], classifier, error_rate)
            said = said and said.with_details(details)
            found.append(_explained(row, said, latent, classifier))
        except (ModelError, UsageError):
            raise
        except IrclassifyError as error:
            found.append(failed(source.name, error))
    one, other = found
    if isinstance(one, Failed) or isinstance(other, Failed):
        return tuple(each for each in found if isinstance(each, Failed))
    return compare(one, other)


def _one_row(
    source: Source, spec: ModelSpec, options: ReadOptions | None, asked: TableOptions | None
) -> Gridded:
    how = options or ReadOptions()
    found = list(islice(spectra_of(source, how, asked), 2))
    if len(found) > 1:
        raise UsageError(f"{source.name} holds several spectra: say --block N")
    ((name, item),) = found
    if isinstance(item, IrclassifyError):
        raise item
    grid = to_grid(item, spec.preprocessing)
    return Gridded(name if is_table(source) else source.name, item, grid, how.phase or item.state)


def _all_rows(
    sources: Iterable[Source], spec: ModelSpec, how: ReadOptions, asked: TableOptions | None
) -> Iterator[Gridded | Failed]:
    for source in sources:
        for name, item in spectra_of(source, how, asked):
            try:
                if isinstance(item, IrclassifyError):
                    raise item
                with quiet_numbers():
                    grid = to_grid(item, spec.preprocessing)
                yield Gridded(name, item, grid, how.phase or item.state)
            except IrclassifyError as error:
                yield failed(name, error)


def explain_sources(
    sources: Iterable[Source],
    spec: ModelSpec,
    *,
    options: ReadOptions | None = None,
    asked: TableOptions | None = None,
    error_rate: float = DEFAULT_ERROR_RATE,
    workers: int | None = None,
    warn: Callable[[str], None] | None = None,
) -> Generator[SpectrumReport | Failed]:
    """What ``explain_source`` and ``inspect`` say of every spectrum, in order.

    Bad files become Failed; nothing stops the rest. A batch of spectra at a time in memory.
    ``workers``, ``warn``: see ``answer_sources``; each process has a model of its own. Raises
    ModelError when the model cannot run.

    Examples
    --------
    >>> import irclassify
    >>> from irclassify import samples
    >>> files = samples.spectra()
    >>> sources = [Source(file.name, file.name, data=file.read_bytes()) for file in files]
    >>> spec = irclassify.load().spec
    >>> [sheet.inspection.format for sheet in explain_sources(sources[:1], spec)]
    ['JCAMP-DX']
    """
    how = options or ReadOptions()
    tasks, workers = in_tasks(iter(sources), workers, FILES_PER_TASK, WORTH_WORKERS)
    if workers == 1:
        classifier = Classifier(spec, threads=1)
        yield from _explain_all(chain.from_iterable(tasks), classifier, how, asked, error_rate)
        return
    explain = partial(
        _explain_task,
        model=str(spec.folder),
        options=how,
        asked=asked,
        error_rate=error_rate,
    )
    with closing(batch.workers.ordered_map(explain, tasks, workers, warn=warn)) as explained:
        yield from chain.from_iterable(explained)


def _explain_task(
    sources: Sequence[Source],
    *,
    model: str,
    options: ReadOptions,
    asked: TableOptions | None,
    error_rate: float,
) -> list[SpectrumReport | Failed]:
    """The spectra of a task, in a process that does many of them. ``model``: its folder."""
    return list(_explain_all(sources, _classifier(model), options, asked, error_rate))


@lru_cache(maxsize=1)
def _classifier(model: str) -> Classifier:
    return Classifier(find_model(model), threads=1)


def _explain_all(
    sources: Iterable[Source],
    classifier: Classifier,
    options: ReadOptions,
    asked: TableOptions | None,
    error_rate: float,
) -> Iterator[SpectrumReport | Failed]:
    rows = _all_rows(sources, classifier.spec, options, asked)
    while batch := tuple(islice(rows, BATCH)):
        readable = [row for row in batch if isinstance(row, Gridded)]
        answers = _answered(readable, classifier, error_rate)
        for row in batch:
            if isinstance(row, Failed):
                yield row
            else:
                yield _sheet(row, *next(answers), classifier)


def _answered(
    rows: Sequence[Gridded], classifier: Classifier, error_rate: float
) -> Iterator[tuple[Prediction | None, NDArray[np.float32]]]:
    """Prediction, None without a finite answer, and latent matrix (channels, positions) of each."""
    if not rows:
        return
    how = classifier.spec.preprocessing
    with quiet_numbers():
        said, latent = classifier.answer_grids(
            np.array([row.grid for row in rows]),
            [phase_of(row.state) for row in rows],
            [spectrum_share(row.spectrum, how.grid) for row in rows],
            error_rate=error_rate,
        )
    yield from zip(said.predictions(), latent, strict=True)


def _sheet(
    row: Gridded,
    said: Prediction | None,
    latent: NDArray[np.float32],
    classifier: Classifier,
) -> SpectrumReport | Failed:
    try:
        with quiet_numbers():
            explanation = _explained(row, said, latent, classifier)
            return SpectrumReport(inspect_spectrum(row.file, row.spectrum), explanation)
    except Exception as error:  # noqa: BLE001 - a fault of ours must not stop a batch either
        return failed(row.file, error)


def _explained(
    row: Gridded,
    said: Prediction | None,
    latent: NDArray[np.float32],
    classifier: Classifier,
) -> Explanation:
    if said is None:
        raise UnfitSpectrumError(NOT_FINITE_MESSAGE)
    spectrum, spec = row.spectrum, classifier.spec
    bands = Bands.of(spectrum)
    seen = interpret(bands, said)
    account = SpectrumAccount.of(row.grid, spec, latent, said)
    measured = Measured.of(spectrum, bands, said.phase)
    return Explanation(
        file=row.file,
        model=spec.label,
        title=spectrum.title,
        groups=explain_groups(account, said, measured, bands.found, seen.peaks, classifier.latent),
        peaks=seen.peaks,
        unexplained=seen.unexplained,
        summary=seen.summary,
        details=said.details,
        warnings=spectrum.warnings + spec.phase_warnings(row.state),
        trace=trace(spectrum),
        phase=said.phase,
        error_rate=said.error_rate,
        resolution_cm1=spec.window_cm1,
        domain=said.domain,
    )
