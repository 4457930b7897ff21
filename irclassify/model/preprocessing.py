"""Spectrum -> the float32 vector a network sees. The same code trains and serves."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from irclassify.errors import UnfitSpectrumError
from irclassify.spectra.spectrum import Spectrum


class Grid(NamedTuple):
    """The wavenumbers (cm-1) a network sees: ``points`` of them, evenly from first to last."""

    first_cm1: float
    last_cm1: float
    points: int

    @property
    def wavenumber(self) -> NDArray[np.float64]:
        """Shape (points,), ascending, cm-1; not writable.

        Examples
        --------
        >>> Grid(400.0, 4000.0, 4).wavenumber.tolist()
        [400.0, 1600.0, 2800.0, 4000.0]
        """
        return _wavenumber(self)

    @property
    def spacing_cm1(self) -> float:
        """Distance between neighbouring grid points, cm-1.

        Examples
        --------
        >>> Grid(400.0, 4000.0, 4).spacing_cm1
        1200.0
        """
        return (self.last_cm1 - self.first_cm1) / (self.points - 1)


@lru_cache(maxsize=16)
def _wavenumber(grid: Grid) -> NDArray[np.float64]:
    values = np.linspace(grid.first_cm1, grid.last_cm1, grid.points, dtype=np.float64)
    values.setflags(write=False)
    return values


class Preprocessing(NamedTuple):
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
        """From the ``grid`` and ``preprocessing`` objects of model.json.

        Raises TypeError, ValueError or OverflowError when they are not a grid and settings for it.

        Examples
        --------
        >>> grid = {"first_cm1": 400.0, "last_cm1": 4000.0, "points": 4}
        >>> Preprocessing.from_json(grid, {"average_bins": True}).grid.points
        4
        """
        made = cls(Grid(**grid), **settings)
        percentile = made.baseline_percentile
        if not (
            isinstance(made.grid.points, int)
            and made.grid.points >= 2
            and math.isfinite(made.grid.first_cm1)
            and made.grid.first_cm1 < made.grid.last_cm1 < math.inf
            and (percentile is None or 0 <= percentile <= 100)
            and isinstance(made.average_bins, bool)
        ):
            raise ValueError("grid or preprocessing: a number is out of range")
        return made


# Why a row has no grid vector, by its number among ``Axis.to_grids``'s faults; 0 is none.
FAULTS = (
    "",
    "no absorbance above zero between {first:g} and {last:g} cm-1: nothing to classify",
    "the absorbances span too many orders of magnitude for a measurement",
)


def to_grid(spectrum: Spectrum, how: Preprocessing) -> NDArray[np.float32]:
    """Put a spectrum on the model's grid: what the network sees.

    Linear interpolation, zero outside the measured range, then division by the maximum.

    Parameters
    ----------
    spectrum : Spectrum
    how : Preprocessing

    Returns
    -------
    array of float32, (how.grid.points,), at most 1

    Raises
    ------
    UnfitSpectrumError
        When nothing absorbs inside the grid.

    References
    ----------
    Rieger et al., Digital Discovery 2023, 2, 1957, section 2.1, when ``how`` has neither baseline
    nor averaging.

    Examples
    --------
    >>> film = Spectrum(np.array([400.0, 1000.0, 2000.0]), np.array([0.0, 2.0, 1.0]))
    >>> to_grid(film, Preprocessing(Grid(400.0, 2400.0, 5))).round(3).tolist()
    [0.0, 1.0, 0.9599999785423279, 0.6600000262260437, 0.0]
    """
    (found,) = to_grids([spectrum], how)
    if isinstance(found, UnfitSpectrumError):
        raise found
    return found


def to_grids(
    spectra: Sequence[Spectrum], how: Preprocessing
) -> list[NDArray[np.float32] | UnfitSpectrumError]:
    """``to_grid`` of each, or the error it raises; those with the same wavenumbers at once.

    Examples
    --------
    >>> dark = Spectrum(np.array([400.0, 2000.0]), np.array([0.0, 0.0]))
    >>> [str(each) for each in to_grids([dark], Preprocessing(Grid(400.0, 2400.0, 5)))]
    ['no absorbance above zero between 400 and 2400 cm-1: nothing to classify']
    """
    alike: dict[bytes, list[int]] = {}
    for at, spectrum in enumerate(spectra):
        alike.setdefault(spectrum.wavenumber.tobytes(), []).append(at)
    found: dict[int, NDArray[np.float32] | UnfitSpectrumError] = {}
    for wavenumber, rows in alike.items():
        axis = (_kept_axis if len(wavenumber) <= _KEPT_BYTES else _axis)(wavenumber, how)
        grids, faults = axis.to_grids(np.array([spectra[at].absorbance for at in rows]))
        for at, grid, fault in zip(rows, grids, faults.tolist(), strict=True):
            found[at] = UnfitSpectrumError(fault_message(fault, how.grid)) if fault else grid
    return [found[at] for at in range(len(spectra))]


def _axis(wavenumber: bytes, how: Preprocessing) -> Axis:
    return Axis(np.frombuffer(wavenumber), how)


# The files of a collection share a few axes. A long one is not worth the memory.
_KEPT_BYTES = 2**16
_kept_axis = lru_cache(maxsize=64)(_axis)


def fault_message(fault: int, grid: Grid) -> str:
    """One of FAULTS in words.

    Examples
    --------
    >>> fault_message(1, Grid(400.0, 4000.0, 1000))
    'no absorbance above zero between 400 and 4000 cm-1: nothing to classify'
    """
    return FAULTS[fault].format(first=grid.first_cm1, last=grid.last_cm1)


class Axis:
    """Wavenumbers that many spectra share, and all of ``to_grid`` that depends on nothing else.

    What to interpolate between, and how far along, is worked out once; a row of ``to_grids`` is
    then what ``to_grid`` makes of it alone.
    """

    def __init__(self, wavenumber: NDArray[np.float64], how: Preprocessing) -> None:
        """``wavenumber``: cm-1, shape (p,), p >= 2, strictly ascending."""
        grid = how.grid.wavenumber
        self._how = how
        first, end = (
            int(np.searchsorted(grid, wavenumber[0], "left")),
            int(np.searchsorted(grid, wavenumber[-1], "right")),
        )
        self._inside = slice(first, end)
        self._sample = _sampler(
            wavenumber, grid[self._inside], how.grid.spacing_cm1, average=how.average_bins
        )
        interpolated = isinstance(self._sample, _BinMeans) or self._sample.as_measured is None
        self._divides_only = how.baseline_percentile is None and not interpolated

    def to_grids(
        self, absorbances: NDArray[np.floating]
    ) -> tuple[NDArray[np.float32], NDArray[np.int8]]:
        """Finite absorbances (n, p) -> grid vectors (n, points), and what is wrong with each (n,).

        Faults are indices of FAULTS; the vector of a faulty row is zero.

        Examples
        --------
        >>> axis = Axis(np.array([400.0, 1000.0, 2000.0]), Preprocessing(Grid(400.0, 2400.0, 5)))
        >>> grids, faults = axis.to_grids(np.array([[0.0, 2.0, 1.0], [0.0, 0.0, 0.0]]))
        >>> grids.shape, faults.tolist()
        ((2, 5), [0, 1])
        """
        grids = np.zeros((len(absorbances), self._how.grid.points), np.float32)
        if self._inside.stop <= self._inside.start:
            return grids, np.ones(len(absorbances), np.int8)
        # Where nothing is left but a division, single precision rounds to the same as double.
        precise = np.float32 if self._divides_only and absorbances.dtype == np.float32 else float
        values = self._sample(np.asarray(absorbances, precise))
        if self._how.baseline_percentile is not None:
            values = values - percentiles(values, self._how.baseline_percentile)[:, None]
        maximum = values.max(axis=1)
        dark = ~(maximum > 0)
        any_dark = dark.any()
        if any_dark:
            maximum[dark] = 1.0
        with np.errstate(over="ignore", invalid="ignore"):
            np.divide(values, maximum[:, None], out=grids[:, self._inside], casting="same_kind")
            # One sum is cheaper than a look at every value, and finite unless there is a fault.
            finite = np.isfinite(grids.sum(axis=1))
        faults = dark.astype(np.int8)
        if any_dark or not finite.all():
            doubtful = np.flatnonzero(~finite)
            extreme = doubtful[~np.isfinite(grids[doubtful]).all(axis=1)]
            faults[extreme] = np.where(dark[extreme], 1, 2)
            grids[faults != 0] = 0.0
        return grids, faults


def sample(spectrum: Spectrum, at: NDArray[np.float64], step: float) -> NDArray[np.float64]:
    """Absorbance at the wavenumbers ``at`` (cm-1, ``step`` apart), all inside the measured range.

    Where the spectrum is sampled more finely than that, the mean over one step.

    Examples
    --------
    >>> film = Spectrum(np.array([400.0, 1000.0, 2000.0]), np.array([0.0, 2.0, 1.0]))
    >>> sample(film, np.array([700.0, 1500.0]), 800.0).tolist()
    [1.0, 1.5]
    """
    sampler = _sampler(spectrum.wavenumber, at, step, average=True)
    values: NDArray[np.float64] = sampler(spectrum.absorbance[None])[0]
    return values


def _sampler(
    wavenumber: NDArray[np.float64], at: NDArray[np.float64], step: float, *, average: bool
) -> _BinMeans | _Interpolation:
    measured_step = (wavenumber[-1] - wavenumber[0]) / (wavenumber.size - 1)
    return (_BinMeans if average and measured_step <= step / 2 else _Interpolation)(
        wavenumber, at, step
    )


def percentiles(values: NDArray[np.float64], percent: float) -> NDArray[np.float64]:
    """``np.percentile`` of each row of ``values`` (n, p), to the last bit, in a tenth of its time.

    Examples
    --------
    >>> percentiles(np.array([[1.0, 2.0, 3.0, 4.0, 5.0]]), 10).tolist()
    [1.4]
    """
    at = (values.shape[1] - 1) * (percent / 100)
    rank = int(at)
    share = at - rank
    above = min(rank + 1, values.shape[1] - 1)
    ordered = values.copy()
    ordered.partition(above, axis=1)  # at one rank: at both it takes half as long again
    low, high = ordered[:, : rank + 1].max(axis=1), ordered[:, above]
    # From the nearer end, as numpy does it.
    result: NDArray[np.float64] = (
        low + (high - low) * share if share < 0.5 else high - (high - low) * (1 - share)
    )
    return result


class _Interpolation:
    """Piecewise linear spectra at the wavenumbers ``at``, all inside the measured range."""

    def __init__(self, x: NDArray[np.float64], at: NDArray[np.float64], _width: float) -> None:
        left = np.searchsorted(x, at, side="right") - 1
        right = np.minimum(left + 1, x.size - 1)
        self._left, self._right = left, right
        self._along = at - x[left]
        self._step = np.where(right > left, x[right] - x[left], 1.0)
        # Where the points asked for are neighbouring measured ones.
        self.as_measured: slice | None = None
        if left.size and not self._along.any() and (np.diff(left) == 1).all():
            self.as_measured = slice(int(left[0]), int(left[-1]) + 1)

    def __call__(self, y: NDArray[Any]) -> NDArray[Any]:
        if self.as_measured is not None:
            return y[:, self.as_measured]
        low = y.take(self._left, axis=1)
        slope = (y.take(self._right, axis=1) - low) / self._step
        result: NDArray[np.float64] = slope * self._along + low
        return result


class _BinMeans:
    """Mean of piecewise linear spectra over [a - width/2, a + width/2] for each ``a`` of ``at``.

    Exact: differences of the running trapezoid integral, which is quadratic between points.
    """

    def __init__(self, x: NDArray[np.float64], at: NDArray[np.float64], width: float) -> None:
        low = np.maximum(at - width / 2, x[0])
        high = np.minimum(at + width / 2, x[-1])
        self._widths = high - low
        self._steps = x[1:] - x[:-1]
        # The point before each edge, lower edges first, how far the edge is beyond it, the step.
        edges = np.concatenate([low, high])
        before = np.searchsorted(x, edges, side="right") - 1
        self._before = np.minimum(np.maximum(before, 0), x.size - 2)
        self._after = self._before + 1
        self._along = edges - x[self._before]
        self._step = x[self._after] - x[self._before]

    def __call__(self, y: NDArray[np.float64]) -> NDArray[np.float64]:
        integral = np.zeros_like(y)
        pieces = y[:, 1:] + y[:, :-1]
        pieces *= self._steps
        pieces *= 0.5
        np.cumsum(pieces, axis=1, out=integral[:, 1:])
        before = y.take(self._before, axis=1)
        # In place: before + slope * along / 2 is the mean of what lies between a point and an edge.
        area = y.take(self._after, axis=1)
        area -= before
        area /= self._step
        area *= self._along
        area *= 0.5
        area += before
        area *= self._along
        area += integral.take(self._before, axis=1)
        count = self._widths.size
        means: NDArray[np.float64] = (area[:, count:] - area[:, :count]) / self._widths
        return means
