"""One network learns what the average of several answers, on endlessly disturbed spectra.

The student sees copies of the training spectra, disturbed and mixed far more than its teachers
were, and learns the teachers' probabilities there. Given time it becomes as good as their average
(Beyer et al. 2022, "Knowledge distillation: a good teacher is patient and consistent").
Teachers and student never saw the molecules they are tested on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from train.augment import Augmentation
from train.dataset import Dataset

ROWS = 256  # that a teacher answers at a time


@dataclass(frozen=True)
class Copies:
    """Disturbed spectra (n, points) in half precision, and what to answer to them (n, 17)."""

    spectra: Tensor
    answers: Tensor


@torch.no_grad()
def taught(
    data: Dataset,
    teachers: Sequence[nn.Module],
    augmented: Augmentation,
    *,
    copies: int,
    truth_share: float,
) -> Copies:
    """``copies`` of every spectrum with the teachers' answers.

    An answer is the probability of the teachers' mean logit, and for ``truth_share`` of it the
    known groups.
    """
    spectra, truth = torch.from_numpy(data.vectors), torch.from_numpy(data.labels).float()
    seen, answers = [], []
    for _ in range(copies):
        for rows in torch.randperm(len(spectra)).split(ROWS):
            disturbed, known = augmented(spectra[rows], truth[rows])
            logits = torch.stack([teacher(disturbed)[0] for teacher in teachers]).mean(0)
            seen.append(disturbed.half())
            answers.append((1 - truth_share) * logits.sigmoid() + truth_share * known)
    return Copies(torch.cat(seen), torch.cat(answers))
