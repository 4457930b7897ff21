"""Deletion and insertion: what the logit does when stretches of a spectrum become straight lines.

A stretch is drawn straight between the points beside it, and the spectrum is not scaled again: the
rest stays as it was measured. What a region takes away is compared with what random stretches of
the same widths take away, anywhere in the measured range, and stretches of the same widths on the
highest peaks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.signal import find_peaks

from train.faithfulness.explainers import Explainer, Floats, Rows
from train.networks.columns import Stretch

Mask = NDArray[np.bool_]
DRAWS = 2  # of random stretches a spectrum
ATTEMPTS = 100  # to place a random stretch beside the others


def mask_of(stretches: Sequence[Stretch], points: int) -> Mask:
    """Which points (points,) lie in any of the stretches."""
    mask = np.zeros(points, bool)
    for first, end in stretches:
        mask[max(first, 0) : max(end, 0)] = True
    return mask


def straightened(vector: Floats, mask: Mask) -> Floats:
    """A straight line wherever ``mask`` is true, between the points that are left."""
    kept = np.flatnonzero(~mask)
    drawn = vector.copy()
    if kept.size:
        drawn[mask] = np.interp(np.flatnonzero(mask), kept, vector[kept])
    return drawn


def without(vector: Floats, stretches: Sequence[Stretch]) -> Floats:
    """The spectrum with the stretches removed."""
    return straightened(vector, mask_of(stretches, vector.size))


def only(vector: Floats, stretches: Sequence[Stretch]) -> Floats:
    """The spectrum with everything but the stretches (and the two ends) removed."""
    mask = ~mask_of(stretches, vector.size)
    first, end = measured(vector)
    mask[[first, end - 1]] = False
    mask[:first] = mask[end:] = False
    return straightened(vector, mask)


def measured(vector: Floats) -> Stretch:
    """The part of the grid that was measured: outside of it vectors are zero."""
    inside = np.flatnonzero(vector)
    return (int(inside[0]), int(inside[-1]) + 1) if inside.size else (0, vector.size)


def random_stretches(
    vector: Floats, widths: Sequence[int], random: np.random.Generator
) -> list[Stretch]:
    """Stretches of these widths anywhere in the measured range, apart where there is room."""
    first, end = measured(vector)
    found: list[Stretch] = []
    for width in widths:
        for _ in range(ATTEMPTS):
            start = int(random.integers(first, max(first, end - width) + 1))
            if all(start + width <= a or start >= b for a, b in found):
                break
        found.append((start, start + width))
    return found


def peak_stretches(vector: Floats, widths: Sequence[int]) -> list[Stretch]:
    """Stretches of these widths around the highest maxima, none twice."""
    peaks = find_peaks(vector)[0]
    found: list[Stretch] = []
    for peak in peaks[np.argsort(-vector[peaks], kind="stable")].tolist():
        if len(found) == len(widths):
            break
        width = widths[len(found)]
        if not any(a <= peak < b for a, b in found):
            found.append((peak - width // 2, peak - width // 2 + width))
    return found


Change = Callable[[Floats, Sequence[Stretch]], Floats]


def logits_after(
    explainer: Explainer,
    vectors: Floats,
    groups: Rows,
    stretches: Sequence[Sequence[Stretch]],
    change: Change,
) -> Floats:
    """Logits (n, 3) after ``change`` with the stretches, with random ones and with the peaks."""
    random = np.random.default_rng(0)
    widths = [[end - first for first, end in own] for own in stretches]

    def after(chosen: Sequence[Sequence[Stretch]]) -> Floats:
        changed = [change(v, own) for v, own in zip(vectors, chosen, strict=True)]
        return explainer.logits(np.stack(changed), groups)

    draws = [
        after([random_stretches(v, w, random) for v, w in zip(vectors, widths, strict=True)])
        for _ in range(DRAWS)
    ]
    peaks = [peak_stretches(v, w) for v, w in zip(vectors, widths, strict=True)]
    return np.stack([after(stretches), np.mean(draws, 0), after(peaks)], 1)


def curves(
    explainer: Explainer,
    vectors: Floats,
    groups: Rows,
    ranked: Sequence[Sequence[Stretch]],
    most: int,
) -> Floats:
    """How the logit falls by deletion and rises by insertion: (n, 2, 3, most).

    Last but one: by the ranked regions, random stretches, highest peaks; last: 1, 2, .. of them.
    A deletion starts from the whole spectrum, an insertion from a straight line.
    """
    whole = explainer.logits(vectors, groups)[:, None]
    empty = explainer.logits(np.stack([only(v, []) for v in vectors]), groups)[:, None]
    steps = []
    for count in range(1, most + 1):
        top = [own[:count] for own in ranked]
        falls = whole - logits_after(explainer, vectors, groups, top, without)
        rises = logits_after(explainer, vectors, groups, top, only) - empty
        steps.append(np.stack([falls, rises], 1))
    return np.stack(steps, 3)
