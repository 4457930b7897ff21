"""Which lines of a text are rows of numbers, and which stand above them.

Every pattern here is anchored at a line's start and has no two repeats that can match the same
characters in a row, so that time grows with the length of the text (tests/unit/readers/
test_growth.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from irclassify.errors import TooLargeError
from irclassify.limits import MAX_POINTS_IN_FILE, check_total
from irclassify.readers.encoding import decode

MISSING = b"?"
_MAX_LINES_OF_TEXT = 200_000
_TRIED_LINES = 20_000  # of a stretch of numbers, until two neighbouring rows are found
_LONGEST_ROW = 100_000

# Characters of a row; what they mean is found out later. '?' stands for a missing value.
_ROW = rb'[ \t"]*+[-+]?[.,]?\d[-+\d.,;|\t "\'eEdD?]*+'
_WHOLE_ROW = re.compile(_ROW)
_OTHER_LINE = re.compile(rb"^(?!%b$)[ \t,;|\"]*+[^\s,;|\"][^\n]*+$" % _ROW, re.MULTILINE)
_HALF_A_ROW = re.compile(rb'[ \t]*"?[-+]?[.,]?\d[-+\d.eEdD]*"?[ \t]*[;,\t|][ \t]*(?:""|\?)?[ \t]*')
# The same by the byte: those that no row has, and those that a row may begin with and is one.
_FOREIGN = np.array([chr(code) not in "\n-+0123456789.,;|\t \"'eEdD?" for code in range(256)])
_DIGIT = np.array([chr(code) in "0123456789" for code in range(256)])
_FEW_LINES = 1000
_GAPPED_LINE = re.compile(rb'[ \t"]*[-+]?[.,]?\d')
_GAP = re.compile(
    rb"(?<=[;,|\t \"])(?:#?[nN]/?[aA][nN]?|null|NULL|[nN]one|-{1,5}|\*{1,20}|#{1,20}"
    rb"|#[\w/]{1,10}[!?]?|[-+]?1\.#\w{1,6}|[-+]?(?:[iI]nf(?:inity)?|INF|\xe2\x88\x9e)"
    rb"|[nN]\.?/?[dDaA]\.?|k\.A\.|O(?:VER(?:FLOW)?|ver(?:flow)?)|over(?:flow)?|[mM]issing"
    rb"|ERR(?:OR)?|[eE]rror|< ?0)(?=[;,|\t \"]|$)",
    re.MULTILINE,
)

# "; cm-1, A": a semicolon before columns that other marks part is one too.
_COMMENT_MARK = re.compile(r"^(?:#+|//+|\$\$|;+(?=[^;\n]*[,\t][^;\n]*$))")

# Characters that look like others, in UTF-8: no-break and thin blanks, minus signs and dashes.
_BLANKS = tuple("\u00a0\u2002\u2003\u2007\u2009\u202f\u3000")
_MINUS = tuple("\u2212\u2012\u2013")


@dataclass(frozen=True)
class Section:
    r"""Rows of numbers: their bytes, the number of their first line, the lines of text above.

    Examples
    --------
    >>> early, late = split(b"400 1\n402 1\n404 1\ntext\n406 1\n408 1\n410 1\n")
    >>> late.continues(early), early.belongs_to(late), late.rows, late.span
    (True, True, 3, (406.0, 410.0, 2))
    >>> late.adjoins(early), late.names_as(early)
    (True, False)
    """

    body: bytes
    line: int
    above: bytes
    line_above: int

    @cached_property
    def rows(self) -> int:
        """How many lines there are, blank ones too."""
        return self.body.strip().count(b"\n") + 1

    @cached_property
    def span(self) -> tuple[float, float, int] | None:
        """First and last X, and how many numbers a row has; None where that is not clear."""
        body = self.body.strip(b" \t\n\f;,|")
        first, last = _numbers(body.partition(b"\n")[0]), _numbers(body.rpartition(b"\n")[2])
        return (first[0], last[0], len(first)) if first and last else None

    def belongs_to(self, other: Section) -> bool:
        """True when one of both goes on where the other stops."""
        early, late = sorted((self, other), key=lambda section: section.line)
        return late.continues(early)

    def continues(self, other: Section) -> bool:
        """True when X goes on here where the earlier ``other`` stops."""
        ours, theirs = self.span, other.span
        if ours is None or theirs is None or ours[2] != theirs[2]:
            return False
        (a, b, _), (c, d, _) = theirs, ours
        up = [s > 0 for s in (b - a, d - c) if s]
        if up and not (all(up) or not any(up)):
            return False
        rising = up[0] if up else c > a
        gap = (c - b) if rising else (b - c)
        return 0 <= gap <= 0.5 * max(abs(b - a), abs(d - c), 1e-9)

    def adjoins(self, other: Section) -> bool:
        """True for two pieces of one mid-infrared spectrum, in any order, that overlap little."""
        ours, theirs = self.span, other.span
        if ours is None or theirs is None or ours[2] != theirs[2]:
            return False
        (a, b), (c, d) = sorted((min(x, y), max(x, y)) for x, y, _ in (ours, theirs))
        if a < 200 or max(b, d) > 4500 or d <= b:
            return False
        return -0.35 <= (c - b) / max(min(b - a, d - c), 1e-9) <= 0.5

    def names_as(self, other: Section) -> bool:
        """True when the same line of names, or none at all but a page break, stands above."""
        ours, theirs = (section.above.strip(b" \t\n\f") for section in (self, other))
        return not ours or ours.rpartition(b"\n")[2] == theirs.rpartition(b"\n")[2]


def plain_characters(text: bytes) -> bytes:
    r"""``text`` with plain blanks and minus signs for the typographic ones.

    Examples
    --------
    >>> plain_characters("\u22120.1\u00a0%".encode())
    b'-0.1 %'
    """
    if text.isascii():
        return text
    try:
        text.decode()
    except UnicodeDecodeError:
        return text.replace(b"\xa0", b" ").replace(b"\x96", b"-").replace(b"\x92", b"'")
    for blank in _BLANKS:
        text = text.replace(blank.encode(), b" ")
    text = text.replace("\u2019".encode(), b"'")
    for minus in _MINUS:
        text = text.replace(minus.encode(), b"-")
    return text


def split(text: bytes) -> list[Section]:
    r"""Every section with two or more neighbouring rows of two or more numbers, in order.

    Examples
    --------
    >>> [(section.line, section.above) for section in split(b"cm-1 A\n400 0.1\n402 0.2\n")]
    [(2, b'cm-1 A\n')]
    """
    if len(text) > 2 * MAX_POINTS_IN_FILE:
        check_total(text.count(b"\n") / 1.05)
    text, others = _fill_gaps(text, _other_lines(text))
    sections: list[Section] = []
    at = above_from = counted = 0
    line = 1
    for end, following in [*others, (len(text), len(text))]:
        start = _first_row(text, at, end)
        if start is not None:
            line += text.count(b"\n", counted, start)
            counted = start
            above = text[above_from:start]
            sections.append(Section(text[start:end], line, above, line - above.count(b"\n")))
            above_from = end
        at = following
    return sections


def _other_lines(text: bytes) -> list[tuple[int, int]]:
    """Where every line that is no row starts, and where the line after it does."""
    found = []
    for start, end in _matches_of_other_lines(text):
        found.append((start, end + 1))
        if len(found) > _MAX_LINES_OF_TEXT:
            raise TooLargeError(f"more than {_MAX_LINES_OF_TEXT} lines of text: no spectrum")
    return found


def _matches_of_other_lines(text: bytes) -> Iterator[tuple[int, int]]:
    """Start and end of every line that is no row.

    A line of a row's characters that begins with a digit is one. Where few lines are otherwise,
    the pattern is tried on those alone: on all of them it takes half of the time of reading.
    """
    codes = np.frombuffer(text, np.uint8)
    starts = np.concatenate([[0], np.flatnonzero(codes == 10) + 1])
    starts = starts[starts < codes.size]
    doubtful = ~_DIGIT[codes[starts]]
    foreign = np.flatnonzero(_FOREIGN[codes])
    doubtful[np.searchsorted(starts, foreign, side="right") - 1] = True
    few = starts[doubtful].tolist()
    if len(few) > _FEW_LINES:
        yield from (match.span() for match in _OTHER_LINE.finditer(text))
        return
    for start in few:
        if match := _OTHER_LINE.match(text, start):
            yield match.span()


def _first_row(text: bytes, start: int, end: int) -> int | None:
    """Where the first of two neighbouring rows of two or more numbers starts in a stretch.

    Rows right above them that stop after their first mark ("4000;") lack their value: they are
    rows too.
    """
    if end - start < 7:
        return None
    before = halves = None
    for at, row in _lines(text, start, end):
        if len(_numbers(row)) > 1:
            if before is not None:
                return halves if halves is not None else before
            before = at
        elif before is None and _HALF_A_ROW.fullmatch(row):
            halves = at if halves is None else halves
        else:
            before = halves = None
    return None


def _lines(text: bytes, start: int, end: int) -> Iterator[tuple[int, bytes]]:
    """Where lines that hold something start, and their beginnings; some thousands of them."""
    for _ in range(_TRIED_LINES):
        if start >= end:
            return
        stop = text.find(b"\n", start, end)
        stop = end if stop < 0 else stop
        row = text[start : min(stop, start + _LONGEST_ROW)]
        if row.strip():
            yield start, row
        start = stop + 1


def _numbers(row: bytes) -> list[float]:
    """The numbers of a row, cut at every mark that may part them; [] when one is no number."""
    row = row.strip(b" \t;|,").replace(b'"', b" ")
    cells = re.split(rb"[;|\t ]+", row)
    if len(cells) < 2 or any(cell.strip(b",") != cell for cell in cells):
        cells = re.split(rb"[;|,\t ]+", row)
    try:
        return [_number(cell) for cell in cells if cell]
    except ValueError:
        return []


def _number(cell: bytes) -> float:
    if not cell.strip(b"-?"):
        return float("nan")
    if b"_" in cell:
        raise ValueError
    text = cell.replace(b",", b".", 1) if b"." not in cell else cell.replace(b",", b"")
    return float(text.replace(b"D", b"E").replace(b"d", b"e").replace(b"'", b""))


def _fill_gaps(text: bytes, others: list[tuple[int, int]]) -> tuple[bytes, list[tuple[int, int]]]:
    """``text`` with '?' for every missing value in a row that starts with a number.

    ``others``: the lines that are no rows; those that are left are returned too.
    """
    pieces, at = [], 0
    for start, following in others:
        if _GAPPED_LINE.match(text, start):
            row = text[start : following - 1]
            filled = _GAP.sub(MISSING, row)
            if filled != row and _WHOLE_ROW.fullmatch(filled):
                pieces += [text[at:start], filled]
                at = following - 1
    if not pieces:
        return text, others
    text = b"".join([*pieces, text[at:]])
    return text, _other_lines(text)


def with_gaps_marked(section: Section) -> Section:
    r"""The same section with '?' where a dash alone stands for a missing value.

    Examples
    --------
    >>> with_gaps_marked(Section(b"400 -\n", 1, b"", 1)).body
    b'400 ?\n'
    """
    return replace(section, body=_GAP.sub(MISSING, section.body))


def lines_of(text: bytes) -> list[str]:
    r"""The lines of ``text`` that hold something, without the marks of a comment before them.

    Examples
    --------
    >>> lines_of(b"# film 3\n\n  400 0.1\n")
    ['film 3', '400 0.1']
    """
    stripped = (line.strip(" ") for line in decode(text).split("\n"))
    lines = (_COMMENT_MARK.sub("", line).strip(" ") for line in stripped)
    return [line for line in lines if line.strip()]  # a tab in front stands for an empty cell
