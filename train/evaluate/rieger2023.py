"""Tables 1 and 2 of the paper on held-out spectra, from the fitted networks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from train.calibrate.platt import cross_fitted_calls
from train.calibrate.thresholds import (
    best_thresholds,
    group_scores,
    interval,
    molecular_f1,
    molecular_perfection,
)
from train.data.dataset import Dataset
from train.fit.rieger2023 import FOLDS, MODEL, dataset, fitted, split_of
from train.labels.groups import GROUPS
from train.networks.checkpoint import check_data, logits_of

# Published molecular perfection and F1, as the papers state them.
PUBLISHED = [
    ("Rieger et al. 2023, ten seeds", "0.589 ± 0.015", "0.896 ± 0.003"),
    ("Fine et al. 2020", "0.63", "0.905"),
]


def evaluate() -> dict[str, Any]:
    """Both protocols: the paper's random splits, and cross-validation by molecule."""
    data = dataset()
    check_data(MODEL, data.fingerprint)
    return {"random": random_splits(data), "grouped": cross_validation(data)}


def random_splits(data: Dataset) -> dict[str, Any]:
    """The paper's protocol: every seed has its own random 70/15/15."""
    runs, on_training = [], []
    for seed, network in enumerate(fitted("random")):
        split = split_of("random", seed, data)
        logits = logits_of(network, data.vectors)
        truth = data.labels[split.test]
        for chosen, collected in ((split.validation, runs), (split.train, on_training)):
            thresholds = best_thresholds(data.labels[chosen], logits[chosen])
            scores = logits[split.test]
            collected.append(_measure(truth, scores >= thresholds, scores))
    parts = {"training": len(split.train), "validation": len(split.validation)}
    return {
        "spectra": parts | {"test": len(split.test)},
        "seeds": len(runs),
        "prevalence": dict(zip(GROUPS, data.labels.mean(0).tolist(), strict=True)),
        "single": _spread(runs),
        "single, thresholds chosen on training predictions as in the paper": _spread(on_training),
    }


def cross_validation(data: Dataset) -> dict[str, Any]:
    """No molecule on two sides; every spectrum is tested once, by networks that never saw it."""
    folds = data.column("fold")
    logits, called = held_out(data)
    mean = logits.mean(0)
    together = cross_fitted_calls(data.labels, mean, folds)
    scores = group_scores(data.labels, together, mean)
    return {
        "spectra": {"test": len(data.records)},
        "seeds": len(logits),
        "prevalence": dict(zip(GROUPS, data.labels.mean(0).tolist(), strict=True)),
        "single": _spread(
            [_measure(data.labels, c, z) for c, z in zip(called, logits, strict=True)]
        ),
        "average": {
            "molecular_perfection": interval(molecular_perfection, data.labels, together),
            "molecular_f1": interval(molecular_f1, data.labels, together),
            "macro_f1": float(scores["f1"].mean()),
            "groups": {n: dict(zip(GROUPS, v.tolist(), strict=True)) for n, v in scores.items()},
        },
    }


def held_out(data: Dataset) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Out-of-fold logits and calls of every seed, both (seeds, n, 17).

    The calls use thresholds from the same network's validation spectra.
    """
    networks = {fold: fitted(fold) for fold in FOLDS}
    seeds = len(networks[FOLDS[0]])
    logits = np.zeros((seeds, *data.labels.shape), np.float32)
    called = np.zeros(logits.shape, bool)
    for fold, members in networks.items():
        for seed, network in enumerate(members):
            split = split_of(fold, seed, data)
            validation = logits_of(network, data.vectors[split.validation])
            thresholds = best_thresholds(data.labels[split.validation], validation)
            logits[seed, split.test] = logits_of(network, data.vectors[split.test])
            called[seed, split.test] = logits[seed, split.test] >= thresholds
    return logits, called


def _measure(
    truth: NDArray[np.bool_], called: NDArray[np.bool_], scores: NDArray[np.floating]
) -> dict[str, Any]:
    groups = group_scores(truth, called, scores)
    return {
        "molecular_perfection": molecular_perfection(truth, called),
        "molecular_f1": molecular_f1(truth, called),
        "macro_f1": float(groups["f1"].mean()),
        "groups": groups,
    }


def _spread(runs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """[mean, standard deviation] over runs of every measure and of every group's measures."""

    def of(values: Sequence[float]) -> list[float]:
        return [float(np.nanmean(values)), float(np.nanstd(values, ddof=1))]

    measures = ("molecular_perfection", "molecular_f1", "macro_f1")
    return {name: of([run[name] for run in runs]) for name in measures} | {
        "groups": {
            name: {
                group: of([run["groups"][name][i] for run in runs])
                for i, group in enumerate(GROUPS)
            }
            for name in runs[0]["groups"]
        }
    }


def render(results: dict[str, Any]) -> str:
    """Table 2, then Table 1 of both protocols, as markdown."""
    random, grouped = results["random"], results["grouped"]
    sizes = ", ".join(f"{count} {part}" for part, count in random["spectra"].items())
    return (
        f"#### Molecular measures (Table 2)\n\n{_molecular_table(results)}\n\n"
        f"#### By group (Table 1), random split as in the paper\n\n{random['seeds']} seeds, each "
        f"its own split: {sizes} spectra. Mean ± standard deviation over seeds.\n\n"
        f"{_group_table(random)}\n\n"
        "#### By group, cross-validated by molecule\n\n"
        f"{grouped['spectra']['test']} spectra, each predicted by networks that saw no spectrum of "
        f"its molecule; {grouped['seeds']} seeds, and their average.\n\n{_group_table(grouped)}"
    )


def _molecular_table(results: dict[str, Any]) -> str:
    lines = [
        "| | molecular perfection | molecular F1 | macro F1 |",
        "|---|---|---|---|",
        *(f"| {name} | {perfection} | {f1} | |" for name, perfection, f1 in PUBLISHED),
    ]
    random, grouped = results["random"], results["grouped"]
    for name, run in (
        ("ours, single, random split", random["single"]),
        (
            "ours, single, random split, thresholds from training predictions",
            random["single, thresholds chosen on training predictions as in the paper"],
        ),
        ("ours, single, cross-validated by molecule", grouped["single"]),
    ):
        cells = (
            "{:.3f} ± {:.3f}".format(*run[m])
            for m in ("molecular_perfection", "molecular_f1", "macro_f1")
        )
        lines.append(f"| {name} | {' | '.join(cells)} |")
    average = grouped["average"]
    cells = (
        "{:.3f} ({:.3f}-{:.3f})".format(*average[m])
        for m in ("molecular_perfection", "molecular_f1")
    )
    name = f"ours, {grouped['seeds']} networks averaged, cross-validated (95% interval)"
    lines.append(f"| **{name}** | {' | '.join(cells)} | {average['macro_f1']:.3f} |")
    return "\n".join(lines)


def _group_table(result: dict[str, Any]) -> str:
    """Mean ± standard deviation over seeds; behind it the average's own, where there is one."""
    measures = result["single"]["groups"]
    average = result.get("average", {}).get("groups", {})
    titles = [*measures, *(f"{name}, averaged" for name in average)]
    lines = [f"| group | share | {' | '.join(titles)} |", "|---|" + "---|" * (len(titles) + 1)]
    for group in GROUPS:
        cells = ["{:.3f} ± {:.3f}".format(*values[group]) for values in measures.values()]
        cells += [f"{values[group]:.3f}" for values in average.values()]
        lines.append(f"| {group} | {result['prevalence'][group]:.3f} | {' | '.join(cells)} |")
    return "\n".join(lines)
