"""The exact sum told by the bands of the spectrum: bias + every band + no band = logit. Pure.

Each latent column, with half of each pair it is in, is credited to bands. ``nearest`` credits it
to the band in whose extent (valley to valley) its centre lies; a column in weak ground between
bands belongs to no band. ``straightened`` asks the model instead: a column sees a window of the
spectrum with several bands in it, so what it adds is shared among them by what drawing each of
them straight takes away from it, and scaled so that the sum stays exact.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from irclassify.explain.account import SpectrumAccount
from irclassify.explain.contributions import position_terms
from irclassify.explain.peaks import Extent
from irclassify.model.folder import ModelSpec
from irclassify.results.explanation import Peak, PeakPair

_Floats = NDArray[np.float64]
_Latent = NDArray[np.float32]
Run = Callable[[NDArray[np.float32]], _Latent]

# Pairs of peaks that are named for a group.
_PAIRS = 5


def nearest(extents: Sequence[Extent], spec: ModelSpec) -> _Floats:
    """The share of each band in each column, (bands + 1, positions): 1 for its owner, else 0.

    The last row is no band. The extents do not overlap; one that lies between two columns gets
    the nearer one if no other band wants it.

    Examples
    --------
    >>> import irclassify
    >>> classifier = irclassify.load()
    >>> x = classifier.spec.preprocessing.grid.wavenumber
    >>> y = np.exp(-(((x - 1744) / 15) ** 2)).astype(np.float32)
    >>> grid = y / y.max()
    >>> from irclassify.explain.peaks import Curve, extents
    >>> from irclassify.spectra.spectrum import Spectrum
    >>> found = extents(Curve.of(Spectrum(x, y.astype(float))))
    >>> owners = nearest(found, classifier.spec)
    >>> owners.shape == (len(found) + 1, classifier.spec.latent.positions)
    True
    """
    centres = np.asarray(spec.centres_cm1())
    half_cell = spec.latent.stride_points * spec.preprocessing.grid.spacing_cm1 / 2
    low = np.array([each.low for each in extents])
    high = np.array([each.high for each in extents])
    owners = np.zeros((len(extents) + 1, centres.size))
    if len(extents) == 0:
        owners[0] = 1.0
        return owners
    outside = np.maximum(low[:, None] - centres, centres - high[:, None])
    owner = np.where(outside.min(0) <= half_cell, outside.argmin(0), len(extents))
    owners[owner, np.arange(centres.size)] = 1.0
    return owners


@dataclass(frozen=True, eq=False)
class _Straightened:
    """A spectrum with bands drawn straight, bands far apart in one and the same copy of it.

    ``grids`` (copies, points). For each band ``copy``: which of them it is drawn straight in, and
    ``columns``: the latent columns, from the first to before the last, that see any of it there.
    They see no other band of that copy, so their values are those of a copy for that band alone,
    and a third to a fifth of the copies will do.
    """

    grids: NDArray[np.float32]
    copy: tuple[int, ...]
    columns: tuple[tuple[int, int], ...]


def straighten(
    grid: NDArray[np.float32], extents: Sequence[Extent], spec: ModelSpec
) -> _Straightened:
    """Draw each band of a grid vector (points,) straight, from where it starts to where it ends.

    Examples
    --------
    >>> import irclassify
    >>> classifier = irclassify.load()
    >>> x = classifier.spec.preprocessing.grid.wavenumber
    >>> y = np.exp(-(((x - 1744) / 15) ** 2)).astype(np.float32)
    >>> grid = y / y.max()
    >>> from irclassify.explain.peaks import Curve, extents
    >>> from irclassify.spectra.spectrum import Spectrum
    >>> found = extents(Curve.of(Spectrum(x, y.astype(float))))
    >>> drawn = straighten(grid, found, classifier.spec)
    >>> bool(drawn.grids.max() < grid.max())
    True
    """
    axis = spec.preprocessing.grid.wavenumber
    lines = [_line(each, axis) for each in extents]
    columns = [_seen_by(line, spec) for line in lines]
    copy = _apart(columns)
    grids = np.repeat(grid[None], max(copy, default=-1) + 1, axis=0)
    for row, (first, last) in zip(copy, lines, strict=True):
        if last > first:
            grids[row, first : last + 1] = np.linspace(grid[first], grid[last], last - first + 1)
    return _Straightened(grids, tuple(copy), tuple(columns))


def _line(extent: Extent, axis: _Floats) -> tuple[int, int]:
    """The grid points between which a band is drawn straight; they stay as they are."""
    inside = np.flatnonzero((axis >= extent.low) & (axis <= extent.high))
    if not inside.size:
        return 0, 0
    return max(int(inside[0]) - 1, 0), min(int(inside[-1]) + 1, axis.size - 1)


def _seen_by(line: tuple[int, int], spec: ModelSpec) -> tuple[int, int]:
    """The columns, from the first to before the last, that see a point between those of a line."""
    geometry = spec.latent
    first, last = line[0] + 1, line[1] - 1
    if last < first:
        return 0, 0
    start = -(-(first - geometry.receptive_field_points + 1) // geometry.stride_points)
    return max(start, 0), min(last // geometry.stride_points + 1, geometry.positions)


def _apart(columns: Sequence[tuple[int, int]]) -> list[int]:
    """For each span of columns a number, so that spans of one number share no column."""
    ends: list[int] = []
    found = [0] * len(columns)
    for at in sorted(range(len(columns)), key=columns.__getitem__):
        first, end = columns[at]
        free = next((row for row, taken in enumerate(ends) if taken <= first), len(ends))
        ends[free : free + 1] = [end]
        found[at] = free
    return found


def straightened(
    account: SpectrumAccount, drawn: _Straightened, latents: _Latent, owners: _Floats
) -> _Floats:
    """What each band adds to each logit, (groups, bands + 1), by straightening; last: no band.

    ``latents`` (copies, channels, positions): of ``drawn.grids``; ``owners``: of ``nearest``, for
    columns that no band changes. A column's share is what its own change takes away, all other
    columns as they are. What the changes of all bands leave over is divided by their size.

    Examples
    --------
    >>> import irclassify
    >>> classifier = irclassify.load()
    >>> x = classifier.spec.preprocessing.grid.wavenumber
    >>> y = np.exp(-(((x - 1744) / 15) ** 2)).astype(np.float32)
    >>> grid = y / y.max()
    >>> (said,) = classifier.predict(x, y[None]).predictions()
    >>> account = SpectrumAccount.of(grid, classifier.spec, classifier.latent(grid[None])[0], said)
    >>> from irclassify.explain.peaks import Curve, extents
    >>> from irclassify.spectra.spectrum import Spectrum
    >>> found = extents(Curve.of(Spectrum(x, y.astype(float))))
    >>> drawn = straighten(grid, found, classifier.spec)
    >>> owners = nearest(found, classifier.spec)
    >>> by_band = straightened(account, drawn, classifier.latent(drawn.grids), owners)
    >>> bool(np.allclose(by_band.sum(axis=1), account.shares.sum(axis=1)))
    True
    """
    changes = _column_changes(account, drawn, latents)  # (groups, bands, positions)
    shares = account.shares
    size = np.abs(changes)
    total = size.sum(1, keepdims=True)
    felt = total > _FELT * np.abs(shares[:, None]) + np.finfo(float).tiny
    rest = shares[:, None] - changes.sum(1, keepdims=True)
    credited = np.where(felt, changes + rest * size / np.where(felt, total, 1.0), 0.0)
    by_band = credited.sum(2)
    left = np.where(felt[:, 0], 0.0, shares)
    by_owner = left @ owners.T
    by_owner[:, :-1] += by_band
    return by_owner


# A column is shared by what bands change in it when the changes come to this share of what it adds.
_FELT = 0.05


def _column_changes(account: SpectrumAccount, drawn: _Straightened, latents: _Latent) -> _Floats:
    """What straightening each band takes from each column alone: (groups, bands, positions).

    The other columns stay as they are, so a band changes only the columns that see it.
    """
    head = account.head
    own, left, right = position_terms(latents, head)
    l_whole, r_whole = account.factors
    l_rest = l_whole.sum(1, keepdims=True) - l_whole
    r_rest = r_whole.sum(1, keepdims=True) - r_whole
    mix = head.mix.astype(np.float64)
    pairs = ((l_whole - left) * r_rest + (r_whole - right) * l_rest) / 2
    by_copy = account.positions - own + np.matmul(mix, pairs)
    changes = np.zeros((by_copy.shape[1], len(drawn.copy), by_copy.shape[2]))
    for band, (row, (first, end)) in enumerate(zip(drawn.copy, drawn.columns, strict=True)):
        changes[:, band, first:end] = by_copy[row, :, first:end]
    return changes


def between_bands(account: SpectrumAccount, owners: _Floats) -> _Floats:
    """What every two bands add together to each logit: (groups, bands, bands), above the diagonal.

    ``owners`` (bands + 1, positions): of ``nearest``. No column belongs to two bands, so a pair of
    bands is a product of their factors' sums.

    Examples
    --------
    >>> import irclassify
    >>> classifier = irclassify.load()
    >>> x = classifier.spec.preprocessing.grid.wavenumber
    >>> y = np.exp(-(((x - 1744) / 15) ** 2)).astype(np.float32)
    >>> grid = y / y.max()
    >>> (said,) = classifier.predict(x, y[None]).predictions()
    >>> account = SpectrumAccount.of(grid, classifier.spec, classifier.latent(grid[None])[0], said)
    >>> from irclassify.explain.peaks import Curve, extents
    >>> from irclassify.spectra.spectrum import Spectrum
    >>> found = extents(Curve.of(Spectrum(x, y.astype(float))))
    >>> owners = nearest(found, classifier.spec)
    >>> between_bands(account, owners).shape == (17, len(found), len(found))
    True
    """
    left, right = (factor @ owners[:-1].T for factor in account.factors)
    mix = account.head.mix.astype(np.float64)
    product = (left.T * mix[:, None]) @ right
    together: _Floats = np.triu(product + product.transpose(0, 2, 1), k=1)
    return together


def peak_pairs(together: _Floats, peaks: Sequence[Peak]) -> tuple[PeakPair, ...]:
    """The pairs of bands that count most together in a group's logit, strongest first.

    ``together`` (bands, bands): of ``between_bands``; ``peaks``: the bands, in the same order.

    Examples
    --------
    >>> ends = [(1, 2950.0), (2, 1744.0)]
    >>> peaks = [Peak(i, at, 0.9, 20.0, 0.8, 1.0, at - 20, at + 20, "") for i, at in ends]
    >>> peak_pairs(np.array([[0.0, 0.3], [0.0, 0.0]]), peaks)
    (PeakPair(first=1, second=2, contribution=0.3),)
    """
    order = np.argsort(-np.abs(together), axis=None)[:_PAIRS]
    cells = zip(*np.unravel_index(order, together.shape), strict=True)
    return tuple(
        PeakPair(peaks[i].number, peaks[j].number, float(together[i, j]))
        for i, j in cells
        if together[i, j]
    )
