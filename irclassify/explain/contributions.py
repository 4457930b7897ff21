"""The exact sum behind every logit, once: by column, by pair of columns, by stretch of columns.

With d = latent - reference, a factor of the head is l r, where l and r are sums over columns. So

    logit = bias + sum over columns of own + sum over pairs of different columns,

which ``position_terms`` and ``pair_matrix`` give for n spectra (one spectrum is n = 1), and which
``column_shares`` tells without pairs: half of each pair is credited to either of its columns
(each column's Shapley value). ``Account`` is the same for stretches of columns and many spectra:
a stretch's own part holds its columns and the pairs among them, its shared part half of each pair
it forms with another stretch. With l and r split over stretches as l_s and r_s, a factor is the
sum of l_s r_s (own) and of (l_s (r - r_s) + r_s (l - l_s)) / 2 (shared): work in proportion to the
number of stretches, not to its square. Rieger et al. 2023, section 3.2, extended to factors.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

import irclassify
from irclassify.model.folder import ModelSpec
from irclassify.model.head import Head

_Floats = NDArray[np.float32]
_Array = NDArray[np.floating]


def position_terms(
    latent: _Array, head: Head, dtype: type[np.floating] = np.float64
) -> tuple[_Array, _Array, _Array]:
    """What columns add by themselves, and each factor's two values split over columns.

    Parameters
    ----------
    latent : (n, channels, positions)
    head : Head
    dtype : floating type of the result

    Returns
    -------
    own : (n, groups, positions)
        With the second-order term of a column with itself.
    left, right : (n, factors, positions)

    References
    ----------
    Rieger et al., Digital Discovery 2023, 2, 1957, section 3.2, extended to factors.

    Examples
    --------
    >>> from irclassify.model.folder import find_model
    >>> spec = find_model("default")
    >>> own, left, right = position_terms(spec.head.reference[None], spec.head)
    >>> own.shape[2] == spec.latent.positions, float(abs(own).max())
    (True, 0.0)
    """
    d = np.asarray(latent, dtype) - head.reference.astype(dtype)
    own = _by_column(d, head.weight)
    if not len(head.left):
        nothing = np.zeros((len(d), 0, d.shape[2]), dtype)
        return own, nothing, nothing
    columns = d.transpose(2, 0, 1)
    parts = [
        (columns[:, :, channels] @ weights).transpose(1, 2, 0)
        for (channels, _), weights in zip(
            head.members(), head.factors_by_column(dtype), strict=True
        )
    ]
    own_factors = parts[0].shape[1] // 2
    left = np.concatenate([part[:, :own_factors] for part in parts], axis=1)
    right = np.concatenate([part[:, own_factors:] for part in parts], axis=1)
    return own + np.matmul(head.mix.astype(dtype), left * right), left, right


def _by_column(d: _Array, weights: _Array) -> _Array:
    """d (n, c, p), weights (k, c, p) -> (n, k, p): summed over channels, column by column."""
    product = d.transpose(2, 0, 1) @ weights.astype(d.dtype).transpose(2, 1, 0)
    by_column: _Array = product.transpose(1, 2, 0)
    return by_column


def pair_matrix(left: _Array, right: _Array, mix: _Array, group: int) -> _Array:
    """What each pair of different columns adds to one logit: (n, positions, positions), symmetric.

    Parameters
    ----------
    left, right : (n, factors, positions)
        Of ``position_terms``.
    mix : (groups, factors)
    group : int

    Returns
    -------
    array, (n, positions, positions)
        Half of a pair stands on either side of the diagonal, which is zero (it belongs to ``own``).
        The sum of a matrix is the group's pair term.

    Examples
    --------
    >>> ones = np.ones((1, 1, 2))
    >>> pair_matrix(ones, ones, np.array([[3.0]]), 0).tolist()
    [[[0.0, 3.0], [3.0, 0.0]]]
    """
    weighted = left * mix[group].astype(left.dtype)[:, None]
    product = weighted.transpose(0, 2, 1) @ right
    both: _Array = (product + product.transpose(0, 2, 1)) / 2
    diagonal = np.arange(both.shape[1])
    both[:, diagonal, diagonal] = 0.0
    return both


def column_shares(own: _Array, left: _Array, right: _Array, mix: _Array) -> _Array:
    """Own plus half of each pair a column is in: (n, groups, positions); bias + sum = logit.

    ``own``, ``left``, ``right``: of ``position_terms``; ``mix`` (groups, factors).

    Examples
    --------
    >>> ones = np.ones((1, 1, 2))
    >>> column_shares(0 * ones, ones, ones, np.array([[3.0]])).tolist()
    [[[3.0, 3.0]]]
    """
    others = left * (right.sum(2, keepdims=True) - right)
    others += right * (left.sum(2, keepdims=True) - left)
    shares: _Array = own + np.matmul(mix.astype(own.dtype), others / 2)
    return shares


@dataclass(frozen=True)
class Stretches:
    """Neighbouring latent columns taken together: each from one of ``starts`` to the next.

    ``starts``: ascending, the first 0; the last stretch ends with the last of ``positions``.
    """

    starts: tuple[int, ...]
    positions: int

    def __len__(self) -> int:
        """Number of stretches."""
        return len(self.starts)

    @property
    def spans(self) -> list[tuple[int, int]]:
        """First column and one past the last of each stretch.

        Examples
        --------
        >>> Stretches((0, 3), positions=5).spans
        [(0, 3), (3, 5)]
        """
        return list(pairwise((*self.starts, self.positions)))


def stretches(spec: ModelSpec, width_cm1: float | None = None) -> Stretches:
    """The axis of a model cut into pieces of ``width_cm1``; None: each column by itself.

    A column belongs to the piece its centre lies in; the cuts are at multiples of the width.

    Examples
    --------
    >>> from irclassify.model.folder import find_model
    >>> spec = find_model("default")
    >>> len(stretches(spec)) == spec.latent.positions, len(stretches(spec, 10_000.0))
    (True, 1)
    """
    positions = spec.latent.positions
    if width_cm1 is None:
        return Stretches(tuple(range(positions)), positions)
    piece = np.floor(np.asarray(spec.centres_cm1()) / width_cm1)
    starts = np.flatnonzero(np.diff(piece, prepend=piece[0] - 1))
    return Stretches(tuple(starts.tolist()), positions)


def edges_cm1(spec: ModelSpec, pieces: Stretches) -> NDArray[np.float64]:
    """First and last wavenumber of each stretch's own cells: (stretches, 2); they do not overlap.

    The columns themselves saw half a receptive field more on either side (spec.columns_cm1).

    Examples
    --------
    >>> from irclassify.model.folder import find_model
    >>> spec = find_model("default")
    >>> edges = edges_cm1(spec, stretches(spec, 100.0))
    >>> bool((edges[1:, 0] >= edges[:-1, 1] - 1e-6).all())
    True
    """
    half_cell = spec.latent.stride_points * spec.preprocessing.grid.spacing_cm1 / 2
    centre = np.asarray(spec.centres_cm1())
    spans = np.array(pieces.spans)
    return np.stack([centre[spans[:, 0]] - half_cell, centre[spans[:, 1] - 1] + half_cell], axis=1)


@dataclass(frozen=True, eq=False)
class Contributions:
    """Why: ``logits`` = ``bias`` + the sum over regions of ``own`` and ``shared``, for n spectra.

    ``own`` (n, groups, regions) is what a region adds by itself, ``shared`` half of what each pair
    of it and another region adds. ``edges_cm1`` (regions, 2): where each begins and ends. float32;
    the sum holds to its rounding. Spectra without an answer are NaN. ``latent`` (n, channels,
    positions) is what the network saw, ``weights`` (n, phases) how much the scale of each phase
    counts. ``phase``: the one that was stated for all; None where each was inferred.
    """

    spec: ModelSpec
    pieces: Stretches
    logits: _Floats
    latent: _Floats
    own: _Floats
    shared: _Floats
    weights: NDArray[np.float64]
    phase: str | None = None

    @classmethod
    def empty(
        cls, spec: ModelSpec, pieces: Stretches, count: int, phase: str | None = None
    ) -> Contributions:
        """NaN for ``count`` spectra, to be filled.

        Examples
        --------
        >>> from irclassify.model.folder import find_model
        >>> spec = find_model("default")
        >>> len(Contributions.empty(spec, stretches(spec, 100.0), 3).logits)
        3
        """
        groups, seen = len(spec.groups), spec.latent

        def unknown(*shape: int) -> _Floats:
            return np.full((count, *shape), np.nan, np.float32)

        latent = unknown(seen.channels, seen.positions)
        parts = (unknown(groups, len(pieces)), unknown(groups, len(pieces)))
        weights = np.full((count, len(spec.confidence.phases)), np.nan)
        return cls(spec, pieces, unknown(groups), latent, *parts, weights, phase)

    @property
    def groups(self) -> tuple[str, ...]:
        """The names of the groups, in order.

        Examples
        --------
        >>> _example().groups[:2]
        ('alkane', 'methyl')
        """
        return tuple(group.name for group in self.spec.groups)

    @property
    def bias(self) -> _Floats:
        """(groups,): the logits of a spectrum without any absorption.

        (n, groups) where the phase of each spectrum was inferred: each has a scale of its own.

        Examples
        --------
        >>> why = _example()
        >>> why.bias.shape == (len(why.groups),)
        True
        """
        stated = stated_bias(self.spec, self.phase)
        if stated is not None:
            return stated
        slope, intercept = self.spec.confidence.scale(self.weights)
        groups = slice(len(self.spec.groups))
        bias = self.spec.head.bias[groups] * slope[:, groups] + intercept[:, groups]
        return np.asarray(bias, np.float32)

    @property
    def edges_cm1(self) -> NDArray[np.float64]:
        """(regions, 2): the first and last wavenumber of each; they do not overlap.

        Examples
        --------
        >>> _example().edges_cm1.shape[1]
        2
        """
        return edges_cm1(self.spec, self.pieces)

    @property
    def total(self) -> _Floats:
        """(n, groups, regions): ``own`` + ``shared``; with ``bias`` it sums to ``logits``.

        Examples
        --------
        >>> why = _example()
        >>> bool(np.allclose(why.bias + why.total.sum(axis=-1), why.logits, atol=1e-3))
        True
        """
        return self.own + self.shared

    def pairs(self, row: int, group: str) -> NDArray[np.float64]:
        """One spectrum's pairs of regions, (regions, regions): half of each on either side.

        The diagonal is zero: pairs within a region belong to its ``own``. The sum of the matrix is
        that of ``shared``.

        Examples
        --------
        >>> why = _example()
        >>> pairs, at = why.pairs(0, "ketone"), why.groups.index("ketone")
        >>> bool(np.isclose(pairs.sum(), why.shared[0, at].sum(), atol=1e-3))
        True
        """
        starts = list(self.pieces.starts)
        head, at = self.spec.head, self.groups.index(group)
        _, left, right = position_terms(self.latent[row : row + 1], head)
        slope, _ = self.spec.confidence.scale(self.weights[row : row + 1])
        matrix = pair_matrix(left, right, head.mix, at)[0] * slope[0, at]
        summed = np.add.reduceat(np.add.reduceat(matrix, starts, axis=0), starts, axis=1)
        between = summed.astype(np.float64)
        np.fill_diagonal(between, 0.0)
        return between


def stated_bias(spec: ModelSpec, phase: str | None) -> _Floats | None:
    """(groups,): the bias of all spectra of a stated phase; None where phases are inferred.

    Examples
    --------
    >>> from irclassify.model.folder import find_model
    >>> spec = find_model("default")
    >>> stated_bias(spec, "gas").shape == (len(spec.groups),), stated_bias(spec, None)
    (True, None)
    """
    if phase is None and spec.phase_scale is not None:
        return None
    slope, intercept = spec.confidence.scale(spec.confidence.weights([phase]))
    groups = slice(len(spec.groups))
    bias = spec.head.bias[groups] * slope[0, groups] + intercept[0, groups]
    return np.asarray(bias, np.float32)


class Account:
    """A head's weights in the order in which many spectra need them. Safe to share."""

    def __init__(self, head: Head, pieces: Stretches) -> None:
        """Weights by stretch and, for a head with factors, by the network they belong to."""
        self._pieces = pieces
        self._reference = head.reference
        self._mix = np.ascontiguousarray(head.mix.T, np.float32)
        self._half_mix = self._mix / 2
        self._factors, own_channels, _ = head.left.shape
        self._members = len(head.reference) // own_channels
        each = self._factors // self._members
        both = np.stack([head.left, head.right]).astype(np.float32)
        weights = head.weight.astype(np.float32).reshape(
            -1, self._members, own_channels, pieces.positions
        )
        self._weights = [
            [
                np.concatenate(
                    [
                        _flat(weights[:, m, :, a:b]),
                        _flat(both[0, m * each : (m + 1) * each, :, a:b]),
                        _flat(both[1, m * each : (m + 1) * each, :, a:b]),
                    ],
                    axis=1,
                )
                for m in range(self._members)
            ]
            for a, b in pieces.spans
        ]
        self._groups, self._each = len(head.bias), each

    def __call__(self, latent: _Floats) -> tuple[_Floats, _Floats]:
        """Latent matrices (n, channels, positions) -> own and shared, (n, groups, stretches)."""
        own, left, right = self._by_stretch(latent)
        if not self._factors:
            return own.transpose(1, 2, 0), np.zeros_like(own).transpose(1, 2, 0)
        pairs = left * right
        own += pairs @ self._mix
        shared = _with_others(left, right, out=pairs) @ self._mix
        return own.transpose(1, 2, 0), shared.transpose(1, 2, 0)

    def totals(self, latent: _Floats) -> _Floats:
        """Own and shared in one, (n, groups, stretches), in less time than each of them.

        A stretch's factors times their own other side, and half of those times all others, are half
        of (its left factors times all right ones, and all left factors times its right ones).

        Examples
        --------
        >>> spec = irclassify.load("default").spec
        >>> account = Account(spec.head.rows(range(2)), stretches(spec, 500.0))
        >>> nothing = np.zeros((1, spec.latent.channels, spec.latent.positions), np.float32)
        >>> account.totals(nothing).shape == (1, 2, len(stretches(spec, 500.0)))
        True
        """
        own, left, right = self._by_stretch(latent)
        if self._factors:
            all_left, all_right = left.sum(0), right.sum(0)
            left *= all_right
            right *= all_left
            left += right
            own += left @ self._half_mix
        return own.transpose(1, 2, 0)

    def _by_stretch(self, latent: _Floats) -> tuple[_Floats, _Floats, _Floats]:
        """(stretches, n, groups) of the linear part, (stretches, n, factors) of left and right."""
        d = self._by_member(latent)
        count = latent.shape[0]
        own = np.zeros((len(self._pieces), count, self._groups), np.float32)
        split = np.empty((2, len(self._pieces), count, self._factors), np.float32)
        for s, (a, b) in enumerate(self._pieces.spans):
            for m, weights in enumerate(self._weights[s]):
                values = d[m, :, a:b].reshape(count, -1) @ weights
                own[s] += values[:, : self._groups]
                at = slice(m * self._each, (m + 1) * self._each)
                split[0, s, :, at] = values[:, self._groups : self._groups + self._each]
                split[1, s, :, at] = values[:, self._groups + self._each :]
        return own, split[0], split[1]

    def _by_member(self, latent: _Floats) -> _Floats:
        """(n, channels, positions) less reference -> (networks, n, positions, own channels)."""
        count, channels, positions = latent.shape
        own = channels // self._members
        seen = latent.reshape(count, self._members, own, positions).transpose(1, 0, 3, 2)
        nothing = self._reference.reshape(self._members, 1, own, positions).swapaxes(2, 3)
        return np.subtract(seen, nothing, order="C")


def _with_others(left: _Floats, right: _Floats, out: _Floats) -> _Floats:
    """Half of what each stretch adds together with the others, by factor: (stretches, n, factors).

    In place, ``left`` too: memory that is asked for anew takes longer than the arithmetic.
    """
    all_left, all_right = left.sum(0), right.sum(0)
    np.subtract(all_right, right, out=out)
    out *= left
    np.subtract(all_left, left, out=left)
    left *= right
    out += left
    out /= 2
    return out


def _flat(weights: _Floats) -> _Floats:
    """(outputs, channels, columns) -> (columns * channels, outputs)."""
    outputs, channels, columns = weights.shape
    return weights.transpose(2, 1, 0).reshape(columns * channels, outputs)


def _example() -> Contributions:
    """One simulated carbonyl band explained, for the examples in docstrings."""
    x = np.linspace(400, 4000, 1801)
    band = np.exp(-(((x - 1715) / 12) ** 2))
    return irclassify.load("default").contributions(x, band, phase="gas", width_cm1=100.0)
