"""Does a region's contribution come from its own window, and a pair's from its two regions?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from train.faithfulness.explainers import Evidence, Explainer, Floats, Geometry, Rows
from train.faithfulness.removal import without
from train.networks.columns import Stretch

STRONG = 6  # regions whose pairs are looked at, strongest first, for or against


def own_contribution(evidence: Evidence, columns: Stretch) -> float:
    """What the columns add by themselves and in pairs with each other."""
    positions = float(evidence.positions[slice(*columns)].sum())
    return positions + evidence.block(columns, columns) / 2


def occluded(
    explainer: Explainer, vectors: Floats, groups: Rows, regions: Sequence[Stretch]
) -> Floats:
    """Contributions (n, 2) of one region a spectrum: as it is, and with all it cannot see zero.

    The rest is not scaled again: as if the spectrum were measured only where the region looks.
    """
    hidden = np.zeros_like(vectors)
    for row, columns in enumerate(regions):
        window = slice(*explainer.geometry.sees(columns))
        hidden[row, window] = vectors[row, window]
    both = (explainer.evidence(each, groups) for each in (vectors, hidden))
    return np.array(
        [[own_contribution(e, r) for e, r in zip(each, regions, strict=True)] for each in both]
    ).T


@dataclass(frozen=True)
class Claim:
    """A pair of regions, and what is attributed to it."""

    a: Stretch
    b: Stretch
    pair: float  # what the two add together, beyond each by itself
    both: float  # everything that either of them has a part in


def strongest_pair(evidence: Evidence, geometry: Geometry) -> Claim | None:
    """The strongest pair of regions whose windows do not touch; None without any."""
    regions = sorted(evidence.regions(), key=lambda each: -abs(each.contribution))[:STRONG]
    claims = [
        _claim(evidence, *sorted((a.columns, b.columns)))
        for a, b in combinations(regions, 2)
        if _apart(geometry.sees(a.columns), geometry.sees(b.columns))
    ]
    return max(claims, key=lambda claim: abs(claim.pair), default=None)


def _apart(a: Stretch, b: Stretch) -> bool:
    return a[1] <= b[0] or b[1] <= a[0]


def _claim(evidence: Evidence, a: Stretch, b: Stretch) -> Claim:
    everywhere = (0, evidence.positions.size)
    pair = evidence.block(a, b)
    both = sum(
        own_contribution(evidence, own) + evidence.block(own, everywhere) - evidence.block(own, own)
        for own in (a, b)
    )
    return Claim(a, b, pair, both - pair)


def pair_deletions(
    explainer: Explainer, vectors: Floats, groups: Rows
) -> list[tuple[float, float, float, float] | None]:
    """Claimed and observed changes of the logit when a pair's windows are made straight lines.

    For each spectrum with such a pair: the pair's contribution and f(x) - f(without a) -
    f(without b) + f(without both); all that is attributed to both and f(x) - f(without both).
    """
    evidence = explainer.evidence(vectors, groups)
    claims = [strongest_pair(each, explainer.geometry) for each in evidence]
    whole = explainer.logits(vectors, groups)

    def fall(*sides: str) -> Floats:
        removed = [
            without(v, [explainer.geometry.sees(getattr(claim, side)) for side in sides if claim])
            for v, claim in zip(vectors, claims, strict=True)
        ]
        return whole - explainer.logits(np.stack(removed), groups)

    both = fall("a", "b")
    together = fall("a") + fall("b") - both
    return [
        claim and (claim.pair, float(seen), claim.both, float(drop))
        for claim, seen, drop in zip(claims, together, both, strict=True)
    ]
