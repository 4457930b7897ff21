"""What the textbook says of an explanation, in the words that terminal, page and figure share."""

from __future__ import annotations

from collections.abc import Sequence

from irclassify.results.bands import Band, merged
from irclassify.results.explanation import AssignedBand, GroupExplanation, Missing, Region

NO_BAND_KNOWN = "not a textbook band"
NO_CANDIDATE = "nothing in the table"


def textbook(region: Region, group: str, strong: Sequence[AssignedBand] = ()) -> str:
    """What the literature says of a region, from the side of ``group``.

    ``strong``: the spectrum's strong bands, to say whose a band is that is not the group's own.
    """
    bands = region.known_bands
    if not bands:
        return _not_textbook(region, strong)
    best = bands[0]
    if best.group == group:
        return f"{best.label}, {best.low:.0f}-{best.high:.0f}"
    others = list(dict.fromkeys(band.group for band in bands))
    verb = "absorbs" if len(others) == 1 else "absorb"
    return f"where {', '.join(others)} {verb}"


def _not_textbook(region: Region, strong: Sequence[AssignedBand]) -> str:
    for band in strong:
        if band.band.cm1 == region.band_cm1 and band.known_bands:
            known = band.known_bands[0]
            return f"{NO_BAND_KNOWN} of it: {known.vibration} of {known.group}"
    return NO_BAND_KNOWN


def missing(group: GroupExplanation) -> list[str]:
    """``expected but missing: C-O stretch at 1300-1000 cm⁻¹``, a sentence for each vibration.

    What ``contradicts`` says already is not said again.
    """
    told = (m for m in group.missing if m.bands[0].expect != "defining" or not group.contradicts)
    return [_lack(lack) for lack in told]


def _lack(lack: Missing) -> str:
    places = ", ".join(f"{high:.0f}-{low:.0f}" for low, high in merged(lack.bands))
    notes = "; ".join(dict.fromkeys(band.note for band in lack.bands if band.note))
    text = f"expected but missing: {lack.vibration} at {places} cm⁻¹"
    return text + (f" ({notes})" if notes else "")


def contradictions(group: GroupExplanation) -> list[str]:
    """``contradicts the textbook: ...``, a sentence each."""
    return [f"contradicts the textbook: {sentence}" for sentence in group.contradicts]


def candidates(band: AssignedBand) -> str:
    """What an unexplained band could be."""
    return "; ".join(map(_candidate, band.candidates)) or NO_CANDIDATE


def _candidate(band: Band) -> str:
    return f"{band.group} ({band.vibration})"
