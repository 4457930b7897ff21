"""What the lines above rows of numbers say: labels with values, and the names of the columns."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from irclassify.readers.text.sections import lines_of
from irclassify.spectra.x_units import is_x_unit, names_x, x_unit_of
from irclassify.spectra.y_words import is_y_unit, names_y

_DATA_LABEL = "XYDATA"
_X_LABELS = (
    "XUNITS",
    "XUNIT",
    "X UNITS",
    "X UNIT",
    "XDATAKIND",
    "XLABEL",
    "X LABEL",
    "X AXIS",
    "X-AXIS",
)
_Y_LABELS = (
    "YUNITS",
    "YUNIT",
    "Y UNITS",
    "Y UNIT",
    "YDATAKIND",
    "YLABEL",
    "Y LABEL",
    "Y AXIS",
    "Y-AXIS",
)
_TYPE_LABELS = ("DATA TYPE", "DATATYPE", "TECHNIQUE", "SPECTRUM TYPE", "MEASUREMENT TYPE")
_PHASE_LABELS = ("STATE", "PHASE", "SAMPLING PROCEDURE", "SAMPLE FORM", "SAMPLING", "ACCESSORY")
_TITLE_LABELS = ("TITLE", "SAMPLE", "SAMPLE NAME", "SAMPLE ID", "NAME")
_SEPARATORS = (r"[;\t|]", r",", r"\s{2,}", r"\s+")


@dataclass
class Header:
    r"""``values`` by label in capitals; ``lines`` above the numbers, the last first.

    ``ends_with_label``: the last line is XYDATA, as JASCO's programs write it.

    Examples
    --------
    >>> header = Header.read(b"TITLE\tfilm\nSTATE\tsolid\nXUNITS\t1/CM\nYUNITS\tABSORBANCE\n", None)
    >>> header.title, header.state, header.data_type, header.x_label, header.y_label
    ('film', 'solid', None, '1/CM', 'ABSORBANCE')
    >>> header = Header.read(b"cm-1,%T\nWavenumber,film\n", None)
    >>> header.names(2), header.above_names(2), header.count_of_names(b",")
    (['Wavenumber', 'film'], [['cm-1', '%T']], 2)
    >>> header.x_words(), header.x_unit_name(), header.y_words(), header.y_words_beside_names()
    ('Wavenumber,film', 'cm-1', None, None)
    >>> header.label(("TITLE",)), header.line_after_label()
    (None, None)
    """

    values: dict[str, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    ends_with_label: bool = False
    inherited: Header | None = None

    @classmethod
    def read(cls, above: bytes, first: Header | None) -> Header:
        """The header in the bytes ``above`` a section; ``first`` is that of the file's first."""
        header = cls(inherited=first)
        lines = lines_of(above)
        for line in lines[:2000]:
            name, found, value = _split_label(line)
            if found:
                header.values.setdefault(name.strip().strip('"').upper(), _unquote(value))
        header.ends_with_label = bool(lines) and _unquote(lines[-1]).upper() == _DATA_LABEL
        header.lines = [] if header.ends_with_label else lines[::-1][:200]
        return header

    def names(self, columns: int) -> list[str]:
        """The names of the columns in the last line; [] when it does not have that many.

        R leaves out the name of its row numbers, so one name less is taken too.
        """
        for line in self.lines[:1]:
            for pattern in _SEPARATORS:
                cells = _cells(line, pattern)
                filled = [cell for cell in cells if cell]
                if len(cells) == columns or len(filled) == columns:
                    return cells if len(cells) == columns else filled
            quoted = line.startswith('"') and line.endswith('"')
            for pattern in _SEPARATORS:
                cells = _cells(line, pattern)
                named = any(map(names_x, cells)) and pattern in _SEPARATORS[:2]
                if len(cells) == columns - 1 > 1 and (named or quoted):
                    return ["", *cells]
        return []

    def above_names(self, columns: int) -> list[list[str]]:
        """Cells of the two lines above the names, where there are as many (units, quantities)."""
        found = []
        for line in self.lines[1:3]:
            cells = next((c for p in _SEPARATORS if len(c := _cells(line, p)) == columns), None)
            if cells:
                found.append(cells)
        return found

    def count_of_names(self, mark: bytes) -> int:
        """How many cells the last line has, parted by ``mark``."""
        return self.lines[0].count(mark.decode()) + 1 if self.lines else 0

    def label(self, names: tuple[str, ...]) -> str | None:
        """The first label of ``names`` that has a value."""
        return next((self.values[name] for name in names if self.values.get(name)), None)

    @property
    def x_label(self) -> str | None:
        """What a label says of X's unit."""
        return self.label(_X_LABELS)

    @property
    def y_label(self) -> str | None:
        """What a label says of Y's unit."""
        return self.label(_Y_LABELS)

    @property
    def data_type(self) -> str | None:
        """The kind of measurement, by a label for it or one that begins with Raman."""
        said = self.label(_TYPE_LABELS)
        if said is None and any(name.startswith("RAMAN") for name in self.values):
            return "RAMAN"
        return said

    @property
    def title(self) -> str:
        """The sample's name."""
        return self.label(_TITLE_LABELS) or ""

    @property
    def state(self) -> str | None:
        """The sample's phase or how it was prepared, in the file's words."""
        return self.label(_PHASE_LABELS)

    def x_words(self) -> str | None:
        """A line that names the unit of X: the last one, or one that holds nothing but a unit."""
        if self.x_label:
            return self.x_label
        alone = next((line for line in self.lines if is_x_unit(line)), None)
        if self.lines and x_unit_of(self.lines[0]):
            return self.lines[0]
        return alone

    def y_words(self) -> str | None:
        """A line that names what Y is: the last one, or one that holds nothing but a unit."""
        if self.y_label:
            return self.y_label
        if self.lines and _names_columns(self.lines[0]):
            return self.lines[0]
        return self.y_words_beside_names()

    def y_words_beside_names(self) -> str | None:
        """A line that holds nothing but a unit of Y."""
        return next((line for line in self.lines if is_y_unit(line)), None)

    def x_unit_name(self) -> str | None:
        """cm-1, um, nm, or None where no line says it."""
        words = self.x_words()
        return x_unit_of(words) if words else None

    def line_after_label(self) -> str | None:
        """The line of text right below XYDATA, where a row of numbers is due; None without it."""
        lines = self.lines[::-1]
        labels = [i for i, line in enumerate(lines) if _unquote(line).upper() == _DATA_LABEL]
        return lines[labels[0] + 1] if labels and labels[0] + 1 < len(lines) else None


