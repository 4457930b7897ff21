"""The paper and our fits side by side: what the page shows besides the stored numbers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from train.documents.render import render
from train.reproduction.published import MEASURES, TABLE_1, TABLE_2
from train.settings import load_results

DIFFERS = 0.03  # of F1: a difference that is pointed out
ON_TRAINING = "single, thresholds chosen on training predictions as in the paper"

Numbers = dict[str, Any]


def page(folder: Path) -> str:
    """The page, from the numbers that the figures stored in ``folder``."""
    accuracy = load_results("rieger2023", "accuracy")

    def stored(name: str) -> Any:
        return json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))

    return render(
        "reproduction",
        table_1=TABLE_1,
        table_2=TABLE_2,
        measures=MEASURES,
        differs=DIFFERS,
        random=accuracy["random"],
        on_training=accuracy["random"][ON_TRAINING],
        runs=molecular_runs(accuracy),
        labels=stored("figS23_labels"),
        auc_apart=auc_apart,
        patterns=stored("fig3_patterns"),
        alkene=stored("fig4_alkene"),
        textbook=stored("textbook"),
        consistency=stored("fig6_consistency"),
        extremes=lambda values: (max(values, key=values.get), min(values, key=values.get)),
        overtones=stored("fig7_overtones"),
        size=stored("size"),
    )


def molecular_runs(accuracy: Numbers) -> dict[str, Numbers]:
    """Our rows of Table 2."""
    random, grouped = accuracy["random"], accuracy["grouped"]
    average = f"ours, {grouped['seeds']} networks averaged, cross-validated (95% interval)"
    return {
        "ours, single networks, random split": random["single"],
        "the same, thresholds from training spectra as in the paper": random[ON_TRAINING],
        "ours, single networks, cross-validated by molecule": grouped["single"],
        average: grouped["average"],
    }


def auc_apart(pairs: Sequence[Numbers], step: int) -> float:
    """Largest difference to the published AUCs, read in order (1) or reversed (-1)."""
    return max(
        abs(theirs - ours[0])
        for pair in pairs
        for theirs, ours in zip(
            pair["published"][::step], (pair["with"], pair["without"]), strict=True
        )
    )
