"""What a file holds and how good it is, without any model."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from irclassify.errors import IrclassifyError
from irclassify.explanations import Inspection
from irclassify.options import ReadOptions
from irclassify.quality import grade
from irclassify.readers import read_spectra
from irclassify.results import Failed
from irclassify.spectrum import Spectrum

PROFILE_POINTS = 144


def inspect_file(
    data: bytes, name: str, options: ReadOptions | None = None
) -> list[Inspection | Failed]:
    """One row for each spectrum in the bytes of a file; what cannot be read says why."""
    how = options or ReadOptions()
    try:
        found = read_spectra(data, name, x_unit=how.x_unit, y_unit=how.y_unit, block=how.block)
    except IrclassifyError as error:
        return [Failed(name, error.code, str(error))]
    several = len(found) > 1 or how.block is not None
    return [
        _row(f"{name}#{number}" if several else name, item)
        for number, item in enumerate(found, start=how.block or 1)
    ]


def inspect_spectrum(name: str, spectrum: Spectrum) -> Inspection:
    """The facts about one spectrum under the name the user knows it by."""
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


def profile(spectrum: Spectrum, points: int = PROFILE_POINTS) -> tuple[float, ...]:
    """The spectrum for a small plot: ``points`` maxima over even stretches of its range, 0 to 1."""
    x, y = spectrum.wavenumber, spectrum.absorbance
    cell = ((x - x[0]) / (x[-1] - x[0]) * points).astype(int).clip(0, points - 1)
    highest: NDArray[np.float64] = np.interp(
        np.linspace(x[0], x[-1], points), x, y
    )  # where a stretch holds no point
    np.maximum.at(highest, cell, y)
    lowest = float(y.min())
    return tuple(((highest - lowest) / (float(y.max()) - lowest)).tolist())


def _row(name: str, item: Spectrum | IrclassifyError) -> Inspection | Failed:
    if isinstance(item, IrclassifyError):
        return Failed(name, item.code, str(item))
    return inspect_spectrum(name, item)
