"""Latent matrix x head -> the exact account of each logit, as regions and pairs in cm-1. Pure.

The account is centred on the average training spectrum (d = latent - reference): a region's
contribution says how far this spectrum's evidence there moves the logit away from what an average
spectrum would give, so a missing band counts as evidence against. The sum stays exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from irclassify.artifact import Head, ModelSpec
from irclassify.results import GroupCall, GroupExplanation, Pair, Region
from irclassify.spectrum import Spectrum

# How columns become regions; see merge_columns.
VALLEY_SHARE = 0.5
TAIL_SHARE = 0.1

PAIRS_SHOWN = 5

# A local maximum lower than this share of the spectrum's own maximum is not called a band.
BAND_SHARE = 0.01


# Neighbouring columns: the first and one past the last, as in a slice.
Stretch = tuple[int, int]


def position_contributions(latent: NDArray[np.float32], head: Head) -> NDArray[np.float64]:
    """What each position adds to each logit: latent (channels, positions) -> (groups, positions).

    Includes the second-order terms of a position with itself. Rieger et al. 2023, section 3.2,
    extended to factors.
    """
    d = latent.astype(np.float64) - head.reference
    single: NDArray[np.float64] = np.einsum("gcp,cp->gp", head.weight.astype(np.float64), d)
    left, right = _factors(d, head)
    own: NDArray[np.float64] = np.einsum("gr,rp,rp->gp", head.mix.astype(np.float64), left, right)
    return single + own


def pair_contributions(latent: NDArray[np.float32], head: Head, group: int) -> NDArray[np.float64]:
    """What each pair of different positions adds to one logit: (positions, positions), symmetric.

    Half of a pair's contribution stands on either side of the diagonal; the diagonal is zero (it
    belongs to ``position_contributions``). The sum of the matrix is the group's pair term.
    """
    d = latent.astype(np.float64) - head.reference
    return _pairs(_factors(d, head), head.mix[group])


Factors = tuple[NDArray[np.float64], NDArray[np.float64]]


def _pairs(factors: Factors, mix: NDArray[np.float32]) -> NDArray[np.float64]:
    left, right = factors
    product = left.T @ (mix.astype(np.float64)[:, None] * right)
    both: NDArray[np.float64] = (product + product.T) / 2
    np.fill_diagonal(both, 0.0)
    return both


def _factors(d: NDArray[np.float64], head: Head) -> Factors:
    """Each factor's value split over positions: two arrays (factors, positions)."""
    factors, own_channels, positions = head.left.shape
    members = d.reshape(-1, own_channels, positions)

    def split(weights: NDArray[np.float32]) -> NDArray[np.float64]:
        grouped = weights.astype(np.float64).reshape(len(members), -1, own_channels, positions)
        values: NDArray[np.float64] = np.einsum("mrcp,mcp->mrp", grouped, members)
        return values.reshape(factors, positions)

    return split(head.left), split(head.right)


def explain_groups(
    spectrum: Spectrum,
    latent: NDArray[np.float32],
    calls: Sequence[GroupCall],
    spec: ModelSpec,
    *,
    top: int = 5,
) -> tuple[GroupExplanation, ...]:
    """The account of every group's logit for one spectrum.

    ``latent``: (channels, positions). ``calls``: the spectrum's GroupCalls in the model's order.
    ``top``: the strongest regions to name, the rest goes into the remainder; 0 lists every
    position by itself. bias + regions + pairs + remainder = logit, to rounding.
    """
    view = _View.of(spectrum, spec)
    positions = position_contributions(latent, spec.head)
    factors = _factors(latent.astype(np.float64) - spec.head.reference, spec.head)
    return tuple(
        _explain_group(
            view,
            call,
            spec.groups[i].threshold,
            float(spec.head.bias[i]),
            positions[i],
            _pairs(factors, spec.head.mix[i]),
            top,
        )
        for i, call in enumerate(calls)
    )


def merge_columns(contributions: NDArray[np.float64]) -> list[Stretch]:
    """Contributions of all positions (positions,) -> the regions a reader would see.

    1. Neighbouring columns of one sign form a stretch.
    2. A stretch is cut at a column that falls below VALLEY_SHARE of the lower of the two maxima
       beside it: two bands, two regions.
    3. Its ends are trimmed where columns stay below TAIL_SHARE of its strongest column.
    """
    edges = np.flatnonzero(np.diff(np.signbit(contributions))) + 1
    return [
        _trim(contributions, piece)
        for stretch in pairwise([0, *edges.tolist(), contributions.size])
        for piece in _cut_at_valleys(np.abs(contributions), stretch)
    ]


def _cut_at_valleys(strength: NDArray[np.float64], stretch: Stretch) -> list[Stretch]:
    first, end = stretch
    inside = strength[first:end]
    if inside.size < 3:
        return [stretch]
    lower_maximum = np.minimum(
        np.maximum.accumulate(inside)[:-2], np.maximum.accumulate(inside[::-1])[::-1][2:]
    )
    with np.errstate(over="ignore"):
        depth = inside[1:-1] / np.maximum(lower_maximum, np.finfo(float).tiny)
    valley = int(depth.argmin())
    if depth[valley] >= VALLEY_SHARE:
        return [stretch]
    cut = first + 1 + valley
    return _cut_at_valleys(strength, (first, cut)) + _cut_at_valleys(strength, (cut, end))


