"""The bands of a spectrum as arrays: what is matched with the tables. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from irclassify.explain.peaks import Curve, Extent
from irclassify.results.explanation import Peak

Floats = NDArray[np.float64]

HEIGHTS = (0.05, 0.15, 0.4)  # edges between the classes of height
WIDTHS = ("", "sharp", "broad", "very broad", "shoulder")
REGION_CM1 = 200.0  # the background is the same within a region
REGIONS = 20


@dataclass(frozen=True)
class Observed:
    """Position (cm-1), height (0-1) and shape of each band, (bands,)."""

    cm1: Floats
    height: Floats
    shapes: Sequence[str]

    @classmethod
    def of(cls, found: Sequence[Extent], curve: Curve) -> Observed:
        """Of the bands of a curve, in their order."""
        span = curve.span or 1.0
        heights = [(each.band.absorbance - curve.baseline) / span for each in found]
        return cls(
            np.array([each.band.cm1 for each in found]),
            np.clip(np.array(heights, float), 0.0, 1.0),
            tuple(each.shape for each in found),
        )

    @classmethod
    def from_peaks(cls, peaks: Sequence[Peak]) -> Observed:
        """Of the peaks of an explanation, in their order."""
        return cls(
            np.array([peak.cm1 for peak in peaks], float),
            np.array([peak.height for peak in peaks], float),
            tuple(peak.shape for peak in peaks),
        )

    @cached_property
    def height_class(self) -> NDArray[np.intp]:
        """0 for the lowest, len(HEIGHTS) for the highest."""
        return np.searchsorted(HEIGHTS, self.height)

    @cached_property
    def width_class(self) -> NDArray[np.intp]:
        """Place in WIDTHS."""
        return np.array([width_class(shape) for shape in self.shapes], np.intp)

    @property
    def region(self) -> NDArray[np.intp]:
        """Which piece of the background each band lies in."""
        return np.clip(self.cm1 // REGION_CM1, 0, REGIONS - 1).astype(np.intp)


def width_class(shape: str) -> int:
    """The place of a shape's width in WIDTHS: ``sharp, doublet`` is sharp."""
    words = shape.split(", ")
    return next((i for i, word in enumerate(WIDTHS) if word and word in words), 0)
