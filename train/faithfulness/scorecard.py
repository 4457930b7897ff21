"""All measures of one additive model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from irclassify.explain.contributions import column_shares, position_terms
from train.data.split import phase_rows
from train.faithfulness.agreement import GRID, agreement
from train.faithfulness.digest import AVERAGE, HALVED, SHOWN
from train.faithfulness.explainers import (
    Additive,
    Evidence,
    Explainer,
    Floats,
    Found,
    Rows,
    strongest,
)
from train.faithfulness.locality import occluded, pair_deletions
from train.faithfulness.models import Cases, Subject
from train.faithfulness.removal import curves
from train.faithfulness.stability import DISTURBANCES, chance_overlap, likeness, scrambled
from train.faithfulness.summary import correlation, mean, ratio, rounded, with_interval
from train.labels.groups import GROUPS
from train.networks.columns import Stretch

TOP = 3
EXACT = 60  # calls whose sum is checked with the tool's own functions
REPEATS = 100  # calls of ATR repeats, a group
ATR = "another ATR spectrum of the molecule"
EQUAL = np.ones(len(GROUPS))

Explainers = Mapping[int, Additive]
Regions = list[list[Found]]


def examine(subject: Subject, calls: int, changed: int) -> dict[str, Any]:
    """Every measure. At most ``calls`` correct positive calls a group for the textbook.

    Measures that run the networks on changed spectra take at most ``changed`` a group.
    """
    many = subject.cases(calls)
    few = many.first(changed)
    explainers = {int(fold): subject.explainer(int(fold)) for fold in np.unique(many.folds)}
    average = {fold: subject.explainer(fold, average=True) for fold in explainers}
    geometry = explainers[0].geometry
    weights = subject.right.sum(0).astype(float)
    every, some = readings(explainers, average, many), readings(explainers, average, few)
    return {
        "calls": {"textbook": len(many), "changed": len(few)},
        "correct_calls": dict(zip(GROUPS, subject.right.sum(0).tolist(), strict=True)),
        "exactness": exactness(explainers[0], few),
        "regions": {
            way: {
                "removal": removal(explainers, few, regions, weights),
                "textbook": agreement(every[way], many.groups, geometry),
            }
            for way, regions in some.items()
        },
        "stability": stability(subject, few, explainers),
        "locality": {SHOWN: locality(explainers, few), AVERAGE: locality(average, few)},
    }


def explain(explainers: Explainers, cases: Cases) -> list[Evidence]:
    """Of each case, by the networks of its fold."""
    return cases.by_fold(lambda fold, own: explainers[fold].evidence(own.vectors, own.groups))


def readings(explainers: Explainers, average: Explainers, cases: Cases) -> dict[str, Regions]:
    """Regions of each case by three ways to read the same sum; two without pairs."""
    shown = cases.by_fold(lambda fold, own: _read(explainers[fold], own))
    around = cases.by_fold(lambda fold, own: _read(average[fold], own))
    ways = {
        SHOWN: [plain for plain, _, _ in shown],
        HALVED: [half for _, half, _ in shown],
        AVERAGE: [plain for plain, _, _ in around],
    }
    if not any(paired for _, _, paired in shown):
        del ways[HALVED]
    return ways


def _read(explainer: Explainer, cases: Cases) -> list[tuple[list[Found], list[Found], bool]]:
    return [
        (each.regions(), each.halved.regions(), each.pairs is not None)
        for each in explainer.evidence(cases.vectors, cases.groups)
    ]


def exactness(explainer: Additive, cases: Cases) -> float:
    """Largest |bias + contributions - logit| by the functions the tool itself uses."""
    own = cases.where(cases.folds == 0)
    own = own.where(np.arange(0, len(own), max(1, len(own) // EXACT)))
    logits = explainer.logits(own.vectors, own.groups)
    latents = explainer.latent(own.vectors)
    sums = [
        explainer.head.bias[g]
        + column_shares(*position_terms(latent[None], explainer.head), explainer.head.mix)[
            0, g
        ].sum()
        for latent, g in zip(latents, own.groups, strict=True)
    ]
    return float(np.abs(np.array(sums) - logits).max())


def removal(
    explainers: Explainers, cases: Cases, regions: Regions, weights: Floats
) -> dict[str, Any]:
    """Deletion and insertion of the first regions, against random stretches and highest peaks.

    ``weights`` (groups,): how many correct calls each group has.
    """
    geometry = explainers[int(cases.folds[0])].geometry
    ranked = [[geometry.cells(columns) for columns in strongest(own, TOP)] for own in regions]

    def work(fold: int, own: Cases, stretches: list[list[Stretch]]) -> Floats:
        return curves(explainers[fold], own.vectors, own.groups, stretches, TOP)

    changed = np.stack(cases.by_fold(work, ranked))
    falls, areas = changed[:, 0, :, -1], changed.mean(3)
    widths = [sum(end - first for first, end in own) * GRID.spacing_cm1 for own in ranked]
    return {
        "width_cm1": rounded([np.mean(widths)])[0],
        "top_three": against(falls, cases.groups, weights),
        "deletion_area": against(areas[:, 0], cases.groups, weights),
        "insertion_area": against(areas[:, 1], cases.groups, weights),
        "groups": {
            GROUPS[g]: rounded(falls[cases.groups == g].mean(0)) for g in np.unique(cases.groups)
        },
    }


def against(changes: Floats, groups: Rows, weights: Floats) -> dict[str, Any]:
    """Changes (n, 3) by regions, random stretches and peaks -> means and ratios.

    Once with every group counting the same, once with every call.
    """
    return {
        name: {
            "mean": rounded(mean(changes, groups, each)),
            "to_random": ratio(changes[:, 0], changes[:, 1], groups, each),
            "to_peaks": ratio(changes[:, 0], changes[:, 2], groups, each),
        }
        for name, each in (("by_group", EQUAL), ("by_call", weights))
    }


def stability(subject: Subject, cases: Cases, explainers: Explainers) -> dict[str, Any]:
    """How like the explanation is after a disturbance, of another seed, and of shuffled weights."""
    geometry = explainers[0].geometry
    before = explain(explainers, cases)

    def like(other: list[Evidence], own: Cases = cases, first: list[Evidence] = before) -> Any:
        overlaps, ranks = likeness(first, other, geometry)
        return {
            "overlap": with_interval(overlaps, own.groups, EQUAL),
            "rank_correlation": with_interval(ranks, own.groups, EQUAL),
        }

    found = {}
    for name, disturb in DISTURBANCES.items():
        vectors = np.stack([disturb(v) for v in cases.vectors])
        found[name] = like(explain(explainers, Cases(vectors, cases.groups, cases.folds)))
    found[ATR] = repeats(subject, explainers)
    one, other = (
        explain(
            {f: subject.explainer(f, subject.networks(f)[i : i + 1]) for f in explainers}, cases
        )
        for i in (0, 1)
    )
    found["another seed"] = like(other, first=one)
    own = cases.where(cases.folds == 0)
    first = explain(explainers, own)
    for part in ("head", "body"):
        around = subject.training(0)
        networks = [scrambled(n, part, around) for n in subject.networks(0)]
        shuffled = {0: subject.explainer(0, networks)}
        found[f"shuffled weights: {part}"] = like(explain(shuffled, own), own, first)
    chance = chance_overlap(before, cases.vectors, geometry)
    found["random regions"] = {"overlap": with_interval(chance, cases.groups, EQUAL)}
    return found


def repeats(subject: Subject, explainers: Explainers) -> dict[str, Any]:
    """Two ATR spectra of the same molecule, a group that both show and both are called for."""
    rows, partners, groups = repeat_pairs(subject)
    one, other = (explain(explainers, subject.of(r, groups)) for r in (rows, partners))
    overlaps, ranks = likeness(one, other, explainers[0].geometry)
    return {
        "calls": len(groups),
        "overlap": with_interval(overlaps, groups, EQUAL),
        "rank_correlation": with_interval(ranks, groups, EQUAL),
    }


def repeat_pairs(subject: Subject) -> tuple[Rows, Rows, Rows]:
    """Row numbers of two consecutive ATR repeats, and the group: at most REPEATS a group."""
    atr = np.flatnonzero(phase_rows(subject.data, "atr"))
    molecules = subject.data.column("molecule")
    order = atr[np.argsort(molecules[atr], kind="stable")]
    same = molecules[order[:-1]] == molecules[order[1:]]
    one, other = order[:-1][same], order[1:][same]
    right = subject.data.labels & subject.called
    where, groups = np.nonzero(right[one] & right[other])
    kept = np.concatenate([np.flatnonzero(groups == g)[:REPEATS] for g in np.unique(groups)])
    return one[where[kept]], other[where[kept]], groups[kept]


def locality(explainers: Explainers, cases: Cases) -> dict[str, Any]:
    """The strongest region with everything else hidden, and the strongest pair taken out."""

    def hide(fold: int, own: Cases) -> Floats:
        evidence = explainers[fold].evidence(own.vectors, own.groups)
        first = [each.regions()[0].columns for each in evidence]
        return occluded(explainers[fold], own.vectors, own.groups, first)

    hidden = np.array(cases.by_fold(hide))
    found: dict[str, Any] = {"occlusion": float(np.abs(hidden[:, 1] - hidden[:, 0]).max())}
    pairs = cases.by_fold(lambda f, own: pair_deletions(explainers[f], own.vectors, own.groups))
    claims = np.array([each for each in pairs if each is not None])
    if np.any(claims[:, 0]):
        pair, pair_seen, both, both_seen = claims.T
        found["pairs"] = {
            "calls": len(claims),
            "pair": correlation(pair, pair_seen),
            "both": correlation(both, both_seen),
        }
    return found
