"""A matrix as text (.csv, .tsv, .txt): the first row holds the wavenumbers, each other a spectrum.

The first column may name the spectra. Columns of spectra (wavenumbers downwards) are read as any
text file with several spectra is.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from irclassify.errors import MalformedFileError
from irclassify.options import TableOptions
from irclassify.readers.tables.table import Table, Values, told_axis
from irclassify.spectra.units import MIN_POINTS

_LONGEST_LINE = 4 * 2**20
_SEPARATORS = ",;\t"


def is_matrix(path: Path) -> bool:
    """True when the first row is an axis: at least MIN_POINTS numbers, in one direction."""
    try:
        with path.open("rb") as file:
            line = file.readline(_LONGEST_LINE)
    except OSError:
        return False
    if line.count(b",") + line.count(b";") + line.count(b"\t") + 1 < MIN_POINTS:
        return False
    try:
        _header(line.decode("utf-8-sig", "replace"))
    except MalformedFileError:
        return False
    return True


def open_matrix(path: Path, options: TableOptions) -> Table:
    """A matrix, read through from its beginning."""
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        x, separator, skipped = _header(file.readline())
        count = sum(1 for line in file if line.strip())
    reader = _Rows(path, separator, skipped, x.size)
    if options.axis is not None:
        return Table(path.name, told_axis(options.axis, x.size), count, reader.read)
    return Table(path.name, x, count, reader.read)


def _header(line: str) -> tuple[NDArray[np.float64], str, int]:
    """The axis, what separates its cells, and how many columns stand before it (0 or 1)."""
    separator = max(_SEPARATORS, key=line.count)
    cells = [cell.strip().strip('"') for cell in line.rstrip("\r\n").split(separator)]
    skipped = int(not _is_number(cells[0], separator))
    values = [_number(cell, separator) for cell in cells[skipped:]]
    step = np.diff(values)
    if len(values) < MIN_POINTS or not ((step > 0).all() or (step < 0).all()):
        raise MalformedFileError("the first row holds no wavenumbers, ascending or descending")
    return np.array(values), separator, skipped


class _Rows:
    """Lines in order; going back starts again."""

    def __init__(self, path: Path, separator: str, skipped: int, points: int) -> None:
        self._path, self._separator, self._skipped = path, separator, skipped
        self._points = points
        self._lines: Iterator[str] = iter(())
        self._at = -1

    def read(self, first: int, end: int) -> Values:
        """Rows ``first`` to before ``end``; a line that is no row of numbers is NaN."""
        if self._at < 0 or first < self._at:
            self._lines, self._at = self._opened(), 0
        lines = list(islice(self._lines, first - self._at, end - self._at))
        self._at = end
        return np.stack([self._row(line) for line in lines])

    def _opened(self) -> Iterator[str]:
        with self._path.open(encoding="utf-8-sig", errors="replace") as file:
            file.readline()
            yield from (line for line in file if line.strip())

    def _row(self, line: str) -> NDArray[np.float64]:
        cells = line.rstrip("\r\n").split(self._separator)[self._skipped :]
        if self._separator == ";":
            cells = [cell.replace(",", ".") for cell in cells]
        try:
            values = np.array([cell.strip().strip('"') or "nan" for cell in cells], np.float64)
        except ValueError:
            values = np.empty(0)
        return values if values.size == self._points else np.full(self._points, np.nan)


def _number(cell: str, separator: str) -> float:
    try:
        return float(cell.replace(",", ".") if separator == ";" else cell)
    except ValueError:
        return float("nan")


def _is_number(cell: str, separator: str) -> bool:
    return bool(np.isfinite(_number(cell, separator)))
