"""``irclassify predict``: spectra in, functional groups out."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, cast

from irclassify.batch.files import Answered, answer_sources
from irclassify.cli.outputs import (
    ARRAYS,
    ARROW,
    OutputOptions,
    Plan,
    Summary,
    binary_file,
    choose_format,
    open_writer,
    plan,
    progress_bar,
    until_interrupted,
)
from irclassify.cli.streams import is_terminal, say
from irclassify.errors import IrclassifyError, UsageError
from irclassify.extras import need_extra
from irclassify.model.folder import ModelSpec, find_model
from irclassify.options import ReadOptions, TableOptions
from irclassify.reports.terminal.progress import Progress
from irclassify.results.prediction import Failed
from irclassify.sources.paths import Source, may_be_table

# What only tables need is imported for them: one small file is classified without.
if TYPE_CHECKING:
    from irclassify.batch.outputs.results import BlockSink, Sink
    from irclassify.explain.contributions import Stretches
    from irclassify.readers.tables import Table


@dataclass(frozen=True)
class Work:
    """What every file and every table of a run is classified with."""

    spec: ModelSpec
    options: ReadOptions
    asked: TableOptions
    error_rate: float
    workers: int | None
    quiet: bool


def run(  # noqa: PLR0913 - every option has its say
    paths: Sequence[str],
    *,
    model: str,
    options: ReadOptions,
    error_rate: float,
    output: OutputOptions,
    workers: int | None = None,
    strict: bool = False,
    asked: TableOptions | None = None,
) -> int:
    """Classify files and tables, print, and return the exit code.

    ``asked``: what is asked of tables of many spectra. Raises UsageError or ModelError when the
    output file or the model cannot be used, and for options that do not fit the inputs.
    """
    spec = find_model(model)
    check_strict(strict, spec)
    work = Work(spec, options, asked or TableOptions(), error_rate, workers, output.quiet)
    inputs = plan(paths, output.file)
    tables = [source for source in inputs.sources if is_table(source)]
    _check_options(paths, inputs, tables, work.asked, output)
    summary = Summary(strict)
    progress = progress_bar(inputs.count, quiet=output.quiet)
    if output.resume:
        _resume(inputs, work, output, summary, progress)
    else:
        with _sinks(inputs, tables, work, output) as sinks:
            _classify(inputs.sources, work, sinks, summary, progress)
    if not output.quiet and (tables or summary.failed or summary.total > 1 or summary.interrupted):
        say(f"{summary} (model {spec.label})")
    return summary.exit_code


def check_strict(strict: bool, spec: ModelSpec) -> None:
    """Raise UsageError when --strict is asked of a model without a domain detector."""
    if strict and spec.detector is None:
        raise UsageError(f"--strict: {spec.label} has no domain detector")


def is_table(source: Source) -> bool:
    """True when a source is read as a table of many spectra."""
    if source.problem or source.member is not None or not may_be_table(source.path):
        return False
    from irclassify.readers.tables import is_table as looks_like_one  # noqa: PLC0415

    try:
        return looks_like_one(source.path)
    except OSError:
        return False  # reading it as a file says why


def _check_options(
    paths: Sequence[str],
    inputs: Plan,
    tables: Sequence[Source],
    asked: TableOptions,
    output: OutputOptions,
) -> None:
    """Raise UsageError for what fits tables only, or not tables, or one table alone."""
    form = choose_format(output, ARRAYS)
    if not tables:
        if asked != TableOptions():
            raise UsageError(
                f"{paths[0]} is not a table: --axis, --png, ... are for tables and maps"
            )
        return
    if output.resume:
        raise UsageError(f"--resume: {tables[0].name} is a table; only files can be resumed")
    if asked.contributions is not None and form not in ARRAYS:
        raise UsageError("--contributions: needs -o FILE.parquet, .arrow or .npy to write them to")
    if inputs.count > 1 and form == "npy":
        raise UsageError(f"-o {output.file}: holds one table; classify {inputs.count} one by one")
    if inputs.count > 1 and asked.pictures:
        raise UsageError(
            f"--png {asked.pictures}: holds the pictures of one map, not of {inputs.count}"
        )


# --- where answers go ---


@contextmanager
def _sinks(
    inputs: Plan, tables: Sequence[Source], work: Work, output: OutputOptions
) -> Iterator[list[BlockSink]]:
    """The output, and the pictures of a map if they are asked for."""
    form = choose_format(output, ARRAYS)
    with ExitStack() as stack:
        if form == "npy":
            sink: BlockSink = stack.enter_context(_arrays(inputs, tables, work, output))
        elif form in ARROW:
            from irclassify.batch.outputs.arrow import ArrowFile  # noqa: PLC0415 - an extra

            file, pieces = binary_file(form, output), _pieces(work)
            sink = stack.enter_context(
                closing(ArrowFile(file, work.spec, pieces, work.options.phase))
            )
        else:
            sink = stack.enter_context(open_writer(form, work.spec, output))
        sinks = [sink]
        if work.asked.pictures is not None:
            from irclassify.batch.outputs.images import Pictures  # noqa: PLC0415

            names = tuple(group.name for group in work.spec.groups)
            pictures = Pictures(work.asked.pictures, names, _open(tables[0], work, alone=True))
            sinks.append(stack.enter_context(closing(pictures)))
        yield sinks


@contextmanager
def _arrays(
    inputs: Plan, tables: Sequence[Source], work: Work, output: OutputOptions
) -> Iterator[BlockSink]:
    file = binary_file("npy", output)
    if not tables:
        raise UsageError(f"-o {file}: arrays hold the answers to a table; say --format jsonl")
    from irclassify.batch.outputs.npy import NumpyFiles  # noqa: PLC0415

    table = _open(tables[0], work, alone=True)
    with closing(NumpyFiles(file, work.spec, table, _pieces(work), work.options.phase)) as arrays:
        yield arrays


def _pieces(work: Work) -> Stretches | None:
    if work.asked.contributions is None:
        return None
    from irclassify.explain.contributions import stretches  # noqa: PLC0415

    return stretches(work.spec, work.asked.contributions or None)


# --- the work ---


def _classify(
    sources: Sequence[Source],
    work: Work,
    sinks: Sequence[BlockSink],
    summary: Summary,
    progress: Progress | None,
) -> None:
    """Files and tables in their order; results are written as they come."""
    rows = cast("Sink", sinks[0])  # arrays take a single table and nothing else
    seen_table = False
    with until_interrupted(summary, progress):
        for of_tables, some in groupby(sources, is_table):
            if of_tables:
                for source in some:
                    _classify_table(source, work, sinks, summary, alone=len(sources) == 1)
                    if progress:
                        progress.advance()
            else:
                answers = answer_sources(
                    some,
                    work.spec,
                    options=work.options,
                    error_rate=work.error_rate,
                    workers=work.workers,
                    fork=not seen_table,  # whose threads run on
                    warn=say,
                )
                with closing(answers):
                    write_all(answers, rows, summary, progress)
            seen_table |= of_tables


def write_all(
    answers: Iterable[Answered], sink: Sink, summary: Summary, progress: Progress | None
) -> None:
    """Write answers as they come."""
    shared_screen = is_terminal(sys.stdout)
    for some in answers:
        if progress and shared_screen:
            progress.hide()
        sink.write_answers(some)
        summary.count(len(some), failed=some.failed, outside=some.outside)
        if progress:
            progress.advance(len(some))


def _classify_table(
    source: Source, work: Work, sinks: Sequence[BlockSink], summary: Summary, *, alone: bool
) -> None:
    """Classify a table. A table that cannot be read is a row, unless it is the only input."""
    from irclassify.batch.tables import classify_table, settle  # noqa: PLC0415
    from irclassify.classifier import Classifier  # noqa: PLC0415

    try:
        table = _open(source, work, alone=alone)
        columns = settle(table, work.spec.preprocessing, work.options)
        for note in () if work.quiet else columns.notes:
            say(f"{table.name}: {note}")
        blocks = classify_table(
            table,
            Classifier(work.spec),
            columns,
            pieces=_pieces(work),
            phase=work.options.phase,
            error_rate=work.error_rate,
        )
        with closing(blocks):
            for block in blocks:
                for sink in sinks:
                    sink.write_block(block, table)
                summary.count(len(block.found), failed=block.failed, outside=block.outside)
    except IrclassifyError as error:
        if alone:
            raise
        failed = Failed(source.name, error.code, str(error))
        cast("Sink", sinks[0]).write(failed)
        summary.add(failed)


def _open(source: Source, work: Work, *, alone: bool) -> Table:
    """The table at a source; among other inputs it is named as they are, by its whole path."""
    from dataclasses import replace  # noqa: PLC0415

    from irclassify.readers.tables import open_table  # noqa: PLC0415

    table = open_table(source.path, work.asked)
    return table if alone else replace(table, name=source.name)


def _resume(
    inputs: Plan, work: Work, output: OutputOptions, summary: Summary, progress: Progress | None
) -> None:
    from irclassify.cli.resume import resumed  # noqa: PLC0415 - seldom needed

    with resumed(inputs.sources, choose_format(output), work.spec, output, summary) as (left, sink):
        _classify(left, work, [sink], summary, progress)


# --- a cluster ---


def run_on_cluster(  # noqa: PLR0913 - every option has its say
    paths: Sequence[str],
    address: str,
    *,
    model: str,
    options: ReadOptions,
    error_rate: float,
    output: OutputOptions,
    strict: bool,
    asked: TableOptions,
) -> int:
    """Let a Dask cluster classify and store Parquet files; the exit code as for ``run``.

    Raises UsageError, ModelError, or IrclassifyError when a part could not be done at all.
    """
    for package in ("distributed", "fsspec", "pyarrow"):
        need_extra(package, "dask")
    if output.file is None or output.form is not None:
        raise UsageError("--dask: say where the Parquet files go with -o FOLDER or -o URL")
    if asked.pictures is not None:
        raise UsageError("--png: draws a single map, without --dask")
    from irclassify.batch.dask import run_parts  # noqa: PLC0415 - an extra
    from irclassify.batch.output_folder import Store  # noqa: PLC0415
    from irclassify.batch.partitions import Job, fingerprint, parts_of  # noqa: PLC0415

    spec = find_model(model)
    check_strict(strict, spec)
    store = Store(str(output.file))
    job = Job(model, fingerprint(spec), store, options, asked, error_rate)
    parts = list(parts_of(paths, asked))
    summary = Summary(strict)
    found = 0
    progress = progress_bar(len(parts), quiet=output.quiet)
    with until_interrupted(summary, progress), closing(run_parts(job, parts, address)) as done:
        for part in done:
            summary.count(part.rows, failed=part.failed, outside=part.outside)
            found += not part.seconds
            if progress:
                progress.advance()
    if not output.quiet:
        already = f", {found} parts of {len(parts)} were done before" if found else ""
        say(f"{summary}{already} (model {spec.label})")
    return summary.exit_code
