"""A JCAMP-DX file as blocks of labelled data records, before any number is read.

Source: McDonald and Wilks, Appl. Spectrosc. 42 (1988) 151 (JCAMP-DX 4.24), sections 3 and 4;
compound files: Lampen et al., Appl. Spectrosc. 47 (1993) 1093 (JCAMP-CS/DX 5).
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from irclassify.errors import TooLargeError
from irclassify.readers.encoding import decode

_MAX_RECORDS = 100_000
_LONGEST_LABEL, _LONGEST_FORM = 98, 400
_LINE_FEED = ord("\n")
_DOTS = re.compile(r"\.{3,}|\u2026")  # some writers give three dots: (X++(Y...Y))
# Forms that some writers give without their brackets, or in words of their own.
_FORMS = {
    "X++(Y..Y)": "(X++(Y..Y))",
    "XY..XY": "(XY..XY)",
    "(X,Y)": "(XY..XY)",
    "(XY)": "(XY..XY)",
    "(X,Y..X,Y)": "(XY..XY)",
}
_FORTRAN_EXPONENT = re.compile(r"(?<=[\d.])[dD](?=[-+]?\d)")
PEAKS = ("PEAKTABLE", "PEAKASSIGNMENTS", "ASSIGNMENTS")
_TABLES = frozenset(
    {"XYDATA", "XYPOINTS", "PEAKTABLE", "PEAKASSIGNMENTS", "DATATABLE", "RADATA", "ASSIGNMENTS"}
)


class Table(NamedTuple):
    """A data table: label, form such as (X++(Y..Y)), bytes, their first line, NTUPLES page."""

    label: str
    form: str
    body: bytes
    line: int
    page: str = ""


class Overlaid(Mapping[str, str]):
    """Values with some replaced or, where the new one is None, left out."""

    def __init__(self, below: Mapping[str, str], changed: dict[str, str | None]) -> None:
        self._below, self._changed = below, changed

    def __getitem__(self, label: str) -> str:
        value = self._changed[label] if label in self._changed else self._below[label]
        if value is None:
            raise KeyError(label)
        return value

    def __contains__(self, label: object) -> bool:
        if label in self._changed:
            return self._changed[str(label)] is not None
        return label in self._below

    def __iter__(self) -> Iterator[str]:
        return (label for label in {**dict.fromkeys(self._below), **self._changed} if label in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class Values(Mapping[str, str]):
    """Values by label, as they stand in the file until one is asked for: most never are.

    Examples
    --------
    >>> values = Values({"TITLE": b"acetone"})
    >>> values.get("TITLE"), values.get("ORIGIN", "not stated")
    ('acetone', 'not stated')
    """

    def __init__(self, raw: dict[str, bytes]) -> None:
        self._raw = raw
        self._cleaned: dict[str, str] = {}

    def __getitem__(self, label: str) -> str:
        cleaned = self._cleaned.get(label)
        if cleaned is None:
            cleaned = self._cleaned[label] = _clean(self._raw[label])
        return cleaned

    def get(self, label: str, default: Any = None) -> Any:
        """The label's value, or ``default``: Mapping's own raises an error for each that is not."""
        return self[label] if label in self._raw else default

    def __contains__(self, label: object) -> bool:
        return label in self._raw

    def __iter__(self) -> Iterator[str]:
        return iter(self._raw)

    def __len__(self) -> int:
        return len(self._raw)


@dataclass
class Block:
    r"""One ##TITLE= ... ##END= block. ``labels`` is keyed by label without blanks and dashes.

    Examples
    --------
    >>> text = b"##TITLE=film\n##NPOINTS=1801\n##XYDATA=(X++(Y..Y))\n400 1 2\n##END=\n"
    >>> [block] = split_blocks(text)
    >>> block.number("NPOINTS"), block.labels["TITLE"], block.tables[0].form
    (1801.0, 'film', '(X++(Y..Y))')
    """

    labels: Mapping[str, str]
    header: Mapping[str, str]
    tables: list[Table] = field(default_factory=list)
    columns: dict[str, list[str]] = field(default_factory=dict)  # of NTUPLES labels, once read

    def number(self, label: str) -> float | None:
        """The label's value as a number, None when it is absent, blank or no finite number."""
        return parse_number(self.labels[label]) if label in self.labels else None


