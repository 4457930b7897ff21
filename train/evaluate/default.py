"""The default model beside the paper's, by phase, on spectra of molecules neither has seen.

Every spectrum is predicted by the networks of the fold its molecule is in; calibration and
thresholds come from the other folds, and from the labels the model was trained on. What counts is
the best guess, which knows no uncertain. Both readings of the structures judge it (train/labels.py:
repaired). ATR spectra are in no fold and never trained on: those of a molecule
that a fold knows are predicted by that fold's networks, the rest by fold 0's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import nn

from irclassify.model.calibration import Decided
from irclassify.options import DEFAULT_ERROR_RATE
from train.calibrate.confidence import cross_fitted
from train.calibrate.thresholds import group_scores, interval, molecular_f1, molecular_perfection
from train.data.dataset import READINGS, Dataset, load
from train.documents.card import f1_and_count
from train.evaluate.mistakes import Mistake, mistakes_table, surest_mistakes
from train.fit import default as fit_default
from train.fit import rieger2023 as fit_rieger2023
from train.labels.groups import GROUPS
from train.networks.checkpoint import check_data, logits_of

PHASES = {
    "gas": "gas (NIST, the paper's selection)",
    "condensed": "condensed (Coblentz, single organic molecules)",
    "atr": "ATR (benzene derivatives, another instrument, not trained on)",
}
MEANINGS = {"repaired": "amides", "index": "alcohols, as in the paper"}
FITTED: dict[str, Callable[[str], list[Any]]] = {
    "default": fit_default.fitted,
    "rieger2023": fit_rieger2023.fitted,
}


def evaluate() -> dict[str, Any]:
    """Measures by model, phase and reading of the structures."""
    check_data(fit_default.MODEL, fit_default.dataset().fingerprint)
    check_data(fit_rieger2023.MODEL, fit_rieger2023.dataset().fingerprint)
    return {model: _evaluate_model(model) for model in FITTED} | {"mistakes": _mistakes()}


def _mistakes() -> list[Mistake]:
    data = load(fit_default.MODEL)
    said = _held_out_answers(fit_default.MODEL, data, held_out(fit_default.MODEL, data))
    return surest_mistakes(data, said.probabilities, choosing_rows(fit_default.MODEL, data))


def _evaluate_model(model: str) -> dict[str, Any]:
    data = load(model)
    logits = held_out(model, data)
    guesses = held_out_guesses(model, data, logits)
    truths = {reading: load(model, reading) for reading in READINGS}
    return {
        phase: {
            reading: _measures(truth, logits, guesses, phase_rows(data, phase))
            for reading, truth in truths.items()
        }
        for phase in PHASES
    }


def held_out(model: str, data: Dataset) -> NDArray[np.float32]:
    """Mean logits (n, 17) of the networks that never saw the spectrum's molecule."""
    return np.mean(held_out_by_seed(model, data), 0)


def held_out_by_seed(model: str, data: Dataset) -> NDArray[np.float32]:
    """The same for every seed by itself, (seeds, n, 17)."""
    folds = testing_folds(data)
    networks: dict[int, list[nn.Module]] = {
        fold: FITTED[model](f"fold{fold}") for fold in np.unique(folds)
    }
    logits = np.zeros((len(networks[0]), *data.labels.shape), np.float32)
    for fold, members in networks.items():
        rows = np.flatnonzero(folds == fold)
        for seed, network in enumerate(members):
            logits[seed, rows] = logits_of(network, data.vectors[rows])
    return logits


def testing_folds(data: Dataset) -> NDArray[np.int_]:
    """The fold (n,) whose networks may be tested on each spectrum."""
    folds = data.column("fold").astype(int)
    molecules = data.column("molecule")
    known = {m: f for m, f in zip(molecules, folds, strict=True) if f >= 0}
    return np.array(
        [known.get(m, 0) if f < 0 else f for m, f in zip(molecules, folds, strict=True)]
    )


