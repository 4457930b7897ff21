"""A JCAMP-DX file as blocks of labelled data records, before any number is read.

Source: McDonald and Wilks, Appl. Spectrosc. 42 (1988) 151 (JCAMP-DX 4.24), sections 3 and 4;
compound files: Lampen et al., Appl. Spectrosc. 47 (1993) 1093 (JCAMP-CS/DX 5).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from irclassify.errors import TooLargeError
from irclassify.readers.encoding import decode

_MAX_RECORDS = 100_000
_INDENTED_LABEL = re.compile(rb"\n[ \t]+##")
TABLES = frozenset(
    {"XYDATA", "XYPOINTS", "PEAKTABLE", "PEAKASSIGNMENTS", "DATATABLE", "RADATA", "ASSIGNMENTS"}
)


@dataclass(frozen=True)
class Table:
    """A data table: label, form such as (X++(Y..Y)), bytes, their first line, NTUPLES page."""

    label: str
    form: str
    body: bytes
    line: int
    page: str = ""


@dataclass
class Block:
    """One ##TITLE= ... ##END= block. ``labels`` is keyed by label without blanks and dashes."""

    line: int = 1
    labels: dict[str, str] = field(default_factory=dict)
    header: dict[str, str] = field(default_factory=dict)
    tables: list[Table] = field(default_factory=list)
    ended: bool = False

    def number(self, label: str) -> float | None:
        """The label's value as a number, None when it is absent, blank or no finite number."""
        return parse_number(self.labels.get(label, ""))


def parse_number(text: str) -> float | None:
    """A finite number, also with a decimal comma; None for anything else."""
    try:
        value = float(text)
    except ValueError:
        try:
            value = float(text.replace(",", ".", 1))
        except ValueError:
            return None
    return value if math.isfinite(value) else None


def split_blocks(text: bytes) -> list[Block]:
    """The blocks of a file, in order; a compound file's outer block comes before its children."""
    blocks: list[Block] = []
    page = ""
    for label, value, line in _records(text):
        if not blocks or label == "TITLE":
            blocks.append(Block(line=line))
        block = blocks[-1]
        name = _normalise(label)
        if name in TABLES:
            block.tables.append(_table(name, value, line, page))
        elif name == "PAGE":
            page = _clean(value)
        elif name == "END":
            block.ended = True
        elif name:
            text_value = _clean(value)
            block.labels.setdefault(name, text_value)
            block.header.setdefault(label, text_value)
    return blocks


def _records(text: bytes) -> Iterator[tuple[str, bytes, int]]:
    """Label (upper case), raw value and line number of every ##LABEL=value record."""
    text = b"\n" + text
    if _INDENTED_LABEL.search(text):
        text = _INDENTED_LABEL.sub(b"\n##", text)
    if text.count(b"\n##") > _MAX_RECORDS:
        raise TooLargeError(f"more than {_MAX_RECORDS} labels; split the file")
    parts = text.split(b"\n##")
    line = 1 + parts[0].count(b"\n")
    for part in parts[1:]:
        label, equals, value = part.partition(b"=")
        if not equals or b"\n" in label:
            label, _, value = part.partition(b"\n")
        yield decode(label).strip().upper(), value, line
        line += part.count(b"\n") + 1


def _normalise(label: str) -> str:
    """Labels are compared without blanks, dashes, slashes and underscores (section 3.2)."""
    return label.translate(_IGNORED)


_IGNORED = str.maketrans("", "", " -/_\t")


def _clean(value: bytes) -> str:
    """A record's value without comments; lines joined by line feeds."""
    text = decode(value)
    if "$$" in text:
        text = "\n".join(row.split("$$", 1)[0].rstrip() for row in text.split("\n"))
    return text.strip()


def _table(label: str, value: bytes, line: int, page: str) -> Table:
    form, _, body = value.partition(b"\n")
    return Table(label, "".join(_clean(form).upper().split()), body, line + 1, page)
