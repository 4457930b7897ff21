"""The rows that an earlier run wrote into a file of results, one after the other.

A line takes a few microseconds, whatever it holds: of a line in the form that ``predict`` writes,
only what says its file and its outcome is taken apart. Any other line is parsed as a whole.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, cast

from irclassify.errors import UsageError
from irclassify.reports.excel import MARK
from irclassify.results.prediction import OUTSIDE
from irclassify.text import printable

ANEW = "leave out --resume to start again"
DAMAGE = (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError, csv.Error)
Cells = dict[str, Any]

_READ_AHEAD = 2**18  # bytes: lines come twice as fast as with the usual 8 KiB

# How a line of jsonl begins, and what it says of the domain. No text of a value holds either: in a
# string, JSON has a backslash before a quotation mark.
_BEGINS = b'{"file": "'
_HEAD = re.compile(
    rb'\{"file": "([^"\\]*)", "ok": (?:true, "model": "([^"\\]*)"|false, "error": \{)'
)
_DOMAIN = b'"domain": '
_OUTSIDE = b'{"verdict": "%b"' % OUTSIDE.encode()

_ASKED = ("file", "ok", "domain", "model")  # the cells of a row that count here


class EarlierRow(NamedTuple):
    """A row of results: its file, what the summary counts, where its line begins and ends.

    ``made_by``: the model, where the row says it.
    """

    file: str
    ok: bool
    outside: bool
    made_by: str | None = None
    begin: int = 0
    end: int = 0


def header_of(file: Path, form: str) -> bytes:
    """The first line of csv and tsv if it is whole, else nothing.

    Examples
    --------
    >>> header_of(Path("answers.jsonl"), "jsonl")
    b''
    """
    if form == "jsonl":
        return b""
    with file.open("rb") as stream:
        header = stream.readline()
    return header if header.endswith(b"\n") else b""


def earlier_rows(file: Path, form: str, header: bytes, model: str) -> Iterator[EarlierRow]:
    """The rows of a file of results; a half-written last line is none.

    Raises UsageError for a line that is not a row, and for a row of another ``model``.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "answers.csv"
    ...     count = file.write_bytes(b"file,ok,domain\\na.jdx,true,outside\\nb.jd")
    ...     (row,) = earlier_rows(file, "csv", b"file,ok,domain\\n", "default@2.0.0")
    >>> row.file, row.ok, row.outside
    ('a.jdx', True, True)
    """
    row_of = _row_of_json if form == "jsonl" else _row_of_cells(form, header)
    end = len(header)
    with file.open("rb", buffering=_READ_AHEAD) as stream:
        stream.seek(end)
        for line in stream:
            if not line.endswith(b"\n"):
                return
            begin, end = end, end + len(line)
            try:
                row = row_of(line)
            except DAMAGE:
                shown = printable(line[:40].decode("utf-8", "replace"))
                raise UsageError(
                    f"--resume: {file} holds a line that is not a row of results ({shown}); {ANEW}"
                ) from None
            if row.made_by not in (None, model):
                raise UsageError(
                    f"--resume: {file} was made by {row.made_by}, not by {model}; {ANEW}"
                )
            yield row._replace(begin=begin, end=end)


def parser(form: str, header: bytes) -> Callable[[str], Cells]:
    """What reads all of a line of a form. It raises one of DAMAGE.

    Examples
    --------
    >>> parser("csv", b"file,ok\\n")("a.jdx,true\\n")
    {'file': 'a.jdx', 'ok': 'true'}
    """
    if form == "jsonl":
        return cast(Callable[[str], Cells], json.loads)
    names = _columns(form, header)
    return lambda line: dict(zip(names, _split(form, line), strict=True))


def _columns(form: str, header: bytes) -> list[str]:
    return _split(form, header.decode("utf-8", "replace").removeprefix(MARK)) if header else []


def _split(form: str, line: str) -> list[str]:
    (cells,) = csv.reader([line], delimiter=_DELIMITERS[form])
    return cells


_DELIMITERS = {"csv": ",", "tsv": "\t"}


def _row_of_json(line: bytes) -> EarlierRow:
    """A row of jsonl. A line that was cut and goes on with another is parsed, and is no row."""
    head = _HEAD.match(line)
    if not head or not line.endswith(b"}\n") or b"\0" in line or line.rfind(_BEGINS):
        return _row(json.loads(line.decode()))
    name, model = head.groups()
    if model is None:
        return EarlierRow(name.decode(), ok=False, outside=False)
    domain = line.find(_DOMAIN, head.end()) + len(_DOMAIN)
    outside = line.startswith(_OUTSIDE, domain)
    return EarlierRow(name.decode(), ok=True, outside=outside, made_by=model.decode())


def _row_of_cells(form: str, header: bytes) -> Callable[[bytes], EarlierRow]:
    """What reads a row of csv or tsv; a line without quotation marks is merely split."""
    columns, delimiter, cells_of = _columns(form, header), _DELIMITERS[form], parser(form, header)
    asked = [(name, at) for at, name in enumerate(columns) if name in _ASKED]

    def row_of(line: bytes) -> EarlierRow:
        text = line.decode()
        plain = text.removesuffix("\n").removesuffix("\r")
        if "\0" in text:
            raise ValueError
        if '"' in text or "\r" in plain:
            return _row(cells_of(text))
        cells = plain.split(delimiter)
        if len(cells) != len(columns):
            raise ValueError
        return _row({name: cells[at] for name, at in asked})

    return row_of


def _row(cells: Cells) -> EarlierRow:
    """What the cells of a row say."""
    file, ok, domain = cells["file"], cells["ok"], cells.get("domain")
    ok = {"true": True, "false": False}.get(ok, ok)
    if not isinstance(file, str) or not isinstance(ok, bool):
        raise TypeError
    verdict = domain.get("verdict") if isinstance(domain, dict) else domain
    return EarlierRow(file, ok, verdict == OUTSIDE, cells.get("model"))
