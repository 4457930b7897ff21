"""Figure 7: do nitro compounds and ketones show between 2400 and 2700 cm-1?

The paper shows spectra with and without, and concludes that the networks use overtones there. What
it leaves open is how much: here the region is replaced by a straight line between its edges, in the
test spectra of each of the ten networks, and the logits and F1 are compared. The same is done with
the window slid over the whole spectrum, so that there is something to compare with.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib import pyplot as plt
from sklearn.metrics import f1_score

from train.arrays import Floats, Singles
from train.labels.groups import GROUPS
from train.networks.checkpoint import logits_of
from train.reproduction.canvas import BLUE, GREY, ORANGE, save, save_csv, wavenumbers
from train.reproduction.material import GRID, Material, mean_and_deviation

NAME = "fig7_overtones"
LOW, HIGH = 2400.0, 2700.0
STUDIED = ("nitro", "ketone")
SLIDE = 100.0


def draw(material: Material) -> dict[str, Any]:
    """Medians and quartiles with and without the group; the ablation; the window slid."""
    starts = np.arange(GRID[0], GRID[-1] - (HIGH - LOW) + 1, SLIDE)
    slid = np.array([_drops(material, x, x + HIGH - LOW) for x in starts])  # (starts, 2)
    _picture(material, starts, slid)
    numbers = {group: ablation(material, group) for group in STUDIED}
    for i, group in enumerate(STUDIED):
        numbers[group]["strongest_window"] = _strongest(starts, slid[:, i])
    save_csv(
        ["from_cm1", "to_cm1", *(f"{g}_logit_change" for g in STUDIED)],
        ([x, x + HIGH - LOW, *row] for x, row in zip(starts, slid, strict=True)),
        f"{NAME}_slid",
    )
    return numbers


def flattened(vectors: Singles, low: float, high: float) -> Singles:
    """Spectra (n, 850) with a straight line between the edges of a region (cm-1)."""
    inside = np.arange(*np.searchsorted(GRID, [low, high]))
    first, last = inside[0], inside[-1]
    share = np.linspace(0, 1, inside.size, dtype=np.float32)
    changed = vectors.copy()
    changed[:, inside] = vectors[:, [first]] * (1 - share) + vectors[:, [last]] * share
    return changed


def ablation(material: Material, group: str) -> dict[str, Any]:
    """Over seeds, [mean, deviation]: change of the logit with and without the group, F1 before
    and after, all on test spectra with the thresholds from validation spectra."""
    i = GROUPS.index(group)
    runs = []
    for seed, split in enumerate(material.splits):
        truth = material.data.labels[split.test, i]
        before = material.test_logits[seed][:, i]
        changed = flattened(material.data.vectors[split.test], LOW, HIGH)
        after = logits_of(material.networks[seed], changed)[:, i]
        threshold = material.thresholds[seed][i]
        f1 = [f1_score(truth, logits >= threshold) for logits in (before, after)]
        runs.append(
            {
                "logit_change_with": (after - before)[truth].mean(),
                "logit_change_without": (after - before)[~truth].mean(),
                "gap": before[truth].mean() - before[~truth].mean(),
                "f1_before": f1[0],
                "f1_after": f1[1],
                "f1_change": f1[1] - f1[0],
            }
        )
    return {key: mean_and_deviation([run[key] for run in runs]) for key in runs[0]}


def _drops(material: Material, low: float, high: float) -> list[float]:
    """Mean change of each studied logit, spectra with the group, over all seeds."""
    changes, columns = [], [GROUPS.index(group) for group in STUDIED]
    for seed, split in enumerate(material.splits):
        truth = material.data.labels[split.test]
        chosen = truth[:, columns].any(1)
        changed = flattened(material.data.vectors[split.test[chosen]], low, high)
        after = logits_of(material.networks[seed], changed)
        difference = after - material.test_logits[seed][chosen]
        changes.append([difference[truth[chosen, c], c].mean() for c in columns])
    return np.mean(changes, 0).tolist()


def _strongest(starts: Floats, change: Floats) -> dict[str, float]:
    i = int(change.argmin())
    return {
        "from_cm1": float(starts[i]),
        "to_cm1": float(starts[i] + HIGH - LOW),
        "logit_change": float(change[i]),
    }


def _picture(material: Material, starts: Floats, slid: Floats) -> None:
    figure, axes = plt.subplots(2, 2, figsize=(9, 5.5), height_ratios=[3, 2])
    inside = (GRID >= LOW) & (GRID <= HIGH)
    header, columns = ["cm1"], [GRID[inside]]
    for (top, bottom), group, change in zip(axes.T, STUDIED, slid.T, strict=True):
        known = material.data.labels[:, GROUPS.index(group)]
        for name, chosen, colour in (("with", known, ORANGE), ("without", ~known, GREY)):
            own = np.percentile(material.data.vectors[chosen][:, inside], [25, 50, 75], 0)
            label = f"{name} {group} ({chosen.sum()} spectra)"
            top.fill_between(GRID[inside], own[0], own[2], color=colour, alpha=0.25, lw=0)
            top.plot(GRID[inside], own[1], color=colour, label=label)
            header += [f"{group}_{name}_{q}" for q in ("q25", "median", "q75")]
            columns += list(own)
        top.set_ylim(bottom=0)
        top.legend(frameon=False)
        top.set(title=f"{group}: median and quartiles", ylabel="absorbance")
        wavenumbers(top, LOW, HIGH)
        bottom.axvspan(LOW, HIGH, color=ORANGE, alpha=0.15, lw=0)
        bottom.axhline(0, color=GREY, lw=0.5)
        bottom.plot(starts + (HIGH - LOW) / 2, change, color=BLUE, marker=".", ms=3)
        bottom.set(
            title="300 cm$^{-1}$ around here made straight", ylabel=f"change of {group} logit"
        )
        wavenumbers(bottom, GRID[0], GRID[-1])
    save(figure, NAME)
    save_csv(header, np.stack(columns, 1), NAME)
