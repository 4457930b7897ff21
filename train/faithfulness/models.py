"""The models to examine: their networks of each fold, and spectra that those never saw."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from irclassify.model.head import Head
from train.calibrate.averaged import NO_ABSORPTION, calibrated, linear_head, mean_latent
from train.calibrate.known import held_out_answers
from train.calibrate.platt import Calibration, calibrate
from train.data.dataset import Dataset, load
from train.data.split import FOLDS, choosing_rows, testing_folds
from train.faithfulness.explainers import Additive, Floats, Geometry, Rows
from train.fit.models import PLANS
from train.fit.out_of_fold import held_out
from train.networks.pair import PairEnsemble
from train.networks.rieger2023 import Rieger2023, average

AROUND = 1000  # training spectra of which the average one is made
Item = TypeVar("Item")


@dataclass(frozen=True)
class Cases:
    """Correct positive calls, one a row: the spectrum (points), the group, the spectrum's fold."""

    vectors: Floats
    groups: Rows
    folds: Rows

    def __len__(self) -> int:
        return len(self.groups)

    def where(self, chosen: NDArray[Any]) -> Cases:
        """Some of them, by mask or row numbers."""
        return Cases(self.vectors[chosen], self.groups[chosen], self.folds[chosen])

    def first(self, count: int) -> Cases:
        """The first ``count`` of each group."""
        by_group = (np.flatnonzero(self.groups == g)[:count] for g in np.unique(self.groups))
        return self.where(np.concatenate(list(by_group)))

    def by_fold(self, work: Callable[..., Iterable[Item]], *aligned: Sequence[Any]) -> list[Item]:
        """What ``work`` gives for the cases of each fold, one item a case, in the order here.

        Called with the fold, its cases and its part of every ``aligned`` sequence.
        """
        found: dict[int, Item] = {}
        for fold in np.unique(self.folds):
            rows = np.flatnonzero(self.folds == fold)
            parts = ([each[row] for row in rows] for each in aligned)
            items = work(int(fold), self.where(rows), *parts)
            found.update(zip(rows.tolist(), items, strict=True))
        return [found[row] for row in range(len(self))]


@dataclass(frozen=True)
class Subject:
    """A model: its data, its held-out calls, and what calibrates the networks of each fold."""

    model: str
    data: Dataset
    called: NDArray[np.bool_]
    calibrations: dict[int, Calibration]

    @property
    def right(self) -> NDArray[np.bool_]:
        """Correct positive calls (n, groups) on the phases the model was trained on."""
        right: NDArray[np.bool_] = self.data.labels & self.called
        return right & choosing_rows(self.model, self.data)[:, None]

    def cases(self, per_group: int, among: NDArray[np.bool_] | None = None) -> Cases:
        """At most so many correct positive calls of each group, ``among`` some spectra (n,)."""
        random = np.random.default_rng(0)
        right = self.right if among is None else self.right & among[:, None]
        drawn = [random.permutation(np.flatnonzero(own))[:per_group] for own in right.T]
        groups = np.repeat(np.arange(len(drawn)), [len(rows) for rows in drawn])
        return self.of(np.concatenate(drawn), groups)

    def of(self, rows: Rows, groups: Rows) -> Cases:
        """Chosen spectra, each with one group."""
        return Cases(self.data.vectors[rows], groups, testing_folds(self.data)[rows])

    def explainer(
        self, fold: int, networks: Sequence[Any] | None = None, *, average: bool = False
    ) -> Additive:
        """Of the average of the networks that never saw the fold's molecules, or of some of them.

        Contributions are relative to a spectrum without absorption, as in the exported model, or
        with ``average`` relative to the average training spectrum.
        """
        around = self.training(fold) if average else NO_ABSORPTION
        return additive(networks or self.networks(fold), around, self.calibrations[fold])

    def networks(self, fold: int) -> list[Any]:
        """The networks that never saw the fold's molecules."""
        return PLANS[self.model].fitted(FOLDS[fold])

    def training(self, fold: int) -> Floats:
        """AROUND of the vectors that the fold's networks were trained on."""
        rows = choosing_rows(self.model, self.data) & (self.data.column("fold") != fold)
        chosen = np.random.default_rng(0).permutation(np.flatnonzero(rows))
        return self.data.vectors[chosen[:AROUND]]


def subject(model: str) -> Subject:
    """A model with its held-out calls; thresholds and calibration come from other folds."""
    data = load(model)
    logits, folds = held_out(model, data), testing_folds(data)
    choosing = choosing_rows(model, data)
    others = {int(fold): (folds != fold) & choosing for fold in np.unique(folds)}
    calibrations = {f: calibrate(data.labels[rows], logits[rows]) for f, rows in others.items()}
    return Subject(model, data, held_out_answers(model, data, logits).guesses, calibrations)


def additive(networks: Sequence[Any], around: Floats, calibration: Calibration) -> Additive:
    """The average of some networks, calibrated, explained relative to the mean of some vectors."""
    if isinstance(networks[0], Rieger2023):
        network = calibrated(average(networks), calibration)
        arrays = linear_head(network, around)
        nothing = np.zeros((0, *arrays["reference"].shape), np.float32)
        no_mix = np.zeros((len(arrays["bias"]), 0), np.float32)
        head = Head(**arrays, left=nothing, right=nothing, mix=no_mix)
        geometry = Geometry(Rieger2023.RECEPTIVE_FIELD, Rieger2023.STRIDE, Rieger2023.POSITIONS)
        return Additive(network, head, geometry)
    mean = mean_latent(list(networks), around)
    ensemble = calibrated(PairEnsemble(networks, mean).eval(), calibration)
    head = Head(**{name: value.numpy() for name, value in ensemble.head_arrays().items()})
    first = networks[0]
    return Additive(ensemble, head, Geometry(first.receptive_field, first.STRIDE, first.positions))
