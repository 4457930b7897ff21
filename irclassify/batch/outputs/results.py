"""Where answers go: single results, and blocks of the rows of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from irclassify.batch.files import Answered
    from irclassify.batch.tables import Block
    from irclassify.readers.tables import Table
    from irclassify.reports.rows import Writer
    from irclassify.results.prediction import Result


class BlockSink(Protocol):
    """Takes answers to a table, block by block."""

    def write_block(self, block: Block, table: Table) -> None:
        """Add rows of a table."""


class Sink(BlockSink, Protocol):
    """Takes answers to files as well."""

    def write(self, result: Result) -> None:
        """Add the result of one spectrum."""

    def write_answers(self, answers: Answered) -> None:
        """Add the results of some files."""


class ResultRows:
    """A text format: a row of a table is a result like any other."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    def write(self, result: Result) -> None:
        """Add the result of one spectrum."""
        self._writer.write(result)

    def write_answers(self, answers: Answered) -> None:
        """Add the results of some files."""
        self._writer.write_all(answers)

    def write_block(self, block: Block, table: Table) -> None:
        """Add rows of a table."""
        for result in block.results(table):
            self._writer.write(result)
