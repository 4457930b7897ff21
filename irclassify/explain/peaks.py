"""The bands of a spectrum as measured: position, height, width, shape. Pure.

A band is a maximum that stands out: its prominence (how far the curve falls before it rises to
something higher, the lesser of both sides) exceeds LEAST of the spectrum's range and NOISE times
the noise around it, and it is no narrower than the measurement can resolve. So ripple is no band,
however high the baseline it rides on. A shoulder is a band without a maximum of its own: the curve
bends there as it bends at the top of a band.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from irclassify.explain.extrema import curvature, find_maxima, half_widths
from irclassify.model.preprocessing import sample
from irclassify.results.explanation import MeasuredBand
from irclassify.spectra.phase import phase_of
from irclassify.spectra.spectrum import Spectrum

_Floats = NDArray[np.float64]

# Bands are sought on an even axis: as measured between these steps, averaged when it is finer.
FINEST_CM1, COARSEST_CM1 = 1.0, 4.0

_LEAST = 0.005
_NOISE = 5.0

# The noise is measured in pieces of this width: at high absorbance it is higher than elsewhere.
_NOISE_PIECE_CM1 = 150.0

# A line that was resolved covers this many steps; liquids and solids have no band narrower than
# NARROWEST_CM1, only ripple, spikes and water vapour are.
NARROWEST_STEPS, NARROWEST_CM1 = 1.5, 3.0

# The range of a spectrum is counted from here: a low percentile is the baseline, not an outlier.
_BASELINE_PERCENTILE = 2.0

# A shoulder bends by this share of the sharpest band, stands above this share of the spectrum's
# range and lies at least so far from a maximum.
SHOULDER_BEND, SHOULDER_HEIGHT, SHOULDER_APART_CM1 = 0.12, 0.05, 12.0
_SMOOTHED_CM1 = 12.0

# What belongs to a band ends in the valley beside it, or where the curve has fallen to this share
# of the band's height, or of the spectrum's range.
FOOT_OF_BAND, FOOT_OF_RANGE = 0.1, 0.02

# Widths at half prominence (cm-1) that have a name, and how near the halves of a doublet stand.
SHARP_CM1, BROAD_CM1, VERY_BROAD_CM1 = 15.0, 70.0, 200.0
DOUBLET_CM1, DOUBLET_HEIGHT, DOUBLET_VALLEY = 45.0, 0.6, 0.1
_SHAPE_WORDS = ("sharp", "broad", "very broad", "shoulder", "doublet")


@dataclass(frozen=True)
class Extent:
    """A band and what belongs to it, ``low`` to ``high`` in cm-1; ``shape`` as in SHAPE_WORDS."""

    band: MeasuredBand
    low: float
    high: float
    shape: str


@dataclass(frozen=True)
class Curve:
    """A spectrum on an even axis: wavenumbers ``x`` (cm-1) and absorbances ``y``, both (points,).

    ``narrowest_cm1``: no band is narrower.

    Examples
    --------
    >>> x = np.arange(500.0, 3900.0, 2.0)
    >>> ester = np.exp(-(((x - 1744) / 15) ** 2)) + 0.3 * np.exp(-(((x - 1240) / 20) ** 2))
    >>> spectrum = Spectrum(x, ester)
    >>> curve = Curve.of(spectrum)
    >>> curve.step, round(curve.baseline, 3), round(curve.span, 3)
    (2.0, 0.0, 1.0)
    >>> curve.noise.shape == curve.y.shape
    True
    """

    x: _Floats
    y: _Floats
    narrowest_cm1: float

    @classmethod
    def of(cls, spectrum: Spectrum) -> Curve:
        """As measured between FINEST_CM1 and COARSEST_CM1, averaged when it is finer."""
        first, last = spectrum.wavenumber[0], spectrum.wavenumber[-1]
        step = float(np.clip(np.median(np.diff(spectrum.wavenumber)), FINEST_CM1, COARSEST_CM1))
        x = np.linspace(first, last, max(round((last - first) / step) + 1, 2))
        y = sample(spectrum, x, float(x[1] - x[0]))
        gas = phase_of(spectrum.state) == "gas"
        return cls(x, y, max(NARROWEST_STEPS * step, 0.0 if gas else NARROWEST_CM1))

    @cached_property
    def step(self) -> float:
        """Distance between neighbouring points, cm-1."""
        return float(self.x[1] - self.x[0])

    @cached_property
    def baseline(self) -> float:
        """The absorbance that counts as none."""
        return float(np.percentile(self.y, _BASELINE_PERCENTILE))

    @cached_property
    def noise(self) -> _Floats:
        """The noise (points,) around each point, absorbance; see ``_local_noise``."""
        return _local_noise(self)

    @cached_property
    def span(self) -> float:
        """From the baseline to the highest point, absorbance."""
        return float(self.y.max()) - self.baseline


def measured_bands(spectrum: Spectrum) -> tuple[MeasuredBand, ...]:
    """The maxima of a spectrum, ascending in wavenumber; none where nothing stands out.

    Positions and widths are in cm-1, heights and prominences in absorbance. The width is that at
    half the prominence: of an overlapped band, of its free part.
    A band cut off by the end of the measured range has no maximum and is not among them.

    Examples
    --------
    >>> x = np.arange(500.0, 3900.0, 2.0)
    >>> ester = np.exp(-(((x - 1744) / 15) ** 2)) + 0.3 * np.exp(-(((x - 1240) / 20) ** 2))
    >>> spectrum = Spectrum(x, ester)
    >>> [(round(band.cm1), round(band.absorbance, 2)) for band in measured_bands(spectrum)]
    [(1240, 0.3), (1744, 1.0)]
    """
    return _maxima(Curve.of(spectrum))


def extents(curve: Curve) -> tuple[Extent, ...]:
    """Maxima and shoulders of a curve with what belongs to each, ascending; they do not overlap.

    Examples
    --------
    >>> x = np.arange(500.0, 3900.0, 2.0)
    >>> ester = np.exp(-(((x - 1744) / 15) ** 2)) + 0.3 * np.exp(-(((x - 1240) / 20) ** 2))
    >>> spectrum = Spectrum(x, ester)
    >>> [(round(each.low), round(each.high), each.shape) for each in extents(Curve.of(spectrum))]
    [(1208, 1272, ''), (1720, 1768, '')]
    """
    tops = _maxima(curve)
    bands = sorted((*tops, *_shoulders(curve, tops)), key=lambda band: band.cm1)
    edges = _edges(curve, bands)
    return tuple(
        Extent(band, low, high, _shape(at, bands, curve))
        for at, (band, (low, high)) in enumerate(zip(bands, edges, strict=True))
    )


def _maxima(curve: Curve) -> tuple[MeasuredBand, ...]:
    """See ``measured_bands``."""
    x, y, step = curve.x, curve.y, curve.step
    if y.size < 3:
        return ()
    found = find_maxima(y, max(_LEAST * curve.span, np.finfo(float).tiny))
    tops, prominences = found.at, found.prominence
    widths = half_widths(y, found) * step
    real = (prominences > _NOISE * curve.noise[tops]) & (widths >= curve.narrowest_cm1)
    return tuple(
        MeasuredBand(float(x[top]), float(y[top]), float(width), float(prominence))
        for top, width, prominence in zip(tops[real], widths[real], prominences[real], strict=True)
    )


def _shoulders(curve: Curve, tops: tuple[MeasuredBand, ...]) -> list[MeasuredBand]:
    """Bands without a maximum: the smoothed curve bends down as strongly as it does at a band."""
    sigma = _SMOOTHED_CM1 / curve.step / 2.355
    if curve.y.size < 8 * max(sigma, 1) or not tops:
        return []
    bend = -curvature(curve.y, sigma)
    # White noise leaves this much in a second derivative of a Gaussian (its norm).
    left = curve.noise * np.sqrt(3 / (8 * np.sqrt(np.pi) * sigma**5))
    least = np.maximum(SHOULDER_BEND * bend.max(), 2 * _NOISE * left)
    found = find_maxima(bend, SHOULDER_BEND * bend.max()).at
    at_tops = np.array([band.cm1 for band in tops])
    return [
        MeasuredBand(float(curve.x[i]), float(curve.y[i]), 0.0, 0.0)
        for i in found
        if bend[i] >= least[i]
        and curve.y[i] - curve.baseline >= SHOULDER_HEIGHT * curve.span
        and np.abs(at_tops - curve.x[i]).min() >= max(SHOULDER_APART_CM1, 3 * curve.step)
    ]


def _local_noise(curve: Curve) -> _Floats:
    """The noise (points,) around each point, absorbance.

    It is the spread of second differences (median absolute deviation), in which slow changes
    cancel; sqrt(6) is what they add up of independent errors, 1.4826 makes the median absolute
    deviation of normal errors their standard deviation.
    """
    second = np.diff(curve.y, 2)
    if second.size < 3:
        return np.zeros(curve.y.size)
    pieces = max(1, round((curve.x[-1] - curve.x[0]) / _NOISE_PIECE_CM1))
    parts: list[_Floats] = [*np.array_split(second, min(pieces, second.size // 3))]
    found = 1.4826 * _deviations(parts) / np.sqrt(6)
    # Where bands stand closely, the second differences are theirs: noise is what quiet parts show.
    typical = float(np.median(found))
    middles = np.cumsum([len(p) for p in parts]) - [len(p) / 2 for p in parts]
    local = np.clip(found, 0, 2 * typical)
    noise: _Floats = np.interp(np.arange(curve.y.size), middles, local)
    return noise


def _deviations(parts: Sequence[_Floats]) -> _Floats:
    """The median absolute deviation of each part; parts of one size at once, as numpy is slow."""
    sizes = np.array([part.size for part in parts])
    found = np.empty(len(parts))
    for size in set(sizes.tolist()):
        alike = np.flatnonzero(sizes == size)
        values = np.array([part for part in parts if part.size == size])
        middle = np.median(values, axis=1, keepdims=True)
        found[alike] = np.median(np.abs(values - middle), axis=1)
    return found


def baseline_of(spectrum: Spectrum) -> float:
    """The absorbance that counts as none: a low percentile of the measured values.

    Examples
    --------
    >>> x = np.arange(500.0, 3900.0, 2.0)
    >>> ester = np.exp(-(((x - 1744) / 15) ** 2)) + 0.3 * np.exp(-(((x - 1240) / 20) ** 2))
    >>> spectrum = Spectrum(x, ester)
    >>> round(baseline_of(spectrum), 3)
    0.0
    """
    return float(np.percentile(spectrum.absorbance, _BASELINE_PERCENTILE))


def _edges(curve: Curve, bands: list[MeasuredBand]) -> list[tuple[float, float]]:
    """From where to where each of the ascending ``bands`` reaches, cm-1."""
    x, y = curve.x, curve.y - curve.baseline
    at = np.searchsorted(x, [band.cm1 for band in bands]).clip(0, x.size - 1)
    valleys = [
        0,
        *(a + int(y[a : b + 1].argmin()) for a, b in pairwise(at.tolist())),
        x.size - 1,
    ]
    found = []
    for i, top in enumerate(at):
        foot = max(FOOT_OF_BAND * y[top], FOOT_OF_RANGE * curve.span)
        below = np.flatnonzero(y[valleys[i] : top + 1] < foot)
        low = valleys[i] + int(below[-1]) if below.size else valleys[i]
        beyond = np.flatnonzero(y[top : valleys[i + 1] + 1] < foot)
        high = top + int(beyond[0]) if beyond.size else valleys[i + 1]
        found.append((float(x[low]), float(x[high])))
    return found


def _shape(at: int, bands: list[MeasuredBand], curve: Curve) -> str:
    band = bands[at]
    if band.prominence == 0:
        return "shoulder"
    words = []
    if band.width_cm1 >= VERY_BROAD_CM1:
        words.append("very broad")
    elif band.width_cm1 >= BROAD_CM1:
        words.append("broad")
    elif band.width_cm1 <= SHARP_CM1:
        words.append("sharp")
    if any(
        _is_doublet(band, other, curve) for other in (*bands[at - 1 : at], *bands[at + 1 : at + 2])
    ):
        words.append("doublet")
    return ", ".join(words)


def _is_doublet(a: MeasuredBand, b: MeasuredBand, curve: Curve) -> bool:
    """Two maxima near each other, alike in height, with a valley between them."""
    if b.prominence == 0 or abs(a.cm1 - b.cm1) > DOUBLET_CM1:
        return False
    high, low = (value - curve.baseline for value in sorted((a.absorbance, b.absorbance))[::-1])
    return low >= DOUBLET_HEIGHT * high and min(a.prominence, b.prominence) >= DOUBLET_VALLEY * low
