"""``irclassify predict`` for tables and maps: many spectra in one file, answers as arrays."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import numpy as np

from irclassify.batch import outputs
from irclassify.batch.outputs.images import Pictures
from irclassify.batch.outputs.npy import NumpyFiles
from irclassify.batch.tables import BlockSink, classify_table, part_of, settle
from irclassify.classifier import Classifier
from irclassify.cli.outputs import (
    ARRAYS,
    ARROW,
    Summary,
    binary_file,
    choose_format,
    open_writer,
)
from irclassify.cli.requests import OutputOptions
from irclassify.cli.streams import say
from irclassify.cli.work.predict import Work
from irclassify.errors import IrclassifyError, UsageError
from irclassify.explain.contributions import Stretches, stretches
from irclassify.model.folder import find_model
from irclassify.model.shared_axis import Columns
from irclassify.options import ReadOptions, TableOptions
from irclassify.readers.tables import Table, label_headings, open_table
from irclassify.reports.rows import Writer
from irclassify.results.prediction import Failed
from irclassify.sources.paths import Source


@contextmanager
def array_sinks(
    headings: Sequence[str], work: Work, output: OutputOptions, only: Settled | None
) -> Iterator[list[BlockSink]]:
    """The output, and the pictures of a map if they are asked for.

    ``headings``: of label columns; ``only``: the table that is the only input.

    Examples
    --------
    >>> source, work = _example(getfixture("tmp_path"))
    >>> shown = OutputOptions(file=getfixture("tmp_path") / "answers.npy")
    >>> with array_sinks([], work, shown, settled(source, work)) as sinks:
    ...     [type(sink).__name__ for sink in sinks]
    ['NumpyFiles']
    """
    form = choose_format(output, ARRAYS)
    with ExitStack() as stack:
        if form == "npy":
            sink: BlockSink = stack.enter_context(_arrays(only, work, output))
        elif form in ARROW:
            file, pieces = binary_file(form, output), _pieces_of(work)
            sink = stack.enter_context(
                closing(
                    outputs.arrow.ArrowFile(file, work.spec, pieces, work.options.phase, headings)
                )
            )
        else:
            sink = stack.enter_context(open_writer(form, work.spec, output, labels=headings))
        sinks = [sink]
        if work.asked.pictures is not None and only is not None:
            names = tuple(group.name for group in work.spec.groups)
            pictures = Pictures(work.asked.pictures, names, only.table)
            sinks.append(stack.enter_context(closing(pictures)))
        yield sinks


@contextmanager
def _arrays(only: Settled | None, work: Work, output: OutputOptions) -> Iterator[BlockSink]:
    file = binary_file("npy", output)
    if only is None:
        raise UsageError(f"-o {file}: arrays hold the answers to a table; say --format jsonl")
    stated = work.options.phase
    with closing(NumpyFiles(file, work.spec, only.table, _pieces_of(work), stated)) as arrays:
        yield arrays


@dataclass(frozen=True, eq=False)
class Settled:
    """A table that was opened, and the columns of its axis.

    Examples
    --------
    >>> source, work = _example(getfixture("tmp_path"))
    >>> summary = Summary()
    >>> settled(source, work).classify(work, [], summary)
    >>> summary.total
    3
    """

    table: Table
    columns: Columns

    def classify(self, work: Work, sinks: Sequence[BlockSink], summary: Summary) -> None:
        """Write the answer to every row. Raises IrclassifyError when the file turns out damaged."""

        for note in () if work.quiet else self.columns.notes:
            say(f"{self.table.name}: {note}")
        blocks = classify_table(
            self.table,
            Classifier(work.spec),
            self.columns,
            pieces=_pieces_of(work),
            phase=work.options.phase,
            error_rate=work.error_rate,
            part=part_of(self.table, work.options),
        )
        with closing(blocks):
            for block in blocks:
                for sink in sinks:
                    sink.write_block(block, self.table)
                summary.count(len(block.found), failed=block.failed, outside=block.outside)


def settled(source: Source, work: Work) -> Settled:
    """The table of a source, named as its file is.

    Raises UsageError when an option is missing, IrclassifyError when it cannot be read.

    Examples
    --------
    >>> source, work = _example(getfixture("tmp_path"))
    >>> settled(source, work).table.name == source.name
    True
    """
    table = open_table(source.path, work.asked)
    columns = settle(table, work.spec.preprocessing, work.options)
    part_of(table, work.options)
    return Settled(replace(table, name=source.name), columns)


def settled_alone(source: Source, work: Work) -> Settled:
    """The same of the only input: an error, which is all that is printed then, names the file.

    Examples
    --------
    >>> settled_alone(Source("no.npy", "no.npy"), _example(getfixture("tmp_path"))[1])
    Traceback (most recent call last):
        ...
    irclassify.errors.UnreadableFileError: no.npy: cannot be read: No such file or directory
    """
    try:
        found = settled(source, work)
    except IrclassifyError as error:
        raise type(error)(f"{source.name}: {error}") from error
    return replace(found, table=found.table.guarded(source.name))


def classify_among(
    source: Source, work: Work, sinks: Sequence[BlockSink], summary: Summary
) -> None:
    """Classify one table of several inputs; what is wrong with it is a row.

    Examples
    --------
    >>> source, work = _example(getfixture("tmp_path"))
    >>> summary = Summary()
    >>> classify_among(source, work, [], summary)
    >>> summary.total
    3
    """
    try:
        settled(source, work).classify(work, sinks, summary)
    except IrclassifyError as error:
        failed = Failed(source.name, error.code, str(error))
        cast("Writer", sinks[0]).write(failed)
        summary.add(failed)
    gc.collect()  # what the error keeps: blocks of values, the session of the model


def label_columns(tables: Sequence[Source]) -> list[str]:
    """The headings of the label columns of all tables, each once.

    Examples
    --------
    >>> label_columns([Source("map.hdr", "map.hdr")])
    []
    """
    return list(dict.fromkeys(name for source in tables for name in label_headings(source.path)))


def _pieces_of(work: Work) -> Stretches | None:
    """The stretches whose contributions are asked for, if they are."""
    if work.asked.contributions is None:
        return None
    return stretches(work.spec, work.asked.contributions or None)


def _example(folder: Path) -> tuple[Source, Work]:
    """A table of three spectra without a band, and what it is classified with, for the examples."""
    file = folder / "film.npy"
    np.save(file, np.zeros((3, 1801), "f4"))
    table = TableOptions(axis="400:4000")
    work = Work(find_model("default"), ReadOptions(), table, 0.05, None, quiet=True)
    return Source(str(file), str(file)), work
