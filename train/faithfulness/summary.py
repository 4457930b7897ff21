"""Numbers of many calls -> means and 95% bootstrap intervals.

Calls are drawn by group, so a mean has a weight for each group: 1 (every group counts the same) or
the number of correct calls it has (every call counts the same).
"""

from __future__ import annotations

import numpy as np

from train.faithfulness.explainers import Floats, Rows

DRAWS = 1000


def mean(values: Floats, groups: Rows, weights: Floats) -> Floats:
    """values (n, ...) of calls of ``groups`` (n,), weights (all groups,) -> (...)."""
    present = np.unique(groups)
    by_group = np.stack([values[groups == g].mean(0) for g in present])
    return np.average(by_group, axis=0, weights=weights[present])


def resampled(values: Floats, groups: Rows, weights: Floats) -> Floats:
    """The same for calls drawn again within each group: (DRAWS, ...)."""
    random = np.random.default_rng(0)
    present = np.unique(groups)
    total = np.zeros((DRAWS, *values.shape[1:]))
    for g in present:
        own = values[groups == g]
        drawn = random.integers(0, len(own), (DRAWS, len(own)))
        total += weights[g] * own[drawn].mean(1)
    return total / weights[present].sum()


def with_interval(values: Floats, groups: Rows, weights: Floats) -> list[float]:
    """[mean, low, high] of values (n,)."""
    draws = resampled(values, groups, weights)
    return rounded([mean(values, groups, weights), *np.percentile(draws, [2.5, 97.5])])


def ratio(above: Floats, below: Floats, groups: Rows, weights: Floats) -> list[float]:
    """[ratio of the two means, low, high]."""
    both = np.stack([above, below], 1)
    value = mean(both, groups, weights)
    draws = resampled(both, groups, weights)
    interval = np.percentile(draws[:, 0] / draws[:, 1], [2.5, 97.5])
    return rounded([value[0] / value[1], *interval])


def correlation(a: Floats, b: Floats) -> list[float]:
    """[Pearson's correlation, low, high] of two (n,)."""
    random = np.random.default_rng(0)
    rows = random.integers(0, len(a), (DRAWS, len(a)))
    draws = [np.corrcoef(a[r], b[r])[0, 1] for r in rows]
    return rounded([np.corrcoef(a, b)[0, 1], *np.percentile(draws, [2.5, 97.5])])


def rounded(values: list[float]) -> list[float]:
    """To four digits, as plain numbers."""
    return [round(float(value), 4) for value in values]
