"""train/config.toml, where things lie, and how results are stored."""

from __future__ import annotations

import csv
import json
import tomllib
from pathlib import Path
from typing import Any

from irclassify.model.preprocessing import Grid, Preprocessing

ROOT = Path(__file__).resolve().parent.parent
SETTINGS: dict[str, Any] = tomllib.loads((ROOT / "train" / "config.toml").read_text())


class TrainingError(RuntimeError):
    """A stage cannot run; the message says why and which command helps."""


def path(name: str) -> Path:
    """A path of the [data] table, absolute."""
    return ROOT / SETTINGS["data"][name]


def preprocessing(model: str) -> Preprocessing:
    """How spectra become vectors for a model."""
    own = SETTINGS["preprocessing"][model]
    return Preprocessing(
        Grid(**SETTINGS["grid"]),
        baseline_percentile=own["baseline_percentile"] or None,
        average_bins=own.get("average_bins", False),
    )


def read_table(file: Path) -> list[dict[str, str]]:
    """The rows of a CSV file; none where it is not there."""
    if not file.exists():
        return []
    with file.open(newline="") as stream:
        return list(csv.DictReader(stream))


def evaluation_folder(model: str) -> Path:
    """Where the measurements of a model are stored: beside the model itself."""
    return path("exported") / model / "evaluation"


def save_results(model: str, name: str, data: Any) -> Path:
    """Store what a stage measured of a model as NAME.json."""
    file = evaluation_folder(model) / f"{name}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(data, indent=1, allow_nan=False) + "\n", encoding="utf-8")
    return file


def load_results(model: str, name: str) -> Any:
    """What ``save_results`` stored. Raises TrainingError when the stage has not run yet."""
    file = evaluation_folder(model) / f"{name}.json"
    if not file.exists():
        raise TrainingError(
            f"{file} does not exist; see train/README.md for the stage that writes it"
        )
    return json.loads(file.read_text(encoding="utf-8"))
