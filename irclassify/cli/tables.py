"""``irclassify predict TABLE``: many spectra in one file in, functional groups out, in blocks."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Protocol

from irclassify.batch.tables import Block, classify_table, settle
from irclassify.classifier import Classifier
from irclassify.cli.predict import (
    ARROW,
    Printing,
    Tally,
    binary_file,
    natural_form,
    until_interrupted,
    writing,
)
from irclassify.cli.streams import is_terminal, say
from irclassify.errors import UsageError
from irclassify.explain.contributions import Stretches, stretches
from irclassify.model.folder import ModelSpec
from irclassify.options import ReadOptions, TableOptions
from irclassify.readers.tables import Table, is_table, open_table
from irclassify.reports.rows import Writer
from irclassify.reports.terminal.progress import Progress
from irclassify.results.prediction import OUTSIDE

__all__ = ["ARRAYS", "is_table", "run"]

ARRAYS = (*ARROW, "npy")


class Sink(Protocol):
    """Takes the answers to a table block by block."""

    def write_block(self, block: Block, table: Table) -> None:
        """Add rows."""


class Results:
    """A text format, a result a row."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    def write_block(self, block: Block, table: Table) -> None:
        """Add rows."""
        for result in block.results(table.name):
            self._writer.write(result)


def run(
    paths: Sequence[str],
    spec: ModelSpec,
    tally: Tally,
    *,
    options: ReadOptions,
    error_rate: float,
    printing: Printing,
    asked: TableOptions,
) -> int:
    """Classify tables and write; the exit code: 0 all rows were spectra, 1 some failed, 130.

    Raises UsageError, ModelError, or what is wrong with a table as a whole.
    """
    if others := [path for path in paths if not is_table(path)]:
        raise UsageError(
            f"{others[0]} is no table, {next(p for p in paths if is_table(p))} is one: "
            "classify files and tables with two commands"
        )
    tables = [open_table(path, asked) for path in paths]
    columns = [settle(table, spec.preprocessing, options) for table in tables]
    pieces = _pieces(spec, asked, printing)
    with ExitStack() as stack:
        sinks = [stack.enter_context(_sink(spec, tables, printing, pieces, paths, options.phase))]
        if asked.pictures is not None:
            sinks.append(stack.enter_context(_pictures(asked.pictures, spec, tables)))
        classifier = Classifier(spec)
        show = not printing.quiet and is_terminal(sys.stderr)
        progress = Progress(sum(table.count for table in tables), sys.stderr) if show else None
        with until_interrupted(tally, progress):
            for table, settled in zip(tables, columns, strict=True):
                if not printing.quiet:
                    for note in settled.notes:
                        say(f"{table.name}: {note}")
                found = classify_table(
                    table,
                    classifier,
                    settled,
                    pieces=pieces,
                    phase=options.phase,
                    error_rate=error_rate,
                )
                with closing(found) as blocks:
                    _write(blocks, table, sinks, tally, progress)
    if not printing.quiet:
        say(f"{tally} (model {spec.label})")
    return tally.exit_code


def _write(
    blocks: Iterator[Block],
    table: Table,
    sinks: Sequence[Sink],
    tally: Tally,
    progress: Progress | None,
) -> None:
    for block in blocks:
        for sink in sinks:
            sink.write_block(block, table)
        tally.total += len(block.found)
        tally.failed += int((~block.found.ok).sum())
        domains = (domain for domain in block.found.domains if domain is not None)
        tally.outside += sum(domain.verdict == OUTSIDE for domain in domains)
        if progress:
            progress.advance(len(block.found))


def _pieces(spec: ModelSpec, asked: TableOptions, printing: Printing) -> Stretches | None:
    if asked.contributions is None:
        return None
    if natural_form(printing, ARRAYS) not in ARRAYS:
        raise UsageError("--contributions: needs -o FILE.parquet, .arrow or .npy to write them to")
    return stretches(spec, asked.contributions or None)


@contextmanager
def _sink(
    spec: ModelSpec,
    tables: Sequence[Table],
    printing: Printing,
    pieces: Stretches | None,
    inputs: Sequence[str],
    phase: str | None,
) -> Iterator[Sink]:
    form = natural_form(printing, ARRAYS)
    if form == "npy":
        file = binary_file(form, printing, inputs)
        if len(tables) > 1:
            raise UsageError(f"-o {file}: holds one table; classify {len(tables)} one by one")
        from irclassify.batch.outputs.npy import NumpyFiles  # noqa: PLC0415

        with closing(NumpyFiles(file, spec, tables[0], pieces, phase)) as arrays:
            yield arrays
    elif form in ARROW:
        from irclassify.batch.outputs.arrow import ArrowFile  # noqa: PLC0415 - an extra

        with closing(ArrowFile(binary_file(form, printing, inputs), spec, pieces, phase)) as arrow:
            yield arrow
    else:
        with writing(form, spec, printing, inputs) as writer:
            yield Results(writer)


@contextmanager
def _pictures(folder: Path, spec: ModelSpec, tables: Sequence[Table]) -> Iterator[Sink]:
    if len(tables) > 1:
        raise UsageError(f"--png {folder}: holds the pictures of one map, not of {len(tables)}")
    from irclassify.batch.outputs.images import Pictures  # noqa: PLC0415

    names = tuple(group.name for group in spec.groups)
    with closing(Pictures(folder, names, tables[0])) as pictures:
        yield pictures
