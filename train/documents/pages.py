"""Which pages there are, what they show and where they stand. Everything comes from stored results.

A page is written after its stage has run; ``python -m train readme`` writes all of them anew.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from train.documents import reproduction
from train.documents.render import render
from train.documents.reproduction import TABLE_2
from train.domain.test_sets import KNOWN
from train.faithfulness.measures import RULES
from train.settings import ROOT, SETTINGS, evaluation_folder, load_results, path

MODELS = ("default", "rieger2023")
PHASES = {
    "gas": "gas (NIST, the paper's selection)",
    "condensed": "condensed (Coblentz, single organic molecules)",
}
READINGS = {"repaired": "amides", "index": "alcohols, as in the paper"}

DOMAIN_SHOWN = (KNOWN, *SETTINGS["domain"]["shown"])

# Page -> the stage that measures what it shows, and its title.
TITLES = {
    "accuracy": ("evaluate", "Accuracy"),
    "calibration": ("calibrate", "Probabilities and calls"),
    "domain": ("domain", "Spectra unlike the known ones"),
    "faithfulness": ("faithfulness", "How far explanations by bands can be trusted"),
    "flags": ("flags", "Bands that contradict a call"),
    "assignments": ("assignments", "Names of bands"),
    "check": ("check", "Structures checked against spectra"),
}

Page = tuple[Path, str]  # where it stands, and its text


def accuracy(model: str) -> str:
    """What stage ``evaluate`` measured of a model."""
    own = load_results(model, "accuracy")
    if "random" in own:
        runs = reproduction.molecular_runs(own)
        return render("paper_accuracy", published=TABLE_2, runs=runs, **own)
    models = {name: load_results(name, "accuracy") for name in MODELS}
    return render(
        "accuracy",
        phases=PHASES,
        readings=READINGS,
        models=models,
        mistakes=own["mistakes"],
        sets=models["default"]["sets"],
    )


def calibration(model: str) -> str:
    """What stage ``calibrate`` measured of a model."""
    own = load_results(model, "calibration")
    phases = list(own["maps"][0]["phases"])
    return render("calibration", phases=phases, costs=_costs(own["maps"], phases), **calls(own))


def calls(own: dict[str, Any]) -> dict[str, Any]:
    """What the tables of calls show: the stored results, the error rates and the phases."""
    rates = list(next(iter(own["calls"].values())))
    return {"rates": rates, "singles": [p for p in own["calls"] if " and " not in p], **own}


def _costs(maps: list[dict[str, Any]], phases: list[str]) -> list[str]:
    """By phase: how far the negative log-likelihood of the shipped map lies above the best one."""
    losses = {
        (one["map"], one["fitted"]): [one["phases"][p]["negative_log_likelihood"] for p in phases]
        for one in maps
    }
    best = [min(column) for column in zip(*losses.values(), strict=True)]
    ours = losses["Platt", "phase by phase"]
    return [f"{a - b:.5f} in {p}" for p, a, b in zip(phases, ours, best, strict=True)]


def faithfulness(model: str, template: str = "faithfulness") -> str:
    """What stage ``faithfulness`` measured, in full or as ``faithfulness_summary``."""
    own = load_results(model, "faithfulness")
    parts = {"gas and condensed": own["all"], **own["phases"]}
    return render(template, rules=RULES, parts=parts, by_group=own["groups"])


def model_card(definition: dict[str, Any]) -> str:
    """The card of a model, from its model.json alone."""
    grid = definition["grid"]
    measured = definition["metrics"].get("confidence")
    return render(
        "model_card",
        measured_confidence=measured,
        spacing_cm1=(grid["last_cm1"] - grid["first_cm1"]) / (grid["points"] - 1),
        shown=DOMAIN_SHOWN,
        **(calls(measured) if measured else {}),
        **{"domain": None, **definition},
    )


def _beside(model: str, name: str, page: Callable[[str], str] | None = None) -> Iterator[Page]:
    """A page beside the results it shows; nothing while they are not there."""
    folder = evaluation_folder(model)
    if (folder / f"{name}.json").exists():
        text = page(model) if page else render(name, **load_results(model, name))
        stage, title = TITLES[name]
        measured = f"Measured by `python -m train {stage}`; the numbers are in `{name}.json`."
        yield folder / f"{name}.md", f"# {title}: model {model}\n\n{measured}\n\n{text}"


def _cards() -> Iterator[Page]:
    for file in sorted(path("exported").glob("*/model.json")):
        yield file.with_name("MODEL_CARD.md"), model_card(json.loads(file.read_text("utf-8")))


def _reproduction() -> Iterator[Page]:
    folder = path("exported") / "rieger2023" / "reproduction"
    yield folder / "README.md", reproduction.page(folder)


# Stage -> the pages that show what it measured.
PAGES: dict[str, Callable[[], Iterator[Page]]] = {
    "evaluate": lambda: (p for m in MODELS for p in _beside(m, "accuracy", accuracy)),
    "calibrate": lambda: (p for m in MODELS for p in _beside(m, "calibration", calibration)),
    "domain": lambda: _beside("default", "domain"),
    "faithfulness": lambda: _beside("default", "faithfulness", faithfulness),
    "flags": lambda: _beside("default", "flags"),
    "assignments": lambda: _beside("default", "assignments"),
    "check": lambda: _beside("default", "check"),
    "export": _cards,
    "figures": _reproduction,
}


def write(stage: str, *, show: bool = False) -> None:
    """Write the pages of a stage; with ``show`` print them too."""
    for file, text in PAGES.get(stage, lambda: iter(()))():
        file.write_text(text + "\n", encoding="utf-8")
        if show:
            print(text + "\n")
        print(file.relative_to(ROOT))
