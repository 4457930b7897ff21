"""Figure S23: which groups come together, and whether a network relies on that.

If a network recognised group A by the bands of a group B that often comes with it, its AUC for A
would be poor among spectra that all have B, or all lack it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib import pyplot as plt
from sklearn.metrics import roc_auc_score

from train.arrays import Floats
from train.labels.groups import GROUPS
from train.reproduction.canvas import save, save_csv
from train.reproduction.material import Material, mean_and_deviation

NAME = "figS23_labels"

# As printed; we take the first as "among spectra with the other group", the second "without".
PUBLISHED_AUC = {
    ("alkane", "aromatic"): (0.95, 0.95),
    ("alkyl_halide", "methyl"): (0.90, 0.91),
    ("alkene", "aromatic"): (0.97, 0.91),
}
PUBLISHED_CORRELATION = {("carboxylic_acid", "alcohol"): 0.46, ("ether", "ester"): 0.61}


def draw(material: Material) -> dict[str, Any]:
    """The correlation matrix, and AUC by presence of the other group for the published pairs."""
    matrix = np.corrcoef(material.data.labels.T.astype(float))
    _picture(matrix)
    save_csv(["group", *GROUPS], ([g, *row] for g, row in zip(GROUPS, matrix, strict=True)), NAME)
    return {
        "correlations": [
            {"pair": pair, "published": published, "ours": _of(matrix, pair)}
            for pair, published in PUBLISHED_CORRELATION.items()
        ],
        "auc": [
            {"pair": pair, "published": published} | split_auc(material, *pair)
            for pair, published in PUBLISHED_AUC.items()
        ],
    }


def split_auc(material: Material, group: str, other: str) -> dict[str, list[float]]:
    """AUC of ``group`` among test spectra with and without ``other``: [mean, deviation]."""
    i, j = GROUPS.index(group), GROUPS.index(other)
    collected: dict[str, list[float]] = {"with": [], "without": []}
    for split, logits in zip(material.splits, material.test_logits, strict=True):
        truth = material.data.labels[split.test]
        for name, chosen in (("with", truth[:, j]), ("without", ~truth[:, j])):
            collected[name].append(float(roc_auc_score(truth[chosen, i], logits[chosen, i])))
    return {name: mean_and_deviation(values) for name, values in collected.items()}


def _of(matrix: Floats, pair: tuple[str, str]) -> float:
    return float(matrix[GROUPS.index(pair[0]), GROUPS.index(pair[1])])


def _picture(matrix: Floats) -> None:
    figure, axis = plt.subplots(figsize=(7, 6))
    image = axis.imshow(matrix, cmap="RdBu_r", vmin=-1, vmax=1)
    ticks = range(len(GROUPS))
    axis.set_xticks(ticks, GROUPS, rotation=90)
    axis.set_yticks(ticks, GROUPS)
    for (i, j), value in np.ndenumerate(matrix):
        if i != j and abs(value) >= 0.1:
            dark = abs(value) > 0.55
            axis.text(
                j, i, f"{value:.2f}", ha="center", va="center", size=5, color="w" if dark else "k"
            )
    axis.spines[:].set_visible(False)
    figure.colorbar(image, shrink=0.7, label="correlation of labels (values from ±0.1 on)")
    save(figure, NAME)