def _cells(line: str, pattern: str) -> list[str]:
    if pattern.startswith("\\s"):
        line = line.strip()
    if '"' in line:  # what stands in quotes is one cell
        line = _IN_QUOTES.sub(lambda match: match.group().translate(_HIDDEN), line)
        return [_unquote(cell.translate(_SHOWN)) for cell in re.split(pattern, line)]
    return [_unquote(cell) for cell in re.split(pattern, line)]


# Marks inside of quotes, as characters that no file has while a line is cut.
_IN_QUOTES = re.compile(r'"[^"]*"')
_HIDDEN = {ord(mark): 0xF700 + ord(mark) for mark in ";\t|, "}
_SHOWN = {new: old for old, new in _HIDDEN.items()}


def _unquote(cell: str) -> str:
    return cell.strip().strip('"').strip()


def _split_label(line: str) -> tuple[str, str, str]:
    """``line`` parted at its first '=', tab, comma, semicolon or colon."""
    mark = re.search(r"[=\t,;:]", line)
    return (line[: mark.start()], mark.group(), line[mark.end() :]) if mark else (line, "", "")


def _names_columns(line: str) -> bool:
    """True for a line in words that says what X and Y are, or Y alone in a few words."""
    if not names_y(line) or re.search(r"[:=]", line):
        return False
    return x_unit_of(line) is not None or len(line.split()) <= 3
