"""How good a spectrum is: warnings worth a user's attention, and a grade."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def quality_warnings(wavenumber: Floats, absorbance: Floats) -> list[str]:
    """Plain sentences about what may mislead the classifier."""
    return []
