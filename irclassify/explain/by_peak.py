"""The exact sum told by the bands of the spectrum: bias + every band + no band = logit. Pure.

Each latent column, with half of each pair it is in, is credited to bands. ``nearest`` credits it
to the band in whose extent (valley to valley) its centre lies; a column in weak ground between
bands belongs to no band. ``straightened`` asks the model instead: a column sees a window of the
spectrum with several bands in it, so what it adds is shared among them by what drawing each of
them straight takes away from it, and scaled so that the sum stays exact.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from irclassify.explain.contributions import position_terms
from irclassify.explain.groups import Account
from irclassify.explain.peaks import Extent
from irclassify.model.folder import ModelSpec
from irclassify.results.explanation import Peak, PeakPair

Floats = NDArray[np.float64]
Latent = NDArray[np.float32]
Run = Callable[[NDArray[np.float32]], Latent]

# Pairs of peaks that are named for a group.
PAIRS = 5


def nearest(extents: Sequence[Extent], spec: ModelSpec) -> Floats:
    """The share of each band in each column, (bands + 1, positions): 1 for its owner, else 0.

    The last row is no band. The extents do not overlap; one that lies between two columns gets
    the nearer one if no other band wants it.
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


def straightened_grids(
    grid: NDArray[np.float32], extents: Sequence[Extent], spec: ModelSpec
) -> NDArray[np.float32]:
    """The spectrum once for each band with that band drawn straight: (bands, points)."""
    axis = spec.preprocessing.grid.wavenumber
    grids = np.repeat(grid[None], len(extents), axis=0)
    for row, each in zip(grids, extents, strict=True):
        inside = np.flatnonzero((axis >= each.low) & (axis <= each.high))
        if inside.size:
            first, last = max(inside[0] - 1, 0), min(inside[-1] + 1, axis.size - 1)
            row[first : last + 1] = np.linspace(grid[first], grid[last], last - first + 1)
    return grids


def straightened(account: Account, latents: Latent, owners: Floats) -> Floats:
    """What each band adds to each logit, (groups, bands + 1), by straightening; last: no band.

    ``latents`` (bands, channels, positions): of ``straightened_grids``; ``owners``: of
    ``nearest``, for columns that no band changes. A column's share is what its own change takes
    away, all other columns as they are. What the changes of all bands leave over is divided by
    their size.
    """
    changes = column_changes(account, latents)  # (groups, bands, positions)
    shares = account.shares
    size = np.abs(changes)
    total = size.sum(1, keepdims=True)
    felt = total > FELT * np.abs(shares[:, None]) + np.finfo(float).tiny
    rest = shares[:, None] - changes.sum(1, keepdims=True)
    credited = np.where(felt, changes + rest * size / np.where(felt, total, 1.0), 0.0)
    by_band = credited.sum(2)
    left = np.where(felt[:, 0], 0.0, shares)
    by_owner = left @ owners.T
    by_owner[:, :-1] += by_band
    return by_owner


# A column is shared by what bands change in it when the changes come to this share of what it adds.
FELT = 0.05


def column_changes(account: Account, latents: Latent) -> Floats:
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
    changes: Floats = account.positions - own + np.matmul(mix, pairs)
    return changes.transpose(1, 0, 2)


def peak_pairs(
    account: Account, group: int, owners: Floats, peaks: Sequence[Peak]
) -> tuple[PeakPair, ...]:
    """The pairs of bands that count most together in a group's logit, strongest first.

    ``owners`` (bands + 1, positions): of ``nearest``; ``peaks``: the bands, in the same order.
    """
    bands = owners[:-1]
    together = np.triu(2 * bands @ account.pairs(group) @ bands.T, k=1)
    order = np.argsort(-np.abs(together), axis=None)[:PAIRS]
    cells = zip(*np.unravel_index(order, together.shape), strict=True)
    return tuple(
        PeakPair(peaks[i].number, peaks[j].number, float(together[i, j]))
        for i, j in cells
        if together[i, j]
    )
