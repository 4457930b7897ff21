"""Many spectra on one axis, as the rows of a matrix -> grid vectors, a bad row being a number.

The rules are those of a file with one spectrum (units.py, preprocess.py), checked for all rows at
once; what depends on the axis alone is worked out once.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from irclassify.errors import MalformedFileError, UnfitSpectrumError
from irclassify.model.domain import covered_share
from irclassify.model.preprocessing import FAULTS as GRID_FAULTS
from irclassify.model.preprocessing import Axis, Preprocessing, fault_message
from irclassify.spectra.constant_ends import cut_note, may_be_cut, measured_part
from irclassify.spectra.units import (
    ROW_FAULTS,
    TOO_NARROW,
    is_wide_enough,
    row_faults,
    settle_axis,
)
from irclassify.spectra.y_units import to_absorbance

# Spectra of one table end in few places; more axes than this are not kept.
_PARTS_KEPT = 64

_Part = tuple[int, int]
Vectors = tuple[NDArray[np.float32], NDArray[np.int8]]

# A fault is a number: 0 none, then those of units.ROW_FAULTS, those of preprocess.FAULTS, one more.
_OF_GRID = len(ROW_FAULTS) - 1
NOT_FINITE = _OF_GRID + len(GRID_FAULTS)
NOT_FINITE_MESSAGE = "the values are so extreme that the model gives no finite answer"
FAULT_CODES = (*(code for code, _ in ROW_FAULTS), *len(GRID_FAULTS) * (UnfitSpectrumError.code,))


def fault_text(fault: int, how: Preprocessing) -> str:
    """A fault in words, empty for none.

    Examples
    --------
    >>> from irclassify.model.folder import find_model
    >>> how = find_model("default").preprocessing
    >>> fault_text(0, how), fault_text(NOT_FINITE, how)
    ('', 'the values are so extreme that the model gives no finite answer')
    """
    if fault < len(ROW_FAULTS):
        return ROW_FAULTS[fault][1]
    return NOT_FINITE_MESSAGE if fault == NOT_FINITE else fault_message(fault - _OF_GRID, how.grid)


class Columns:
    """The wavenumbers of a matrix of spectra, one a column. Safe to share between threads.

    ``notes``: warnings about what had to be assumed about the axis. ``range_cm1``: its lowest and
    highest wavenumber.
    """

    def __init__(
        self,
        x: ArrayLike,
        how: Preprocessing,
        *,
        x_words: str | None = None,
        x_unit: str | None = None,
        y_unit: str = "absorbance",
    ) -> None:
        """``x``: (p,), in any order; its unit is ``x_unit``, or what ``x_words`` or values say.

        ``y_unit``: one of y_units.Y_UNITS. Raises IrclassifyError when ``x`` is no axis of
        infrared spectra or its unit is not clear.
        """
        wavenumber, order, self.notes = settle_axis(
            np.asarray(x, np.float64), words=x_words, told=x_unit
        )
        self.how = how
        self.range_cm1 = (float(wavenumber[0]), float(wavenumber[-1]))
        self._count = wavenumber.size
        self._axis = Axis(wavenumber, how)
        self._order = order
        self._as_they_stand = bool((np.diff(order) == 1).all())
        self._y_unit = y_unit
        self._wavenumber = wavenumber
        self._parts: dict[_Part, Axis | None] = {}

    def rows(self, values: ArrayLike) -> NDArray[np.floating]:
        """``values`` as a matrix (n, p) of floats.

        Raises
        ------
        MalformedFileError
            When the shape is another.

        Examples
        --------
        >>> from irclassify.model.folder import find_model
        >>> columns = Columns(np.linspace(400, 4000, 1801), find_model("default").preprocessing)
        >>> columns.rows(np.zeros(1801)).shape
        (1, 1801)
        """
        matrix = np.atleast_2d(np.asarray(values))
        if matrix.ndim != 2 or matrix.shape[1] != self._count:
            raise MalformedFileError(
                f"spectra of shape {np.shape(values)} on {self._count} wavenumbers: "
                f"(n, {self._count}) is needed"
            )
        return matrix if matrix.dtype.kind == "f" else matrix.astype(np.float64)

    def __call__(self, values: NDArray[np.floating]) -> Vectors:
        """Spectra (n, p) -> grid vectors (n, points) and faults (n,); faulty vectors are zero."""
        faults = row_faults(values)
        absorbances = values if self._as_they_stand else values.take(self._order, axis=1)
        if (bad := np.flatnonzero(faults)).size:
            absorbances = absorbances.copy()
            absorbances[bad] = 0.0
        if self._y_unit != "absorbance":
            absorbances, _ = to_absorbance(np.asarray(absorbances, np.float64), self._y_unit)
        grids, unfit = self._axis.to_grids(absorbances)
        for part, rows in self._by_part(values).items():
            if axis := self._part_axis(part):
                grids[rows], unfit[rows] = axis.to_grids(absorbances[rows, slice(*part)])
            else:
                faults[rows] = TOO_NARROW
        grids[faults != 0] = 0.0
        return grids, np.where(faults == 0, np.where(unfit, unfit + _OF_GRID, 0), faults)

    def covered(self, values: NDArray[np.floating]) -> NDArray[np.float64]:
        """The share, 0 to 1, of the model's range that was measured in each row (n, p).

        Examples
        --------
        >>> from irclassify.model.folder import find_model
        >>> x = np.linspace(400, 4000, 1801)
        >>> columns = Columns(x, find_model("default").preprocessing)
        >>> columns.covered(np.exp(-(((x - 1715) / 300) ** 2))[None]).tolist()
        [1.0]
        """
        shares = np.full(len(values), covered_share(*self.range_cm1, self.how.grid))
        for part, rows in self._by_part(values).items():
            if self._part_axis(part):
                low, end = part
                first, last = self._wavenumber[[low, end - 1]]
                shares[rows] = covered_share(first, last, self.how.grid)
        return shares

    def cut(self, values: NDArray[np.floating]) -> dict[int, str]:
        """Warnings by row, for the rows (n, p) of which an end was not measured and was cut off.

        Examples
        --------
        >>> from irclassify.model.folder import find_model
        >>> x = np.linspace(400, 4000, 1801)
        >>> columns = Columns(x, find_model("default").preprocessing)
        >>> columns.cut(np.where(x < 700, 0.0, np.exp(-(((x - 1715) / 300) ** 2)))[None])
        {0: 'not measured: 400 to 700 cm-1 (all 0); the constant end was cut off'}
        """
        return {
            row: cut_note(self._wavenumber, values[row, self._order], slice(*part))
            for part, rows in self._by_part(values).items()
            if self._part_axis(part)
            for row in rows
        }

    def _by_part(self, values: NDArray[np.floating]) -> dict[_Part, list[int]]:
        """The rows with a filled-in end, by the part of the ascending axis that was measured."""
        found: dict[_Part, list[int]] = {}
        for row in may_be_cut(values, self._order).tolist():
            with np.errstate(invalid="ignore"):
                y = np.asarray(values[row, self._order], np.float64)
            part = measured_part(self._wavenumber, y)
            whole = part == slice(0, y.size) or not np.isfinite(y).all()
            if not whole and not self._is_computed(y, part):
                found.setdefault((part.start, part.stop), []).append(row)
        return found

    def _is_computed(self, y: NDArray[np.float64], part: slice) -> bool:
        """True for bands on a constant baseline whose measured part would be too narrow.

        Such rows are computed: their ends are where nothing absorbs, which is what the model is
        shown outside of a measurement too.
        """
        high = self._y_unit.endswith(("transmittance", "reflectance"))
        baseline = y.max() if high else y.min()
        flat = (y[: part.start] == baseline).all() and (y[part.stop :] == baseline).all()
        return bool(flat) and self._part_axis((part.start, part.stop)) is None

    def _part_axis(self, part: _Part) -> Axis | None:
        """The axis of a part; None where it is too little of a spectrum. The latest are kept."""
        kept = self._parts  # another thread may put a new one in its place
        if part not in kept:
            wavenumber = self._wavenumber[slice(*part)]
            kept = kept if len(kept) < _PARTS_KEPT else {}
            kept[part] = Axis(wavenumber, self.how) if is_wide_enough(wavenumber) else None
            self._parts = kept
        return kept[part]
