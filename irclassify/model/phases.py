"""How probable each phase is, from a model's own phase outputs: gas, condensed or ATR."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class PhaseScale(NamedTuple):
    """What makes probabilities of the phase logits: softmax(slope * logits + intercept).

    ``names``: the phases, in the order of the logits; ``intercept`` (phases,). Temperature and
    bias are fitted on spectra of molecules the network had not seen (vector scaling with one
    slope, Guo et al. 2017).
    """

    names: tuple[str, ...]
    slope: float
    intercept: Floats

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> PhaseScale:
        """The object ``phase`` of a model.json. Raises KeyError, TypeError or ValueError.

        Examples
        --------
        >>> PhaseScale.from_json({"names": ["gas", "atr"], "slope": 1.5, "intercept": [0, 0]}).names
        ('gas', 'atr')
        """
        names = tuple(str(name) for name in stored["names"])
        intercept = np.array(stored["intercept"], np.float64).reshape(len(names))
        slope = float(stored["slope"])
        if not (math.isfinite(slope) and np.isfinite(intercept).all()):
            raise ValueError("phase: slope and intercept must be finite")
        return cls(names, slope, intercept)

    def probabilities(self, logits: NDArray[np.floating]) -> Floats:
        """Phase logits (n, phases) -> probabilities (n, phases), rows sum to 1.

        Examples
        --------
        >>> scale = PhaseScale(("gas", "atr"), 1.0, np.array([0.0, 0.0]))
        >>> scale.probabilities(np.array([[2.0, 0.0]])).round(3).tolist()
        [[0.881, 0.119]]
        """
        scaled = self.slope * np.asarray(logits, np.float64) + self.intercept
        raised: Floats = np.exp(scaled - scaled.max(1, keepdims=True))
        result: Floats = raised / raised.sum(1, keepdims=True)
        return result
