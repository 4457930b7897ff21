"""How many bands each vibration shows, how high and how wide: expectation maximisation.

On spectra of known structure every band is shared among the vibrations that its molecule has and
the background, by what each would be expected to show there; then every vibration is expected to
show what it got. ATR counts as condensed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from irclassify.explain.bands import wider
from irclassify.explain.observed import HEIGHTS, REGION_CM1, REGIONS, WIDTHS
from irclassify.explain.rates import INTENSITIES, LONELY, PHASES, Rates, Table, key
from train.arrays import Bools, Floats, Ints
from train.assignments.known import Known, names

ROUNDS = 30
# Bands that are added to each count, so that rare vibrations do not become certain.
PRIOR_RATE, PRIOR_WEIGHT, PRIOR_CLASS = 0.3, 3.0, 1.0


@dataclass(frozen=True)
class Pairs:
    """Every band with every vibration that its molecule allows there: arrays of equal length.

    ``band``, ``row``: which; ``density``: of ``Table.positions``, less for a lonely one.
    """

    band: Ints
    row: Ints
    density: Floats


@dataclass(frozen=True)
class Bands:
    """All bands of all spectra: phase, class of height and of width, region, each (bands,)."""

    phase: Ints
    height: Ints
    width: Ints
    region: Ints


def place_of(known: Known) -> int:
    """The phase's place in PHASES."""
    return 0 if known.phase == "gas" else 1


def truths(spectra: Sequence[Known], table: Table) -> Bools:
    """Whether each spectrum's molecule allows each row: (spectra, rows)."""
    at = {name: i for i, name in enumerate(names())}
    columns = [at[row.structure or row.group] for row in table.rows]
    return np.stack([each.found for each in spectra])[:, columns]


def fit(spectra: Sequence[Known], table: Table) -> Rates:
    """What matching.json holds, from these spectra."""
    allowed = truths(spectra, table)
    phases = np.array([place_of(each) for each in spectra])
    counts = np.stack([allowed[phases == p].sum(0) for p in range(len(PHASES))])
    bands, pairs = _pairs(spectra, table, allowed)
    found = _start(len(table.rows))
    spectra_in = np.bincount(phases, minlength=len(PHASES))
    for _ in range(ROUNDS):
        found = _step(found, bands, pairs, table, counts, spectra_in)
    return replace(found, shares=shares(spectra, table, phases))


def _pairs(spectra: Sequence[Known], table: Table, allowed: Bools) -> tuple[Bands, Pairs]:
    found: list[tuple[Ints, Ints, Floats]] = []
    start = 0
    for each, own in zip(spectra, allowed, strict=True):
        density = table.positions(each.bands.cm1) * (own & table.in_phase[place_of(each)])
        density = np.where(table.lonely(each.bands), LONELY, 1.0) * density
        # What the tables call weak is never among the highest bands of a spectrum.
        highest = each.bands.height_class == len(HEIGHTS)
        density *= ~(highest[:, None] & (table.intensity == INTENSITIES.index("weak")))
        band, row = np.nonzero(density)
        found.append((band + start, row, density[band, row]))
        start += len(each.bands.cm1)
    classes = (
        (np.full(len(b.cm1), place_of(each)), b.height_class, b.width_class, b.region)
        for each in spectra
        for b in [each.bands]
    )
    bands = Bands(*map(np.concatenate, zip(*classes, strict=True)))
    return bands, Pairs(*map(np.concatenate, zip(*found, strict=True)))


def _start(rows: int) -> Rates:
    phases, heights, widths = len(PHASES), len(HEIGHTS) + 1, len(WIDTHS)
    return Rates(
        rates=np.full((phases, rows), 0.5),
        heights=np.full((phases, len(INTENSITIES), heights), 1 / heights),
        widths=np.full((phases, widths, widths), 1 / widths),
        background=np.full((phases, REGIONS), 1e-3),
        background_heights=np.full((phases, heights), 1 / heights),
        background_widths=np.full((phases, widths), 1 / widths),
    )


def _step(
    found: Rates, bands: Bands, pairs: Pairs, table: Table, counts: Ints, spectra_in: Ints
) -> Rates:
    share, rest = _shared_out(found, bands, pairs, table)
    at = pairs.band
    phase, intensity, kind = bands.phase[at], table.intensity[pairs.row], table.width[pairs.row]

    def counted(weights: Floats, like: Floats, *index: Ints) -> Floats:
        flat = np.ravel_multi_index(index, like.shape)
        return np.bincount(flat, weights, like.size).reshape(like.shape)

    def shared(*counts_of: Any) -> Floats:
        smoothed = counted(*counts_of) + PRIOR_CLASS
        parts: Floats = smoothed / smoothed.sum(-1, keepdims=True)
        return parts

    rates = counted(share, found.rates, phase, pairs.row)
    background = counted(rest, found.background, bands.phase, bands.region) + 1.0
    return Rates(
        rates=(rates + PRIOR_RATE * PRIOR_WEIGHT) / (counts + PRIOR_WEIGHT),
        heights=shared(share, found.heights, phase, intensity, bands.height[at]),
        widths=shared(share, found.widths, phase, kind, bands.width[at]),
        background=background / (np.maximum(spectra_in, 1)[:, None] * REGION_CM1),
        background_heights=shared(rest, found.background_heights, bands.phase, bands.height),
        background_widths=shared(rest, found.background_widths, bands.phase, bands.width),
    )


def _shared_out(found: Rates, bands: Bands, pairs: Pairs, table: Table) -> tuple[Floats, Floats]:
    """What part of its band each vibration owns (pairs,), and what the background owns (bands,)."""
    at = pairs.band
    phase = bands.phase[at]
    expected = (
        pairs.density
        * found.rates[phase, pairs.row]
        * found.heights[phase, table.intensity[pairs.row], bands.height[at]]
        * found.widths[phase, table.width[pairs.row], bands.width[at]]
    )
    ground = (
        found.background[bands.phase, bands.region]
        * found.background_heights[bands.phase, bands.height]
        * found.background_widths[bands.phase, bands.width]
    )
    total = np.bincount(at, expected, len(ground)) + ground
    return expected / total[at], ground / total


def shares(spectra: Sequence[Known], table: Table, phases: Ints) -> dict[str, list[float]]:
    """How many molecules with an owner have the structure, by phase: ``structure|owner``.

    Owners are the row's group and a wider structure, where a model may know them, and none.
    """
    at = {name: i for i, name in enumerate(names())}
    found = np.stack([each.found for each in spectra])
    result = {}
    for row in table.rows:
        if not row.structure:
            continue
        for owner in {row.group, wider().get(row.structure, ""), ""}:
            if owner and (owner not in at or owner == row.structure):
                continue
            has = found[:, at[owner]] if owner else np.ones(len(found), bool)
            among = [has & (phases == place) for place in range(len(PHASES))]
            result[f"{row.structure}|{owner}"] = [
                float((found[own, at[row.structure]].sum() + 0.5) / (own.sum() + 5))
                for own in among
            ]
    return result


def to_json(found: Rates, table: Table) -> dict[str, object]:
    """What matching.json holds, to four digits."""

    def rounded(values: Any) -> object:
        return np.vectorize(lambda value: float(f"{value:.4g}"))(values).tolist()

    classes = ("heights", "widths", "background", "background_heights", "background_widths")
    return {
        "rates": {key(row): rounded(found.rates[:, i]) for i, row in enumerate(table.rows)},
        **{name: rounded(getattr(found, name)) for name in classes},
        "shares": {name: rounded(pair) for name, pair in sorted(found.shares.items())},
    }
