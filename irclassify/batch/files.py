"""Sources -> Ok | Failed in the order they came in, batched through the model, memory bounded.

Reading is done here or, for many files, in worker processes; they send back float32 grid vectors
and names, never whole spectra. The model runs in this process.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from functools import partial
from itertools import chain, islice
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from irclassify.batch.reading import (
    Gridded,
    Readable,
    Readings,
    failed,
    gridded,
    quiet_numbers,
    read_grids,
)
from irclassify.batch.workers import ordered_map
from irclassify.classifier import Classifier
from irclassify.errors import (
    IrclassifyError,
    ModelError,
    UnfitSpectrumError,
    UsageError,
)
from irclassify.model.domain import spectrum_share
from irclassify.model.folder import DEFAULT_MODEL, ModelSpec
from irclassify.model.preprocessing import to_grid
from irclassify.model.session import BATCH
from irclassify.model.shared_axis import NOT_FINITE_MESSAGE
from irclassify.model.threads import usable_cores
from irclassify.options import DEFAULT_ERROR_RATE, ReadOptions
from irclassify.readers import read_spectra
from irclassify.results.prediction import Failed, Ok, Prediction, Result
from irclassify.sources.paths import Source
from irclassify.spectra.phase import phase_of, phase_warning
from irclassify.spectra.spectrum import Spectrum

# What only explanations need is imported where they are made: predict starts without it.
if TYPE_CHECKING:
    from irclassify.explain.compare import Explained
    from irclassify.results.comparison import Comparison
    from irclassify.results.explanation import Explanation
    from irclassify.results.inspection import SpectrumReport

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
) -> Generator[Result]:
    """One result per spectrum, in order. Bad files become Failed; nothing stops the rest.

    ``workers``: reading processes; 1 reads here; None decides by the number of files and cores.
    Raises ModelError when the model cannot run.
    """
    read = partial(read_grids, how=spec.preprocessing, options=options or ReadOptions())
    tasks, workers = _tasks(iter(sources), workers)
    readings = (read(task) for task in tasks) if workers == 1 else ordered_map(read, tasks, workers)
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
            yield Ok(row.file, said, row.warnings + _phase_warnings(row.state, classifier.spec))
        else:
            yield Failed(row.file, str(found.errors[at]), found.message(at))


def explain_source(
    source: Source,
    spec: ModelSpec,
    *,
    options: ReadOptions | None = None,
    error_rate: float = DEFAULT_ERROR_RATE,
    top: int = 5,
) -> Explanation:
    """The exact account of every group of one spectrum; ``top`` as in ``explain_groups``.

    Raises UsageError when the file holds several spectra, IrclassifyError when its one spectrum
    cannot be read and classified.
    """
    row = _one_row(source, spec, options)
    classifier = Classifier(spec, threads=1)
    (answered,) = _answered([row], classifier, error_rate)
    return _explained(row, *answered, classifier, top).explanation


def compare_sources(
    a: Source,
    b: Source,
    spec: ModelSpec,
    *,
    options: ReadOptions | None = None,
    error_rate: float = DEFAULT_ERROR_RATE,
    top: int = 5,
) -> Comparison | tuple[Failed, ...]:
    """Two spectra explained, and what made their verdicts differ; or the files that failed.

    Raises UsageError when a file holds several spectra.
    """
    from irclassify.explain.compare import compare  # noqa: PLC0415

    classifier = Classifier(spec, threads=1)
    found: list[Explained | Failed] = []
    for source in (a, b):
        try:
            row = _one_row(source, spec, options)
            (answered,) = _answered([row], classifier, error_rate)
            found.append(_explained(row, *answered, classifier, top))
        except (ModelError, UsageError):
            raise
        except IrclassifyError as error:
            found.append(failed(source.name, error))
    one, other = found
    if isinstance(one, Failed) or isinstance(other, Failed):
        return tuple(each for each in found if isinstance(each, Failed))
    return compare(one, other, top=top)


def _one_row(source: Source, spec: ModelSpec, options: ReadOptions | None) -> Gridded:
    how = options or ReadOptions()
    spectrum = _one_spectrum(source, how)
    grid = to_grid(spectrum, spec.preprocessing)
    return Gridded(source.name, spectrum, grid, how.phase or spectrum.state)


def explain_sources(
    sources: Iterable[Source],
    spec: ModelSpec,
    *,
    options: ReadOptions | None = None,
    error_rate: float = DEFAULT_ERROR_RATE,
    top: int = 5,
) -> Generator[SpectrumReport | Failed]:
    """What ``explain_source`` and ``inspect`` say of every spectrum, in order.

    Bad files become Failed; nothing stops the rest. One model, a batch of spectra at a time in
    memory. Raises ModelError when the model cannot run.
    """
    classifier = Classifier(spec, threads=1)
    how = options or ReadOptions()
    rows = gridded(sources, spec.preprocessing, how)
    while batch := _portion(rows, BATCH):
        readable = [row for row in batch if isinstance(row, Gridded)]
        answers = _answered(readable, classifier, error_rate)
        for row in batch:
            if isinstance(row, Failed):
                yield row
            else:
                yield _sheet(row, *next(answers), classifier, top)


def _portion(rows: Iterator[Gridded | Failed], size: int) -> tuple[Gridded | Failed, ...]:
    with quiet_numbers():
        return tuple(islice(rows, size))


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
    top: int,
) -> SpectrumReport | Failed:
    try:
        with quiet_numbers():
            explanation = _explained(row, said, latent, classifier, top).explanation
            from irclassify.results.inspection import SpectrumReport  # noqa: PLC0415
            from irclassify.spectra.summary import inspect_spectrum  # noqa: PLC0415

            return SpectrumReport(inspect_spectrum(row.file, row.spectrum), explanation)
    except Exception as error:  # noqa: BLE001 - a fault of ours must not stop a batch either
        return failed(row.file, error)


def _explained(
    row: Gridded,
    said: Prediction | None,
    latent: NDArray[np.float32],
    classifier: Classifier,
    top: int,
) -> Explained:
    from irclassify.explain.assignment import Measured, assign  # noqa: PLC0415
    from irclassify.explain.compare import Explained  # noqa: PLC0415
    from irclassify.explain.explainer import with_peaks  # noqa: PLC0415
    from irclassify.explain.groups import Account, explain_account  # noqa: PLC0415
    from irclassify.explain.peaks import measured_bands  # noqa: PLC0415
    from irclassify.explain.regions import View  # noqa: PLC0415
    from irclassify.results.explanation import Explanation  # noqa: PLC0415
    from irclassify.spectra.downsample import trace  # noqa: PLC0415

    if said is None:
        raise UnfitSpectrumError(NOT_FINITE_MESSAGE)
    spectrum, spec = row.spectrum, classifier.spec
    measured = Measured(spectrum, measured_bands(spectrum), said.phase)
    account = Account.of(View.of(row.grid, measured.bands, spec), latent, said.phase)
    explanation = Explanation(
        file=row.file,
        model=spec.label,
        title=spectrum.title,
        groups=explain_account(account, said, top=top),
        warnings=spectrum.warnings + _phase_warnings(row.state, spec),
        trace=trace(spectrum),
        phase=said.phase,
        error_rate=said.error_rate,
        columns_cm1=spec.centres_cm1(),
        resolution_cm1=spec.window_cm1,
        domain=said.domain,
    )
    explanation = with_peaks(assign(explanation, measured), spectrum, account, classifier.latent)
    return Explained(explanation, account, measured.phase)


def _phase_warnings(state: str | None, spec: ModelSpec) -> tuple[str, ...]:
    warning = phase_warning(state, spec.name, spec.phases)
    if warning is None:
        return ()
    # The default model learned from both phases, unless it is the one that is warned of.
    return (warning if spec.name == DEFAULT_MODEL else f"{warning}; use --model {DEFAULT_MODEL}",)


def _one_spectrum(source: Source, how: ReadOptions) -> Spectrum:
    found = read_spectra(
        source.read(), source.name, x_unit=how.x_unit, y_unit=how.y_unit, block=how.block
    )
    if len(found) > 1:
        raise UsageError(f"{source.name}: {len(found)} spectra in one file: say --block N")
    if isinstance(found[0], IrclassifyError):
        raise found[0]
    return found[0]


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
