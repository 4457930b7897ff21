"""Columns of numbers in text: CSV, TSV, semicolons with decimal commas, .dpt, JASCO exports.

The header is whatever stands above the numbers: ``NAME,value`` or ``##NAME=value`` lines are
kept, and the words for the columns are looked for in the line above the numbers. The first column
is X. Two columns are one spectrum; more are one each, if their names say so.
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
from irclassify.limits import (
    MAX_TEXT_BYTES,
    check_bytes,
    check_points,
    check_spectra,
    check_total,
)
from irclassify.readers import fast_floats
from irclassify.readers.encoding import decode
from irclassify.spectra.spectrum import Measurement

Floats = NDArray[np.float64]

_MAX_HEADER_LINES = 500
_NUMBER = r"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d+)?"
_ROW = re.compile(
    rf'\s*"?{_NUMBER}"?(?:(?:\s*[;,\t|]\s*|\s+)"?(?:{_NUMBER}|nan|NaN|NAN)"?)+[\s;,|]*'
)
_NOT_A_ROW = re.compile(rb'^(?![ \t"]*[-+.,\d])[ \t]*\S', re.MULTILINE)
_JASCO_DATA = re.compile(rb"^XYDATA[ \t,;]*$", re.MULTILINE)


@dataclass(frozen=True)
class Dialect:
    """What parts the numbers of a row (b' ': white space) and what marks their decimals."""

    separator: bytes
    decimal: bytes

    def plain(self, text: bytes) -> bytes:
        """``text`` with white space between numbers and points in them, line by line."""
        text = text.replace(b'"', b"")
        if self.separator != b" ":
            text = text.replace(self.separator, b" ")
        return text.replace(b",", b".") if self.decimal == b"," else text


@dataclass
class Header:
    """What the lines above the numbers say: ``NAME=value`` lines, and the last line by columns.

    ``lines`` are all of them, the last first.
    """

    values: dict[str, str] = field(default_factory=dict)
    columns: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def unit(self, word: re.Pattern[str], column: int | None) -> str | None:
        """The words that say the unit of a column (None: of no named one), None without any.

        Looked for in the column's name, in the names two lines above (the unit may stand below
        the quantity), then in lines that hold nothing but a unit (PerkinElmer's ASCII files).
        """
        places = [_cells(line) for line in self.lines[:3]]
        named = [c[column] for c in places if column is not None and len(c) == len(self.columns)]
        whole = self.lines[:1] if column is None else []
        for text in [*named, *whole]:
            if word.search(text):
                return text
        return next((line for line in self.lines if word.fullmatch(line)), None)


def has_rows(text: bytes) -> bool:
    """True when ``text`` has two neighbouring rows of two or more numbers near its start."""
    return _first_row(text) is not None


def read(text: bytes) -> list[Measurement]:
    """The spectra of a text of numbers; ``text`` has passed ``encoding.normalise``.

    Raises UnknownFormatError without rows of numbers, MalformedFileError for damaged rows,
    UnfitSpectrumError for columns that nothing names.
    """
    check_bytes(text, MAX_TEXT_BYTES)
    jasco = _JASCO_DATA.search(text[:65536])
    start = jasco.end() + 1 if jasco else _first_row(text)
    if start is None:
        raise UnknownFormatError("no spectrum found: neither a known format nor columns of numbers")
    _check_line_above(text, start)
    header = _read_header(decode(text[:start]), ended_by_label=bool(jasco))
    line = text.count(b"\n", 0, start) + 1
    table = _table(text, start, line)
    _check_count(header, len(table))
    return _measurements(table, header, "JASCO text" if jasco else "text")


def _first_row(text: bytes) -> int | None:
    """Where the first of two neighbouring rows of two or more numbers starts."""
    lines = text[: 2**20].split(b"\n", _MAX_HEADER_LINES)[:_MAX_HEADER_LINES]
    at = 0
    rows = [len(line) < 100_000 and bool(_ROW.fullmatch(decode(line))) for line in lines]
    for i, (this, following) in enumerate(pairwise(rows)):
        if this and following:
            return at
        at += len(lines[i]) + 1
    return None


_HALF_A_ROW = re.compile(rf'\s*"?{_NUMBER}"?\s*[;,\t|]\s*')


def _check_line_above(text: bytes, start: int) -> None:
    """Refuse a first row that lacks its second number: it must not pass for a header."""
    above = decode(text[max(0, start - 200) : start]).rstrip("\n").rpartition("\n")[2]
    if _HALF_A_ROW.fullmatch(above):
        line = text.count(b"\n", 0, start)
        raise MalformedFileError("one number where two are due", line=line)


def _table(text: bytes, start: int, line: int) -> Floats:
    """The numbers from ``start`` on, shape (rows, columns); a footer may follow them."""
    end = _NOT_A_ROW.search(text, start)
    body = text[start : end.start()] if end else text[start:]
    if end:
        _check_rest(text, end.start(), line + body.count(b"\n"))
    dialect = _dialect(body[:2000].split(b"\n")[:20], line)
    plain = dialect.plain(body)
    rows = fast_floats.read_table(plain, line)
    if not rows.value.size:
        raise NoDataError("a header without numbers; export the spectrum again")
    per_line = rows.per_line
    columns = int(per_line[0])
    check_points(per_line.size)
    uneven = per_line != columns
    if uneven.any() or columns < 2:
        at = int(np.argmax(uneven))
        raise MalformedFileError(
            f"{per_line[at]} numbers where {max(columns, 2)} are due",
            line=line + int(rows.line[at]),
        )
    if dialect.separator != b" " and re.search(
        rb"%b[ \t]*%b[ \t]*\S" % (re.escape(dialect.separator), re.escape(dialect.separator)), body
    ):
        raise MalformedFileError("empty cells between the numbers; fill or remove them", line=line)
    return rows.value.reshape(-1, columns)


def _check_rest(text: bytes, end: int, line: int) -> None:
    """A footer may follow the numbers, but no more numbers: then a row among them is damaged."""
    rest = decode(text[end : end + 2000]).split("\n")[:4]
    if any(_ROW.fullmatch(row) for row in rest[1:]):
        raise MalformedFileError(
            f"{rest[0].strip()[:30]!r} between rows of numbers; repair or export again", line=line
        )


def _dialect(rows: list[bytes], line: int) -> Dialect:
    """Separator and decimal mark by the first rows."""
    text = b"\n".join(rows)
    for mark in (b";", b"\t", b"|"):
        if mark in text:
            return Dialect(mark, b"," if b"," in text and b"." not in text else b".")
    if b"," not in text:
        return Dialect(b" ", b".")
    if b"." not in text and re.search(rb"\d,\d+[ ]+[+-]?\d", text):
        return Dialect(b" ", b",")
    if b"." not in text and any(row.count(b",") > 2 for row in rows):
        raise MalformedFileError(
            "commas may part the numbers or their decimals: export with semicolons or tabs",
            line=line,
        )
    return Dialect(b",", b".")


def _check_count(header: Header, found: int) -> None:
    stated = header.values.get("NPOINTS", "")
    if stated.isdigit() and int(stated) != found:
        raise MalformedFileError(
            f"NPOINTS is {stated} but {found} rows follow: the file is cut off or damaged"
        )


def _measurements(table: Floats, header: Header, name: str) -> list[Measurement]:
    """One Measurement for each column after the first."""
    columns = table.shape[1] - 1
    check_spectra(columns)
    check_total(table.size)
    named = len(header.columns) == columns + 1
    if columns > 1 and not (named and _X_WORD.search(header.columns[0])):
        raise UnfitSpectrumError(
            f"{columns + 1} columns and no names above them: keep wavenumber and one spectrum, or "
            "name the columns in one line above (the first such as 'cm-1')"
        )
    known = header.values
    x_unit = known.get("XUNITS") or header.unit(_X_WORD, 0 if named else None)
    return [
        Measurement(
            x=table[:, 0].copy(),
            y=table[:, 1 + i].copy(),
            format=name,
            x_unit=x_unit,
            y_unit=known.get("YUNITS") or header.unit(_Y_WORD, 1 + i if named else None),
            data_type=known.get("DATA TYPE") or known.get("DATATYPE") or _kind(header),
            title=known.get("TITLE", "") if columns == 1 else header.columns[1 + i],
            state=known.get("STATE") or None,
            header=known,
        )
        for i in range(columns)
    ]


def _read_header(text: str, ended_by_label: bool) -> Header:
    """Names with values, and the names of the columns, from the lines above the numbers."""
    header = Header()
    lines = [line.strip().lstrip("#").strip() for line in text.split("\n") if line.strip(" #\t\n")]
    for line in lines:
        name, found, value = _split_label(line)
        if found:
            header.values.setdefault(name.strip().strip('"').upper(), value.strip().strip('"'))
    if lines and not ended_by_label:
        header.lines = lines[::-1]
        cells = _cells(lines[-1])
        header.columns = cells if len(cells) > 1 else []
    return header


def _cells(line: str) -> list[str]:
    """The cells of a header line by the first separator it has."""
    for pattern in (r"[;\t|]", r",", r"\s{2,}"):
        cells = [c.strip().strip('"').strip() for c in re.split(pattern, line.rstrip(",; \t"))]
        if len(cells) > 1:
            return cells
    return [line]


def _split_label(line: str) -> tuple[str, str, str]:
    """``line`` parted at its first '=', tab, comma, semicolon or colon."""
    mark = re.search(r"[=\t,;:]", line)
    return (line[: mark.start()], mark.group(), line[mark.end() :]) if mark else (line, "", "")


_X_WORD = re.compile(
    r"cm\s*\^?\s*\(?\s*[-\u2212\u2013]\s*1|1/cm|cm\u207b\u00b9|wave ?number"
    r"|\bnm\b|nanomet|micro|[\u00b5\u03bc]m|\bum\b|raman",
    re.IGNORECASE,
)
_Y_WORD = re.compile(
    r"abs|trans|%\s?[TR]|refl|kubelka|\bK-?M\b|^\W*A\W*$|^\W*T\W*$|intensity|counts|single|interfero|log",
    re.IGNORECASE,
)


def _kind(header: Header) -> str | None:
    words = " ".join([*header.lines[:3], *header.values])
    return "RAMAN" if re.search("raman", words, re.IGNORECASE) else None
