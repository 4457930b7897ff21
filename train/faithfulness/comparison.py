"""The default model compared with integrated gradients, on fold 0: which regions matter more?

The same calls for all: correct positive ones of both networks, at a logit above 0.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import nn

from irclassify.evaluation.metrics import Bools, group_scores, molecular_f1, molecular_perfection
from train.data.split import phase_rows, testing_folds
from train.faithfulness.agreement import agreement
from train.faithfulness.digest import AVERAGE, SHOWN
from train.faithfulness.explainers import Explainer, Floats, Geometry, Rows, strongest
from train.faithfulness.gradient import BATCH, Gradient, best_regions, integrated
from train.faithfulness.locality import occluded
from train.faithfulness.models import Cases, Subject
from train.faithfulness.removal import curves
from train.faithfulness.scorecard import EQUAL, TOP, Regions, against
from train.faithfulness.summary import mean, rounded
from train.fit.models import DENSE
from train.networks.checkpoint import logits_of

FOLD = 0


def compare(default: Subject, per_group: int) -> dict[str, Any]:
    """Accuracy of both networks on the fold, and the measures of each way to explain them."""
    dense = DENSE.fitted(f"fold{FOLD}")[0]
    ours = default.explainer(FOLD)
    tested = testing_folds(default.data) == FOLD
    vectors = default.data.vectors[tested]
    logits = {"default": logits_of(ours.network, vectors), "dense": logits_of(dense, vectors)}
    agreed = np.zeros_like(default.called)
    agreed[tested] = (logits["default"] > 0) & (logits["dense"] > 0)
    cases = Subject("default", default.data, agreed, {}).cases(per_group)
    shown = ours.evidence(cases.vectors, cases.groups)
    around = default.explainer(FOLD, average=True).evidence(cases.vectors, cases.groups)
    regions = [each.regions()[:TOP] for each in shown]
    explained: dict[str, tuple[Explainer, Regions]] = {
        f"default, {SHOWN}": (ours, regions),
        f"default, {AVERAGE}": (ours, [each.regions()[:TOP] for each in around]),
        "default, integrated gradients": by_gradients(ours.network, ours.geometry, cases, regions),
        "dense network, integrated gradients": by_gradients(dense, ours.geometry, cases, regions),
    }
    return {
        "calls": len(cases),
        "accuracy": {
            phase: {
                name: accuracy(default, phase, tested, values) for name, values in logits.items()
            }
            for phase in ("gas", "condensed")
        },
        "explained": {name: judged(*each, cases) for name, each in explained.items()},
        "missing_from_sum": rounded([missing_from_sum(dense, cases.vectors, cases.groups)])[0],
    }


def accuracy(
    default: Subject, phase: str, tested: Bools, logits: NDArray[np.float32]
) -> dict[str, float]:
    """Of the fold's spectra of a phase, called at a logit above 0; ``logits`` (tested, groups)."""
    rows = phase_rows(default.data, phase)[tested]
    truth, values = default.data.labels[tested][rows], logits[rows]
    measures = {
        "molecular_perfection": molecular_perfection(truth, values > 0),
        "molecular_f1": molecular_f1(truth, values > 0),
        "mean_auc": float(np.nanmean(group_scores(truth, values > 0, values)["auc"])),
    }
    return {"spectra": int(rows.sum()), **{n: rounded([v])[0] for n, v in measures.items()}}


def by_gradients(
    network: nn.Module, geometry: Geometry, cases: Cases, like: Regions
) -> tuple[Gradient, Regions]:
    """Integrated gradients' best places for regions as wide as those they are compared with."""
    explainer = Gradient(network, geometry)
    evidence = explainer.evidence(cases.vectors, cases.groups)
    widths = [[r.columns[1] - r.columns[0] for r in own] for own in like]
    return explainer, [
        best_regions(each.positions, own) for each, own in zip(evidence, widths, strict=True)
    ]


def judged(explainer: Explainer, regions: Regions, cases: Cases) -> dict[str, Any]:
    """Deletion of the first regions, calls lost by it, textbook, and the strongest one occluded.

    The calls lost have no scale, so they compare networks whose logits differ in size.
    """
    geometry = explainer.geometry
    ranked = [[geometry.cells(own) for own in strongest(each, TOP)] for each in regions]
    changed = curves(explainer, cases.vectors, cases.groups, ranked, TOP)
    falls = changed[:, 0, :, -1]
    left = explainer.logits(cases.vectors, cases.groups)[:, None] - falls
    book = agreement(regions, cases.groups, geometry).values()
    first = [own[0].columns for own in regions]
    hidden = occluded(explainer, cases.vectors, cases.groups, first)
    return {
        "top_three": against(falls, cases.groups, EQUAL)["by_group"],
        "insertion_area": against(changed[:, 1].mean(2), cases.groups, EQUAL)["by_group"],
        "calls_lost": rounded(mean((left < 0).astype(float), cases.groups, EQUAL)),
        "textbook_first": rounded(
            [np.mean([own[how]["first"] for own in book]) for how in ("loose", "strict")]
        ),
        "occlusion": rounded([relative_change(hidden)])[0],
    }


def relative_change(hidden: Floats) -> float:
    """Contributions (n, 2) before and after -> sum of changes over the sum of contributions."""
    before, after = hidden.T
    return float(np.abs(after - before).sum() / np.abs(before).sum())


def missing_from_sum(network: nn.Module, vectors: Floats, groups: Rows) -> float:
    """Mean |sum of integrated gradients - logit + logit of no absorption|: a sum, but inexact."""
    attributed = np.concatenate(
        [
            integrated(network, vectors[s : s + BATCH], groups[s : s + BATCH]).sum(1)
            for s in range(0, len(vectors), BATCH)
        ]
    )
    rows = np.arange(len(groups)), groups
    risen = logits_of(network, vectors)[rows] - logits_of(network, np.zeros_like(vectors))[rows]
    return float(np.abs(attributed - risen).mean())
