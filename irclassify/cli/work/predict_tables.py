"""``irclassify predict`` for tables and maps: many spectra in one file, answers as arrays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from irclassify.batch.outputs.images import Pictures
from irclassify.batch.outputs.npy import NumpyFiles
from irclassify.batch.outputs.results import BlockSink, Sink
from irclassify.batch.tables import classify_table, settle
from irclassify.classifier import Classifier
from irclassify.cli.outputs import (
    ARRAYS,
    ARROW,
    Plan,
    Summary,
    binary_file,
    choose_format,
    open_writer,
)
from irclassify.cli.requests import OutputOptions
from irclassify.cli.streams import say
from irclassify.errors import IrclassifyError, UsageError
from irclassify.explain.contributions import Stretches, stretches
from irclassify.readers.tables import Table, open_table
from irclassify.results.prediction import Failed
from irclassify.sources.paths import Source

if TYPE_CHECKING:
    from irclassify.cli.work.predict import Work


@contextmanager
def array_sinks(
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
        raise UsageError(f"-o {file}: arrays are for tables; for files say --format jsonl")
    table = _open(tables[0], work, alone=True)
    with closing(NumpyFiles(file, work.spec, table, _pieces(work), work.options.phase)) as arrays:
        yield arrays


def _pieces(work: Work) -> Stretches | None:
    if work.asked.contributions is None:
        return None
    return stretches(work.spec, work.asked.contributions or None)


def classify_source(
    source: Source, work: Work, sinks: Sequence[BlockSink], summary: Summary, *, alone: bool
) -> None:
    """Classify a table. A table that cannot be read is a row, unless it is the only input."""
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
    table = open_table(source.path, work.asked)
    return table if alone else replace(table, name=source.name)
