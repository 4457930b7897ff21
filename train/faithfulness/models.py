"""What is explained: right positive calls, by networks that never saw the molecule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from irclassify.explain.account import SpectrumAccount
from irclassify.explain.by_peak import nearest, straighten, straightened
from irclassify.explain.contributions import position_terms
from irclassify.explain.peaks import Curve, Extent, extents
from irclassify.model.folder import find_model
from irclassify.model.head import Head
from irclassify.model.preprocessing import to_grid
from irclassify.spectra.spectrum import Spectrum
from train.arrays import Floats, Singles
from train.calibrate.known import held_out_answers
from train.calibrate.platt import calibrate
from train.data.dataset import load
from train.data.index import nist_spectra
from train.data.records import Dataset
from train.data.split import FOLDS, phase_rows, testing_folds
from train.fit.models import PLANS
from train.fit.out_of_fold import held_out
from train.labels.groups import GROUPS
from train.networks.pair import PairEnsemble, calibrated, no_absorption

MODEL = "default"
PHASES = ("gas", "condensed")
RULES = ("straightened", "nearest")  # ways to share a column among the bands it sees


@dataclass(frozen=True)
class Case:
    """A right positive call of a spectrum: ``group`` is its place among the model's."""

    spectrum: Spectrum
    molecule: str
    phase: str
    fold: int
    group: int


@dataclass(frozen=True)
class Told:
    """A logit told by bands: what each of ``bands`` adds by each rule, and no band (last)."""

    bands: tuple[Extent, ...]
    shares: dict[str, Floats]
    logit: float
    bias: float

    def first(self, rule: str, count: int) -> list[Extent]:
        """The ``count`` bands that speak most for the group; fewer where fewer do."""
        adds = self.shares[rule][:-1]
        order = np.argsort(-adds, kind="stable")[:count]
        return [self.bands[i] for i in order if adds[i] > 0]


class FoldNetwork:
    """The default model's network of a fold, with logits on a calibrated scale."""

    def __init__(self, data: Dataset, fold: int) -> None:
        """The scale comes from the other folds."""
        own = testing_folds(data) == fold
        scale = calibrate(data.labels[~own], held_out(MODEL, data)[~own])
        networks = PLANS[MODEL].fitted(FOLDS[fold])
        every = PairEnsemble(networks, no_absorption(networks)).eval()
        self.spec = find_model(MODEL)
        self._network = calibrated(every.only(range(len(GROUPS))), scale.slope, scale.intercept)
        self._head = Head(**{n: a.numpy() for n, a in self._network.head_arrays().items()})

    def run(self, grids: Singles) -> tuple[Singles, Singles]:
        """Grid vectors (n, points) -> logits (n, groups), latent (n, channels, positions)."""
        with torch.no_grad():
            logits, latent = self._network(torch.from_numpy(np.ascontiguousarray(grids)))
        return logits.numpy(), latent.numpy()

    def grid(self, spectrum: Spectrum) -> Singles:
        """The spectrum as the network sees it: (points,)."""
        return to_grid(spectrum, self.spec.preprocessing)

    def told(self, spectrum: Spectrum, group: int) -> Told:
        """By the functions that the tool itself uses."""
        grid = self.grid(spectrum)
        bands = tuple(extents(Curve.of(spectrum)))
        logits, latent = self.run(grid[None])
        own, left, right = (each[0] for each in position_terms(latent, self._head))
        account = SpectrumAccount(grid, self.spec, self._head, own, (left, right))
        owners = nearest(bands, self.spec)
        by_centre = account.shares[group] @ owners.T
        if not bands:
            return Told(bands, dict.fromkeys(RULES, by_centre), *self._sum(logits, group))
        drawn = straighten(grid, bands, self.spec)
        by_change = straightened(account, drawn, self.run(drawn.grids)[1], owners)[group]
        shares = dict(zip(RULES, (by_change, by_centre), strict=True))
        return Told(bands, shares, *self._sum(logits, group))

    def _sum(self, logits: Singles, group: int) -> tuple[float, float]:
        return float(logits[0, group]), float(self._head.bias[group])


def cases(data: Dataset, per_group: int) -> list[Case]:
    """At most so many right positive calls of each group in each phase, the same each time."""
    called = held_out_answers(MODEL, data, held_out(MODEL, data)).guesses
    right, folds, files = data.labels & called, testing_folds(data), data.column("file")
    molecules = data.column("molecule")
    random = np.random.default_rng(1)  # the ranges of bands.csv were mended on another draw
    wanted: dict[str, list[tuple[int, int, str]]] = {}
    for phase in PHASES:
        rows = phase_rows(data, phase)
        for group in range(len(GROUPS)):
            own = np.flatnonzero(right[:, group] & rows)
            for row in random.permutation(own)[:per_group]:
                wanted.setdefault(str(files[row]), []).append((int(row), group, phase))
    return [
        Case(spectrum, str(molecules[row]), phase, int(folds[row]), group)
        for name, spectrum in nist_spectra()
        for row, group, phase in wanted.get(name, ())
    ]


def networks(found: Sequence[Case]) -> dict[int, FoldNetwork]:
    """Those of the folds that the cases are in."""
    data = load(MODEL)
    return {fold: FoldNetwork(data, fold) for fold in sorted({case.fold for case in found})}
