"""How good a set of answers is: the measures that training reports and ``evaluate`` prints.

Pure numpy, so that a user's numbers and the published ones come from the same lines. Unless said
otherwise arrays are (n, groups), ``truth`` and ``called`` are bool.
"""

from __future__ import annotations

from collections.abc import Callable
from math import lgamma
from typing import Any

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Floats = NDArray[np.floating]
Rows = NDArray[Any]

_BOOTSTRAPS = 2000
_BINS = 15
_LEVEL = 0.95


def molecular_perfection(truth: Bools, called: Bools) -> float:
    """Share of spectra with every group right, 0 to 1.

    ``truth`` and ``called`` (n, groups) are boolean, as in all measures here.

    References
    ----------
    Fine et al., Chem. Sci. 2020, 11, 4618.

    Examples
    --------
    >>> truth = np.array([[True, False], [True, True]])
    >>> molecular_perfection(truth, np.array([[True, False], [True, False]]))
    0.5
    """
    return share(*perfections(truth, called))


def molecular_f1(truth: Bools, called: Bools) -> float:
    """Mean over spectra with at least one group of that spectrum's own F1, 0 to 1.

    nan when no spectrum has a group.

    References
    ----------
    Fine et al., Chem. Sci. 2020, 11, 4618.

    Examples
    --------
    >>> truth = np.array([[True, False], [True, True]])
    >>> round(molecular_f1(truth, np.array([[True, False], [True, False]])), 3)
    0.833
    """
    return share(*own_f1s(truth, called))


def perfections(truth: Bools, called: Bools) -> tuple[Rows, Rows]:
    """Per spectrum, both (n,): every group right, and 1. Their ``share`` is the perfection.

    Examples
    --------
    >>> right, every = perfections(np.array([[True], [False]]), np.array([[True], [True]]))
    >>> right.tolist(), every.tolist()
    ([True, False], [True, True])
    """
    return np.asarray((truth == called).all(1)), np.ones(len(truth), bool)


def own_f1s(truth: Bools, called: Bools) -> tuple[Rows, Rows]:
    """Per spectrum, both (n,): its own F1, and whether it has a group. See ``share``.

    Examples
    --------
    >>> f1, some = own_f1s(np.array([[True, True]]), np.array([[True, False]]))
    >>> f1.round(3).tolist(), some.tolist()
    ([0.667], [True])
    """
    some = truth.any(1)
    both = 2 * (truth & called).sum(1)
    return both / np.maximum(truth.sum(1) + called.sum(1), 1), np.asarray(some)


def share(hits: Rows, totals: Rows) -> float:
    """The sum of ``hits`` over the sum of ``totals``, both (n,); nan when that is nothing.

    Examples
    --------
    >>> share(np.array([1, 0, 1]), np.array([1, 1, 2]))
    0.5
    """
    total = totals.sum()
    return float(hits.sum() / total) if total else float("nan")


def interval(measure: Callable[[Rows, Rows], float], truth: Rows, called: Rows) -> list[float]:
    """[value, low, high]: the 95% percentile bootstrap interval over spectra (rows).

    Draws in which the measure is not defined are left out.

    Examples
    --------
    >>> right = np.array([True] * 90 + [False] * 10)
    >>> value, low, high = interval(share, right, np.ones(100, bool))
    >>> low < value < high, value
    (True, 0.9)
    """
    random = np.random.default_rng(0)
    n = len(truth)
    draws = (random.integers(0, n, n) for _ in range(_BOOTSTRAPS))
    measured = np.array([measure(truth[rows], called[rows]) for rows in draws])
    defined = measured[~np.isnan(measured)]
    low, high = np.percentile(defined, [2.5, 97.5]) if defined.size else (np.nan, np.nan)
    return [measure(truth, called), float(low), float(high)]


def group_scores(truth: Bools, called: Bools, scores: Floats) -> dict[str, NDArray[np.float64]]:
    """F1, AUC, accuracy, precision and recall of every group, each (groups,).

    ``scores`` (n, groups): higher where a group is more probable. A ratio with nothing in its
    denominator is 0, AUC of a group with one class is nan.

    Examples
    --------
    >>> truth = np.array([[True], [False], [True]])
    >>> found = group_scores(truth, truth, np.array([[0.9], [0.2], [0.1]]))
    >>> found["f1"].tolist(), found["auc"].tolist()
    ([1.0], [0.5])
    """
    hit = (truth & called).sum(0)
    positives, calls = truth.sum(0), called.sum(0)
    return {
        "f1": 2 * hit / np.maximum(positives + calls, 1),
        "auc": np.array([_auc(t, s) for t, s in zip(truth.T, scores.T, strict=True)]),
        "accuracy": (truth == called).sum(0) / max(len(truth), 1),
        "precision": hit / np.maximum(calls, 1),
        "recall": hit / np.maximum(positives, 1),
    }


