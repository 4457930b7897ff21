"""Held-out logits -> the limits of three-state calls: class-conditional conformal quantiles.

A new spectrum with a group is as likely to rank anywhere among the n calibration spectra with it,
so its logit falls below their k-th lowest with a probability of at most k / (n + 1). The lower
limit is therefore the k-th lowest logit of the spectra with the group, k = floor(rate (n + 1)): at
most a share ``rate`` of new ones is called absent. The upper limit likewise, from the spectra
without the group (Vovk 2012, class-conditional; by phase, "Mondrian"). With k = 0, too few
spectra for so low a rate, there is no limit and nothing may be called on that side. The decisions
are those of the library crepes (tests/train/calibrate/test_against_crepes.py).

Such a limit says nothing about precision: of the spectra without a rare group few are called
present, and these may still be more than those with it. ``precise_from`` therefore raises it until
the present calls among the known spectra are right in a share of at least 1 - rate, and until the
lower end of the exact interval of that share (Clopper & Pearson 1934, one-sided, SURENESS) is at
least 1 - 2 rate. The first keeps the promise over all groups, the second that of a rare group.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.stats import beta

from train.arrays import Bools, Floats

# The rates of the stored table; one asked for in between gets the next lower one.
ERROR_RATES = (
    *(0.001, 0.002, 0.003, 0.005, 0.007, 0.01, 0.015, 0.02, 0.025, 0.03, 0.04, 0.05),
    *(0.06, 0.07, 0.08, 0.09, 0.1, 0.12, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5),
)
DECIMALS = 4  # stored; rounded to the safe side


def lower_limit(with_group: Floats, rate: float) -> float:
    """Below it at most ``rate`` of new spectra with the group fall; -inf if too few are known."""
    k = int(np.floor(rate * (with_group.size + 1) + 1e-9))
    return float(np.partition(with_group, k - 1)[k - 1]) if k else -np.inf


def upper_limit(without_group: Floats, rate: float) -> float:
    """At or above it at most ``rate`` of new spectra without the group fall; inf if too few."""
    k = int(np.floor(rate * (without_group.size + 1) + 1e-9))
    if not k:
        return np.inf
    last_allowed = -np.partition(-without_group, k - 1)[k - 1]
    return float(np.nextafter(last_allowed, np.inf))


def raw_limits(
    truth: Bools, logits: Floats, rates: Sequence[float] = ERROR_RATES
) -> tuple[Floats, Floats]:
    """Lower and upper limits, both (rates, groups), from truth and logits (n, groups).

    A lower one above its upper one is possible: then every limit between the two is safe.
    """
    columns = list(zip(truth.T, logits.T, strict=True))
    lower = [[lower_limit(z[t], rate) for t, z in columns] for rate in rates]
    upper = [[upper_limit(z[~t], rate) for t, z in columns] for rate in rates]
    step = 10.0**DECIMALS
    return np.floor(np.array(lower) * step) / step, np.ceil(np.array(upper) * step) / step


def sensible(lower: Floats, upper: Floats, threshold: Floats) -> tuple[Floats, Floats]:
    """Limits with lower <= upper: no call goes against the best guess.

    Being right often enough is not all: 95% of the spectra without a rare group may have
    probabilities below 0.02, but 0.02 is not enough to call it present. So nothing below
    ``threshold`` (groups,), a logit, is present, and nothing above it absent. Where the limits
    cross, everything is decided if the threshold lies between them.
    """
    at = np.round(threshold, DECIMALS)
    return np.minimum(lower, at), np.maximum(upper, at)


SURENESS = 0.8


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
