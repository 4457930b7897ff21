"""The bands of a spectrum as arrays: what is matched with the tables. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from irclassify.explain.peaks import Curve, Extent, extents
from irclassify.results.explanation import Peak
from irclassify.spectra.spectrum import Spectrum

Floats = NDArray[np.float64]

HEIGHTS = (0.05, 0.15, 0.4, 0.7)  # edges between the classes of height
WIDTHS = ("", "sharp", "broad", "very broad", "shoulder")
REGION_CM1 = 200.0  # the background is the same within a region
REGIONS = 20


@dataclass(frozen=True)
class Bands:
    """The bands of a spectrum as measured, before any has a name.

    ``found``: from high to low wavenumber. ``baseline`` and ``span``: the absorbance that counts as
    none, and from there to the highest point. ``state``: the file's own words for the sample.
    """

    found: tuple[Extent, ...]
    baseline: float
    span: float
    state: str = ""

    @classmethod
    def of(cls, spectrum: Spectrum) -> Bands:
        """Measure the bands of a spectrum.

        Examples
        --------
        >>> x = np.arange(500.0, 3900.0, 2.0)
        >>> found = Bands.of(Spectrum(x, np.exp(-(((x - 1744) / 15) ** 2))))
        >>> [round(each.band.cm1) for each in found.found]
        [1744]
        """
        curve = Curve.of(spectrum)
        return cls(extents(curve)[::-1], curve.baseline, curve.span, spectrum.state or "")


@dataclass(frozen=True)
class Observed:
    """Position (cm-1), height (0-1) and shape of each band, (bands,).

    Examples
    --------
    >>> x = np.arange(500.0, 3900.0, 2.0)
    >>> found = Bands.of(Spectrum(x, np.exp(-(((x - 1744) / 15) ** 2))))
    >>> seen = Observed.of(found.found, found)
    >>> seen.cm1.round().tolist(), seen.height_class.tolist(), seen.width_class.tolist()
    ([1744.0], [4], [0])
    >>> seen.region.tolist()
    [8]
    """

    cm1: Floats
    height: Floats
    shapes: Sequence[str]

    @classmethod
    def of(cls, found: Sequence[Extent], curve: Curve | Bands) -> Observed:
        """Of bands with the baseline and span of their spectrum, in their order."""
        span = curve.span or 1.0
        heights = [(each.band.absorbance - curve.baseline) / span for each in found]
        return cls(
            np.array([each.band.cm1 for each in found]),
            np.clip(np.array(heights, float), 0.0, 1.0),
            tuple(each.shape for each in found),
        )

    @classmethod
    def from_peaks(cls, peaks: Sequence[Peak]) -> Observed:
        """Of the peaks of an explanation, in their order.

        Examples
        --------
        >>> peak = Peak(1, 1717.0, 0.9, 12.0, 0.8, 1.0, 1700.0, 1735.0, "sharp")
        >>> Observed.from_peaks([peak]).cm1.tolist()
        [1717.0]
        """
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
    """The place of a shape's width in WIDTHS: ``sharp, doublet`` is sharp.

    Examples
    --------
    >>> WIDTHS[width_class("sharp, doublet")]
    'sharp'
    """
    words = shape.split(", ")
    return next((i for i, word in enumerate(WIDTHS) if word and word in words), 0)
