"""Stage ``evaluate``: Tables 1 and 2 of the paper on held-out spectra, from the fitted networks.

Prints markdown and writes the same to train/results/<model>.md, with the numbers as JSON beside it.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from train.calibrate import calibrate
from train.dataset import Dataset, load, paper_subset
from train.fit import MODEL, SPLITS, fitted, logits_of, split_of
from train.labels import GROUPS
from train.metrics import best_thresholds, group_scores, molecular_f1, molecular_perfection
from train.network import average
from train.settings import path

# Published molecular perfection and F1, as the papers state them.
PUBLISHED = [
    ("Rieger et al. 2023, ten seeds", "0.589 ± 0.015", "0.896 ± 0.003"),
    ("Fine et al. 2020", "0.63", "0.905"),
]
SPLIT_NAMES = {
    "random": "random 70/15/15, as in the paper",
    "grouped": "grouped by molecule (folds of the index)",
}
BOOTSTRAPS = 2000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``python -m train evaluate``."""


def run(options: argparse.Namespace) -> int:
    """Evaluate both splits, print and store."""
    data = paper_subset(load(MODEL))
    results = {kind: evaluate_split(kind, data) for kind in SPLITS if fitted(kind)}
    text = render(results)
    print(text)
    folder = path("results")
    folder.mkdir(exist_ok=True)
    (folder / f"{MODEL}.md").write_text(text + "\n", encoding="utf-8")
    (folder / f"{MODEL}.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    return 0


def evaluate_split(kind: str, data: Dataset) -> dict[str, Any]:
    """Every number of one split: seeds by themselves, and their average, on the test rows."""
    split = split_of(kind, data)
    networks = fitted(kind)
    truth = {part: data.labels[getattr(split, part)] for part in ("train", "validation", "test")}

    def logits(network: Any) -> dict[str, NDArray[np.float32]]:
        return {p: logits_of(network, data.vectors[getattr(split, p)]) for p in truth}

    seeds = [logits(network) for network in networks]
    averaged = logits(average(networks))
    return {
        "spectra": {part: len(known) for part, known in truth.items()},
        "seeds": len(networks),
        "groups": _mean_and_spread([_by_group(truth, each) for each in seeds]),
        "prevalence": dict(zip(GROUPS, truth["test"].mean(0).round(4).tolist(), strict=True)),
        "molecular": {
            "single, thresholds from validation": _spread(_molecular(truth, s) for s in seeds),
            "single, thresholds from training (paper)": _spread(
                _molecular(truth, s, "train") for s in seeds
            ),
        },
        "average": _average(truth, averaged),
    }


def _by_group(truth: dict[str, Any], logits: dict[str, Any]) -> dict[str, NDArray[np.floating]]:
    thresholds = best_thresholds(truth["validation"], logits["validation"])
    return group_scores(truth["test"], logits["test"] >= thresholds, logits["test"])


def _molecular(
    truth: dict[str, Any], logits: dict[str, Any], chosen_on: str = "validation"
) -> tuple[float, float, float]:
    """Molecular perfection, molecular F1 and macro F1 on the test rows."""
    thresholds = best_thresholds(truth[chosen_on], logits[chosen_on])
    called = logits["test"] >= thresholds
    macro = group_scores(truth["test"], called, logits["test"])["f1"].mean()
    return (
        molecular_perfection(truth["test"], called),
        molecular_f1(truth["test"], called),
        float(macro),
    )


def _average(truth: dict[str, Any], logits: dict[str, Any]) -> dict[str, Any]:
    """The ten-network average with what model.json will hold: calibration and thresholds."""
    calibration = calibrate(truth["validation"], logits["validation"])
    called = calibration.called(logits["test"])
    scores = group_scores(truth["test"], called, logits["test"])
    return {
        "molecular_perfection": interval(molecular_perfection, truth["test"], called),
        "molecular_f1": interval(molecular_f1, truth["test"], called),
        "macro_f1": float(scores["f1"].mean()),
        "groups": {name: dict(zip(GROUPS, v.tolist(), strict=True)) for name, v in scores.items()},
    }


def interval(measure: Any, truth: NDArray[np.bool_], called: NDArray[np.bool_]) -> list[float]:
    """[value, low, high]: the 95% bootstrap interval over spectra."""
    random = np.random.default_rng(0)
    rows = random.integers(0, len(truth), (BOOTSTRAPS, len(truth)))
    values = [measure(truth[r], called[r]) for r in rows]
    low, high = np.percentile(values, [2.5, 97.5])
    return [measure(truth, called), float(low), float(high)]


def _mean_and_spread(runs: Sequence[dict[str, NDArray[np.floating]]]) -> dict[str, Any]:
    return {
        name: {
            group: [float(np.nanmean(v)), float(np.nanstd(v, ddof=1))]
            for group, v in zip(GROUPS, np.array([r[name] for r in runs]).T, strict=True)
        }
        for name in runs[0]
    }


def _spread(runs: Any) -> dict[str, list[float]]:
    values = np.array(list(runs))
    names = ("molecular_perfection", "molecular_f1", "macro_f1")
    return {
        name: [float(v.mean()), float(v.std(ddof=1))]
        for name, v in zip(names, values.T, strict=True)
    }


def render(results: dict[str, Any]) -> str:
    """Both tables of every split as markdown."""
    return "\n\n".join(
        f"## {SPLIT_NAMES[kind]}\n\n"
        f"{r['spectra']['train']} training, {r['spectra']['validation']} validation, "
        f"{r['spectra']['test']} test spectra; {r['seeds']} seeds.\n\n"
        f"{_molecular_table(r)}\n\n{_group_table(r)}"
        for kind, r in results.items()
    )


def _molecular_table(result: dict[str, Any]) -> str:
    lines = [
        "| Table 2 | molecular perfection | molecular F1 | macro F1 |",
        "|---|---|---|---|",
        *(f"| {name} | {perfection} | {f1} | |" for name, perfection, f1 in PUBLISHED),
    ]
    for name, values in result["molecular"].items():
        cells = (f"{mean:.3f} ± {spread:.3f}" for mean, spread in values.values())
        lines.append(f"| ours, {name} | {' | '.join(cells)} |")
    average_of = result["average"]
    cells = (
        "{:.3f} ({:.3f}-{:.3f})".format(*average_of[name])
        for name in ("molecular_perfection", "molecular_f1")
    )
    lines.append(
        f"| **ours, {result['seeds']} networks averaged** (95% interval) | {' | '.join(cells)} "
        f"| {average_of['macro_f1']:.3f} |"
    )
    return "\n".join(lines)


def _group_table(result: dict[str, Any]) -> str:
    measures = list(result["groups"])
    lines = [
        f"| Table 1 | share | {' | '.join(measures)} | F1, averaged |",
        "|---|" + "---|" * (len(measures) + 2),
    ]
    for group in GROUPS:
        cells = ("{:.3f} ± {:.3f}".format(*result["groups"][m][group]) for m in measures)
        lines.append(
            f"| {group} | {result['prevalence'][group]:.3f} | {' | '.join(cells)} "
            f"| {result['average']['groups']['f1'][group]:.3f} |"
        )
    return "\n".join(lines)
