"""The exact account of one spectrum's logits by latent columns. Pure.

The account is around a spectrum without absorption (d = latent - reference): what a column adds is
what the absorption in its window adds to that spectrum's logit; what was not measured adds nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from irclassify.explain.contributions import column_shares, position_terms
from irclassify.model.folder import ModelSpec
from irclassify.model.head import Head
from irclassify.results.prediction import Prediction

_Floats = NDArray[np.float64]


@dataclass(frozen=True)
class SpectrumAccount:
    """One spectrum's logits by columns: bias + the sum of ``shares`` = logit.

    ``grid`` (points,): the spectrum as the network saw it, highest value 1. ``head``: a row for
    each group, on the scale of the printed logits. ``positions`` (groups, positions): what columns
    add by themselves; ``factors``: the two values of each factor split over columns, (factors,
    positions) each.

    Examples
    --------
    >>> import irclassify
    >>> classifier = irclassify.load()
    >>> x = classifier.spec.preprocessing.grid.wavenumber
    >>> y = np.exp(-(((x - 1744) / 15) ** 2)).astype(np.float32)
    >>> grid = y / y.max()
    >>> (said,) = classifier.predict(x, y[None]).predictions()
    >>> account = SpectrumAccount.of(grid, classifier.spec, classifier.latent(grid[None])[0], said)
    >>> logits = account.head.bias + account.shares.sum(axis=1)
    >>> bool(np.allclose(logits, [call.logit for call in said.groups], atol=1e-3))
    True
    """

    grid: NDArray[np.float32]
    spec: ModelSpec
    head: Head
    positions: _Floats
    factors: tuple[_Floats, _Floats]

    @classmethod
    def of(
        cls,
        grid: NDArray[np.float32],
        spec: ModelSpec,
        latent: NDArray[np.float32],
        said: Prediction,
    ) -> SpectrumAccount:
        """``latent`` (channels, positions): of the spectrum ``grid``; ``said``: what is said of it.

        Its groups are those of ``said``, in their order.

        Examples
        --------
        >>> import irclassify
        >>> classifier = irclassify.load()
        >>> x = classifier.spec.preprocessing.grid.wavenumber
        >>> y = np.exp(-(((x - 1744) / 15) ** 2)).astype(np.float32)
        >>> grid = y / y.max()
        >>> (said,) = classifier.predict(x, y[None]).predictions()
        >>> latent = classifier.latent(grid[None])[0]
        >>> account = SpectrumAccount.of(grid, classifier.spec, latent, said)
        >>> account.shares.shape == (len(said.groups), classifier.spec.latent.positions)
        True
        """
        head = spec.head_of(said, [call.name for call in said.groups])
        own, left, right = (
            each[0].astype(np.float64) for each in position_terms(latent[None], head)
        )
        return cls(grid, spec, head, own, (left, right))

    @cached_property
    def shares(self) -> _Floats:
        """Each column with half of the pairs it is in: (groups, positions)."""
        own, left, right = (each[None] for each in (self.positions, *self.factors))
        shares: _Floats = column_shares(own, left, right, self.head.mix)[0]
        return shares
