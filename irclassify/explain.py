"""Latent matrix x head -> the exact account of each logit, as regions and pairs in cm-1. Pure.

The account is centred on the average training spectrum (d = latent - reference): a region's
contribution says how far this spectrum's evidence there moves the logit away from what an average
spectrum would give, so a missing band counts as evidence against. The sum stays exact.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from irclassify.artifact import Head, ModelSpec
from irclassify.peaks import measured_bands
from irclassify.results import GroupCall, GroupExplanation, MeasuredBand, Pair, Region
from irclassify.spectrum import Spectrum
from irclassify.stretches import Stretch, View, merge_columns

__all__ = [
    "Stretch",
    "explain_groups",
    "merge_columns",
    "pair_contributions",
    "position_contributions",
]

PAIRS_SHOWN = 5


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
    bands: Sequence[MeasuredBand] | None = None,
    top: int = 5,
) -> tuple[GroupExplanation, ...]:
    """The account of every group's logit for one spectrum.

    ``latent``: (channels, positions). ``calls``: the spectrum's GroupCalls in the model's order.
    ``bands``: the spectrum's measured bands; found here when not given.
    ``top``: the strongest regions to name, the rest goes into the remainder; 0 lists every
    position by itself. bias + regions + pairs + remainder = logit, to rounding.
    """
    view = View.of(spectrum, measured_bands(spectrum) if bands is None else bands, spec)
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


def _explain_group(
    view: View,
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
    regions = _regions(view, stretches, totals, positions, top)
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
    view: View,
    stretches: Sequence[Stretch],
    totals: Sequence[float],
    positions: NDArray[np.float64],
    top: int,
) -> tuple[Region, ...]:
    """The ``top`` strongest stretches, strongest first; all of them along the axis for 0."""
    for_sum = sum(t for t in totals if t > 0)
    against_sum = sum(t for t in totals if t < 0)
    order = range(len(totals))
    chosen = sorted(order, key=lambda i: -abs(totals[i]))[:top] if top else order
    regions = []
    for i in chosen:
        stretch = stretches[i]
        whole = for_sum if totals[i] > 0 else against_sum
        band = view.band_of(stretch)
        strongest = stretch[0] + int(np.abs(positions[slice(*stretch)]).argmax())
        regions.append(
            Region(
                *view.cells(stretch),
                totals[i],
                totals[i] / whole if whole else 0.0,
                *view.sees(stretch),
                None if band is None else band.cm1,
                None if band is None else band.absorbance,
                None if band is None else band.width_cm1,
                view.pattern_of(strongest),
            )
        )
    return tuple(regions)


def _strongest_pairs(
    view: View, stretches: Sequence[Stretch], pairs: NDArray[np.float64]
) -> tuple[Pair, ...]:
    if not pairs.any():
        return ()
    inside = np.zeros((len(stretches), pairs.shape[0]))
    for i, stretch in enumerate(stretches):
        inside[i, slice(*stretch)] = 1.0
    between = np.triu(inside @ (2 * pairs) @ inside.T, k=1)
    strongest = np.argsort(-np.abs(between), axis=None)[:PAIRS_SHOWN]
    return tuple(
        _pair(view, stretches[i], stretches[j], float(between[i, j]))
        for i, j in zip(*np.unravel_index(strongest, between.shape), strict=True)
        if between[i, j]
    )


def _pair(view: View, a: Stretch, b: Stretch, contribution: float) -> Pair:
    return Pair(view.cells(a), view.cells(b), contribution, _place(view, a), _place(view, b))


def _place(view: View, stretch: Stretch) -> float | None:
    band = view.own_band_of(stretch)
    return None if band is None else band.cm1
