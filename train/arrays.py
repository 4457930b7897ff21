"""Arrays by what they hold, for annotations. Shapes are in docstrings."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Ints = NDArray[np.intp]
Floats = NDArray[np.float64]
Singles = NDArray[np.float32]  # vectors of spectra, logits
Numbers = NDArray[np.floating]  # of either precision
Answers = NDArray[np.int8]  # 1, 0 or UNKNOWN
