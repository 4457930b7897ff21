"""Two columns of numbers in text: CSV, TSV, semicolons with decimal commas, .dpt, JASCO exports.

The header is whatever stands above the numbers; ``NAME,value`` or ``##NAME=value`` lines in it
are kept, and the words for the two columns are looked for there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from irclassify.errors import (
    MalformedFileError,
    NoDataError,
    UnfitSpectrumError,
    UnknownFormatError,
)
from irclassify.readers.encoding import decode
from irclassify.readers.limits import MAX_TEXT_BYTES, check_bytes, check_points
from irclassify.spectrum import Measurement

Floats = NDArray[np.float64]

_MAX_HEADER_LINES = 500
_NUMBER = r"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d+)?"
_CELL = rf'"?\s*(?:{_NUMBER}|nan|NaN|NAN)\s*"?'
_ROW = re.compile(rf"\s*{_CELL}(?:(?:\s*[;,\t|]\s*|\s+){_CELL})*[\s;,]*")


@dataclass(frozen=True)
class Dialect:
    """What parts the cells of a row (None: white space) and what marks decimals."""

    separator: str | None
    decimal: str

    def cells(self, row: str) -> list[str]:
        """The row's cells, unquoted; an empty cell at the end is dropped."""
        cells = [c.strip().strip('"').strip() for c in row.strip().split(self.separator)]
        while cells and not cells[-1]:
            cells.pop()
        return cells


@dataclass
class Header:
    """What the lines above the numbers say."""

    values: dict[str, str] = field(default_factory=dict)
    columns: list[str] = field(default_factory=list)


def read(text: bytes) -> list[Measurement]:
    """The spectrum of a two-column text, one Measurement. ``text`` has passed ``normalise``.

    Raises UnknownFormatError without numbers, MalformedFileError for damaged rows.
    """
    check_bytes(text, MAX_TEXT_BYTES)
    lines = decode(text).split("\n")
    start = _first_row(lines)
    header = _read_header(lines[:start])
    rows, dialect = _rows(lines, start)
    x, y = _columns(rows, dialect, start)
    return [measurement(x, y, header)]


def measurement(x: Floats, y: Floats, header: Header) -> Measurement:
    """Columns and header as a Measurement: units from header values, else from column names."""
    known = header.values
    column = [*header.columns, "", ""]
    return Measurement(
        x=x,
        y=y,
        format="text",
        x_unit=known.get("XUNITS") or _unit_in(column[0]),
        y_unit=known.get("YUNITS") or _unit_in(column[1]),
        data_type=known.get("DATA TYPE") or known.get("DATATYPE") or _kind_in(header),
        title=known.get("TITLE", ""),
        state=known.get("STATE") or None,
        header=known,
    )


def _first_row(lines: list[str]) -> int:
    """Index of the first of two neighbouring rows of two or more numbers."""
    for i, (a, b) in enumerate(pairwise(lines[: _MAX_HEADER_LINES + 2])):
        if _is_row(a) and _is_row(b):
            return i
    raise UnknownFormatError("no spectrum found: neither a known format nor two columns of numbers")


def _is_row(line: str) -> bool:
    return len(line) < 1000 and bool(_ROW.fullmatch(line)) and len(re.findall(_NUMBER, line)) > 1


def _rows(lines: list[str], start: int) -> tuple[list[str], Dialect]:
    """The rows of numbers from ``start`` on, and how to split them."""
    end = start
    dialect = _dialect(lines[start : start + 20])
    while end < len(lines) and (not lines[end].strip() or _starts_like_number(lines[end])):
        end += 1
    _check_rest(lines, end)
    return lines[start:end], dialect


def _starts_like_number(line: str) -> bool:
    return line.lstrip(' \t"')[:1] in set("+-.0123456789")


def _check_rest(lines: list[str], end: int) -> None:
    """A footer may follow the numbers, but no more numbers: then a line among them is damaged."""
    rest = lines[end : end + 3]
    if len(rest) > 1 and any(_is_row(line) for line in rest[1:]):
        raise MalformedFileError(
            f"{rest[0].strip()[:30]!r} between rows of numbers; repair or export again",
            line=end + 1,
        )


def _dialect(rows: list[str]) -> Dialect:
    """Separator and decimal mark by the first rows."""
    text = "\n".join(rows)
    for mark in ";\t|":
        if mark in text:
            return Dialect(mark, "," if "," in text and "." not in text else ".")
    if "," not in text:
        return Dialect(None, ".")
    if re.search(r"\d,\d*\s+[+-]?\d", text) and "." not in text:
        return Dialect(None, ",")
    if any(row.count(",") > 2 and "." not in row for row in rows):
        raise MalformedFileError(
            "commas both between and inside numbers: export with semicolons or tabs"
        )
    return Dialect(",", ".")


def _columns(rows: list[str], dialect: Dialect, start: int) -> tuple[Floats, Floats]:
    """The two columns as float64 arrays of equal length."""
    check_points(len(rows))
    xs, ys = [], []
    for i, row in enumerate(rows):
        cells = dialect.cells(row)
        if not cells:
            continue
        if len(cells) != 2:
            raise _not_two(len(cells), start + i + 1)
        try:
            if dialect.decimal == ",":
                cells = [c.replace(",", ".") for c in cells]
            xs.append(float(cells[0]))
            ys.append(float(cells[1]))
        except ValueError:
            raise MalformedFileError(
                f"{row.strip()[:40]!r} is not two numbers", line=start + i + 1
            ) from None
    if not xs:
        raise NoDataError("no rows of numbers")
    return np.array(xs), np.array(ys)


def _not_two(count: int, line: int) -> UnfitSpectrumError | MalformedFileError:
    if count > 2:
        return UnfitSpectrumError(
            f"{count} columns: which one is the spectrum? Keep wavenumber and one column",
            line=line,
        )
    return MalformedFileError("one number where two are due", line=line)


def _read_header(lines: list[str]) -> Header:
    header = Header()
    for line in lines:
        text = line.strip().lstrip("#").strip()
        for mark in ("=", "\t", ",", ";", ":"):
            name, found, value = text.partition(mark)
            if found:
                header.values.setdefault(name.strip().strip('"').upper(), value.strip().strip('"'))
                break
    if lines:
        header.columns = [
            c.strip().strip('"') for c in re.split(r"[;,\t]|\s{2,}", lines[-1].strip()) if c.strip()
        ]
        if len(header.columns) != 2:
            header.columns = lines[-1].strip().lstrip("#").split(None, 1)
    return header


_UNIT_WORD = re.compile(
    r"cm\^?\(?[-\u2212]1|1/cm|cm\u207b\u00b9|wave ?number|wave ?length|\bnm\b"
    r"|micro|[\u00b5\u03bc]m|\bum\b|raman|abs|trans|%\s?[TR]|refl|kubelka|\bA\b|\bT\b|intensity|counts|single",
    re.IGNORECASE,
)


def _unit_in(name: str) -> str | None:
    """A column's name, when it says something of units; 'x' and 'y' say nothing."""
    if re.fullmatch(r"\W*wave ?length\W*", name, re.IGNORECASE):
        return None
    return name if _UNIT_WORD.search(name) else None


def _kind_in(header: Header) -> str | None:
    words = " ".join([*header.columns, *header.values])
    return "RAMAN" if re.search("raman", words, re.IGNORECASE) else None
