"""Ends of a spectrum that repeat one value: the instrument or a program filled them in.

Libraries and ATR instruments pad a spectrum to a fixed range with 0 % transmittance or with the
last measured value. Taken for a measurement, 0 % transmittance is absorbance 4 over hundreds of
cm-1. The ends are cut off before anything else looks at the values, in training as in use.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# Digitised spectra repeat values too (3 digits, a point per cm-1), inside as often as at the ends.
# So an end counts as filled in only if its run is long, and much longer than any run inside.
_LEAST_POINTS = 10
_LONGER_THAN_INSIDE = 3
# A value far from most others (0 % transmittance) makes a false band even where it is narrow. One
# near the baseline does no harm until it hides that much was not measured.
_LEAST_WIDTH_FAR_CM1 = 20.0
_LEAST_WIDTH_NEAR_CM1 = 110.0


def may_be_cut(rows: NDArray[np.floating], order: NDArray[np.intp]) -> NDArray[np.intp]:
    """The rows (n, p) of which ``measured_part`` may cut an end; ``order``: ascending wavenumber.

    Examples
    --------
    >>> rows = np.vstack([np.arange(100.0), np.maximum(np.arange(100.0), 30)])
    >>> may_be_cut(rows, np.arange(100)).tolist()
    [1]
    """
    if order.size <= _LEAST_POINTS:
        return np.zeros(0, np.intp)
    low, tenth, tenth_last, last = order[[0, _LEAST_POINTS - 1, -_LEAST_POINTS, -1]]
    repeats = (rows[:, low] == rows[:, tenth]) | (rows[:, last] == rows[:, tenth_last])
    return np.flatnonzero(repeats)


def measured_part(wavenumber: Floats, y: Floats) -> slice:
    """The part of a spectrum between its filled-in ends; all of it where neither end is filled in.

    Parameters
    ----------
    wavenumber : (n,) strictly ascending, in cm-1.
    y : (n,) finite values in any unit.

    Returns
    -------
    slice
        The indices from the first to the last measured point; empty when the two ends meet. A
        spectrum that is the same value throughout is returned whole: that is another fault.

    Examples
    --------
    >>> x = np.linspace(400, 4000, 1801)
    >>> y = np.exp(-(((x - 1715) / 300) ** 2))
    >>> measured_part(x, y)
    slice(0, 1801, None)
    >>> measured_part(x, np.where(x < 700, 0.0, y))
    slice(150, 1801, None)
    """
    n = y.size
    if n <= _LEAST_POINTS or (y[0] != y[_LEAST_POINTS - 1] and y[-1] != y[-_LEAST_POINTS]):
        return slice(0, n)
    changes = np.flatnonzero(y[1:] != y[:-1])
    if not changes.size:
        return slice(0, n)
    start, stop = int(changes[0]) + 1, int(changes[-1]) + 1  # between the runs at both ends
    return slice(
        start if _filled_in(wavenumber[:start], y, y[0], changes) else 0,
        stop if _filled_in(wavenumber[stop:], y, y[-1], changes) else n,
    )


def cut_note(x: Floats, y: Floats, part: slice) -> str:
    """The warning that only ``part`` of a spectrum, (n,) ``x`` in cm-1 and ``y``, was measured.

    Examples
    --------
    >>> x = np.linspace(400, 4000, 1801)
    >>> cut_note(x, np.where(x < 700, 0.0, np.exp(-x / 1e3)), slice(150, 1801))
    'not measured: 400 to 700 cm-1 (all 0); the constant end was cut off'
    """
    cut = [
        f"{low:.0f} to {high:.0f} cm-1 (all {value:g})"
        for low, high, value, is_cut in (
            (x[0], x[part][0], y[0], part.start > 0),
            (x[part][-1], x[-1], y[-1], part.stop < y.size),
        )
        if is_cut
    ]
    return f"not measured: {' and '.join(cut)}; the constant end was cut off"


def _filled_in(wavenumber: Floats, y: Floats, value: float, changes: NDArray[np.intp]) -> bool:
    """True when an end of one ``value`` over ``wavenumber`` is too long for a measurement.

    A wide end of 0 far from most values is compared with runs of 0 only: a computed spectrum
    repeats its baseline exactly, but not 0 % transmittance.
    """
    size = wavenumber.size
    width = wavenumber[-1] - wavenumber[0] if size else 0.0
    if size < _LEAST_POINTS or width < min(_LEAST_WIDTH_FAR_CM1, _LEAST_WIDTH_NEAR_CM1):
        return False
    far = abs(value - float(np.median(y))) > 0.5 * float(np.ptp(y))
    if width < (_LEAST_WIDTH_FAR_CM1 if far else _LEAST_WIDTH_NEAR_CM1):
        return False
    alike = 0.0 if value == 0 and far and width >= _LEAST_WIDTH_NEAR_CM1 else None
    return bool(size > _LONGER_THAN_INSIDE * _longest_run_inside(y, changes, alike))


def _longest_run_inside(y: Floats, changes: NDArray[np.intp], value: float | None) -> int:
    """Points of the longest run between the two runs at the ends, of one ``value`` or of any.

    Zeros do not count where values lie high on the whole: that is transmittance, and its zeros
    inside are bands too strong to be measured.
    """
    if changes.size < 2:
        return 0
    lengths, values = np.diff(changes), y[changes[1:]]
    counts = np.ones(len(values), bool) if value is None else values == value
    if np.median(y) > y.max() / 2:
        counts &= values != 0
    return int(lengths[counts].max(initial=0))
