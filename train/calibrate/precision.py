"""Held-out logits -> the limit from which on present calls are right as often as promised.

A class-conditional limit says nothing about precision: of the spectra without a rare group few are
called present, and these may still be more than those with it. So the limit is raised until the
present calls among the known spectra are right in a share of at least 1 - rate, and until the
lower end of the exact interval of that share (Clopper & Pearson 1934, one-sided, SURENESS) is at
least 1 - 2 rate. The first keeps the promise over all groups, the second that of a rare group.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta

SURENESS = 0.8

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]


def precise_from(truth: Bools, logits: Floats, rate: float, least: float = 0.0) -> float:
    """The lowest logit >= ``least`` from which on calls are precise enough; inf if there is none.

    ``truth``, ``logits`` (n,): of the spectra that could be called present.
    """
    high = logits >= least
    order = np.argsort(-logits[high], kind="stable")
    ranked = logits[high][order]
    hits, called = np.cumsum(truth[high][order]), np.arange(1, ranked.size + 1)
    surely = beta.ppf(1 - SURENESS, np.maximum(hits, 1), called - hits + 1)
    enough = (hits >= (1 - rate) * called) & (np.where(hits, surely, 0.0) >= 1 - 2 * rate)
    enough[:-1] &= ranked[1:] < ranked[:-1]  # equal logits cannot be parted
    found = np.flatnonzero(enough)
    return float(ranked[found[-1]]) if found.size else np.inf
