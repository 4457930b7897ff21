"""What one spectrum holds and how good it is, without any model."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from irclassify.results.inspection import Inspection
from irclassify.spectra.quality import grade
from irclassify.spectra.spectrum import Spectrum

_PROFILE_POINTS = 144


def inspect_spectrum(name: str, spectrum: Spectrum) -> Inspection:
    """The facts about one spectrum, under the name the user knows it by.

    Examples
    --------
    >>> x = np.linspace(400, 4000, 1801)
    >>> facts = inspect_spectrum("film.csv", Spectrum(x, np.exp(-(((x - 1715) / 12) ** 2))))
    >>> facts.n_points, facts.first_cm1, facts.last_cm1, facts.spacing_cm1, facts.grade
    (1801, 400.0, 4000.0, 2.0, 'A')
    """
    x = spectrum.wavenumber
    return Inspection(
        file=name,
        format=spectrum.format,
        title=spectrum.title,
        n_points=len(spectrum),
        first_cm1=float(x[0]),
        last_cm1=float(x[-1]),
        x_unit=spectrum.x_unit,
        y_unit=spectrum.y_unit,
        spacing_cm1=float(np.median(np.diff(x))),
        max_absorbance=float(spectrum.absorbance.max()),
        grade=grade(spectrum),
        state=spectrum.state,
        header=tuple(spectrum.header.items()),
        profile=profile(spectrum),
        warnings=spectrum.warnings,
    )


def profile(spectrum: Spectrum, points: int = _PROFILE_POINTS) -> tuple[float, ...]:
    """The spectrum for a small plot: ``points`` maxima over even parts of its range, 0 to 1.

    Examples
    --------
    >>> x = np.linspace(400, 4000, 1801)
    >>> profile(Spectrum(x, np.where((x > 1600) & (x < 1800), 2.0, 0.0)), points=6)
    (0.0, 0.0, 1.0, 0.0, 0.0, 0.0)
    """
    x, y = spectrum.wavenumber, spectrum.absorbance
    cell = ((x - x[0]) / (x[-1] - x[0]) * points).astype(int).clip(0, points - 1)
    highest: NDArray[np.float64] = np.interp(
        np.linspace(x[0], x[-1], points), x, y
    )  # where a stretch holds no point
    np.maximum.at(highest, cell, y)
    lowest = float(y.min())
    return tuple(((highest - lowest) / (float(y.max()) - lowest)).tolist())
