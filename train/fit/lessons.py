"""What a default network is shown, a few batches at a time, and how its answers are judged.

A teacher is shown disturbed spectra and the answers of their structures; the student is shown
disturbed spectra and the mean logits of the teachers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from train.fit.disturb import Disturbances, mixed
from train.fit.pool import Pool
from train.labels.details import ANSWERED, OUTPUTS
from train.networks import GROUP_COUNT

Judge = Callable[[Tensor, slice], tuple[Tensor, Tensor]]


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
    answers and phases; ``rows`` (launches, n) of both. ``said``: weights in the loss, ``square`` that of squared
    differences.
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
    pool: Pool,
    rows: Tensor,
    teachers: list[nn.Module],
    disturbances: Disturbances,
    mixtures: float,
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