def _auc(truth: Bools, scores: Floats) -> float:
    """Share of (present, absent) pairs in the right order, ties counting half (Hanley 1982)."""
    positives = int(truth.sum())
    negatives = truth.size - positives
    if not positives or not negatives:
        return float("nan")
    _, place, count = np.unique(scores, return_inverse=True, return_counts=True)
    rank = np.cumsum(count) - (count - 1) / 2  # the mean rank of equal scores, from 1
    above = rank[place][truth].sum() - positives * (positives + 1) / 2
    return float(above / (positives * negatives))


def brier(truth: Bools, probability: Floats) -> float:
    """Mean squared error of the probabilities, any shape, 0 to 1.

    References
    ----------
    Brier, Monthly Weather Review 1950, 78, 1.

    Examples
    --------
    >>> round(brier(np.array([True, False]), np.array([0.9, 0.3])), 3)
    0.05
    """
    return _mean((probability - truth) ** 2)


def reliability(
    truth: Bools, probability: Floats, bins: int = _BINS
) -> tuple[NDArray[np.int_], NDArray[np.float64], NDArray[np.float64]]:
    """Count, mean probability and share present in bins of equal mass, each (bins,), rising.

    ``truth`` and ``probability`` are flat (n,), n >= ``bins``; bins differ by one answer at most.

    Examples
    --------
    >>> truth = np.array([False, False, True, True])
    >>> [each.tolist() for each in reliability(truth, np.array([0.1, 0.2, 0.7, 0.8]), bins=2)]
    [[2, 2], [0.15000000000000002, 0.75], [0.0, 1.0]]
    """
    order = np.argsort(probability, kind="stable")
    count = np.diff(np.arange(bins + 1) * order.size // bins)
    starts = np.cumsum(count) - count
    expected = np.add.reduceat(probability[order].astype(np.float64), starts) / count
    observed = np.add.reduceat(truth[order].astype(np.float64), starts) / count
    return count, expected, observed


def calibration_error(truth: Bools, probability: Floats, bins: int = _BINS) -> float:
    """Expected calibration error over bins of equal mass, flat (n,), 0 to 1.

    References
    ----------
    Nguyen and O'Connor, Proc. EMNLP 2015, 1587.

    Examples
    --------
    >>> truth = np.array([False, False, True, True])
    >>> round(calibration_error(truth, np.array([0.1, 0.2, 0.7, 0.8]), bins=2), 3)
    0.2
    """
    count, expected, observed = reliability(truth, probability, bins)
    return float((count * np.abs(expected - observed)).sum() / count.sum())


def exact_interval(count: int, total: int, level: float = _LEVEL) -> tuple[float, float]:
    """Clopper-Pearson interval of a proportion ``count`` / ``total``.

    Raises
    ------
    ValueError
        Unless 0 <= count <= total and total > 0.

    References
    ----------
    Clopper and Pearson, Biometrika 1934, 26, 404.

    Examples
    --------
    >>> [round(limit, 3) for limit in exact_interval(9, 10)]
    [0.555, 0.997]
    """
    if not 0 <= count <= total or total < 1:
        raise ValueError(f"not a proportion: {count} of {total}")
    k = np.arange(total + 1)
    factorial = np.array([lgamma(i + 1) for i in k])
    ways = factorial[total] - factorial - factorial[::-1]
    tail = (1 - level) / 2

    def mass(p: float, chosen: slice) -> float:
        return float(np.exp(ways + k * np.log(p) + (total - k) * np.log1p(-p))[chosen].sum())

    low = _root(lambda p: mass(p, slice(count, None)) - tail) if count else 0.0
    high = _root(lambda p: tail - mass(p, slice(count + 1))) if count < total else 1.0
    return low, high


def _root(rising: Callable[[float], float]) -> float:
    """Where a rising function on (0, 1) passes zero, by bisection."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < 0 else (low, middle)
    return (low + high) / 2


def _mean(values: Floats) -> float:
    return float(values.mean()) if values.size else float("nan")
