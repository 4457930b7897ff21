"""Stage ``faithfulness``: how far accounts by bands can be trusted, measured on held-out spectra.

For right positive calls of the default model, by networks that never saw the molecule, with the
functions that the tool itself uses: once with columns shared by straightening each band, as users
see it, once with each column credited to the band nearest to its centre.

Removed: bands are drawn straight from foot to foot while the scale of the spectrum is held, and
what the logit falls is compared with random bands of the spectrum, with random stretches of the
same widths, and with its highest bands. Textbook: the first band lies in a range of the group in
bands.csv, for its phase, or up to TOLERANCE beside it; by chance: any band of the spectrum does.
Stable: how many of the first bands are among the first again after the spectrum was disturbed.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from scipy.ndimage import gaussian_filter1d

from irclassify.explain.assignment import TOLERANCE
from irclassify.explain.bands import bands_of
from irclassify.explain.peaks import Curve, Extent
from irclassify.spectra.spectrum import Spectrum
from train.arrays import Floats, Singles
from train.data.dataset import load
from train.faithfulness.models import MODEL, PHASES, RULES, Case, FoldNetwork, Told, cases, networks
from train.labels.groups import GROUPS
from train.settings import save_results

TOP = 3
RANDOM = 5  # draws of random bands and stretches a call
AGAINST = ("random bands", "random stretches", "highest bands")
AGAIN_CM1 = 10.0  # tops of one band lie this near to each other
LINE_CM1 = 8.0  # full width of a sharp line; at half resolution it is twice as wide
RESAMPLED = 2000
Disturb = Callable[[Curve, np.random.Generator], tuple[Floats, Floats]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``python -m train faithfulness`` [--calls N]."""
    parser.add_argument("--calls", type=int, default=10, help="of each group in each phase")


def run(options: argparse.Namespace) -> int:
    """Measure and store."""
    torch.set_num_threads(1)
    found = cases(load(MODEL), options.calls)
    by_fold = networks(found)
    every = [measured(case, by_fold[case.fold]) for case in found]

    def part(chosen: list[int]) -> dict[str, Any]:
        return summed_up([every[i] for i in chosen], [found[i].molecule for i in chosen])

    results: dict[str, Any] = {
        "all": part(list(range(len(found)))),
        "phases": {p: part([i for i, c in enumerate(found) if c.phase == p]) for p in PHASES},
        "groups": {
            name: part([i for i, c in enumerate(found) if c.group == group])
            for group, name in enumerate(GROUPS)
            if np.any([c.group == group for c in found])
        },
    }
    save_results(MODEL, "faithfulness", results)
    return 0


def _blur(curve: Curve) -> Floats:
    sigma = np.sqrt(3) * LINE_CM1 / curve.step / np.sqrt(8 * np.log(2))  # variances add
    return gaussian_filter1d(curve.y, sigma, mode="nearest")


DISTURBANCES: dict[str, Disturb] = {
    "1 % noise": lambda c, r: (c.x, c.y + 0.01 * c.span * r.standard_normal(c.y.size)),
    "shift of 2 cm-1": lambda c, _: (c.x + 2.0, c.y),
    "half resolution": lambda c, _: (c.x, _blur(c)),
}


def measured(case: Case, network: FoldNetwork) -> dict[str, Any]:
    """All numbers of one call: by sharing rule what the bands of that rule give."""
    told = network.told(case.spectrum, case.group)
    random = np.random.default_rng(case.group)
    disturbed = {
        name: network.told(_disturbed(case.spectrum, disturb, random), case.group)
        for name, disturb in DISTURBANCES.items()
    }
    on_book = [is_on_book(each, GROUPS[case.group], case.phase) for each in told.bands]
    found: dict[str, Any] = {
        "exact": max(
            abs(told.bias + float(shares.sum()) - told.logit) for shares in told.shares.values()
        ),
        "by_chance": float(np.mean(on_book)) if on_book else 0.0,
    }
    for rule in RULES:
        first = told.first(rule, TOP)
        found[rule] = {
            "falls": falls(case, network, told, first, random),
            "textbook": bool(first) and is_on_book(first[0], GROUPS[case.group], case.phase),
            "no_band": abs(float(told.shares[rule][-1])),
            "again": {
                name: again(first, other.first(rule, TOP), 2.0 if "shift" in name else 0.0)
                for name, other in disturbed.items()
            }
            | {"random bands": again(first, _drawn(told.bands, len(first), random), 0.0)},
        }
    return found


def falls(
    case: Case,
    network: FoldNetwork,
    told: Told,
    first: Sequence[Extent],
    random: np.random.Generator,
) -> list[float]:
    """How far the logit falls without the first bands, and without those of AGAINST."""
    count = len(first)
    grid, axis = network.grid(case.spectrum), network.spec.preprocessing.grid.wavenumber
    highest = sorted(told.bands, key=lambda each: -each.band.absorbance)[:count]
    bands = [_drawn(told.bands, count, random) for _ in range(RANDOM)]
    stretches = [_stretches(first, case.spectrum, random) for _ in range(RANDOM)]
    removed = [[(e.low, e.high) for e in own] for own in (first, highest, *bands)] + stretches
    logits, _ = network.run(np.stack([without(grid, axis, own) for own in removed]))
    change = told.logit - logits[:, case.group]
    by_bands, by_stretches = change[2 : 2 + RANDOM].mean(), change[2 + RANDOM :].mean()
    return [float(v) for v in (change[0], by_bands, by_stretches, change[1])]


