"""Every range of the tables against the spectra of molecules that have the structure.

A range is wrong when half of the molecules show no band in it, though the vibration is strong or
medium: their bands lie elsewhere. Beside it stands the share of other molecules that show a band
there: a range that is as full without the structure says little.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from irclassify.explain.rates import PHASES, Table
from irclassify.results.bands import Band
from train.assignments.fit import place_of, truths
from train.assignments.known import Known

TOLERANCE = 10.0
LEAST = {"strong": 0.05, "medium": 0.02, "weak": 0.0, "variable": 0.0}
FEW = 10  # molecules
HALF = 0.5


@dataclass(frozen=True)
class RangeTest:
    """A row in one phase: the shares of spectra ``with_`` and ``without`` it that show a band."""

    row: Band
    phase: str
    spectra: int
    with_: float
    without: float
    nearest: tuple[float, float]  # quartiles of the nearest bands of those that miss it

    @property
    def is_wrong(self) -> bool:
        """Half of the spectra miss it, though it should be seen."""
        seen = self.row.intensity in ("strong", "medium")
        return seen and self.spectra >= FEW and self.with_ < HALF


def tested_ranges(spectra: Sequence[Known], table: Table) -> list[RangeTest]:
    """Each row in each phase that it holds in."""
    allowed = truths(spectra, table)
    places = np.array([place_of(each) for each in spectra])
    distances = np.stack([_distances(each, table) for each in spectra])
    found = []
    for at, row in enumerate(table.rows):
        for place, phase in enumerate(PHASES):
            if not table.in_phase[place, at]:
                continue
            own, other = (places == place) & allowed[:, at], (places == place) & ~allowed[:, at]
            if not own.any():
                continue
            hit = distances[:, at] <= TOLERANCE
            missed = distances[own & ~hit, at]
            quartiles = np.percentile(missed, [25, 50]) if missed.size else (0.0, 0.0)
            without = float(hit[other].mean()) if other.any() else 0.0
            found.append(
                RangeTest(
                    row, phase, int(own.sum()), float(hit[own].mean()), without, tuple(quartiles)
                )
            )
    return found


def _distances(each: Known, table: Table) -> np.ndarray:
    """How far outside of each row's range the nearest band of sufficient height lies, (rows,)."""
    least = np.array([LEAST[row.intensity] for row in table.rows])
    cm1, height = each.bands.cm1[:, None], each.bands.height[:, None]
    outside = np.maximum(np.maximum(table.low - cm1, cm1 - table.high), 0.0)
    return np.where(height >= least, outside, np.inf).min(0)
