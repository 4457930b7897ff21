"""What Y is where no words say it: absorbance, transmittance or percent, by the values alone.

Bands point up in absorbance and down in transmittance, and both lie mostly at their baseline. Two
numbers say so: where the median lies between lowest and highest value, and the skewness of the
second difference on a 4 cm-1 grid, which the sharp features decide. A thick sample's transmittance
lies mostly near zero and looks like absorbance; the narrow limits below keep it out.

``python -m tests.corpus.unitless`` measures the guess on real spectra stripped of their units.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_STEP_CM1 = 4.0
_LEAST_CELLS = 60


def guess_y_unit(y: Floats, wavenumber: Floats | None = None) -> str | None:
    """The unit of ``y`` (n,) on ascending ``wavenumber`` (n,) in cm-1; None where there is doubt.

    Without ``wavenumber``, 400 to 4000 cm-1 is assumed.

    Examples
    --------
    >>> x = np.linspace(400, 4000, 1801)
    >>> bands = sum(np.exp(-(((x - at) / 15) ** 2)) for at in (1050, 1240, 1740, 2950))
    >>> guess_y_unit(100 * 10**-bands, x), guess_y_unit(bands, x)
    ('percent transmittance', 'absorbance')
    """
    low, median, high = (float(v) for v in np.percentile(y, (0, 50, 100)))
    if not high > low:
        return None
    position = (median - low) / (high - low)
    skew = _skewness_of_curvature(y, wavenumber)
    if low > -0.05 and 0.3 < high <= 1.2 and position > 0.6 and skew > 0.2:
        return "transmittance"
    if low > -5 and 20 < high < 120 and position > 0.6 and skew > 0.2:
        return "percent transmittance"
    if low > -0.05 and high <= 1.5:  # where a thick sample's transmittance lies too
        tips = float(np.mean(y > (low + high) / 2))  # the share of points in the upper half
        sharp = position < 0.3 and skew < -1.2 and (position <= 0.03 or tips >= 0.002)
        flat = position < 0.1 and skew < -0.1 and tips > 0.01
        return "absorbance" if high > 0.02 and (sharp or flat) else None
    if 0.02 < high < 5 and abs(low) < 0.5 * high and position < 0.2 and skew < -0.5:
        return "absorbance"
    return None


def _skewness_of_curvature(y: Floats, wavenumber: Floats | None) -> float:
    """Negative where sharp features point up, positive where they point down, 0 if unclear."""
    x = np.linspace(400.0, 4000.0, y.size) if wavenumber is None else wavenumber
    grid = np.arange(max(x[0], 400.0), min(x[-1], 4000.0), _STEP_CM1)
    if grid.size < _LEAST_CELLS:
        return 0.0
    values = np.interp(grid, x, y)
    smooth = 0.25 * values[:-2] + 0.5 * values[1:-1] + 0.25 * values[2:]
    curvature = np.diff(smooth, 2)
    spread = float(curvature.std())
    if not spread > 0:
        return 0.0
    return float(np.mean((curvature - curvature.mean()) ** 3)) / spread**3
