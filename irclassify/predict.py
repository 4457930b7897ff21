"""Logits -> probabilities and calls, many spectra at once; made into Predictions in one place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from irclassify.artifact import ModelSpec
from irclassify.results import GroupCall, Prediction

# How calls are stored in arrays, and how they are written.
ABSENT, UNCERTAIN, PRESENT = -1, 0, 1
WORDS = {ABSENT: "absent", UNCERTAIN: "uncertain", PRESENT: "present"}


@dataclass(frozen=True, eq=False)
class Answers:
    """What a model says of n spectra, a row each; columns are the model's groups in its order.

    ``logits`` and ``probabilities`` (n, groups), probability = sigmoid(logit); ``calls``
    (n, groups) int8: ABSENT, UNCERTAIN or PRESENT; ``phases`` (n): gas, condensed or None.
    """

    spec: ModelSpec
    phases: tuple[str | None, ...]
    logits: NDArray[np.float64]
    probabilities: NDArray[np.float64]
    calls: NDArray[np.int8]

    def __len__(self) -> int:
        """Number of spectra."""
        return len(self.logits)

    def predictions(self) -> list[Prediction]:
        """The same as one plain object a spectrum."""
        names = [group.name for group in self.spec.groups]
        rows = zip(
            self.probabilities.tolist(), self.calls.tolist(), self.logits.tolist(), strict=True
        )
        return [
            Prediction(
                model=self.spec.label,
                groups=tuple(
                    GroupCall(name, probability, WORDS[call], logit)
                    for name, probability, call, logit in zip(names, *row, strict=True)
                ),
            )
            for row in rows
        ]


def answer(logits: NDArray[np.floating], phases: Sequence[str | None], spec: ModelSpec) -> Answers:
    """Logits (n, groups) of a model's graph -> Answers.

    ``phases`` (n): what is known of each spectrum (irclassify.phase.phase_of); None for nothing.
    """
    values = np.asarray(logits, dtype=np.float64)
    found = probabilities(values)
    present = found >= [group.threshold for group in spec.groups]
    calls = np.where(present, PRESENT, ABSENT).astype(np.int8)
    return Answers(spec, tuple(phases), values, found, calls)


def probabilities(logits: NDArray[np.floating]) -> NDArray[np.float64]:
    """Probabilities from logits, both (n, groups): the logistic function.

    They are calibrated because the exported heads are: train/calibrate.py fits Platt's slope and
    intercept (Platt 1999) on held-out predictions, train/export.py folds them into the head.
    """
    result: NDArray[np.float64] = 1.0 / (1.0 + np.exp(-np.clip(logits, -500.0, 500.0, dtype=float)))
    return result
