"""A Parquet or Arrow file that grows batch by batch. Needs pyarrow."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from irclassify.batch.outputs.columns import (
    batch_of_answers,
    batch_of_block,
    batch_of_results,
    schema_of,
)
from irclassify.batch.outputs.files import open_output
from irclassify.batch.tables import Block
from irclassify.explain.contributions import Stretches
from irclassify.model.folder import ModelSpec
from irclassify.readers.tables import Table
from irclassify.reports.rows import Answers, Writer
from irclassify.results.prediction import Result

# Answers to files are kept until there are so many.
_RESULTS = 4096


class ArrowFile(Writer):
    """Parquet, or Arrow by its suffix. ``close`` makes the file whole, also when it ends early."""

    def __init__(
        self,
        path: Path,
        spec: ModelSpec,
        pieces: Stretches | None = None,
        phase: str | None = None,
        labels: Sequence[str] = (),
    ) -> None:
        """``labels``: headings of label columns. Raises UsageError when it cannot be written."""
        self._schema = schema_of(spec, pieces, phase, labels)
        self._waiting: list[Answers] = []
        self._stream = open_output(path)
        self._writer: Any = (
            parquet_writer(self._stream, self._schema)
            if path.suffix.lower() == ".parquet"
            else pa.ipc.new_file(self._stream, self._schema)
        )

    def write_block(self, block: Block, table: Table) -> None:
        """Add rows of a table."""
        self._flush()
        self._writer.write_batch(batch_of_block(block, table, self._schema))

    def write(self, result: Result) -> None:
        """Add one spectrum."""
        self._flush()
        self._writer.write_batch(batch_of_results([result], self._schema))

    def write_answers(self, answers: Answers) -> None:
        """Add the spectra of some files."""
        self._waiting.append(answers)
        if sum(map(len, self._waiting)) >= _RESULTS:
            self._flush()

    def close(self) -> None:
        """Write what is left, and the end of the file."""
        self._flush()
        self._writer.close()
        self._stream.close()

    def _flush(self) -> None:
        if not self._waiting:
            return
        self._writer.write_batch(batch_of_answers(self._waiting, self._schema))
        self._waiting = []


def parquet_writer(where: Any, schema: Any) -> Any:
    """Text is stored by dictionary and compressed; numbers as they are: no two are the same."""
    text = [f.name for f in schema if not pa.types.is_floating(f.type)]
    text = [name for name in text if not name.endswith("_contributions")]
    return parquet.ParquetWriter(
        where, schema, compression=dict.fromkeys(text, "zstd"), use_dictionary=text
    )
