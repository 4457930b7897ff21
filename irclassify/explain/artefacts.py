"""Bands that are not the sample's: air, the oil of a mull, water in KBr, solvents, diamond. Pure.

Carbon dioxide, water vapour and Nujol are named whatever else could stand there: their pattern, or
the file's own words, say that they are in the beam. The others are named only where nothing of the
sample accounts for a band.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from irclassify.explain.bands import FOREIGN
from irclassify.explain.observed import WIDTHS, Observed, width_class
from irclassify.results.bands import Band

_ARTEFACTS = tuple(band for band in FOREIGN if band.expect == "artefact")

# What the file says of the sample when these are in it.
_WORDS = {
    "Nujol": re.compile(r"nujol|(mineral|paraffin) oil|\boil mull", re.IGNORECASE),
    "water": re.compile(r"\bkbr\b|pellet|\bdis[ck]\b|pressing", re.IGNORECASE),
    "chloroform": re.compile(r"chcl ?3|chloroform", re.IGNORECASE),
    "carbon tetrachloride": re.compile(r"ccl ?4|carbon tetrachloride", re.IGNORECASE),
    "carbon disulfide": re.compile(r"\bcs ?2|carbon dis", re.IGNORECASE),
}
# In a split mull the oil is only where fluorolube is not.
_SPLIT = re.compile(r"split|fluorolube", re.IGNORECASE)
_OIL_BELOW_CM1 = 1330.0

# The strongest lines of water vapour between bands of samples, cm-1; so many must show.
_VAPOUR_LINES = (
    3629.0, 3649.0, 3675.0, 3690.0, 3711.0, 3735.0, 3750.0, 3801.0, 3820.0, 3837.0, 3853.0,
)  # fmt: skip
_BEND_LINES = (
    1457.0, 1473.0, 1490.0, 1507.0, 1521.0, 1540.0, 1559.0, 1576.0, 1616.0, 1636.0, 1653.0,
    1684.0, 1700.0, 1717.0, 1734.0, 1772.0, 1792.0, 1829.0, 1844.0, 1869.0,
)  # fmt: skip
LEAST_LINES, LINE_WITHIN, LINE_HEIGHT = 4, 3.0, 0.15

_CARBON_DIOXIDE = (2325.0, 2372.0)  # where the two branches have their maxima
_CARBON_DIOXIDE_BEND = (664.0, 671.0)
_DIAMOND_HEIGHT = 0.08
_BROAD = (WIDTHS.index("broad"), WIDTHS.index("very broad"))


def certain(bands: Observed, state: str) -> list[Band | None]:
    """What must be an artefact: a row of the table, or None, for each band.

    Examples
    --------
    >>> bands = Observed(np.array([2349.0, 1717.0]), np.array([0.1, 1.0]), ("sharp", ""))
    >>> [row and row.group for row in certain(bands, state="")]
    ['carbon dioxide', None]
    """
    air = _carbon_dioxide(bands)
    vapour = _water_vapour(bands)
    oil = _oil(bands, state)
    return [one or other or third for one, other, third in zip(air, vapour, oil, strict=True)]


def possible(cm1: float, height: float, shape: str, state: str, phase: str | None) -> Band | None:
    """What a band can be that nothing of the sample accounts for.

    Examples
    --------
    >>> found = possible(1218.0, 0.5, "", state="10% in chloroform", phase="condensed")
    >>> found and found.group
    'chloroform'
    """
    for row in _ARTEFACTS:
        if row.distance(cm1) > 0 or not row.holds_in(phase):
            continue
        words = _WORDS.get(row.group)
        fits = row.width != "broad" or width_class(shape) in _BROAD
        if words and row.group != "Nujol" and words.search(state) and fits:
            return row
        if row.group == "diamond" and phase == "atr" and height <= _DIAMOND_HEIGHT:
            return row
    return None


def _rows(group: str, bands: Observed, named: NDArray[np.bool_]) -> list[Band | None]:
    """The row of a group for each of the bands that is ``named``; None for the others."""
    rows = [row for row in _ARTEFACTS if row.group == group]
    return [
        next((row for row in rows if is_named and row.distance(cm1) == 0), None)
        for cm1, is_named in zip(bands.cm1.tolist(), named, strict=True)
    ]


def _carbon_dioxide(bands: Observed) -> list[Band | None]:
    low, high = _CARBON_DIOXIDE
    inside = (bands.cm1 >= low) & (bands.cm1 <= high)
    bend_low, bend_high = _CARBON_DIOXIDE_BEND
    bends = (bands.cm1 >= bend_low) & (bands.cm1 <= bend_high) & inside.any()
    named = inside | (bends & np.array([width_class(shape) == 1 for shape in bands.shapes], bool))
    return _rows("carbon dioxide", bands, named)


def _water_vapour(bands: Observed) -> list[Band | None]:
    sharp = np.array([width_class(shape) == 1 for shape in bands.shapes], bool)
    low = sharp & (bands.height <= LINE_HEIGHT)

    def on(lines: Sequence[float]) -> NDArray[np.bool_]:
        near: NDArray[np.bool_] = np.abs(bands.cm1[:, None] - np.array(lines)).min(1) <= LINE_WITHIN
        return near & low

    stretches = on(_VAPOUR_LINES)
    if stretches.sum() < LEAST_LINES:
        return [None] * len(bands.cm1)
    named = stretches | on(_BEND_LINES)
    return _rows("water vapour", bands, named)


def _oil(bands: Observed, state: str) -> list[Band | None]:
    highest = _OIL_BELOW_CM1 if _SPLIT.search(state) else np.inf
    highest = highest if _WORDS["Nujol"].search(state) else -np.inf
    return _rows("Nujol", bands, bands.cm1 <= highest)
