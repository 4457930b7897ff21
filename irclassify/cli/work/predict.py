"""``irclassify predict``: spectra in, functional groups out."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple, cast

from irclassify import batch
from irclassify.batch.files import Answered, InWords, answer_sources
from irclassify.batch.spectra import is_table
from irclassify.cli import work as work_on
from irclassify.cli.outputs import (
    ARRAYS,
    Summary,
    choose_format,
    open_writer,
    plan,
    progress_bar,
    until_interrupted,
)
from irclassify.cli.requests import OutputOptions
from irclassify.cli.streams import is_terminal, say
from irclassify.errors import UsageError
from irclassify.extras import need_extra
from irclassify.model.folder import ModelSpec, find_model
from irclassify.options import ReadOptions, TableOptions
from irclassify.reports.terminal.progress import Progress
from irclassify.sources.paths import Source

# What only tables need is imported for them: one small file is classified without.
if TYPE_CHECKING:
    from irclassify.batch.tables import BlockSink
    from irclassify.cli.work.predict_tables import Settled
    from irclassify.reports.rows import Writer


class Work(NamedTuple):
    """What every file and every table of a run is classified with."""

    spec: ModelSpec
    options: ReadOptions
    asked: TableOptions
    error_rate: float
    workers: int | None
    quiet: bool
    in_words: InWords | None = None


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
    cluster: str | None = None,
) -> int:
    """Classify files and tables, print, and return the exit code.

    ``asked``: what is asked of tables of many spectra. ``cluster``: the address of a Dask cluster
    that is to do the work. Raises UsageError or ModelError when the
    output file or the model cannot be used, and for options that do not fit the inputs.
    """
    spec = find_model(model)
    _check_strict(strict, spec)
    words = batch.in_words.IN_WORDS if output.in_words else None
    work = Work(spec, options, asked or TableOptions(), error_rate, workers, output.quiet, words)
    if cluster is not None:
        for package in ("distributed", "fsspec", "pyarrow"):
            need_extra(package, "dask")
        on_cluster = work_on.predict_cluster.run_on_cluster
        return on_cluster(paths, cluster, work, model=model, output=output, strict=strict)
    inputs = plan(paths, output.file, quiet=output.quiet)
    tables = [source for source in inputs if is_table(source)]
    _check_options(paths, inputs, tables, work.asked, output)
    summary = Summary(strict)
    progress = progress_bar(len(inputs), quiet=output.quiet)
    if output.resume:
        _resume(inputs, work, output, summary, progress)
    else:
        # A table alone is opened first: what is wrong with it leaves the output as it was.
        only, headings = _settled(tables, inputs, work, output) if tables else (None, ())
        with _sinks(headings, work, output, only) as sinks:
            _classify(inputs, work, sinks, summary, progress, tables, only)
    if not output.quiet and (tables or summary.failed or summary.total > 1 or summary.interrupted):
        say(f"{summary} (model {spec.label})")
    return summary.exit_code


def _check_strict(strict: bool, spec: ModelSpec) -> None:
    """Raise UsageError when --strict is asked of a model without a domain detector."""
    if strict and spec.detector is None:
        raise UsageError(f"--strict: {spec.label} has no domain detector")


def _check_options(
    paths: Sequence[str],
    inputs: Sequence[Source],
    tables: Sequence[Source],
    asked: TableOptions,
    output: OutputOptions,
) -> None:
    """Raise UsageError for what fits tables only, or not tables, or one table alone."""
    form = choose_format(output, ARRAYS)
    if output.in_words and form in ARRAYS:
        raise UsageError(f"--summary: {form} holds numbers; say --format jsonl, csv or tsv")
    if not tables:
        if asked != TableOptions():
            raise UsageError(
                f"{paths[0]} is not a table: --axis, --png, ... are for tables and maps"
            )
        return
    for asked_for, option, can in (
        (output.resume, "--resume", "can be resumed"),
        (output.in_words, "--summary", "have a summary"),
    ):
        if asked_for:
            raise UsageError(f"{option}: {tables[0].name} is a table; only files {can}")
    if asked.contributions is not None and form not in ARRAYS:
        raise UsageError("--contributions: needs -o FILE.parquet, .arrow or .npy to write them to")
    if len(inputs) > 1 and form == "npy":
        raise UsageError(f"-o {output.file}: one table only; classify the {len(inputs)} one by one")
    if len(inputs) > 1 and asked.pictures:
        raise UsageError(
            f"--png {asked.pictures}: holds the pictures of one map, not of {len(inputs)}"
        )


# --- where answers go ---


def _settled(
    tables: Sequence[Source], inputs: Sequence[Source], work: Work, output: OutputOptions
) -> tuple[Settled | None, Sequence[str]]:
    """The table that is the only input, opened, and the headings of all label columns."""
    only = work_on.predict_tables.settled_alone(tables[0], work) if len(inputs) == 1 else None
    return only, work_on.predict_tables.label_columns(tables) if output.labels else ()


@contextmanager
def _sinks(
    headings: Sequence[str], work: Work, output: OutputOptions, only: Settled | None
) -> Iterator[list[BlockSink]]:
    """The output, and the pictures of a map if they are asked for.

    ``headings``: of label columns; ``only``: the table that is the only input.
    """
    form = choose_format(output, ARRAYS)
    if form not in ARRAYS and work.asked.pictures is None:
        with open_writer(form, work.spec, output, labels=headings) as sink:
            yield [sink]
        return
    with work_on.predict_tables.array_sinks(headings, work, output, only) as sinks:
        yield sinks


# --- the work ---


def _classify(
    sources: Iterable[Source],
    work: Work,
    sinks: Sequence[BlockSink],
    summary: Summary,
    progress: Progress | None,
    tables: Sequence[Source] = (),
    only: Settled | None = None,
) -> None:
    """Files and tables in their order, or ``only`` a table; results are written as they come.

    ``tables``: those of the sources that are tables.
    """
    known = set(tables)
    rows = cast("Writer", sinks[0])  # arrays take a single table and nothing else
    seen_table = False
    with until_interrupted(summary, progress):
        if only is not None:
            only.classify(work, sinks, summary)
            return
        for of_tables, some in groupby(sources, known.__contains__):
            if of_tables:
                for source in some:
                    work_on.predict_tables.classify_among(source, work, sinks, summary)
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
                    in_words=work.in_words,
                )
                with closing(answers):
                    _write_all(answers, rows, summary, progress)
            seen_table |= of_tables


def _write_all(
    answers: Iterable[Answered], sink: Writer, summary: Summary, progress: Progress | None
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


def _resume(
    inputs: Sequence[Source],
    work: Work,
    output: OutputOptions,
    summary: Summary,
    progress: Progress | None,
) -> None:
    from irclassify.cli.resume import resumed  # noqa: PLC0415 - seldom needed

    form = choose_format(output)
    with resumed(inputs, form, work.spec, output, summary, progress) as (left, sink):
        _classify(left, work, [sink], summary, progress)
