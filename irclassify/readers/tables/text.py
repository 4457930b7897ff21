"""A table as text (.csv, .tsv, .txt): a line of wavenumbers, and a spectrum in each line below.

``wide_rows`` says what such a table may look like. Columns of spectra (wavenumbers downwards) are
read as any text file with several spectra is.
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import BinaryIO, TextIO

import numpy as np

from irclassify.errors import MalformedFileError, TooLargeError
from irclassify.limits import check_points
from irclassify.options import TableOptions
from irclassify.readers.tables.table import Table, Values, told_axis
from irclassify.readers.wide_rows import WideHeader, find_header

_LONGEST_LINE = 16 * 2**20
_SMALL = 2**16  # bytes


def is_matrix(path: Path) -> bool:
    """True when one of the first lines holds wavenumbers, in one direction.

    Examples
    --------
    >>> is_matrix(Path("no_such_table.csv"))
    False
    """
    return _header_of(path) is not None


def headings_of_matrix(path: Path) -> list[str]:
    """The headings of the columns beside the wavenumbers; empty where there is no such table.

    Examples
    --------
    >>> headings_of_matrix(Path("no_such_table.csv"))
    []
    """
    header = _header_of(path)
    return list(header.labels) if header is not None else []


def open_matrix(path: Path, options: TableOptions) -> Table:
    r"""A table, read through from its beginning; its labels are read at once.

    Examples
    --------
    >>> file = getfixture("tmp_path") / "films.csv"
    >>> axis = ",".join(str(cm1) for cm1 in range(400, 4000, 4))
    >>> size = file.write_text(f"name,{axis}\n" + f"film{',0.1' * 900}\n" * 3)
    >>> is_matrix(file), headings_of_matrix(file), open_matrix(file, TableOptions()).count
    (True, ['name'], 3)
    """
    encoding = _encoding(path)
    with path.open(encoding=encoding, errors="replace") as file:
        header = _header(file)
        if header is None:
            raise MalformedFileError("no line of wavenumbers, ascending or descending")
        check_points(header.x.size)
        rows = [header.words(line) for line in _lines(file)]
    labels = dict(zip(header.labels, map(list, zip(*rows, strict=True)), strict=False))
    reader = _Rows(path, encoding, header)
    x = told_axis(options.axis, header.x.size) if options.axis is not None else header.x
    return Table(
        path.name,
        x,
        len(rows),
        reader.read,
        x_words=None if options.axis is not None else header.x_words,
        y_words=header.y_words,
        labels=labels,
    )


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        return _encoding_by(file.read(4))


def _encoding_by(start: bytes) -> str:
    marked = start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return "utf-16" if marked else "utf-8-sig"


def _header_of(path: Path) -> WideHeader | None:
    """The header; a small file, of which there may be very many, is opened and read once."""
    try:
        with path.open("rb") as binary:
            start = binary.read(_SMALL)
            if len(start) < _SMALL:
                return find_header(_as_text(io.BytesIO(start), start))
            binary.seek(0)
            return _header(_as_text(binary, start))
    except OSError:
        return None


def _as_text(binary: BinaryIO, start: bytes) -> TextIO:
    return io.TextIOWrapper(binary, encoding=_encoding_by(start), errors="replace")


def _header(file: TextIO) -> WideHeader | None:
    return find_header(iter(lambda: file.readline(_LONGEST_LINE), ""))


class _Rows:
    """Lines in order; going back starts again."""

    def __init__(self, path: Path, encoding: str, header: WideHeader) -> None:
        self._path, self._encoding, self._header = path, encoding, header
        self._lines: Iterator[str] = iter(())
        self._at = -1

    def read(self, first: int, end: int) -> Values:
        """Rows ``first`` to before ``end``; a line that is no row of numbers is NaN."""
        if self._at < 0 or first < self._at:
            self._lines, self._at = self._opened(), 0
        lines = list(islice(self._lines, first - self._at, end - self._at))
        self._at = end
        return np.stack([self._header.values(line) for line in lines])

    def _opened(self) -> Iterator[str]:
        with self._path.open(encoding=self._encoding, errors="replace") as file:
            for _ in range(self._header.line):
                file.readline()
            yield from _lines(file)


def _lines(file: TextIO) -> Iterator[str]:
    """The lines that are left, blank ones left out. Raises TooLargeError for one without an end."""
    while line := file.readline(_LONGEST_LINE):
        if len(line) == _LONGEST_LINE and not line.endswith("\n"):
            raise TooLargeError(f"a line of more than {_LONGEST_LINE} characters")
        if line.strip():
            yield line
