"""Held-out answers of the default model for the spectra of known structure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from train.assignments.known import Known, known_spectra, names
from train.settings import TrainingError, evaluation_folder

MODEL = "default"
FITTED_ON, CHOSEN_ON, TESTED_ON = (0, 1), (2,), (3, 4)


@dataclass(frozen=True)
class Answered:
    """A spectrum, and each group's and detail's probability by networks that never saw it."""

    known: Known
    probabilities: dict[str, float]


def held_out_file() -> Path:
    """Where the held-out logits of the default model are stored."""
    return evaluation_folder(MODEL) / "out_of_fold.npz"


def answered(file: Path) -> list[Answered]:
    """All spectra that ``file`` (held-out logits) answers. Raises TrainingError without it."""
    if not file.exists():
        raise TrainingError(f"{file} does not exist: python -m train fit --model {MODEL}")
    with np.load(file, allow_pickle=False) as stored:
        logits = stored["logits"].astype(float)
        rows = {name: row for row, name in enumerate(stored["files"].tolist())}
        outputs = stored["outputs"].tolist()
    probabilities = 1 / (1 + np.exp(-logits))
    useful = [i for i, name in enumerate(outputs) if not name.startswith("phase_")]
    return [
        Answered(each, {outputs[i]: float(probabilities[rows[each.file], i]) for i in useful})
        for each in known_spectra()
        if each.file in rows
    ]


def in_folds(spectra: Sequence[Answered], folds: Sequence[int]) -> list[Answered]:
    """Those of some folds."""
    return [each for each in spectra if each.known.fold in folds]


def holds(known: Known) -> dict[str, bool]:
    """Which groups and structures a molecule has, by name."""
    return dict(zip(names(), known.found.tolist(), strict=True))
