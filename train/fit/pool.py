"""The spectra a default network learns from, on the device that trains it."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from train.data.records import Dataset
from train.data.split import set_rows, training_rows
from train.fit.atr import attenuated
from train.labels.details import PHASES, UNKNOWN
from train.labels.substructures import substructures

Weights = NDArray[np.float64]


class Pool:
    """Spectra, what is to be learned of them, and copies of the condensed ones turned into ATR.

    ``spectra`` (m, points) half precision, m > n because of the copies; ``row`` (m,): the spectrum
    of the dataset; ``truth`` (n, answers + substructures) int8 1, 0 or UNKNOWN; ``phase`` (m,):
    number in PHASES, -1 for the copies; ``atr`` (m, 1): 1 for ATR.
    """

    def __init__(self, data: Dataset, device: torch.device, copies: int) -> None:
        self.data, self.device, self.copies = data, device, copies
        spectra = torch.from_numpy(data.vectors)
        phases = np.array([PHASES.index(str(p)) for p in data.column("phase")])
        condensed = np.flatnonzero(phases == PHASES.index("condensed"))
        torch.manual_seed(0)
        imitated = [attenuated(spectra[condensed]) for _ in range(copies)]
        self.spectra = torch.cat([spectra, *imitated]).half().to(device)
        everyone = np.concatenate([np.arange(len(spectra)), *[condensed] * copies])
        self.row = torch.from_numpy(everyone).to(device)
        self.truth = torch.from_numpy(_to_learn(data)).to(device)
        own = np.concatenate([phases, np.full(copies * len(condensed), -1)])
        self.phase = torch.from_numpy(own).to(device)
        atr = (own == PHASES.index("atr")) | (own < 0)
        self.atr = torch.from_numpy(atr.astype(np.float32))[:, None].to(device)
        self._place = np.full(len(spectra), -1)
        self._place[condensed] = np.arange(len(condensed))
        self._condensed = len(condensed)

    def weights(self, kind: str, shares: dict[str, float]) -> Weights:
        """How often an epoch shows each spectrum (n,).

        ``shares``: of the drugs and salts, of the benzene derivatives, which were measured five
        times each, and how many spectra of one kind of plastic and study count at most.
        """
        weights = training_rows(self.data, kind).astype(float)
        for name in ("drugs", "salts", "benzenes"):
            weights[set_rows(self.data, name)] *= shares[name]
        plastics = set_rows(self.data, "plastics")
        kinds = np.char.add(
            self.data.column("collection").astype(str), self.data.column("origin").astype(str)
        )
        for one in np.unique(kinds[plastics]):
            rows = plastics & (kinds == one)
            weights[rows] *= min(1.0, shares["plastics"] / rows.sum())
        return weights

    def order(self, weights: Weights, count: int, seed: int, imitated: float) -> Tensor:
        """``count`` rows of the pool, every spectrum as often as its weight says, condensed ones
        with probability ``imitated`` as ATR."""
        random = np.random.default_rng(seed)
        parts: list[NDArray[Any]] = []
        while sum(map(len, parts)) < count:
            times = np.floor(weights + random.random(len(weights))).astype(int)
            parts.append(random.permutation(np.repeat(np.arange(len(weights)), times)))
        rows = np.concatenate(parts)[:count]
        if self.copies and imitated:
            turned = (self._place[rows] >= 0) & (random.random(count) < imitated)
            copy = random.integers(0, self.copies, count)
            at = len(weights) + copy * self._condensed + self._place[rows]
            rows = np.where(turned, at, rows)
        return torch.from_numpy(rows).to(self.device)


def _to_learn(data: Dataset) -> NDArray[np.int8]:
    """(n, answers + m): what is answered, then the substructures; those of plastics are UNKNOWN."""
    smiles = [str(s) for s in data.column("smiles")]
    has = np.array([bool(s) for s in smiles])
    found = substructures([s for s in smiles if s])
    below = np.full((len(smiles), found.shape[1]), UNKNOWN, np.int8)
    below[has] = found
    return np.concatenate([data.answers.astype(np.int8), below], 1)
