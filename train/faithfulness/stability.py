"""Does an explanation stay the same when it should, and change when it should?

Likeness of two explanations of one call: the overlap of their first three regions in cm-1 (Jaccard:
width shared over width of both together), and the rank correlation of the contributions of all
positions. Disturbed spectra are scaled to a maximum of 1 again, as preprocessing would.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence

import numpy as np
import torch
from scipy.ndimage import gaussian_filter1d
from scipy.stats import spearmanr
from torch import nn

from train.faithfulness.agreement import GRID
from train.faithfulness.explainers import Evidence, Floats, Geometry, strongest
from train.faithfulness.removal import mask_of, measured, random_stretches
from train.networks.columns import Stretch

FIRST = 3
LINE_CM1 = 8.0  # full width of a sharp line; at half resolution it is twice as wide


def noisy(vector: Floats) -> Floats:
    """With white noise of 1 per cent of the maximum where it was measured."""
    first, end = measured(vector)
    disturbed = vector.copy()
    seed = np.random.default_rng(0)
    disturbed[first:end] += 0.01 * seed.standard_normal(end - first).astype(np.float32)
    return rescaled(disturbed)


def shifted(vector: Floats) -> Floats:
    """Moved by 2 cm-1 to higher wavenumbers."""
    place = np.arange(vector.size, dtype=float)
    return rescaled(np.interp(place - 2 / GRID.spacing_cm1, place, vector).astype(np.float32))


def blurred(vector: Floats) -> Floats:
    """At half the resolution: a line of LINE_CM1 becomes twice as wide."""
    width = np.sqrt(3) * LINE_CM1 / GRID.spacing_cm1  # variances add
    return rescaled(gaussian_filter1d(vector, width / np.sqrt(8 * np.log(2)), mode="nearest"))


def rescaled(vector: Floats) -> Floats:
    """Maximum 1."""
    return vector / vector.max()


DISTURBANCES: dict[str, Callable[[Floats], Floats]] = {
    "1% noise": noisy,
    "shift of 2 cm-1": shifted,
    "half resolution": blurred,
}


def likeness(
    a: Sequence[Evidence], b: Sequence[Evidence], geometry: Geometry
) -> tuple[Floats, Floats]:
    """Overlap of the first regions, and rank correlation of all positions; both (n,)."""
    pairs = list(zip(a, b, strict=True))
    overlaps = [jaccard(first_cells(x, geometry), first_cells(y, geometry)) for x, y in pairs]
    ranks = [rank_correlation(x.shared, y.shared) for x, y in pairs]
    return np.array(overlaps), np.array(ranks)


def chance_overlap(evidence: Sequence[Evidence], vectors: Floats, geometry: Geometry) -> Floats:
    """Overlap (n,) of the first regions with as many of the same widths at random places."""
    random = np.random.default_rng(0)
    found = []
    for each, vector in zip(evidence, vectors, strict=True):
        own = first_cells(each, geometry)
        found.append(jaccard(own, random_stretches(vector, [b - a for a, b in own], random)))
    return np.array(found)


def first_cells(evidence: Evidence, geometry: Geometry) -> list[Stretch]:
    """The first three regions, in points."""
    return [geometry.cells(columns) for columns in strongest(evidence.regions(), FIRST)]


def jaccard(a: Sequence[Stretch], b: Sequence[Stretch]) -> float:
    """Width shared over width of both together; 0 when neither has any."""
    end = max((stretch[1] for stretch in (*a, *b)), default=0)
    one, other = mask_of(a, end), mask_of(b, end)
    both = (one | other).sum()
    return float((one & other).sum() / both) if both else 0.0


def rank_correlation(a: Floats, b: Floats) -> float:
    """Spearman's; 0 when either does not vary."""
    constant = np.ptp(a) == 0 or np.ptp(b) == 0
    return 0.0 if constant else float(spearmanr(a, b).statistic)


def scrambled(network: nn.Module, part: str, vectors: Floats) -> nn.Module:
    """A copy with the weights of its ``body`` or ``head`` shuffled, tensor by tensor.

    The statistics of a shuffled body's normalisations are taken anew from ``vectors``.
    """
    twin = copy.deepcopy(network)
    seed = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for name, weight in twin.named_parameters():
            if name.startswith("body") == (part == "body"):
                order = torch.randperm(weight.numel(), generator=seed)
                weight.copy_(weight.flatten()[order].reshape(weight.shape))
    return _renormalised(twin, vectors) if part == "body" else twin


def _renormalised(network: nn.Module, vectors: Floats) -> nn.Module:
    for layer in network.modules():
        if isinstance(layer, nn.BatchNorm1d | nn.BatchNorm2d):
            layer.reset_running_stats()
            layer.momentum = None  # the plain mean over batches
    network.train()
    with torch.no_grad():
        for rows in torch.from_numpy(vectors).split(256):
            network(rows)
    return network.eval()
