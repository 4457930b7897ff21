"""Two spectra, one model: the exact difference of every group's logit, as regions and pairs. Pure.

A logit is a sum over columns and pairs of columns, so the difference of two logits is the sum of
the differences, and merges into regions like any account: where one spectrum gains on the other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from irclassify.explain.assignment import what_stands
from irclassify.explain.groups import Account, between, stretches_of, strongest_cells, totals
from irclassify.explain.regions import Stretch
from irclassify.results.comparison import Comparison, Contrast, GroupContrast, PairContrast
from irclassify.results.explanation import Explanation, together


@dataclass(frozen=True)
class Explained:
    """A spectrum's explanation with the account behind it and the phase it was measured in."""

    explanation: Explanation
    account: Account
    phase: str | None


def compare(a: Explained, b: Explained, *, top: int = 5) -> Comparison:
    """What made the verdicts differ; ``a`` and ``b`` are of the same model.

    ``top``: the strongest differences to name, the rest goes into the remainder; 0: every position.
    """
    groups = range(len(a.explanation.groups))
    return Comparison(
        a.explanation, b.explanation, tuple(_compare_group(a, b, i, top) for i in groups)
    )


def _compare_group(a: Explained, b: Explained, group: int, top: int) -> GroupContrast:
    both = (a, b)
    positions = [each.account.positions[group] for each in both]
    pairs = [each.account.pairs(group) for each in both]
    stretches = stretches_of(positions[1] - positions[0], top)
    regions = _regions(both, group, stretches, positions, pairs, top)
    named = _pairs(both, group, stretches, pairs)
    verdicts = [each.explanation.groups[group] for each in both]
    bias = verdicts[1].bias - verdicts[0].bias
    told = bias + sum(r.difference for r in regions) + sum(p.difference for p in named)
    return GroupContrast(
        verdicts[0].name,
        verdicts[0],
        verdicts[1],
        bias,
        regions,
        named,
        verdicts[1].logit - verdicts[0].logit - told,
    )


Both = tuple[Explained, Explained]
Arrays = list[NDArray[np.float64]]


def _regions(
    both: Both, group: int, stretches: list[Stretch], positions: Arrays, pairs: Arrays, top: int
) -> tuple[Contrast, ...]:
    adds = [totals(stretches, p, q) for p, q in zip(positions, pairs, strict=True)]
    order = range(len(stretches))
    by_difference = sorted(order, key=lambda i: -abs(adds[1][i] - adds[0][i]))
    return tuple(
        Contrast(
            *both[0].account.view.cells(stretches[i]),
            adds[0][i],
            adds[1][i],
            *(_stands(each, group, stretches[i]) for each in both),
        )
        for i in (by_difference[:top] if top else order)
    )


def _pairs(
    both: Both, group: int, stretches: list[Stretch], pairs: Arrays
) -> tuple[PairContrast, ...]:
    adds = [between(stretches, matrix) for matrix in pairs]
    found = []
    for i, j in strongest_cells(adds[1] - adds[0]):
        in_a, in_b = (float(matrix[i, j]) for matrix in adds)
        stronger = both[int(abs(in_b) > abs(in_a))]
        words = together(*(_stands(stronger, group, stretches[k]) for k in (i, j)))
        cells = both[0].account.view.cells
        found.append(PairContrast(cells(stretches[i]), cells(stretches[j]), in_a, in_b, words))
    return tuple(found)


def _stands(each: Explained, group: int, stretch: Stretch) -> str:
    view, name = each.account.view, each.explanation.groups[group].name
    called = [other.name for other in each.explanation.groups if other.call == "present"]
    return what_stands(view.cells(stretch), view.stands_at(stretch), name, called, each.phase)