def phase_rows(data: Dataset, phase: str) -> NDArray[np.bool_]:
    """Which spectra (n,) a phase is judged on."""
    if phase == "gas":
        return data.column("in_paper").astype(bool)
    if phase == "atr":
        return data.column("phase") == "atr"
    coblentz = data.column("collection") == "COBLENTZ"
    return coblentz & (data.column("phase") == phase) & data.column("single_organic").astype(bool)


def held_out_guesses(model: str, data: Dataset, logits: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Best guesses (n, 17), with calibration and thresholds from spectra of the other folds."""
    return _held_out_answers(model, data, logits).guesses


def _held_out_answers(model: str, data: Dataset, logits: NDArray[np.float32]) -> Decided:
    (said,) = cross_fitted(
        data.labels,
        logits,
        testing_folds(data),
        choosing_phases(model, data),
        stated_phases(data),
        [DEFAULT_ERROR_RATE],
    )
    return said


def choosing_rows(model: str, data: Dataset) -> NDArray[np.bool_]:
    """Which spectra (n,) calibration and thresholds are chosen on: of the phases trained on."""
    return np.logical_or.reduce(list(choosing_phases(model, data).values()))


def choosing_phases(model: str, data: Dataset) -> dict[str, NDArray[np.bool_]]:
    """The same by phase."""
    phases = ("gas",) if model == "rieger2023" else ("gas", "condensed")
    return {phase: phase_rows(data, phase) for phase in phases}


def stated_phases(data: Dataset) -> list[str | None]:
    """What is told of the phase of each spectrum (n): of ATR spectra nothing, as in their files.

    One file in 17 of the condensed ones does not say its state: told as ``--phase`` tells it.
    """
    return [None if record.phase == "atr" else record.phase for record in data.records]


def _measures(
    data: Dataset,
    logits: NDArray[np.float32],
    called: NDArray[np.bool_],
    rows: NDArray[np.bool_],
) -> dict[str, Any]:
    truth = data.labels[rows]
    scores = group_scores(truth, called[rows], logits[rows])
    present = truth.any(0)  # a group that no spectrum of the set has cannot be judged
    return {
        "spectra": int(rows.sum()),
        "molecules": len(set(data.column("molecule")[rows])),
        "molecular_perfection": interval(molecular_perfection, truth, called[rows]),
        "molecular_f1": interval(molecular_f1, truth, called[rows]),
        "macro_f1": float(scores["f1"][present].mean()),
        "positives": dict(zip(GROUPS, truth.sum(0).tolist(), strict=True)),
        "groups": {
            name: {g: _number(v) for g, v in zip(GROUPS, values, strict=True)}
            for name, values in scores.items()
        },
    }


def _number(value: float) -> float | None:
    """JSON has no nan: what cannot be measured (AUC without positives) is null."""
    return None if np.isnan(value) else float(value)


def render(results: dict[str, Any]) -> str:
    """Molecular measures of every model and phase, then F1 by group, as markdown."""
    lines = [
        "| spectra | N-H amides are | model | molecular perfection | molecular F1 | macro F1 |",
        "|---|---|---|---|---|---|",
    ]
    for phase, name in PHASES.items():
        for reading, meaning in MEANINGS.items():
            for model in FITTED:
                r = results[model][phase][reading]
                cells = (
                    "{:.3f} ({:.3f}-{:.3f})".format(*r[m])
                    for m in ("molecular_perfection", "molecular_f1")
                )
                lines.append(
                    f"| {r['spectra']} {name} | {meaning} | {model} | {' | '.join(cells)} "
                    f"| {r['macro_f1']:.3f} |"
                )
    default = {phase: r["repaired"] for phase, r in results["default"].items()}
    lines += [
        "",
        "#### By group",
        "",
        "F1 of the default model, N-H amides as amides (spectra with the group):",
        "",
        f"| group | {' | '.join(PHASES)} |",
        "|---|" + "---|" * len(PHASES),
    ]
    for group in GROUPS:
        cells = (f1_and_count(default[phase], group) for phase in PHASES)
        lines.append(f"| {group} | {' | '.join(cells)} |")
    lines += ["", "#### The surest mistakes", "", mistakes_table(results["mistakes"])]
    return "\n".join(lines)
