"""Fits irclassify.model.domain.Detector: principal components by phase, and a small network."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import nn

from irclassify.model.domain import FARTHEST, RARITIES, Detector, pooled
from train.arrays import Floats, Ints, Numbers, Singles
from train.domain.corruptions import GRID, lowered, on_grid, scaled
from train.fit.disturb import POINTS, WAVENUMBER, attenuated, interpolated, rescaled, some
from train.networks.pair import two_views
from train.settings import SETTINGS

OWN: dict[str, Any] = SETTINGS["domain"]
CPU = torch.device("cpu")


def features(bodies: list[nn.Module], vectors: Singles) -> Singles:
    """Grid vectors (n, points) -> pooled latent matrices (n, features) of the networks together."""
    rows = []
    with torch.no_grad():
        for batch in torch.from_numpy(np.ascontiguousarray(vectors, np.float32)).split(256):
            latent = torch.cat([body(two_views(batch)) for body in bodies], 1).squeeze(2)
            rows.append(pooled(latent.numpy()))
    return np.concatenate(rows)


def fit(bodies: list[nn.Module], vectors: Singles, phase: Ints) -> dict[str, Singles]:
    """The arrays of a Detector but for ``strangeness``, ``likeness`` and ``limits``.

    ``vectors`` (n, points) of known spectra, ``phase`` (n,) 0 gas, 1 condensed, 2 ATR. The network
    learns from them, from as many disturbed as in training (what the model was trained to tolerate
    counts as known), from those of condensed phases as ATR would show them, and from corrupted ones
    of every kind.
    """
    random = np.random.default_rng(0)
    torch.manual_seed(0)
    known = features(bodies, vectors)
    arrays = _components(known, phase)
    some = random.permutation(len(vectors))[: OWN["disturbed"]]
    tolerated = features(bodies, disturbed(vectors[some]))
    condensed = torch.from_numpy(vectors[some[phase[some] == 1]])
    reflected = features(bodies, disturbed(attenuated(condensed).numpy()))
    kinds = on_grid(vectors[random.permutation(len(vectors))[: OWN["corrupted"]]], random)
    corrupted = {kind: features(bodies, v) for kind, v in kinds.items()}
    x = np.concatenate([known, tolerated, reflected, *corrupted.values()])
    phases = len(arrays["mean"])
    kinds_of = (np.full(len(f), phases + i) for i, f in enumerate(corrupted.values()))
    y = np.concatenate([phase, phase[some], np.full(len(reflected), phases - 1), *kinds_of])
    arrays |= _network(x, y, known, phases + len(corrupted))
    arrays["kinds"] = np.array(list(corrupted))
    return arrays


def disturbed(vectors: Singles) -> Singles:
    """What instruments and samples do to known spectra (n, points), at random.

    Wavenumber calibration (shift), line shape (broadening), penetration depth of ATR (a power of
    the wavenumber), sample thickness (a power of the absorbance), baseline, noise and a partial
    range; the range is also cut as instruments cut theirs, so that a missing end alone is not a
    sign of a shifted axis.
    """
    own = OWN["tolerated"]
    x, s, n = torch.from_numpy(vectors), own["strength"], len(vectors)
    index = torch.arange(float(POINTS))
    x = broadened(interpolated(x, index + own["shift"] * torch.randn(n, 1)), s).clamp(min=0)
    measured = x > 0
    power = own["tilt"] * (0.5 + torch.randn(n, 1)) * some(n, 0.5, CPU)
    x = (x * (WAVENUMBER / 1500) ** -power) ** torch.exp(0.2 * s * torch.randn(n, 1))
    unit = torch.linspace(-1, 1, POINTS)
    a, b, c = 0.03 * s * torch.randn(3, n, 1)
    baseline = (a + b * unit + c * unit**2) * some(n, 0.5, CPU)
    level = 10 ** (-3 + 1.3 * torch.rand(n, 1)) * s * some(n, 0.5, CPU)
    x = x + (baseline + level * torch.randn(n, POINTS)) * measured
    low = some(n, 0.3 * s, CPU) * torch.rand(n, 1) * 75
    high = POINTS - some(n, 0.15 * s, CPU) * torch.rand(n, 1) * 200
    x = rescaled(x * ((index >= low) & (index < high)))
    # The shipped detector was fitted when sums of two were drawn here: its random numbers go on.
    torch.randperm(n), torch.rand(n, 2)
    return scaled(cut(lowered(x.numpy()), np.random.default_rng(1)))


def broadened(spectra: torch.Tensor, strength: float) -> torch.Tensor:
    """Half of them convolved with a Gaussian of up to 1.2 * ``strength`` grid points."""
    n = len(spectra)
    sigma = 1.2 * strength * torch.rand(n, 1) * some(n, 0.5, CPU) + 0.05
    kernel = torch.exp(-0.5 * (torch.arange(-4.0, 5.0) / sigma) ** 2)
    kernel = kernel / kernel.sum(1, keepdim=True)
    return nn.functional.conv1d(spectra[None], kernel[:, None], padding=4, groups=n)[0]


def cut(vectors: Singles, random: np.random.Generator) -> Singles:
    """Half begin at up to 850 cm-1, a third end from 3500 cm-1 on: zeros outside, as unmeasured."""
    low = np.where(random.random(len(vectors)) < 1 / 2, random.uniform(500, 850, len(vectors)), 0)
    high = np.where(
        random.random(len(vectors)) < 1 / 3, random.uniform(3500, 3900, len(vectors)), 4000
    )
    measured = (low[:, None] <= GRID.wavenumber) & (high[:, None] >= GRID.wavenumber)
    return vectors * measured


def _components(known: Singles, phase: Ints) -> dict[str, Singles]:
    """Mean, scale, principal directions and the usual residual of each phase."""
    parts = []
    for rows in (phase == number for number in range(int(phase.max()) + 1)):
        mean, scale = known[rows].mean(0), known[rows].std(0) + OWN["softening"]
        z = (known[rows] - mean) / scale
        basis = np.linalg.eigh(z.T @ z)[1][:, -OWN["directions"] :]
        # At the precision it is stored with, a direction must stay orthonormal enough.
        basis = basis.astype(np.float16).astype(np.float32)
        residual = (z**2).sum(1) - ((z @ basis) ** 2).sum(1)
        parts.append((mean, scale, basis, np.quantile(residual, 0.95)))
    names = ("mean", "scale", "basis", "usual")
    return {
        name: np.stack(part) for name, part in zip(names, zip(*parts, strict=True), strict=True)
    }


def _network(x: Singles, y: Ints, known: Singles, classes: int) -> dict[str, Singles]:
    """One hidden layer, cross entropy, dropout and weight decay; standardised on ``known``."""
    centre, spread = known.mean(0), known.std(0) + OWN["softening"]
    inputs = torch.from_numpy((x - centre) / spread).clamp(-FARTHEST, FARTHEST)
    classes_of = torch.from_numpy(y).long()
    network = nn.Sequential(
        nn.Dropout(0.2),
        nn.Linear(x.shape[1], OWN["units"]),
        nn.ReLU(),
        nn.Dropout(0.3),
        nn.Linear(OWN["units"], classes),
    )
    steps = OWN["epochs"] * (len(x) // OWN["batch"])
    optimiser = torch.optim.AdamW(network.parameters(), weight_decay=0.05)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 4e-3, total_steps=steps)
    for _ in range(OWN["epochs"]):
        for rows in torch.randperm(len(x)).split(OWN["batch"]):
            if len(rows) < OWN["batch"]:
                continue
            loss = nn.functional.cross_entropy(network(inputs[rows]), classes_of[rows])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
    weights = {name: value.numpy() for name, value in network.state_dict().items()}
    return {
        "centre": centre,
        "spread": spread,
        "hidden": weights["1.weight"].T,
        "hidden_bias": weights["1.bias"],
        "output": weights["4.weight"].T,
        "output_bias": weights["4.bias"],
    }


def ladder(scores: Numbers) -> Floats:
    """Scores of known spectra (n,) at each of RARITIES: exceeded by the share 10**-rarity."""
    levels: Floats = np.quantile(scores, 1 - 10**-RARITIES)
    return levels


def rounded(arrays: dict[str, Any]) -> dict[str, Any]:
    """At the precision of domain.npz: half for the large matrices, single for the rest."""
    half = ("basis", "hidden")
    return {
        name: value
        if value.dtype.kind == "U"
        else value.astype(np.float16 if name in half else np.float32)
        for name, value in arrays.items()
    }


def unlimited(arrays: dict[str, Any]) -> Detector:
    """A detector whose scores count but whose rarities and limits are still to be found."""
    nothing = {"strangeness": RARITIES, "likeness": RARITIES, "limits": np.zeros(2)}
    return Detector.from_arrays(rounded(arrays | nothing))
