"""A spectrum in as few points as a drawing needs."""

from __future__ import annotations

import numpy as np

from irclassify.results.explanation import Trace
from irclassify.spectra.spectrum import Spectrum

_POINTS = 1000


def trace(spectrum: Spectrum, points: int = _POINTS) -> Trace:
    """At most ``points`` (from 4) of the measured points, from the first to the last.

    Where there are more, the range is cut into even stretches and each keeps its lowest and its
    highest point: every band keeps its height and its place, however narrow it is.

    Examples
    --------
    >>> x = np.linspace(400, 4000, 1801)
    >>> short = trace(Spectrum(x, np.exp(-(((x - 1715) / 12) ** 2))), points=100)
    >>> len(short.wavenumber_cm1) <= 100, round(max(short.absorbance), 3)
    (True, 0.993)
    """
    x, y = spectrum.wavenumber, spectrum.absorbance
    if x.size > points:
        cells = (points - 2) // 2
        cell = ((x - x[0]) / (x[-1] - x[0]) * cells).astype(int).clip(0, cells - 1)
        ascending = np.lexsort((y, cell))  # within each cell, the lowest value comes first
        last = np.flatnonzero(np.diff(cell[ascending], append=cells))
        first = np.append(0, last[:-1] + 1)
        kept = np.union1d(ascending[np.union1d(first, last)], [0, x.size - 1])
        x, y = x[kept], y[kept]
    return Trace(tuple(x.tolist()), tuple(y.tolist()))
