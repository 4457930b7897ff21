"""Reliability diagrams: how often a group is there, against the probability that was given."""

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
    judged: Mapping[str, tuple[NDArray[np.bool_], NDArray[np.float64]]], file: Path, model: str
) -> None:
    """One curve a phase, over all groups: ``judged`` phase -> truth and probability (n, groups)."""
    figure, axes = plt.subplots(figsize=(5, 5), layout="constrained")
    axes.plot([0, 1], [0, 1], color="0.7", linewidth=1, label="perfect")
    for phase, (truth, probability) in judged.items():
        _, expected, observed = reliability(truth.ravel(), probability.ravel())
        error = calibration_error(truth.ravel(), probability.ravel())
        label = f"{phase} ({len(truth)} spectra, error {error:.4f})"
        axes.plot(expected, observed, MARKS[phase], markersize=4, linewidth=1, label=label)
    axes.set_xlabel("probability given (mean of a bin; 15 bins of equal mass)")
    axes.set_ylabel("share of spectra with the group")
    axes.set_title(f"{model}: all groups, folds not fitted on", fontsize=10)
    axes.legend(frameon=False, fontsize=8)
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(file, dpi=120, metadata={"Software": None})
    plt.close(figure)
