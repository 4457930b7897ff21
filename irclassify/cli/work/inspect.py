"""``irclassify inspect``: what was read, and how good it is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from irclassify.batch.inspection import inspect_source
from irclassify.cli.options import TableOrLines
from irclassify.cli.outputs import plan, shows_table
from irclassify.cli.streams import output
from irclassify.options import ReadOptions, TableOptions
from irclassify.reports import terminal
from irclassify.reports.json import record_of
from irclassify.reports.rows import to_json
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
    as_table = shows_table(form, file)
    failed = False
    sources = plan(paths, file)
    with output(file, data=not as_table) as stream:
        table = terminal.inspection.InspectionPrinter(stream) if as_table else None
        for source in sources:
            for row in inspect_source(source, options, asked):
                failed |= isinstance(row, Failed)
                if table:
                    table.write(row)
                else:
                    stream.write(to_json(record_of(row)) + "\n")
    return int(failed)
