"""Spectra in the rows of a text: one line holds the wavenumbers, each line below it a spectrum.

Any number of other columns (names, classes, places) may stand before, after and between the
wavenumbers, and any lines above them. Cells are parted by commas, semicolons or tabs; with the
last two, decimals may have commas.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from irclassify.spectra.order import MIN_POINTS
from irclassify.spectra.x_units import names_x
from irclassify.spectra.y_words import is_short_name, names_y

Floats = NDArray[np.float64]

_LINES_ABOVE = 60
_LONGEST_LINE = 16 * 2**20
# R puts an X before names that are numbers; some write the unit behind.
_WAVENUMBER = re.compile(
    r"(?P<word>(?:cm-?1|[A-Za-z_]{0,12})[ _.]?)(?P<number>\d+(?:[.,]\d+)?(?:[eE][+-]?\d+)?)"
    r"(?: ?cm.{0,2}1)?"
)
_MISSING = frozenset(("", "nan", "na", "n/a", "#n/a", "null", "none", "-", "--", "?"))


@dataclass(frozen=True, eq=False)
class WideHeader:
    """The line of wavenumbers: which cells hold them, and what the other cells name.

    ``x`` (p,), in the file's order; ``columns`` (p,) their cells; ``labels`` name -> cell;
    ``line``: how many lines stand above the first spectrum; ``x_words`` and ``y_words``: what a
    label or a line above says of X and Y, None where none does.

    Examples
    --------
    >>> header = find_header(["name;" + ";".join(str(cm1) for cm1 in range(400, 4000, 4))])
    >>> row = "film" + ";0,1" * 900
    >>> header.cells, header.words(row), header.values(row)[:2].tolist()
    (901, ['film'], [0.1, 0.1])
    >>> header.says_y(["film", "absorbance"])
    'absorbance'
    """

    x: Floats
    columns: NDArray[np.intp]
    labels: dict[str, int]
    separator: str
    line: int
    x_words: str | None = None
    y_words: str | None = None

    @property
    def cells(self) -> int:
        """How many cells a line has."""
        return self.columns.size + len(self.labels)

    def words(self, line: str) -> list[str]:
        """The cells of a line beside its values, '' where it is too short."""
        if not self.labels:
            return []
        cells = _cells(line, self.separator)
        return [cells[i] if i < len(cells) else "" for i in self.labels.values()]

    def says_y(self, words: list[str]) -> str | None:
        """What Y is by the ``words`` of a line's labels, or by a line above."""
        named = (w for w in words if names_y(w) and not is_short_name(w) and len(w.split()) <= 2)
        return self.y_words or next(named, None)

    def values(self, line: str) -> Floats:
        """The values of a line, (p,); NaN throughout where it is no spectrum."""
        cells = _cells(line, self.separator)
        none = np.full(self.columns.size, np.nan)
        # Twice the cells are decimal commas in a file whose columns are parted by commas.
        if not int(self.columns[-1]) < len(cells) <= self.cells + self.columns.size // 2:
            return none
        chosen = [cells[i] for i in self.columns]
        if self.separator != ",":
            chosen = [cell.replace(",", ".") for cell in chosen]
        try:
            return np.array(chosen, np.float64)
        except ValueError:
            pass
        try:
            chosen = ["nan" if cell.lower() in _MISSING else cell for cell in chosen]
            return np.array(chosen, np.float64)
        except ValueError:
            return none


def find_header(lines: Iterable[str]) -> WideHeader | None:
    """The line of wavenumbers among the first lines of a text; None where there is none.

    Examples
    --------
    >>> find_header(["name,class", "film,1"]) is None
    True
    """
    lines_above: list[str] = []
    for number, line in enumerate(islice(lines, _LINES_ABOVE), start=1):
        # Most lines are too short to hold so many cells: they take no time.
        may_be = MIN_POINTS <= len(line) <= _LONGEST_LINE
        if may_be and (header := _header(line, number)) is not None:
            above = [other.strip(" ,;\t\r\n#") for other in lines_above]
            said = [word for word in (*header.labels, *above) if len(word) < 80]
            return replace(
                header,
                x_words=next((word for word in said if names_x(word)), None),
                y_words=next((word for word in above if _says_y(word)), None),
            )
        lines_above.append(line[:200])
    return None


def _says_y(words: str) -> bool:
    """True for a line of a few words that say what was measured."""
    return names_y(words) and len(words.split()) <= 4 and not re.search("[:=]", words)


def _header(line: str, number: int) -> WideHeader | None:
    separator = next((mark for mark in ";\t," if line.count(mark) >= MIN_POINTS - 1), None)
    if separator is None:
        return None
    found: list[tuple[int, float]] = []
    word: str | None = None
    labels: dict[str, int] = {}
    for i, cell in enumerate(_cells(line, separator)):
        match = _WAVENUMBER.fullmatch(cell) if len(cell) < 40 else None
        if match and (word is None or match["word"] == word):
            word = match["word"]
            found.append((i, float(match["number"].replace(",", "."))))
        else:
            labels[_free_name(cell or f"column {i + 1}", labels)] = i
    columns, x = np.array([i for i, _ in found], np.intp), np.array([v for _, v in found])
    kept = _one_way(x)
    if kept is None:
        return None
    for other in np.delete(columns, kept).tolist():
        labels[_free_name(f"column {other + 1}", labels)] = other
    return WideHeader(x[kept], columns[kept], labels, separator, number)


def _one_way(x: Floats) -> NDArray[np.intp] | None:
    """The longest stretch of ``x`` that goes one way; None if shorter than a spectrum.

    Numbers that name other columns (a number of the sample before 400, 402, ...) break the way.
    """
    if x.size < MIN_POINTS:
        return None
    way = np.sign(np.diff(x))
    turns = np.flatnonzero(way[1:] != way[:-1]) + 1
    bounds = np.concatenate([[0], turns, [way.size]])
    longest = int(np.argmax(np.diff(bounds)))
    start, end = int(bounds[longest]), int(bounds[longest + 1]) + 1
    if way[start] == 0 or end - start < MIN_POINTS or end - start < 0.9 * x.size:
        return None
    return np.arange(start, end)


def _free_name(name: str, taken: dict[str, int]) -> str:
    free, number = name, 2
    while free in taken:
        free, number = f"{name} ({number})", number + 1
    return free


def _cells(line: str, separator: str) -> list[str]:
    line = line.rstrip("\r\n")
    if '"' not in line:
        return [cell.strip() for cell in line.split(separator)]
    return [cell.strip() for cell in next(csv.reader([line], delimiter=separator), [])]
