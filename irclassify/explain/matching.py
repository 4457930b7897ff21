"""One assignment a band, made for the whole spectrum. Pure.

Simple for now: the narrowest range of a group that is called, or of what is not one of the model's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from irclassify.explain.bands import BANDS, FOREIGN, bands_at
from irclassify.explain.peaks import Curve, Extent
from irclassify.results.bands import Band

TOLERANCE = 10.0


@dataclass(frozen=True)
class Match:
    """What a band is: the vibration that fits best, perhaps a second, and how well, 0 to 1."""

    first: Band | None = None
    second: Band | None = None
    fit: float = 0.0


def match(
    extents: Sequence[Extent], curve: Curve, probabilities: Mapping[str, float], phase: str | None
) -> tuple[Match, ...]:
    """One match for each extent. ``probabilities``: of the model's groups, by name."""
    called = {name for name, probability in probabilities.items() if probability >= 0.5}
    found = []
    for each in extents:
        own = bands_at(each.band.cm1, (b for b in BANDS if b.group in called), phase, TOLERANCE)
        air = bands_at(each.band.cm1, (b for b in FOREIGN if b.kind == "air"), phase)
        carbon_dioxide = tuple(b for b in air if b.group == "carbon dioxide" and b.low > 2000)
        fitting = (*carbon_dioxide, *own, None, None)
        found.append(Match(fitting[0], fitting[1], 1.0 if own else 0.0))
    return tuple(found)
