"""The last layer of a model: what it makes of a latent matrix, as an exact sum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

Columns = NDArray[np.floating]


@dataclass(frozen=True)
class Head:
    """The exact sum behind every logit, around the latent matrix of a spectrum without absorption.

    With d = latent - reference, logit = bias + sum(weight * d)
    + sum over factors r of mix[:, r] * sum(left[r] * d) * sum(right[r] * d).
    Shapes: bias (groups,), weight (groups, channels, positions), reference (channels, positions),
    left and right (factors, own channels, positions), mix (groups, factors); no factors for a head
    that is linear. In an average of m networks each factor belongs to one of them: the first
    factors / m to the first channels / m = own channels, and so on.
    """

    bias: NDArray[np.float32]
    weight: NDArray[np.float32]
    reference: NDArray[np.float32]
    left: NDArray[np.float32]
    right: NDArray[np.float32]
    mix: NDArray[np.float32]
    # What was made of ``left`` and ``right``, which heads made from this one share.
    _kept: dict[str, list[Columns]] = field(default_factory=dict, repr=False, compare=False)

    def factors_by_column(self, dtype: type[np.floating]) -> list[Columns]:
        """For each network (positions, own channels, 2 * own factors): ``left``, then ``right``.

        Made once: to widen and turn them takes longer than to use them for one spectrum.

        Examples
        --------
        >>> [weights.shape for weights in _example().factors_by_column(np.float64)]
        [(3, 1, 2), (3, 1, 2)]
        """
        name = np.dtype(dtype).name
        if name not in self._kept:
            both = (
                np.concatenate([self.left[factors], self.right[factors]])
                for _, factors in self.members()
            )
            self._kept[name] = [np.ascontiguousarray(w.transpose(2, 1, 0), dtype) for w in both]
        return self._kept[name]

    def members(self) -> tuple[tuple[slice, slice], ...]:
        """The channels and the factors of each network of an average, in order.

        Examples
        --------
        >>> _example().members()[1]
        (slice(1, 2, None), slice(1, 2, None))
        """
        factors, own_channels, _ = self.left.shape
        count = len(self.reference) // own_channels
        each = factors // count
        return tuple(
            (
                slice(m * own_channels, (m + 1) * own_channels),
                slice(m * each, (m + 1) * each),
            )
            for m in range(count)
        )

    def rows(self, which: Sequence[int]) -> Head:
        """The head of some outputs, by number.

        Examples
        --------
        >>> len(_example().rows([0, 3]).bias)
        2
        """
        chosen = list(which)
        return replace(
            self, bias=self.bias[chosen], weight=self.weight[chosen], mix=self.mix[chosen]
        )

    def rescaled(self, slope: NDArray[np.float64], intercept: NDArray[np.float64]) -> Head:
        """The head of slope * logit + intercept, both (groups,): still an exact sum.

        Examples
        --------
        >>> head = _example().rows([0])
        >>> twice = head.rescaled(np.array([2.0]), np.array([1.0]))
        >>> bool(np.isclose(twice.bias[0], 2 * head.bias[0] + 1))
        True
        """
        return replace(
            self,
            bias=(self.bias * slope + intercept).astype(np.float32),
            weight=(self.weight * slope[:, None, None]).astype(np.float32),
            mix=(self.mix * slope[:, None]).astype(np.float32),
        )


def _example() -> Head:
    """Four outputs, an average of two networks of one channel and one factor each."""
    weight, factor = np.ones((4, 2, 3), np.float32), np.ones((2, 1, 3), np.float32)
    zeros = np.zeros((2, 3), np.float32)
    return Head(np.zeros(4, np.float32), weight, zeros, factor, factor, np.ones((4, 2), np.float32))
