"""The spectra in a table of numbers, with the words for their units.

``x, y``, ``x, y1, y2, ...`` and pairs ``x1, y1, x2, y2, ...`` are read (``roles``).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from irclassify.errors import IrclassifyError, MalformedFileError
from irclassify.limits import check_points, check_spectra
from irclassify.readers.text.header import Header
from irclassify.readers.text.roles import Pair, find_pairs
from irclassify.spectra.order import MIN_POINTS
from irclassify.spectra.phase import phase_of
from irclassify.spectra.spectrum import Measurement
from irclassify.spectra.x_units import names_x, x_unit_of
from irclassify.spectra.y_words import is_short_name, names_y, states_unit

Floats = NDArray[np.float64]


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
    table = _without_numbered_names(table)
    pairs = find_pairs(table, names)
    unit_of = _Units(header, names, pairs, columns)
    found: list[Measurement | IrclassifyError] = []
    parts = _below_one_another(table, pairs)
    for part in parts:
        for pair in pairs:
            try:
                alone = len(pairs) == 1
                found.append(_measurement(part, pair, unit_of, header, names, alone, notes))
            except IrclassifyError as error:
                if alone and len(parts) == 1:
                    raise
                found.append(error.kept())
    return found


def _below_one_another(table: Floats, pairs: list[Pair]) -> list[Floats]:
    """The table cut where X starts all over: spectra below one another without text between."""
    x = table[:, pairs[0].x]
    step, reach = np.diff(x), float(np.ptp(x))
    if len({pair.x for pair in pairs}) > 1 or not reach > 0:
        return [table]
    again = np.flatnonzero(np.abs(step) > 0.9 * reach) + 1
    pieces = np.split(x, again)
    whole = all(p.size >= MIN_POINTS and np.ptp(p) > 0.9 * reach for p in pieces)
    same_way = len({bool(p[-1] > p[0]) for p in pieces}) == 1
    return np.split(table, again) if whole and same_way else [table]


def _check_count(header: Header, found: int) -> None:
    stated = header.values.get("NPOINTS", "")
    if stated.isascii() and stated.isdigit() and int(stated[:20]) != found:
        raise MalformedFileError(
            f"NPOINTS is {stated[:20]} but {found} rows follow: the file is cut off or damaged"
        )


def _without_numbered_names(table: Floats) -> Floats:
    """The table without a first row 0, 1, 2, ...: the names of columns that pandas gave none."""
    first = table[0][~np.isnan(table[0])]
    counts = table.shape[0] > 2 and np.array_equal(first, np.arange(first.size))
    return table[1:] if counts and first.size > 1 and table[1:].max() > 200 else table


class _Units:
    """The words for the units of each column."""

    def __init__(self, header: Header, names: list[str], pairs: list[Pair], columns: int) -> None:
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
        if self._all_quantities:
            return names_y(name)
        # "transmission oil" beside "motor oil" is a sample, "film 2 %T" beside "blank" is not.
        last = name.rpartition("(")[0].split() or name.split()
        return names_y(name) and not is_short_name(name) and names_y(last[-1])


def _stands_for_nothing(y: Floats) -> NDArray[np.bool_]:
    """True where a program wrote -9999 or the like for a value that was not measured."""
    found = np.zeros(y.size, bool)
    for value in {float(np.fmin.reduce(y)), float(np.fmax.reduce(y))} & _NOT_MEASURED:
        is_it = y == value
        some = 0 < np.count_nonzero(is_it) <= y.size - MIN_POINTS
        if some and np.fmax.reduce(np.abs(y[~is_it])) < abs(value) / 5:
            found |= is_it
    return found


_NOT_MEASURED = frozenset((-99.0, -999.0, -9999.0, -99999.0, 999.0, 9999.0, 99999.0))


def _measurement(
    table: Floats,
    pair: Pair,
    unit_of: _Units,
    header: Header,
    names: list[str],
    alone: bool,
    notes: list[str],
) -> Measurement:
    x, y = table[:, pair.x], table[:, pair.y]
    known = ~np.isnan(x) & ~np.isnan(y) & ~_stands_for_nothing(y)
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
    title = header.title if alone else name
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
