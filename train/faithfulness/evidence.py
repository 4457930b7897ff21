"""What each position adds to each logit, over many spectra at once.

What irclassify.explain.groups gives for one spectrum, with every pair of positions shared
half and half between its two, so that bias + sum over positions = logit.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from irclassify.model.folder import Head

Array = NDArray[np.float32]


def shared_contributions(latent: Array, head: Head, networks: int) -> Array:
    """Latent (n, channels, positions) -> (n, networks, groups, positions).

    Network by network, each as it would answer alone: the mean over networks is the model's.
    """
    d = latent - head.reference
    parts = zip(
        np.split(d, networks, 1),
        np.split(head.weight, networks, 1),
        np.split(head.left, networks),
        np.split(head.right, networks),
        np.split(head.mix, networks, 1),
        strict=True,
    )
    each = [by_position(own, w) + _pairs(own, a, b, mix) for own, w, a, b, mix in parts]
    return np.stack(each, 1) * np.float32(networks)


def by_position(d: Array, weight: Array) -> Array:
    """d (n, c, p), weight (g, c, p) -> (n, g, p)."""
    product = d.transpose(2, 0, 1) @ weight.transpose(2, 1, 0)
    return product.transpose(1, 2, 0)


def _pairs(d: Array, left: Array, right: Array, mix: Array) -> Array | float:
    """left and right (r, c, p), mix (g, r) -> half of every product on either side, (n, g, p)."""
    if not len(left):
        return 0.0
    a, b = by_position(d, left), by_position(d, right)
    shared = (a * b.sum(2, keepdims=True) + b * a.sum(2, keepdims=True)) / 2
    return np.asarray(mix @ shared, np.float32)
