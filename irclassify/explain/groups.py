"""Latent matrix x head -> the exact account of each logit, as regions and pairs in cm-1. Pure.

The account is around a spectrum without absorption (d = latent - reference): a region's
contribution is what its bands add to that spectrum's logit; what was not measured adds nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from irclassify.explain.contributions import column_shares, pair_matrix, position_terms
from irclassify.explain.peaks import measured_bands
from irclassify.explain.regions import Stretch, View, merge_columns
from irclassify.model.calibration import probabilities
from irclassify.model.folder import ModelSpec
from irclassify.model.head import Head
from irclassify.model.preprocessing import to_grid
from irclassify.results.explanation import GroupExplanation, Pair, Region
from irclassify.results.prediction import GroupCall, Prediction
from irclassify.spectra.spectrum import Spectrum

__all__ = [
    "Account",
    "Stretch",
    "between",
    "explain_account",
    "explain_groups",
    "merge_columns",
    "pair_contributions",
    "position_contributions",
    "stretches_of",
    "strongest_cells",
    "totals",
]

PAIRS_SHOWN = 5

# The regions that carry a verdict.
MAIN = 3


def position_contributions(latent: NDArray[np.float32], head: Head) -> NDArray[np.float64]:
    """``position_terms`` of one spectrum: latent (channels, positions) -> (groups, positions)."""
    own: NDArray[np.float64] = position_terms(latent[None], head)[0][0].astype(np.float64)
    return own


def pair_contributions(latent: NDArray[np.float32], head: Head, group: int) -> NDArray[np.float64]:
    """``pair_matrix`` of one spectrum and group: (positions, positions)."""
    _, left, right = position_terms(latent[None], head)
    matrix: NDArray[np.float64] = pair_matrix(left, right, head.mix, group)[0].astype(np.float64)
    return matrix


Factors = tuple[NDArray[np.float64], NDArray[np.float64]]


@dataclass(frozen=True)
class Account:
    """One spectrum's logits by columns: ``positions`` (groups, positions), pairs by group."""

    view: View
    head: Head
    positions: NDArray[np.float64]
    factors: Factors

    @classmethod
    def of(cls, view: View, latent: NDArray[np.float32], said: Prediction) -> Account:
        """``latent``: (channels, positions), of the spectrum that is viewed; ``said`` of it."""
        head = view.spec.head_of(said, [call.name for call in said.groups])
        own, left, right = (
            each[0].astype(np.float64) for each in position_terms(latent[None], head)
        )
        return cls(view, head, own, (left, right))

    def pairs(self, group: int) -> NDArray[np.float64]:
        """See ``contributions.pair_matrix``."""
        left, right = (each[None] for each in self.factors)
        matrix: NDArray[np.float64] = pair_matrix(left, right, self.head.mix, group)[0]
        return matrix

    @cached_property
    def shares(self) -> NDArray[np.float64]:
        """Each column with half of the pairs it is in: (groups, positions)."""
        own, left, right = (each[None] for each in (self.positions, *self.factors))
        shares: NDArray[np.float64] = column_shares(own, left, right, self.head.mix)[0]
        return shares


def explain_groups(
    spectrum: Spectrum,
    latent: NDArray[np.float32],
    said: Prediction,
    spec: ModelSpec,
    *,
    top: int = 5,
) -> tuple[GroupExplanation, ...]:
    """The account of every group's logit for one spectrum; see ``explain_account``.

    ``latent``: (channels, positions). ``said``: what the model says of the spectrum.
    """
    view = View.of(to_grid(spectrum, spec.preprocessing), measured_bands(spectrum), spec)
    return explain_account(Account.of(view, latent, said), said, top=top)


def explain_account(
    account: Account, said: Prediction, *, top: int = 5
) -> tuple[GroupExplanation, ...]:
    """Regions and pairs of every group; bias + regions + pairs + remainder = logit, to rounding.

    ``top``: the strongest regions to name, the rest goes into the remainder; 0 lists every
    position by itself.
    """
    numbers = account.view.spec.confidence
    weights = account.view.spec.weights_of(said)
    limits = probabilities(np.concatenate(numbers.limits(weights, said.error_rate))).T
    thresholds = numbers.mean("threshold", weights)[0]
    column = {output.name: at for at, output in enumerate(account.view.spec.outputs)}
    return tuple(
        replace(
            _explain_group(account, i, call, top),
            threshold=float(thresholds[column[call.name]]),
            absent_below=float(limits[column[call.name], 0]),
            present_from=float(limits[column[call.name], 1]),
        )
        for i, call in enumerate(said.groups)
    )


