"""A small Detector for the tests: any geometry, weights at random, verdicts as the limits say."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np

from irclassify.model.domain import BLOCKS, RARITIES

ALWAYS, NEVER = -1.0, 99.0


def arrays(
    channels: int, limits: tuple[float, float], directions: int = 3, units: int = 4
) -> dict[str, Any]:
    """The arrays of domain.npz: two phases, two kinds."""
    random = np.random.default_rng(0)
    features = channels * BLOCKS
    basis = np.stack(
        [np.linalg.qr(random.normal(size=(features, directions)))[0] for _ in range(2)]
    )
    return {
        "mean": random.normal(size=(2, features)),
        "scale": np.ones((2, features)),
        "basis": basis,
        "usual": np.array([features, features]),
        "centre": np.zeros(features),
        "spread": np.ones(features),
        "hidden": random.normal(size=(features, units)),
        "hidden_bias": np.zeros(units),
        "output": random.normal(size=(units, 4)),
        "output_bias": np.zeros(4),
        "kinds": np.array(["shift", "something new"]),
        "strangeness": RARITIES,
        "likeness": RARITIES,
        "limits": np.array(limits),
    }


def add_to(folder: Path, target: Path, limits: tuple[float, float], channels: int = 2) -> Path:
    """A copy of a model's folder, with a detector."""
    shutil.copytree(folder, target)
    np.savez(target / "domain.npz", **arrays(channels, limits))
    definition = json.loads((target / "model.json").read_text())
    definition["domain"] = {"file": "domain.npz"}
    (target / "model.json").write_text(json.dumps(definition))
    return target
