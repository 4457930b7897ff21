"""In which phase a spectrum was measured, and whether a model knows that phase."""

from __future__ import annotations

import re
from collections.abc import Set
from functools import lru_cache

_WORDS = {
    "gas": r"gas|gaseous|gas-phase|vapou?rs?",
    "condensed": r"solids?|liquids?|solutions?|soln|mulls?|nujol|fluorolube|films?|smear|melt|neat|"
    r"powder|crystal\w*|pellets?|dis[ck]s?|kbr|csi|condensed|polymers?|capillary",
    "atr": r"atr|atr-ftir|ftir-atr|attenuated total reflection|attenuated total reflectance",
}
_LONGEST = 60


def phase_of(state: str | None) -> str | None:
    """``gas``, ``condensed`` or ``atr`` from a file's own words; None when they name no phase.

    ATR is the technique for a solid or a liquid, so ``solid, ATR`` is ``atr``. None also where the
    words name both a gas and another phase.

    Examples
    --------
    >>> phase_of("KBr pellet"), phase_of("VAPOR"), phase_of("solid, ATR"), phase_of("sample 7")
    ('condensed', 'gas', 'atr', None)
    """
    words = state or ""
    return _named(words) if len(words) <= 200 else _named.__wrapped__(words)


@lru_cache(maxsize=256)
def _named(words: str) -> str | None:
    named = [
        phase
        for phase, known in _WORDS.items()
        if re.search(rf"(?<![a-z])(?:{known})(?![a-z])", words.lower())
    ]
    if named == ["condensed", "atr"]:
        return "atr"
    return named[0] if len(named) == 1 else None


def phase_warning(state: str | None, model: str, phases: Set[str]) -> str | None:
    """Why ``model``, trained on ``phases``, cannot be trusted for a sample; None when it can.

    Examples
    --------
    >>> phase_warning("liquid film", "default", {"gas"})
    "measured as 'liquid film', but default was trained on gas-phase spectra only: unreliable"
    >>> phase_warning("vapour", "default", {"gas"}) is None
    True
    """
    phase = phase_of(state)
    if phase in {None, *phases} or (phase == "atr" and "condensed" in phases):
        return None
    words = " ".join((state or "").split())
    words = words if len(words) <= _LONGEST else words[: _LONGEST - 1] + "…"
    known = " and ".join(f"{phase}-phase" for phase in sorted(phases, reverse=True))
    return f"measured as '{words}', but {model} was trained on {known} spectra only: unreliable"
