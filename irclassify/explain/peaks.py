"""The bands of a spectrum as measured: position, height, width. Pure; needs scipy when called.

A band is a maximum that stands out: its prominence (how far the curve falls before it rises to
something higher, the lesser of both sides) exceeds LEAST of the spectrum's range and NOISE times
its noise. So ripple is no band, however high the baseline it rides on.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from irclassify.model.preprocessing import sample
from irclassify.results.explanation import MeasuredBand
from irclassify.spectra.spectrum import Spectrum

# Bands are sought on an even axis: as measured between these steps, averaged when it is finer.
FINEST_CM1, COARSEST_CM1 = 1.0, 4.0

LEAST = 0.005
NOISE = 5.0

# The range of a spectrum is counted from here: a low percentile is the baseline, not an outlier.
BASELINE_PERCENTILE = 2.0


def measured_bands(spectrum: Spectrum) -> tuple[MeasuredBand, ...]:
    """The bands of a spectrum, ascending in wavenumber; none where nothing stands out.

    Positions and widths are in cm-1, heights and prominences in absorbance. The width is that at
    half the prominence (scipy.signal.peak_widths): of an overlapped band, of its free part.
    A band cut off by the end of the measured range has no maximum and is not among them.
    """
    from scipy.signal import find_peaks, peak_widths  # noqa: PLC0415 - slow: only to explain

    x, y = _even(spectrum)
    if y.size < 3:
        return ()
    tops, found = find_peaks(y, prominence=_least_prominence(y))
    given = (found["prominences"], found["left_bases"], found["right_bases"])
    widths = peak_widths(y, tops, rel_height=0.5, prominence_data=given)[0]
    step = float(x[1] - x[0])
    return tuple(
        MeasuredBand(float(x[top]), float(y[top]), float(width * step), float(prominence))
        for top, width, prominence in zip(tops, widths, found["prominences"], strict=True)
    )


def baseline_of(spectrum: Spectrum) -> float:
    """The absorbance that counts as none: a low percentile of the measured values."""
    return float(np.percentile(spectrum.absorbance, BASELINE_PERCENTILE))


def _even(spectrum: Spectrum) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The spectrum on an even axis, wavenumber (cm-1) and absorbance, both (points,)."""
    first, last = spectrum.wavenumber[0], spectrum.wavenumber[-1]
    step = float(np.clip(np.median(np.diff(spectrum.wavenumber)), FINEST_CM1, COARSEST_CM1))
    x = np.linspace(first, last, max(round((last - first) / step) + 1, 2))
    return x, sample(spectrum, x, float(x[1] - x[0]))


def _least_prominence(y: NDArray[np.float64]) -> float:
    """What a maximum must stand out by: a share of the range, or several times the noise.

    The noise is the spread of second differences (median absolute deviation), in which slow
    changes cancel; sqrt(6) is what they add up of independent errors, 1.4826 makes the median
    absolute deviation of normal errors their standard deviation.
    """
    second = np.diff(y, 2)
    noise = 1.4826 * float(np.median(np.abs(second - np.median(second)))) / np.sqrt(6)
    span = float(y.max() - np.percentile(y, BASELINE_PERCENTILE))
    return float(max(LEAST * span, NOISE * noise, np.finfo(float).tiny))