def _explain_group(account: Account, group: int, call: GroupCall, top: int) -> GroupExplanation:
    view, positions, pairs = account.view, account.positions[group], account.pairs(group)
    bias = float(account.head.bias[group])
    stretches = stretches_of(positions, top)
    adds = totals(stretches, positions, pairs)
    regions = _regions(view, stretches, adds, positions, _strongest(adds, top))
    named_pairs = _strongest_pairs(view, stretches, pairs)
    told = sum(r.contribution for r in regions) + sum(p.contribution for p in named_pairs)
    return GroupExplanation(
        name=call.name,
        probability=call.probability,
        call=call.call,
        threshold=float("nan"),
        logit=call.logit,
        bias=bias,
        regions=regions,
        pairs=named_pairs,
        remainder=call.logit - bias - told,
        profile=tuple((positions + pairs.sum(axis=1)).tolist()),
        main=_main(view, positions, pairs),
        best_guess=call.best_guess,
    )


def _main(
    view: View, positions: NDArray[np.float64], pairs: NDArray[np.float64]
) -> tuple[Region, ...]:
    stretches = merge_columns(positions)
    adds = totals(stretches, positions, pairs)
    for_it = [i for i in range(len(adds)) if adds[i] > 0]
    chosen = sorted(for_it, key=lambda i: -adds[i])[:MAIN]
    return _regions(view, stretches, adds, positions, chosen)


def _strongest(adds: Sequence[float], top: int) -> Sequence[int]:
    order = range(len(adds))
    return sorted(order, key=lambda i: -abs(adds[i]))[:top] if top else order


def stretches_of(positions: NDArray[np.float64], top: int) -> list[Stretch]:
    """The regions of contributions (positions,); for a ``top`` of 0 every position by itself."""
    return [(p, p + 1) for p in range(positions.size)] if top == 0 else merge_columns(positions)


def totals(
    stretches: Sequence[Stretch], positions: NDArray[np.float64], pairs: NDArray[np.float64]
) -> list[float]:
    """What each stretch adds: its columns (positions,), and pairs (positions, positions) in it."""
    return [
        float(positions[slice(*s)].sum() + pairs[slice(*s), slice(*s)].sum()) for s in stretches
    ]


def between(stretches: Sequence[Stretch], pairs: NDArray[np.float64]) -> NDArray[np.float64]:
    """What every two stretches add together, (stretches, stretches), zero up to the diagonal."""
    inside = np.zeros((len(stretches), pairs.shape[0]))
    for i, stretch in enumerate(stretches):
        inside[i, slice(*stretch)] = 1.0
    return np.triu(inside @ (2 * pairs) @ inside.T, k=1)


def strongest_cells(matrix: NDArray[np.float64]) -> list[tuple[int, int]]:
    """Where the PAIRS_SHOWN values farthest from zero stand in a matrix, strongest first."""
    order = np.argsort(-np.abs(matrix), axis=None)[:PAIRS_SHOWN]
    rows, columns = np.unravel_index(order, matrix.shape)
    cells = zip(rows.tolist(), columns.tolist(), strict=True)
    return [(i, j) for i, j in cells if matrix[i, j]]


def _regions(
    view: View,
    stretches: Sequence[Stretch],
    adds: Sequence[float],
    positions: NDArray[np.float64],
    chosen: Sequence[int],
) -> tuple[Region, ...]:
    for_sum = sum(t for t in adds if t > 0)
    against_sum = sum(t for t in adds if t < 0)
    regions = []
    for i in chosen:
        stretch = stretches[i]
        whole = for_sum if adds[i] > 0 else against_sum
        band = view.band_of(stretch)
        strongest = stretch[0] + int(np.abs(positions[slice(*stretch)]).argmax())
        regions.append(
            Region(
                *view.cells(stretch),
                adds[i],
                adds[i] / whole if whole else 0.0,
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
    together = between(stretches, pairs)
    return tuple(
        _pair(view, stretches[i], stretches[j], float(together[i, j]))
        for i, j in strongest_cells(together)
    )


def _pair(view: View, a: Stretch, b: Stretch, contribution: float) -> Pair:
    return Pair(view.cells(a), view.cells(b), contribution, view.stands_at(a), view.stands_at(b))
