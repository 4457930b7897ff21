"""A small patterns.json for the tiny model: what its hand-made filters look for."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
from command_line import TINY

from irclassify.model.folder import load_spec

CENTRES = tuple(530 + 16.02 * p for p in range(209))


def model_with_patterns(folder: Path) -> Path:
    """A copy of the tiny model that says what it learned."""
    shutil.copytree(TINY, folder)
    content = json.dumps(tiny_patterns()).encode()
    (folder / "patterns.json").write_bytes(content)
    definition = json.loads((folder / "model.json").read_text())
    definition["sha256"]["patterns.json"] = hashlib.sha256(content).hexdigest()
    (folder / "model.json").write_text(json.dumps(definition))
    return folder


def tiny_patterns() -> dict[str, Any]:
    """Two channels; every group wants a band in one region and none in another."""
    return {
        "schema": 1,
        "networks": 2,
        "spectra": 40,
        "fragments": 10,
        "window_cm1": 60.07,
        "shapes": {"peak": "a band, whole", "falling flank": "the low-wavenumber side of a band"},
        "position_cm1": list(CENTRES),
        "channels": [_channel(0, "falling flank", np.arange(16)), _channel(1, "peak", _bell())],
        "groups": {group.name: _group() for group in load_spec(TINY).groups},
    }


def _bell() -> np.ndarray:
    return np.exp(-(((np.arange(16) - 7.5) / 3) ** 2))


def _channel(network: int, shape: str, pattern: np.ndarray) -> dict[str, Any]:
    use = {"group": "ketone", "from_cm1": 1690.0, "to_cm1": 1750.0, "lift": 1.5}
    return {
        "network": network,
        "shape": shape,
        "alike": 0.8,
        "width_cm1": 20.0,
        "typical_cm1": [900.0, 1700.0],
        "pattern": pattern.tolist(),
        "uses": [use],
    }


def _group() -> dict[str, Any]:
    lift = np.zeros(209)
    lift[70:74], lift[147:151] = 0.75, 0.25
    signs = ["+"] * 209
    signs[147:151] = "----"
    return {
        "total_lift": 4.0,
        "consistency": 0.9,
        "regions": [_region(70, 3.0, 0.75, "band"), _region(147, 1.0, 0.25, "gap")],
        "lift": lift.tolist(),
        "wants": "".join(signs),
        "weight": lift.tolist(),
    }


def _region(first: int, lift: float, share: float, reads: str) -> dict[str, Any]:
    low, high = CENTRES[first] - 8, CENTRES[first + 3] + 8
    return {
        "from_cm1": round(low, 1),
        "to_cm1": round(high, 1),
        "sees_from_cm1": round(low - 22, 1),
        "sees_to_cm1": round(high + 22, 1),
        "lift": lift,
        "share": share,
        "reads": reads,
        "agreeing": 2,
        "channels": [{"channel": 1, "share": 0.8}],
    }
