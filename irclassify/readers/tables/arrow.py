"""Parquet and Arrow (Feather, IPC): one row a spectrum.

Either a column per wavenumber, its name a number, or one column of lists. The axis of the lists is
the schema's metadata ``wavenumber_cm1`` (a JSON list), or a second column of lists of that name,
the same in every row. Metadata ``y_unit`` states the unit of the values. Needs pyarrow.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from irclassify.errors import MalformedFileError, UsageError
from irclassify.limits import check_points
from irclassify.options import TableOptions
from irclassify.readers.tables.table import (
    AXIS_NAMES,
    SPECTRA_NAMES,
    Table,
    Values,
    as_axis,
    no_axis,
    rows_at_once,
    told_axis,
)
from irclassify.spectra.order import MIN_POINTS

# Rows that are rather read over than sought.
_FAR = 10_000


def open_arrow(path: Path, options: TableOptions) -> Table:
    """A Parquet or Arrow file; record batches are read one after the other.

    Examples
    --------
    >>> file = getfixture("tmp_path") / "film.parquet"
    >>> columns = {str(cm1): [0.1, 0.2] for cm1 in range(400, 4000, 4)}
    >>> parquet.write_table(pa.table(columns), file)
    >>> table = open_arrow(file, TableOptions())
    >>> table.count, table.x[:2].tolist()
    (2, [400.0, 404.0])
    """
    file = _parquet(path) if path.suffix.lower() == ".parquet" else _ipc(path)
    numeric = [name for name in file.schema.names if _is_number(name)]
    if len(numeric) >= MIN_POINTS and options.dataset is None:
        x = np.array([float(name) for name in numeric])
        x = told_axis(options.axis, x.size) if options.axis else x
        check_points(len(numeric))
        reader = _Rows(file, numeric, _from_columns, x.size)
        return Table(path.name, x, file.count, reader.read, y_words=_said(file.schema, "y_unit"))
    column = options.dataset or _list_column(file.schema)
    first = next(file.batches([column], 0, 16)[1], None)
    if first is None or first.num_rows == 0:
        raise MalformedFileError("it holds no rows")
    lengths = np.diff(_offsets(first.column(0)))
    points = int(lengths.max())
    x, words = _axis(file, options, points)
    check_points(points)
    reader = _Rows(file, [column], lambda batch: _from_lists(batch.column(0), points), points)
    y_words = _said(file.schema, "y_unit")
    return Table(path.name, x, file.count, reader.read, words, y_words)


class _File:
    """What Parquet and IPC files have in common: a schema, a count, batches of some columns.

    ``batches(columns, first, rows)``: batches of at most so many rows (IPC: as the file has them)
    that hold row ``first`` and those after it, and the number of the first row of the first.
    """

    def __init__(self, schema: Any, count: int, batches: Any) -> None:
        self.schema, self.count, self.batches = schema, count, batches


def _parquet(path: Path) -> _File:
    # Buffered and not read ahead, so that not whole row groups lie in memory.
    file = parquet.ParquetFile(path, buffer_size=2**20, pre_buffer=False)

    groups = [file.metadata.row_group(i).num_rows for i in range(file.metadata.num_row_groups)]
    starts = np.cumsum([0, *groups])

    def batches(columns: list[str], first: int, rows: int = 1) -> tuple[int, Iterator[Any]]:
        again = parquet.ParquetFile(path, buffer_size=2**20, pre_buffer=False)
        at = int(np.searchsorted(starts, first, "right")) - 1
        wanted = range(at, len(groups))
        found = again.iter_batches(rows, row_groups=wanted, columns=columns)
        return int(starts[at]), map(_checked, found)

    return _File(file.schema_arrow, file.metadata.num_rows, batches)


def _ipc(path: Path) -> _File:
    def opened() -> Any:
        return pa.ipc.open_file(pa.memory_map(str(path)))

    file = opened()
    starts = np.cumsum([0, *(file.get_batch(i).num_rows for i in range(file.num_record_batches))])

    def batches(columns: list[str], first: int, _rows: int = 1) -> tuple[int, Iterator[Any]]:
        again = opened()
        at = int(np.searchsorted(starts, first, "right")) - 1
        wanted = range(at, again.num_record_batches)
        return int(starts[at]), (_checked(again.get_batch(i).select(columns)) for i in wanted)

    return _File(file.schema, int(starts[-1]), batches)


def _checked(batch: Any) -> Any:
    """A batch whose offsets and lengths lie inside its buffers.

    pyarrow believes them, and a damaged one ends the whole process instead of raising.
    """
    batch.validate(full=True)
    return batch


class _Rows:
    """Rows in order out of record batches of any size; going back or far ahead opens it anew."""

    def __init__(self, file: _File, columns: list[str], values: Any, points: int) -> None:
        self._at_once = min(rows_at_once(points), 2048)
        self._file, self._columns, self._values = file, columns, values
        self._batches: Iterator[Any] = iter(())
        self._rest: Any = None
        self._at = -1

    def read(self, first: int, end: int) -> Values:
        """Rows ``first`` to before ``end``."""
        if self._at < 0 or first < self._at or first > self._at + _FAR:
            self._at, self._batches = self._file.batches(self._columns, first, self._at_once)
            self._rest = None
        self._take(first - self._at, keep=False)
        pieces = self._take(end - first, keep=True)
        return np.concatenate(pieces) if len(pieces) > 1 else pieces[0]

    def _take(self, count: int, *, keep: bool) -> list[Values]:
        pieces = []
        while count:
            if self._rest is None or self._rest.num_rows == 0:
                self._rest = next(self._batches, None)
                if self._rest is None:
                    raise MalformedFileError("it holds fewer rows than it states")
            part = self._rest.slice(0, count)
            if keep and part.num_rows:
                pieces.append(self._values(part))
            self._rest = self._rest.slice(part.num_rows)
            self._at += part.num_rows
            count -= part.num_rows
        return pieces


def _from_columns(batch: Any) -> Values:
    """A column per wavenumber -> (m, p); nulls are NaN."""
    columns = [_floats(column) for column in batch.columns]
    return np.stack(columns, axis=1)


def _from_lists(column: Any, points: int) -> Values:
    """A column of lists -> (m, p); a null, or a list of another length, is a row of NaN."""
    lengths = np.diff(_offsets(column))
    values = _floats(column.flatten())
    if (lengths == points).all() and column.null_count == 0:
        return values.reshape(-1, points)
    whole = np.full((len(column), points), np.nan, values.dtype)
    for row, item in enumerate(column):
        if item.is_valid and len(item) == points:
            whole[row] = _floats(item.values)
    return whole


def _floats(array: Any) -> Values:
    values: Values = array.to_numpy(zero_copy_only=False)
    if values.dtype.kind in "mM":
        raise MalformedFileError(f"it holds {array.type}, not numbers")
    return values if values.dtype.kind == "f" else values.astype(np.float64)


def _offsets(column: Any) -> Any:
    if pa.types.is_fixed_size_list(column.type):
        return np.arange(len(column) + 1) * column.type.list_size
    return column.offsets.to_numpy()


def _list_column(schema: Any) -> str:
    def of_numbers(kind: Any) -> bool:
        lists = pa.types.is_list(kind) or pa.types.is_large_list(kind)
        lists = lists or pa.types.is_fixed_size_list(kind)
        if not lists:
            return False
        return bool(pa.types.is_floating(kind.value_type) or pa.types.is_integer(kind.value_type))

    found = [f.name for f in schema if of_numbers(f.type) and f.name not in AXIS_NAMES]
    named = [name for name in SPECTRA_NAMES if name in found]
    if len(found) != 1 and not named:
        what = f"several columns of lists ({', '.join(found)})" if found else "no column of lists"
        raise UsageError(
            f"{what} and fewer than {MIN_POINTS} columns named by a wavenumber: say --dataset NAME"
        )
    return named[0] if named else found[0]


def _axis(file: _File, options: TableOptions, points: int) -> tuple[Any, str | None]:
    """The axis of lists, and the word for its unit."""
    if options.axis is not None:
        return told_axis(options.axis, points), None
    for name in AXIS_NAMES:
        if (text := _said(file.schema, name)) is not None:
            x = np.asarray(json.loads(text))
        elif name in file.schema.names:
            x = _shared(file, name)
        else:
            continue
        return as_axis(x, points, name), name
    raise no_axis(f"neither metadata nor a column {AXIS_NAMES[0]!r}")


def _shared(file: _File, name: str) -> Any:
    """An axis given in every row, which must be the same one."""
    x: Values = np.zeros(0)
    for batch in file.batches([name], 0)[1]:
        for row in batch.column(0):
            values = _floats(row.values)
            x = x if x.size else values
            if not np.array_equal(values, x):
                raise MalformedFileError(
                    f"the rows differ in {name!r}: one axis for all of them is needed"
                )
    return x


def _said(schema: Any, key: str) -> str | None:
    found = (schema.metadata or {}).get(key.encode())
    return None if found is None else str(found.decode("utf-8", "replace"))


def _is_number(name: str) -> bool:
    try:
        return bool(np.isfinite(float(name)))
    except ValueError:
        return False