def parse_number(text: str) -> float | None:
    """A finite number, also with a decimal comma or a D for its exponent; None otherwise.

    Examples
    --------
    >>> parse_number("1,5"), parse_number("2.0D3"), parse_number("many")
    (1.5, 2000.0, None)
    """
    text = text[:100]
    try:
        value = float(text)
    except ValueError:
        text = _FORTRAN_EXPONENT.sub("E", text)
        try:
            value = float(text.replace(",", ".", 1))
        except ValueError:
            return None
    return value if math.isfinite(value) else None


def split_blocks(text: bytes) -> list[Block]:
    r"""The blocks of a file, in order; a compound file's outer block comes before its children.

    Examples
    --------
    >>> [block.labels["TITLE"] for block in split_blocks(b"##TITLE=a\n##END=\n##TITLE=b\n##END=\n")]
    ['a', 'b']
    """
    blocks: list[Block] = []
    labels: dict[str, bytes] = {}
    header: dict[str, bytes] = {}
    page, line, counted = "", 1, 0
    for start, end in itertools.pairwise([*_label_starts(text), len(text)]):
        record = text[start + 2 : end]
        raw, equals, value = record.partition(b"=")
        if not equals or b"\n" in raw:  # no '=' in this line
            raw, _, value = record.partition(b"\n")
        label, name = _names(raw[:_LONGEST_LABEL])
        if name == "TITLE" or not blocks:
            labels, header = {}, {}
            blocks.append(Block(Values(labels), Values(header)))
        if name in _TABLES:
            line, counted = line + text.count(b"\n", counted, start), start
            blocks[-1].tables.append(_table(name, value, line, page))
        elif name == "PAGE":
            page = _clean(value)
        elif name and name not in labels:
            labels[name] = header[label] = value
    for block in blocks:
        block.tables = _without_peaks(block.tables)
    return blocks


def _without_peaks(tables: list[Table]) -> list[Table]:
    """The tables of a block without the lists of peaks that stand beside its curve."""
    curves = [table for table in tables if table.label not in PEAKS]
    return curves or tables


def _table(name: str, record: bytes, line: int, page: str) -> Table:
    """A data table whose label stands on ``line``; its form stands there, or on the next line."""
    first, _, body = record.partition(b"\n")
    form = _form(first[:_LONGEST_FORM])
    if not form and body.lstrip(b" \t").startswith(b"("):
        first, _, body = body.partition(b"\n")
        form, line = _form(first[:_LONGEST_FORM]), line + 1
    return Table(name, form, body, line + 1, page)


@lru_cache(maxsize=64)
def _form(words: bytes) -> str:
    form = _DOTS.sub("..", "".join(_clean(words).upper().split()))
    return _FORMS.get(form, form)


def _label_starts(text: bytes) -> list[int]:
    """Where '##' opens a line, blanks before it allowed."""
    if len(text) > 4 * _MAX_RECORDS and text.count(b"#") > 4 * _MAX_RECORDS:
        raise TooLargeError(f"more than {_MAX_RECORDS} labels; split the file")
    starts = []
    find, opens = text.find, text.startswith
    at = find(b"#")
    while at >= 0:
        if opens(b"##", at):
            if not at or text[at - 1] == _LINE_FEED or _only_blanks_before(text, at):
                starts.append(at)
            at += 1
        at = find(b"#", at + 1)
    return starts


def _only_blanks_before(text: bytes, at: int) -> bool:
    before = text[max(0, at - 80) : at].rstrip(b" \t")
    return not before or before.endswith(b"\n")


@lru_cache(maxsize=1024)
def _names(raw: bytes) -> tuple[str, str]:
    """A label in capitals, and as it is compared: without blanks, dashes, slashes, underscores."""
    label = decode(raw).strip().upper()
    return label, label.translate(_IGNORED)


_IGNORED = str.maketrans("", "", " -/_\t")


def _clean(value: bytes) -> str:
    """A record's value without comments; lines joined by line feeds."""
    text = decode(value).strip()
    if "$$" not in text:
        return text
    return "\n".join(row.split("$$", 1)[0].rstrip() for row in text.split("\n")).strip()
