"""``irclassify inspect``: what was read, and how good it is."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TextIO

from irclassify.batch.inspection import inspect_source
from irclassify.cli.options import TableOrLines
from irclassify.cli.outputs import plan
from irclassify.cli.streams import is_terminal, output
from irclassify.options import ReadOptions, TableOptions
from irclassify.reports import terminal
from irclassify.reports.json import record_of
from irclassify.reports.rows import to_json
from irclassify.results.inspection import Inspection
from irclassify.results.prediction import Failed


def run(
    paths: Sequence[str],
    *,
    options: ReadOptions,
    asked: TableOptions,
    form: TableOrLines | None,
    file: Path | None,
) -> int:
    """Print a row for each spectrum; 1 when a file failed, else 0."""
    data = (form or _natural_form(file)) == TableOrLines.JSONL
    failed = False
    sources = plan(paths, file)
    with output(file, data=data) as stream:
        write = _json_writer(stream) if data else _table_writer(stream)
        for source in sources:
            for row in inspect_source(source, options, asked):
                failed |= isinstance(row, Failed)
                write(row)
    return int(failed)


def _natural_form(file: Path | None) -> TableOrLines:
    person = file is None and is_terminal(sys.stdout)
    return TableOrLines.TABLE if person else TableOrLines.JSONL


_Write = Callable[[Inspection | Failed], None]


def _json_writer(stream: TextIO) -> _Write:
    def write(row: Inspection | Failed) -> None:
        stream.write(to_json(record_of(row)) + "\n")

    return write


def _table_writer(stream: TextIO) -> _Write:
    return terminal.inspection.InspectionPrinter(stream).write
