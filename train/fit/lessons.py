"""What a default network is shown, a few batches at a time, and how its answers are judged.

A pool holds the spectra on the device that trains. A teacher is shown disturbed spectra and the
answers of their structures; the student is shown disturbed spectra and the mean logits of the
teachers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from train.arrays import Answers, Floats
from train.data.records import Dataset
from train.data.split import set_rows, training_rows
from train.fit.disturb import Disturbances, attenuated, mixed
from train.labels.details import ANSWERED, OUTPUTS, PHASES, UNKNOWN
from train.labels.substructures import substructures
from train.networks import GROUP_COUNT

Judge = Callable[[Tensor, slice], tuple[Tensor, Tensor]]


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

    def weights(self, kind: str, shares: dict[str, float]) -> Floats:
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

    def order(self, weights: Floats, count: int, seed: int, imitated: float) -> Tensor:
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


def _to_learn(data: Dataset) -> Answers:
    """(n, answers + m): what is answered, then the substructures; those of plastics are UNKNOWN."""
    smiles = [str(s) for s in data.column("smiles")]
    has = np.array([bool(s) for s in smiles])
    found = substructures([s for s in smiles if s])
    below = np.full((len(smiles), found.shape[1]), UNKNOWN, np.int8)
    below[has] = found
    return np.concatenate([data.answers.astype(np.int8), below], 1)


@dataclass(frozen=True)
class Lesson:
    """Spectra (n, points), and what judges the logits of some of them: loss, that of the groups."""

    spectra: Tensor
    judge: Judge


@dataclass(frozen=True)
class Structures:
    """Lessons by the structures. ``rows`` (launches, n): rows of the pool, see Pool.order.

    ``said``: the weights of ``details``, ``phase`` and ``substructures`` (0: they are not learned)
    in the loss, and ``smoothing``, how far answers move to one half.
    """

    pool: Pool
    rows: Tensor
    disturbances: Disturbances
    said: Mapping[str, Any]

    @property
    def outputs(self) -> int:
        """How many logits a network needs: answers, phases, substructures."""
        below = self.pool.truth.shape[1] - len(ANSWERED)
        return len(OUTPUTS) + (below if self.said["substructures"] else 0)

    def lesson(self, turn: Tensor) -> Lesson:
        """The lesson of a launch; ``turn`` (1,) is its number."""
        rows = self.rows.index_select(0, turn)[0]
        truth = self.pool.truth.index_select(0, self.pool.row.index_select(0, rows))
        known = (truth >= 0).float()
        spectra = self.disturbances(
            self.pool.spectra.index_select(0, rows).float(), self.pool.atr.index_select(0, rows)
        )
        spectra, answers, known, part = mixed(
            spectra, truth.float() * known, known, self.disturbances.mixtures
        )
        phase = self.pool.phase.index_select(0, rows)
        other = phase.roll(len(phase) // 2, 0)
        phase = torch.where((part[:, 0] > 0) & (phase != other), torch.full_like(phase, -1), phase)
        smoothing = self.said["smoothing"]
        answers = answers * (1 - smoothing) + smoothing / 2
        return Lesson(
            spectra, lambda logits, s: self._judge(logits, answers[s], known[s], phase[s])
        )

    def _judge(
        self, logits: Tensor, answers: Tensor, known: Tensor, phase: Tensor
    ) -> tuple[Tensor, Tensor]:
        said, phases, below = split(logits)
        said = torch.cat([said, below], 1)
        width = said.shape[1]
        loss = functional.binary_cross_entropy_with_logits(
            said, answers[:, :width], reduction="none"
        )
        loss = loss * known[:, :width]
        groups = loss[:, :GROUP_COUNT].mean()
        details = loss[:, GROUP_COUNT : len(ANSWERED)].mean()
        total = groups + self.said["details"] * details
        if width > len(ANSWERED):
            total = total + self.said["substructures"] * loss[:, len(ANSWERED) :].mean()
        of_phase = functional.cross_entropy(phases, phase.clamp(min=0), reduction="none")
        return total + self.said["phase"] * (of_phase * (phase >= 0)).mean(), groups


@dataclass(frozen=True)
class Teaching:
    """Lessons by the teachers. ``spectra`` (m, points) and their mean ``logits`` (m, OUTPUTS) of
    answers and phases; ``rows`` (launches, n) of both. ``said``: the weights of ``details``,
    ``phase`` and ``square``, the squared differences, in the loss.
    """

    spectra: Tensor
    logits: Tensor
    rows: Tensor
    said: Mapping[str, Any]

    def lesson(self, turn: Tensor) -> Lesson:
        """The lesson of a launch; ``turn`` (1,) is its number."""
        rows = self.rows.index_select(0, turn)[0]
        taught = self.logits.index_select(0, rows).float()
        spectra = self.spectra.index_select(0, rows).float()
        return Lesson(spectra, lambda logits, s: self._judge(logits, taught[s]))

    def _judge(self, logits: Tensor, taught: Tensor) -> tuple[Tensor, Tensor]:
        said, phases, _ = split(logits)
        goal, goal_phases, _ = split(taught)
        loss = functional.binary_cross_entropy_with_logits(
            said, torch.sigmoid(goal), reduction="none"
        )
        apart = (said.clamp(-8, 8) - goal.clamp(-8, 8)) ** 2
        both = loss + self.said["square"] * apart
        groups = loss[:, :GROUP_COUNT].mean()
        total = both[:, :GROUP_COUNT].mean() + self.said["details"] * both[:, GROUP_COUNT:].mean()
        of_phase = -(goal_phases.softmax(1) * phases.log_softmax(1)).sum(1).mean()
        return total + self.said["phase"] * of_phase, groups


def split(logits: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Logits -> those of what is answered, of the phases, of the substructures."""
    below = logits.shape[1] - len(OUTPUTS)
    parts: Any = logits.split([len(ANSWERED), len(OUTPUTS) - len(ANSWERED), below], 1)
    return tuple(parts)  # type: ignore[return-value]


@torch.no_grad()
def taught(
    pool: Pool, rows: Tensor, teachers: list[nn.Module], disturbances: Disturbances, mixtures: float
) -> tuple[Tensor, Tensor]:
    """Disturbed and mixed spectra of ``rows`` (chunks, n), and the teachers' mean logits of them.

    Half precision, (m, points) and (m, OUTPUTS); those of the phases are log probabilities.
    """
    spectra, logits = [], []
    for chunk in rows:
        disturbed = disturbances(pool.spectra[chunk].float(), pool.atr[chunk])
        nothing = torch.ones(len(chunk), 1, device=pool.device)
        half = mixed(disturbed, nothing, nothing, mixtures)[0].half()
        mean = torch.stack([_said(teacher, half) for teacher in teachers]).mean(0)
        spectra.append(half)
        logits.append(mean.clamp(-30, 30).half())
    return torch.cat(spectra), torch.cat(logits)


def _said(teacher: nn.Module, spectra: Tensor) -> Tensor:
    cuda = spectra.device.type == "cuda"
    with torch.autocast(spectra.device.type, torch.bfloat16, enabled=cuda):
        logits = teacher(spectra.float())[0].float()
    said, phases, _ = split(logits)
    return torch.cat([said, phases.log_softmax(1)], 1)
