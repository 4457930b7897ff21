"""Spectrum -> the float32 vector a network sees. The same code trains and serves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from irclassify.errors import UnfitSpectrumError
from irclassify.spectrum import Spectrum


@dataclass(frozen=True)
class Grid:
    """The wavenumbers (cm-1) a network sees: ``points`` of them, evenly from first to last."""

    first_cm1: float
    last_cm1: float
    points: int

    @property
    def wavenumber(self) -> NDArray[np.float64]:
        """Shape (points,), ascending, cm-1."""
        return np.linspace(self.first_cm1, self.last_cm1, self.points, dtype=np.float64)

    @property
    def spacing_cm1(self) -> float:
        """Distance between neighbouring grid points, cm-1."""
        return (self.last_cm1 - self.first_cm1) / (self.points - 1)


@dataclass(frozen=True)
class Preprocessing:
    """How a spectrum becomes a vector; stored in model.json, so that serving repeats training.

    ``baseline_percentile``: subtract this percentile of the measured part; None leaves it alone,
    as the paper does. ``average_bins``: where the spectrum is sampled more finely than the grid,
    average over one grid step instead of picking single points (keeps high-resolution noise out).
    """

    grid: Grid
    baseline_percentile: float | None = None
    average_bins: bool = False

    @classmethod
    def from_json(cls, grid: Mapping[str, Any], settings: Mapping[str, Any]) -> Preprocessing:
        """From the ``grid`` and ``preprocessing`` objects of model.json."""
        return cls(Grid(**grid), **settings)


def to_grid(spectrum: Spectrum, how: Preprocessing) -> NDArray[np.float32]:
    """Linear interpolation to the grid, zero outside the measured range, maximum scaled to 1.

    Returns float32 of shape (how.grid.points,), at most 1. This is the preprocessing of Rieger
    et al. 2023 (section 2.1) when ``how`` has neither baseline nor averaging.

    Raises UnfitSpectrumError when nothing absorbs inside the grid.
    """
    grid = how.grid.wavenumber
    inside = (grid >= spectrum.wavenumber[0]) & (grid <= spectrum.wavenumber[-1])
    values = np.zeros(how.grid.points)
    if inside.any():
        values[inside] = _sample(spectrum, grid[inside], how)
        if how.baseline_percentile is not None:
            values[inside] -= np.percentile(values[inside], how.baseline_percentile)
    maximum = values.max()
    if not maximum > 0:
        raise UnfitSpectrumError(
            f"no absorbance above zero between {how.grid.first_cm1:g} and "
            f"{how.grid.last_cm1:g} cm-1: nothing to classify"
        )
    with np.errstate(over="ignore", invalid="ignore"):
        scaled: NDArray[np.float32] = (values / maximum).astype(np.float32)
    if not np.isfinite(scaled).all():
        raise UnfitSpectrumError("the absorbances span too many orders of magnitude to be measured")
    return scaled


def _sample(spectrum: Spectrum, at: NDArray[np.float64], how: Preprocessing) -> NDArray[np.float64]:
    """Absorbance at the wavenumbers ``at``, all inside the measured range."""
    step = how.grid.spacing_cm1
    measured_step = (spectrum.wavenumber[-1] - spectrum.wavenumber[0]) / (len(spectrum) - 1)
    if not how.average_bins or measured_step > step / 2:
        return np.interp(at, spectrum.wavenumber, spectrum.absorbance)
    return _bin_means(spectrum, at, step)


def _bin_means(spectrum: Spectrum, at: NDArray[np.float64], width: float) -> NDArray[np.float64]:
    """Mean of the piecewise linear spectrum over [a - width/2, a + width/2] for each ``a``.

    Exact: differences of the running trapezoid integral, which is quadratic between points.
    """
    x, y = spectrum.wavenumber, spectrum.absorbance
    integral = np.concatenate([[0.0], np.cumsum(np.diff(x) * (y[1:] + y[:-1]) / 2)])

    def integral_to(edge: NDArray[np.float64]) -> NDArray[np.float64]:
        i = np.clip(np.searchsorted(x, edge, side="right") - 1, 0, x.size - 2)
        t = edge - x[i]
        slope = (y[i + 1] - y[i]) / (x[i + 1] - x[i])
        area: NDArray[np.float64] = integral[i] + t * (y[i] + slope * t / 2)
        return area

    low = np.maximum(at - width / 2, x[0])
    high = np.minimum(at + width / 2, x[-1])
    means: NDArray[np.float64] = (integral_to(high) - integral_to(low)) / (high - low)
    return means