def without(grid: Singles, axis: Floats, ranges: Sequence[tuple[float, float]]) -> Singles:
    """The grid vector (points,) with straight lines in some ranges (cm-1)."""
    inside = np.zeros(axis.size, bool)
    for low, high in ranges:
        inside |= (axis >= low) & (axis <= high)
    inside[[0, -1]] = False
    drawn = grid.copy()
    drawn[inside] = np.interp(axis[inside], axis[~inside], grid[~inside])
    return drawn


def _drawn(bands: Sequence[Extent], count: int, random: np.random.Generator) -> list[Extent]:
    return [bands[i] for i in random.permutation(len(bands))[:count]]


def _stretches(
    first: Sequence[Extent], spectrum: Spectrum, random: np.random.Generator
) -> list[tuple[float, float]]:
    """Ranges as wide as the bands anywhere in the spectrum; they may touch each other."""
    start, end = float(spectrum.wavenumber[0]), float(spectrum.wavenumber[-1])
    widths = [each.high - each.low for each in first]
    lows = [random.uniform(start, max(start, end - width)) for width in widths]
    return [(low, low + width) for low, width in zip(lows, widths, strict=True)]


def is_on_book(extent: Extent, group: str, phase: str) -> bool:
    """Whether a band lies where the table has a band of the group."""
    rows = (row for row in bands_of(group) if row.holds_in(phase))
    return any(row.distance(extent.band.cm1) <= TOLERANCE for row in rows)


def again(first: Sequence[Extent], other: Sequence[Extent], moved: float) -> float:
    """The share of the first bands that are among the others too; 0 of none.

    A band is found again when its top, ``moved`` (cm-1) as the spectrum was, lies within another's
    feet or AGAIN_CM1 beside its top: bands that merge at lower resolution are one.
    """

    def same(one: Extent, two: Extent) -> bool:
        top = one.band.cm1 + moved
        return two.low <= top <= two.high or abs(two.band.cm1 - top) <= AGAIN_CM1

    return float(np.mean([any(same(e, o) for o in other) for e in first])) if first else 0.0


def _disturbed(spectrum: Spectrum, disturb: Disturb, random: np.random.Generator) -> Spectrum:
    x, y = disturb(Curve.of(spectrum), random)
    return replace(spectrum, wavenumber=x, absorbance=y)


def summed_up(every: Sequence[dict[str, Any]], molecules: Sequence[str]) -> dict[str, Any]:
    """Means and ratios of what ``measured`` gave, with 95 % intervals by molecule."""
    resampled = Resampled(molecules)

    def of(rule: str, *keys: str) -> Floats:
        values = [own[rule] for own in every]
        for key in keys:
            values = [value[key] for value in values]
        return np.array(values, float)

    found: dict[str, Any] = {
        "calls": len(every),
        "molecules": len(set(molecules)),
        "exact": max(own["exact"] for own in every),
        "textbook_by_chance": resampled.mean(np.array([own["by_chance"] for own in every])),
    }
    for rule in RULES:
        fall = of(rule, "falls")
        found[rule] = {
            "fall": [round(float(v), 3) for v in fall.mean(0)],
            "times": {
                name: resampled.ratio(fall[:, 0], fall[:, i])
                for i, name in enumerate(AGAINST, start=1)
            },
            "textbook": resampled.mean(of(rule, "textbook")),
            "no_band": round(float(np.median(of(rule, "no_band"))), 3),
            "again": {
                name: resampled.mean(of(rule, "again", name)) for name in every[0][rule]["again"]
            },
        }
    return found


class Resampled:
    """Means and ratios with bootstrap intervals: molecules are drawn, with all their calls."""

    def __init__(self, molecules: Sequence[str]) -> None:
        """``molecules`` (n,): of which molecule each call is."""
        names, self._of = np.unique(molecules, return_inverse=True)
        random = np.random.default_rng(0)
        self._counts = random.multinomial(
            len(names), np.full(len(names), 1 / len(names)), RESAMPLED
        )

    def _sums(self, values: Floats) -> Floats:
        return np.asarray(self._counts @ np.bincount(self._of, values), float)

    def ratio(self, above: Floats, below: Floats) -> list[float]:
        """[ratio of the two means, low, high] of values (n,)."""
        draws = self._sums(above) / self._sums(below)
        value = above.sum() / below.sum()
        return [round(float(v), 4) for v in (value, *np.percentile(draws, [2.5, 97.5]))]

    def mean(self, values: Floats) -> list[float]:
        """[mean, low, high] of values (n,)."""
        return self.ratio(np.asarray(values, float), np.ones(len(values)))
