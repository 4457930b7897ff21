"""What a model does on the spectra it was made from: sums over all of them.

The model folder is run as the tool runs it (onnxruntime).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from irclassify.explain.contributions import column_shares, position_terms
from irclassify.model.folder import ModelSpec
from irclassify.model.head import Head
from irclassify.model.session import Model
from train.arrays import Floats, Ints, Numbers, Singles
from train.data.records import Dataset
from train.networks.rieger2023 import Rieger2023

BATCH = 256


def networks_of(spec: ModelSpec) -> int:
    """How many networks the model averages."""
    head = spec.head
    paired, _, _ = head.left.shape
    own = head.left.shape[1] if paired else Rieger2023.CHANNELS
    return spec.latent.channels // own


@dataclass(frozen=True)
class Observed:
    """Sums over all spectra, and where each channel was most active in each.

    ``lift`` (networks, groups, positions) and ``channel_lift`` (groups, channels, positions): mean
    contribution with the group minus without; ``contributions`` (n, groups, positions);
    ``heights`` (n, positions): see band_heights; ``strongest`` and ``where`` (n, channels): largest
    activation of a channel, and its position.
    """

    lift: Numbers
    channel_lift: Numbers
    contributions: Numbers
    heights: Numbers
    strongest: Numbers
    where: Ints


def observe(spec: ModelSpec, data: Dataset) -> Observed:
    """Run the model over all spectra."""
    present = data.labels.T / np.maximum(data.labels.sum(0), 1)[:, None]
    absent = ~data.labels.T / np.maximum((~data.labels).sum(0), 1)[:, None]
    contrast = (present - absent).astype(np.float32)  # (groups, n)
    networks, head = networks_of(spec), spec.head.rows(range(len(spec.groups)))
    lift = np.zeros((networks, len(spec.groups), spec.latent.positions))
    latent_contrast = np.zeros(head.weight.shape)
    contributions, strongest, where = [], [], []
    for rows, latent in latents(spec, data.vectors):
        each = contributions_by_network(latent, head, networks)
        lift += np.einsum("gn,nmgp->mgp", contrast[:, rows], each, optimize=True)
        flat = contrast[:, rows] @ latent.reshape(len(latent), -1)
        latent_contrast += flat.reshape(latent_contrast.shape)
        contributions.append(each.mean(1))
        strongest.append(latent.max(2))
        where.append(latent.argmax(2))
    return Observed(
        lift,
        head.weight * latent_contrast,
        np.concatenate(contributions),
        band_heights(spec, data.vectors),
        np.concatenate(strongest),
        np.concatenate(where),
    )


def contributions_by_network(latent: Numbers, head: Head, networks: int) -> Numbers:
    """Latent (n, channels, positions) -> (n, networks, groups, positions), float32.

    Half of every pair of positions is credited to either, so that bias + sum over positions is the
    logit. Each network is as it would answer alone: their mean is the model's.
    """
    parts = zip(
        np.split(latent, networks, 1),
        np.split(head.reference, networks),
        np.split(head.weight, networks, 1),
        np.split(head.left, networks),
        np.split(head.right, networks),
        np.split(head.mix, networks, 1),
        strict=True,
    )
    each = []
    for own, reference, weight, left, right, mix in parts:
        member = Head(head.bias, weight, reference, left, right, mix)
        each.append(column_shares(*position_terms(own, member, np.float32), mix))
    return np.stack(each, 1) * np.float32(networks)


def latents(spec: ModelSpec, vectors: Numbers) -> Iterator[tuple[slice, Singles]]:
    """(rows, their latent matrices) in batches."""
    model = Model(spec)
    for start in range(0, len(vectors), BATCH):
        rows = slice(start, start + BATCH)
        yield rows, model.run(vectors[rows])[1]


def band_heights(spec: ModelSpec, vectors: Numbers) -> Numbers:
    """How high a band stands in the middle of every position's window: (n, positions).

    The highest point of the middle above the lowest of the window; its root, so that weak bands
    count beside strong ones.
    """
    field, stride = spec.latent.receptive_field_points, spec.latent.stride_points
    windows = sliding_window_view(vectors, field, 1)[:, ::stride]
    middle = windows[:, :, field // 2 - stride : field // 2 + stride]
    return np.sqrt(middle.max(2) - windows.min(2))


def correlations(a: Numbers, b: Numbers) -> Floats:
    """Of the columns of a and b, both (n, columns); 0 for a column that does not vary."""
    a, b = a - a.mean(0, dtype=np.float64), b - b.mean(0, dtype=np.float64)
    spread = np.sqrt((a**2).sum(0) * (b**2).sum(0))
    return np.divide((a * b).sum(0), spread, out=np.zeros(len(spread)), where=spread > 0)
