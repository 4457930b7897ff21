"""Many spectra on one axis, as the rows of a matrix -> grid vectors, a bad row being a number.

The rules are those of a file with one spectrum (units.py, preprocess.py), checked for all rows at
once; what depends on the axis alone is worked out once.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from irclassify.errors import MalformedFileError, UnfitSpectrumError
from irclassify.model.preprocessing import FAULTS as GRID_FAULTS
from irclassify.model.preprocessing import Axis, Preprocessing, fault_message
from irclassify.spectra.units import ROW_FAULTS, row_faults, settle_axis
from irclassify.spectra.y_units import to_absorbance

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
        grids[bad] = 0.0
        return grids, np.where(faults == 0, np.where(unfit, unfit + _OF_GRID, 0), faults)