def _trim(contributions: NDArray[np.float64], stretch: Stretch) -> Stretch:
    strength = np.abs(contributions[slice(*stretch)])
    strong = np.flatnonzero(strength >= TAIL_SHARE * strength.max())
    return stretch[0] + int(strong[0]), stretch[0] + int(strong[-1]) + 1


@dataclass(frozen=True)
class _View:
    """One spectrum seen by one model: what a region needs to be described."""

    spectrum: Spectrum
    spec: ModelSpec
    sees_from: NDArray[np.float64]
    sees_to: NDArray[np.float64]
    half_cell: float

    @classmethod
    def of(cls, spectrum: Spectrum, spec: ModelSpec) -> _View:
        half_cell = spec.latent.stride_points * spec.preprocessing.grid.spacing_cm1 / 2
        return cls(spectrum, spec, *spec.columns_cm1(), half_cell)

    def cells(self, stretch: Stretch) -> tuple[float, float]:
        """Wavenumbers from the lower edge of the first column's cell to the last's upper edge."""
        first, last = stretch[0], stretch[1] - 1
        centre = (self.sees_from + self.sees_to) / 2
        return float(centre[first] - self.half_cell), float(centre[last] + self.half_cell)

    def band_of(self, stretch: Stretch) -> tuple[float | None, float | None]:
        """The strongest band of the stretch itself; without one, of all that its columns see."""
        low, high = self.cells(stretch)
        own = self._strongest_band(low - self.half_cell, high + self.half_cell)
        if own[0] is not None:
            return own
        first, last = stretch[0], stretch[1] - 1
        return self._strongest_band(float(self.sees_from[first]), float(self.sees_to[last]))

    def _strongest_band(self, low: float, high: float) -> tuple[float | None, float | None]:
        """Position (cm-1) and absorbance of the highest local maximum between two wavenumbers."""
        x, y = self.spectrum.wavenumber, self.spectrum.absorbance
        middle = y[1:-1]
        is_band = (middle >= y[:-2]) & (middle > y[2:]) & (middle > BAND_SHARE * y.max())
        inside = is_band & (x[1:-1] >= low) & (x[1:-1] <= high)
        candidates = np.flatnonzero(inside) + 1
        if candidates.size == 0:
            return None, None
        best = candidates[y[candidates].argmax()]
        return float(x[best]), float(y[best])


def _explain_group(
    view: _View,
    call: GroupCall,
    threshold: float,
    bias: float,
    positions: NDArray[np.float64],
    pairs: NDArray[np.float64],
    top: int,
) -> GroupExplanation:
    stretches = (
        [(p, p + 1) for p in range(positions.size)] if top == 0 else merge_columns(positions)
    )
    totals = [
        float(positions[slice(*s)].sum() + pairs[slice(*s), slice(*s)].sum()) for s in stretches
    ]
    regions = _regions(view, stretches, totals, top)
    named_pairs = _strongest_pairs(view, stretches, pairs)
    told = sum(r.contribution for r in regions) + sum(p.contribution for p in named_pairs)
    return GroupExplanation(
        name=call.name,
        probability=call.probability,
        call=call.call,
        threshold=threshold,
        logit=call.logit,
        bias=bias,
        regions=regions,
        pairs=named_pairs,
        remainder=call.logit - bias - told,
        profile=tuple((positions + pairs.sum(axis=1)).tolist()),
    )


def _regions(
    view: _View, stretches: Sequence[Stretch], totals: Sequence[float], top: int
) -> tuple[Region, ...]:
    """The ``top`` strongest stretches, strongest first; all of them along the axis for 0."""
    for_sum = sum(t for t in totals if t > 0)
    against_sum = sum(t for t in totals if t < 0)
    order = range(len(totals))
    chosen = sorted(order, key=lambda i: -abs(totals[i]))[:top] if top else order
    regions = []
    for i in chosen:
        first, last = stretches[i][0], stretches[i][1] - 1
        sees_from, sees_to = float(view.sees_from[first]), float(view.sees_to[last])
        whole = for_sum if totals[i] > 0 else against_sum
        regions.append(
            Region(
                *view.cells(stretches[i]),
                totals[i],
                totals[i] / whole if whole else 0.0,
                sees_from,
                sees_to,
                *view.band_of(stretches[i]),
            )
        )
    return tuple(regions)


def _strongest_pairs(
    view: _View, stretches: Sequence[Stretch], pairs: NDArray[np.float64]
) -> tuple[Pair, ...]:
    if not pairs.any():
        return ()
    inside = np.zeros((len(stretches), pairs.shape[0]))
    for i, stretch in enumerate(stretches):
        inside[i, slice(*stretch)] = 1.0
    between = np.triu(inside @ (2 * pairs) @ inside.T, k=1)
    strongest = np.argsort(-np.abs(between), axis=None)[:PAIRS_SHOWN]
    return tuple(
        Pair(view.cells(stretches[i]), view.cells(stretches[j]), float(between[i, j]))
        for i, j in zip(*np.unravel_index(strongest, between.shape), strict=True)
        if between[i, j]
    )
