"""Which column is X and which are spectra, by the names above them and, without names, by order.

``x, y``, ``x, y1, y2, ...`` and pairs ``x1, y1, x2, y2, ...`` are read; row numbers before X, as
pandas and R write them, are left out. Every spectrum keeps the X that stands before it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from irclassify.errors import IrclassifyError, MalformedFileError, UnfitSpectrumError
from irclassify.limits import check_points, check_spectra
from irclassify.readers.text.header import Header
from irclassify.spectra.phase import phase_of
from irclassify.spectra.spectrum import Measurement
from irclassify.spectra.x_units import names_x, x_unit_of
from irclassify.spectra.y_words import is_short_name, names_y, states_unit

Floats = NDArray[np.float64]

_INDEX_NAMES = (
    "",
    "index",
    "row",
    "no",
    "no.",
    "nr",
    "nr.",
    "#",
    "id",
    "n",
    "point",
    "points",
    "unnamed: 0",
)


@dataclass(frozen=True)
class _Pair:
    """Numbers of the columns that hold X and Y of one spectrum."""

    x: int
    y: int


def measurements(
    table: Floats, header: Header, line: int, notes: list[str]
) -> list[Measurement | IrclassifyError]:
    r"""One Measurement for each spectrum among the columns of ``table`` (rows, columns).

    Examples
    --------
    >>> header = Header.read(b"cm-1,first,second\n", None)
    >>> rows = np.array([[400.0, 0.1, 0.3], [402.0, 0.2, 0.4]])
    >>> [(one.title, one.y.tolist()) for one in measurements(rows, header, 2, [])]
    [('first', [0.1, 0.2]), ('second', [0.3, 0.4])]
    """
    columns = table.shape[1]
    check_spectra(columns)
    check_points(table.shape[0])
    _check_count(header, len(table))
    names = header.names(columns)
    inherited = header.inherited
    if not names and inherited is not None and not header.x_words() and not header.y_words():
        names = inherited.names(columns)
    pairs = _pairs(table, names)
    unit_of = _Units(header, names, pairs, columns)
    found: list[Measurement | IrclassifyError] = []
    for pair in pairs:
        try:
            found.append(_measurement(table, pair, unit_of, header, names, len(pairs), notes))
        except IrclassifyError as error:
            if len(pairs) == 1:
                raise
            found.append(error.kept())
    return found


def _check_count(header: Header, found: int) -> None:
    stated = header.values.get("NPOINTS", "")
    if stated.isascii() and stated.isdigit() and int(stated[:20]) != found:
        raise MalformedFileError(
            f"NPOINTS is {stated[:20]} but {found} rows follow: the file is cut off or damaged"
        )


def _pairs(table: Floats, names: list[str]) -> list[_Pair]:
    """The spectra among the columns.

    Raises UnfitSpectrumError where names are missing or do not say which column is X.
    """
    columns = table.shape[1]
    axes = [i for i, name in enumerate(names) if names_x(name)]
    axes = sorted({*axes, *_like_the_axis(table, axes[0] if axes else 0)} if names else axes)
    if not axes:
        if columns == 2 or (names and _is_axis(table[:, 0])):
            return [_Pair(0, i) for i in range(1, columns)]
        raise UnfitSpectrumError(
            f"{columns} columns and no names above them that say which is X: keep wavenumber and "
            "one spectrum, or name the columns in one line above (the first such as 'cm-1')"
        )
    if len(axes) == 1:
        (x,) = axes
        others = [i for i in range(columns) if i != x and not _is_index(table, i, x, names)]
        if x > 0 and any(i < x for i in others) and columns > 2:
            before = ", ".join(repr(names[i][:20]) for i in others if i < x)
            raise UnfitSpectrumError(
                f"columns {before} come before {names[x][:20]!r}: keep the wavenumber and the "
                "spectra (absorbance or transmittance) only"
            )
        if not others:
            raise UnfitSpectrumError("one column of numbers beside row numbers: no spectrum")
        return [_Pair(x, i) for i in others]
    if axes[0] != 0 and not all(_is_index(table, i, axes[0], names) for i in range(axes[0])):
        return _pairs_after(axes, columns)
    pairs = []
    for start, end in zip(axes, [*axes[1:], columns], strict=True):
        pairs += [_Pair(start, i) for i in range(start + 1, end)]
    if not pairs:
        raise UnfitSpectrumError("columns of wavenumbers only: no spectrum")
    return pairs


def _is_axis(x: Floats) -> bool:
    """True for a column that can only be wavenumbers, whatever it is called."""
    step = np.diff(x)
    one_way = bool((step > 0).all() or (step < 0).all())
    return one_way and 200 < x.min() < 2000 and 3000 < x.max() < 9000


def _like_the_axis(table: Floats, x: int) -> list[int]:
    """Columns that run as column ``x`` does, over its range: another X, whatever they are called.

    Column ``x`` is among them then; [] when no other column is like it.
    """
    first = table[:, x]
    low, high = np.nanmin(first), np.nanmax(first)
    if not (low >= 0 and high - low > 100):
        return []
    found = [i for i in range(table.shape[1]) if i != x and _runs_over(table[:, i], low, high)]
    return [x, *found] if found and _one_way(first) else []


def _runs_over(values: Floats, low: float, high: float) -> bool:
    """True for values that go one way and cover at least half of ``low`` to ``high``."""
    if not _one_way(values):
        return False
    both = min(np.nanmax(values), high) - max(np.nanmin(values), low)
    return bool(both > 0.5 * max(high - low, np.nanmax(values) - np.nanmin(values)))


def _one_way(values: Floats) -> bool:
    step = np.diff(values[~np.isnan(values)])
    return step.size > 1 and bool((step > 0).all() or (step < 0).all())


def _pairs_after(axes: list[int], columns: int) -> list[_Pair]:
    """Pairs of which Y stands first: y1, x1, y2, x2, ..."""
    if axes != list(range(1, columns, 2)):
        raise UnfitSpectrumError(
            "several columns of wavenumbers: it is not clear which belongs to which spectrum; "
            "keep one wavenumber and one spectrum"
        )
    return [_Pair(x, x - 1) for x in axes]


def _is_index(table: Floats, column: int, x: int, names: list[str]) -> bool:
    """True for row numbers before X: named so, or not at all, and counting up by one."""
    if column > x or names[column].lower() not in _INDEX_NAMES:
        return False
    return bool((np.diff(table[:, column]) == 1).all())


class _Units:
    """The words for the units of each column."""

    def __init__(self, header: Header, names: list[str], pairs: list[_Pair], columns: int) -> None:
        self._header, self._names = header, names
        self._above = header.above_names(columns) if names else []
        shown = [names[pair.y] for pair in pairs] if names else []
        self._all_quantities = len(shown) < 2 or all(map(names_y, shown))

    def x(self, column: int) -> str | None:
        """Words for X: a label, the column's name, a line of units above, the first section."""
        if self._header.x_label:
            return self._header.x_label
        for cells in [self._names, *self._above]:
            if cells and x_unit_of(cells[column]):
                return cells[column]
        named = self._names[column] if self._names and names_x(self._names[column]) else None
        first = self._header.inherited
        return self._header.x_words() or named or (first.x_words() if first else None)

    def y(self, column: int) -> str | None:
        """Words for Y: a label, the column's name if it is no sample's, a line of units above."""
        if self._header.y_label:
            return self._header.y_label
        name = self._names[column] if self._names else ""
        said = [name] if name and self.is_quantity(name) else []
        said += [cells[column] for cells in self._above if names_y(cells[column])]
        if said:
            return next((words for words in said if states_unit(words)), " ".join(said))
        first = self._header.inherited
        beside = self._header.y_words_beside_names() if self._names else self._header.y_words()
        return beside or (first.y_words() if first else None)

    def is_quantity(self, name: str) -> bool:
        """True when a column's name says what was measured, not which sample."""
        return names_y(name) and (self._all_quantities or not is_short_name(name))


def _measurement(
    table: Floats,
    pair: _Pair,
    unit_of: _Units,
    header: Header,
    names: list[str],
    spectra: int,
    notes: list[str],
) -> Measurement:
    x, y = table[:, pair.x], table[:, pair.y]
    known = ~np.isnan(x) & ~np.isnan(y)
    warnings = list(notes)
    if not known.all():
        if not known.any():
            raise MalformedFileError("only missing values in this column; get the spectrum itself")
        lost = int((~known & ~np.isnan(x)).sum())
        if lost:
            warnings.append(f"{lost} points have no value; they were left out")
        x, y = x[known], y[known]
    name = names[pair.y] if names else ""
    x_words, y_words = unit_of.x(pair.x), unit_of.y(pair.y)
    kind = "RAMAN" if names and "RAMAN" in names[pair.x].upper() else header.data_type
    phase = next((w for w in (header.state, y_words) if phase_of(w)), header.state)
    title = header.title if spectra == 1 else name
    return Measurement(
        x=x.copy(),
        y=y.copy(),
        format="JASCO text" if header.ends_with_label else "text",
        x_unit=x_words,
        y_unit=y_words,
        data_type=kind,
        title=title,
        state=phase,
        header=header.values,
        warnings=tuple(warnings),
    )
