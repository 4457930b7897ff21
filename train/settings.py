"""train/config.toml, and where things lie."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from irclassify.model.preprocessing import Grid, Preprocessing

ROOT = Path(__file__).resolve().parent.parent
SETTINGS: dict[str, Any] = tomllib.loads((ROOT / "train" / "config.toml").read_text())


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
