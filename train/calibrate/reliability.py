"""Reliability diagrams: how often a group is present, against the stated probability."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import matplotlib as mpl
import numpy as np
from numpy.typing import NDArray

from irclassify.evaluation.metrics import calibration_error, reliability

mpl.use("Agg")
from matplotlib import pyplot as plt

MARKS = {"gas": "o-", "condensed": "s-", "atr": "^:"}


def draw(
    judged: Mapping[str, tuple[NDArray[np.int8], NDArray[np.float64]]], file: Path, model: str
) -> None:
    """One curve a phase, over all groups.

    ``judged``: phase -> answers (1, 0, -1 where it cannot be told) and probability (n, groups).
    """
    figure, axes = plt.subplots(figsize=(5, 5), layout="constrained")
    axes.plot([0, 1], [0, 1], color="0.7", linewidth=1, label="perfect")
    for phase, (answers, given) in judged.items():
        truth, probability = (answers == 1)[answers >= 0], given[answers >= 0]
        _, expected, observed = reliability(truth, probability)
        error = calibration_error(truth, probability)
        label = f"{phase} ({len(answers)} spectra, error {error:.4f})"
        axes.plot(expected, observed, MARKS[phase], markersize=4, linewidth=1, label=label)
    axes.set_xlabel("probability given (mean of a bin; 15 bins of equal mass)")
    axes.set_ylabel("share of spectra with the group")
    axes.set_title(f"{model}: all groups, folds not fitted on", fontsize=10)
    axes.legend(frameon=False, fontsize=8)
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(file, dpi=120, metadata={"Software": None})
    plt.close(figure)
