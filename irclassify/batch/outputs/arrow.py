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

# Rows are kept until there are so many: to write a few costs nearly as much.
_ROWS = 4096


class ArrowFile(Writer):
    """Parquet, or Arrow by its suffix. ``close`` makes the file whole, also when it ends early.

    Examples
    --------
    >>> import irclassify
    >>> from tempfile import TemporaryDirectory
    >>> from irclassify import samples
    >>> from irclassify.batch.files import answer_sources
    >>> from irclassify.results.prediction import Failed
    >>> from irclassify.sources.paths import Source
    >>> path = samples.spectra()[0]
    >>> source = Source(path.name, path.name, data=path.read_bytes())
    >>> spec = irclassify.load().spec
    >>> with TemporaryDirectory() as folder:
    ...     file = ArrowFile(Path(folder) / "answers.parquet", spec)
    ...     for answers in answer_sources([source], spec, workers=1):
    ...         file.write_answers(answers)
    ...     file.write(Failed("b.jdx", "no_data", "the file is empty"))
    ...     file.close()
    ...     print(parquet.read_table(Path(folder) / "answers.parquet")["error"].to_pylist())
    [None, 'no_data']
    """

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
        self._answers: list[Answers] = []  # of files, not yet in columns
        self._batches: list[Any] = []
        self._rows = 0  # of both
        self._stream = open_output(path)
        self._writer: Any = (
            parquet_writer(self._stream, self._schema)
            if path.suffix.lower() == ".parquet"
            else pa.ipc.new_file(self._stream, self._schema)
        )

    def write_block(self, block: Block, table: Table) -> None:
        """Add rows of a table.

        Examples
        --------
        >>> import irclassify
        >>> from tempfile import TemporaryDirectory
        >>> classifier = irclassify.load()
        >>> import numpy as np
        >>> x = np.linspace(400.0, 4000.0, 901)
        >>> rows = np.exp(-(((x - [[1710], [2250]]) / 10) ** 2))
        >>> table = Table("t.npy", x, 2, lambda first, end: rows[first:end])
        >>> block = Block(0, classifier.predict(x, rows))
        >>> with TemporaryDirectory() as folder:
        ...     file = ArrowFile(Path(folder) / "answers.arrow", classifier.spec)
        ...     file.write_block(block, table)
        ...     file.close()
        ...     rows = pa.ipc.open_file(Path(folder) / "answers.arrow").read_all()
        >>> rows["row"].to_pylist()
        [1, 2]
        """
        self._add(batch_of_block(block, table, self._schema))

    def write(self, result: Result) -> None:
        """Add one spectrum."""
        self._add(batch_of_results([result], self._schema))

    def write_answers(self, answers: Answers) -> None:
        """Add the spectra of some files."""
        self._answers.append(answers)
        self._rows += len(answers)
        if self._rows >= _ROWS:
            self._flush()

    def close(self) -> None:
        """Write what is left, and the end of the file."""
        self._flush()
        self._writer.close()
        self._stream.close()

    def _add(self, batch: Any) -> None:
        """Keep a record batch after the answers that came before it."""
        self._put_in_columns()
        self._batches.append(batch)
        self._rows += batch.num_rows
        if self._rows >= _ROWS:
            self._flush()

    def _flush(self) -> None:
        """Write what is kept."""
        self._put_in_columns()
        if self._batches:
            self._writer.write_table(pa.Table.from_batches(self._batches))
        self._batches, self._rows = [], 0

    def _put_in_columns(self) -> None:
        """The answers to files that are kept, as a record batch."""
        if self._answers:
            self._batches.append(batch_of_answers(self._answers, self._schema))
            self._answers = []


def parquet_writer(where: Any, schema: Any) -> Any:
    """Words are stored by dictionary, text is compressed too; numbers stay as they are.

    Examples
    --------
    >>> import io
    >>> stream = io.BytesIO()
    >>> schema = pa.schema({"file": pa.string(), "ketone": pa.float32()})
    >>> with parquet_writer(stream, schema) as writer:
    ...     writer.write_table(pa.table({"file": ["a.jdx"], "ketone": [0.5]}, schema))
    >>> parquet.read_table(stream).to_pylist()
    [{'file': 'a.jdx', 'ketone': 0.5}]
    """
    text = [field.name for field in schema if pa.types.is_string(field.type)]
    calls = [field.name for field in schema if pa.types.is_dictionary(field.type)]
    whole = [field.name for field in schema if pa.types.is_integer(field.type)]
    return parquet.ParquetWriter(
        where,
        schema,
        compression=dict.fromkeys([*text, *whole], "zstd"),
        use_dictionary=[*text, *calls],
    )
