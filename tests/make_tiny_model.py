"""Writes tests/tiny_model and tests/tiny_details: models small enough to read.

They have the geometry of the real ones. The second one has the same groups, details below them
and phase outputs (schema 3 of model.json).

    python tests/make_tiny_model.py

One convolution (kernel 16, stride 4: 850 points -> 209 positions) with two hand-made filters, and
a head whose weights stand at textbook group frequencies, so that a synthetic C=O band at 1715 cm-1
gives a ketone. An ester needs C=O *and* C-O: that is the pair term. Needs the package ``onnx``;
the result is committed, so that the tests of the tool do not.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

FOLDER = Path(__file__).parent / "tiny_model"
DETAILS_FOLDER = Path(__file__).parent / "tiny_details"
KERNEL, STRIDE, POINTS = 16, 4, 850
POSITIONS = (POINTS - KERNEL) // STRIDE + 1
GRID = np.linspace(500.0, 3900.0, POINTS)
CENTRE = GRID[np.arange(POSITIONS) * STRIDE] + (GRID[1] - GRID[0]) * (KERNEL - 1) / 2

# Group -> its bands as (cm-1, weight); a negative weight is evidence against.
BANDS: dict[str, list[tuple[float, float]]] = {
    "alkane": [(2930, 1.0), (1460, 0.4)],
    "methyl": [(2965, 0.8), (1380, 0.5)],
    "alkene": [(1645, 0.8), (3085, 0.8)],
    "alkyne": [(2120, 1.0), (3310, 0.8)],
    "alcohol": [(3650, 1.0), (1050, 0.5), (1730, -0.6)],
    "amine": [(3400, 0.8), (1620, 0.6)],
    "nitrile": [(2250, 1.5)],
    "aromatic": [(1500, 0.8), (1600, 0.6), (3060, 0.6)],
    "alkyl_halide": [(700, 1.0), (1150, 0.4)],
    "ester": [(1745, 0.2), (1240, 0.1)],
    "ketone": [(1715, 1.2), (1240, -0.6)],
    "aldehyde": [(2730, 1.2), (1735, 0.5)],
    "carboxylic_acid": [(1770, 0.7), (3570, 0.9)],
    "ether": [(1120, 1.0)],
    "acyl_halide": [(1810, 1.5)],
    "amide": [(1680, 1.0), (3350, 0.5)],
    "nitro": [(1540, 0.8), (1350, 0.8)],
}
# Detail -> its group, or none; in the second model.
PARENTS: dict[str, str | None] = {
    "phenol": "alcohol",
    "aliphatic_alcohol": "alcohol",
    "conjugated_ester": "ester",
    "thiol": None,
}
DETAIL_BANDS: dict[str, list[tuple[float, float]]] = {
    "phenol": [(3650, 0.8), (1220, 0.9)],
    "aliphatic_alcohol": [(3650, 0.8), (1050, 0.6)],
    "conjugated_ester": [(1725, 0.6), (1280, 0.6)],
    "thiol": [(2570, 1.5)],
}
PHASE_BANDS: dict[str, list[tuple[float, float]]] = {
    "gas": [(3650, 0.8)],
    "condensed": [(3350, 0.8)],
    "atr": [(700, 0.8)],
}
COVERS = {"ether": ["ester"], "alcohol": ["carboxylic_acid"]}
PAIRS: dict[str, list[tuple[float, float, float]]] = {
    "ester": [(1745, 1240, 0.4)],
    "carboxylic_acid": [(1770, 3570, 0.2)],
}


def filters() -> NDArray[np.float32]:
    """Mean of the window, and its middle against its edges: (2, 1, kernel)."""
    mean = np.full(KERNEL, 1.0 / KERNEL)
    peak = np.where(np.abs(np.arange(KERNEL) - 7.5) < 4, 1.0, -1.0) / KERNEL
    return np.stack([mean, peak])[:, None].astype(np.float32)


def window(centre_cm1: float) -> NDArray[np.float64]:
    """A smooth weight over positions around a wavenumber: (2, positions)."""
    bump = 2.0 * np.exp(-(((CENTRE - centre_cm1) / 20.0) ** 2))
    return np.stack([bump, bump])


def head(
    bands: dict[str, list[tuple[float, float]]] = BANDS,
) -> dict[str, NDArray[np.float32]]:
    """The arrays of irclassify.model.head.Head; a little noise so that no weight is zero."""
    random = np.random.default_rng(2023)
    groups = list(bands)
    weight = random.normal(0, 0.01, (len(groups), 2, POSITIONS))
    left, right, mix = [], [], []
    for i, group in enumerate(groups):
        weight[i] += sum(w * window(c) for c, w in bands[group])
        for a, b, strength in PAIRS.get(group, []):
            left.append(window(a))
            right.append(window(b))
            mix.append(strength * np.eye(len(groups))[i])
    arrays = {
        "bias": np.full(len(groups), -1.5),
        "weight": weight,
        "reference": np.full((2, POSITIONS), 0.02),
        "left": np.stack(left),
        "right": np.stack(right),
        "mix": np.stack(mix, axis=1),
    }
    return {name: array.astype(np.float32) for name, array in arrays.items()}


def graph(weights: dict[str, NDArray[np.float32]]) -> onnx.ModelProto:
    """The network whose logits the head accounts for."""
    flat = 2 * POSITIONS
    constants: dict[str, NDArray[Any]] = {
        "as_channel": np.array([-1, 1, POINTS], np.int64),
        "flat": np.array([-1, flat], np.int64),
        "filters": filters(),
        "bias": weights["bias"],
        "reference": weights["reference"],
        "weight": weights["weight"].reshape(-1, flat).T.copy(),
        "left": weights["left"].reshape(-1, flat).T.copy(),
        "right": weights["right"].reshape(-1, flat).T.copy(),
        "mix": weights["mix"].T.copy(),
    }
    steps = [
        helper.make_node("Reshape", ["spectrum", "as_channel"], ["column"]),
        helper.make_node("Conv", ["column", "filters"], ["filtered"], strides=[STRIDE]),
        helper.make_node("Relu", ["filtered"], ["latent"]),
        helper.make_node("Sub", ["latent", "reference"], ["centred"]),
        helper.make_node("Reshape", ["centred", "flat"], ["d"]),
        helper.make_node("MatMul", ["d", "weight"], ["single"]),
        helper.make_node("MatMul", ["d", "left"], ["lefts"]),
        helper.make_node("MatMul", ["d", "right"], ["rights"]),
        helper.make_node("Mul", ["lefts", "rights"], ["products"]),
        helper.make_node("MatMul", ["products", "mix"], ["paired"]),
        helper.make_node("Add", ["single", "paired"], ["evidence"]),
        helper.make_node("Add", ["evidence", "bias"], ["logits"]),
    ]
    value = helper.make_tensor_value_info
    body = helper.make_graph(
        steps,
        "tiny",
        [value("spectrum", TensorProto.FLOAT, ["n", POINTS])],
        [
            value("logits", TensorProto.FLOAT, ["n", len(weights["bias"])]),
            value("latent", TensorProto.FLOAT, ["n", 2, POSITIONS]),
        ],
        [numpy_helper.from_array(array, name) for name, array in constants.items()],
    )
    model = helper.make_model(body, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model, full_check=True)
    return model


# Per error rate: below the first number (a calibrated logit) absent, from the second on present.
LIMITS = {0.01: (None, 2.5), 0.05: (-0.2, 0.2), 0.1: (0.0, 0.0)}


def confidence(outputs: int = len(BANDS)) -> dict[str, Any]:
    """Gas as the head says, condensed half as sure, unknown with the wider limits of the two."""

    def scale(slope: float, width: float) -> dict[str, Any]:
        def row(limit: float | None) -> list[float | None]:
            return [None if limit is None else limit * width] * outputs

        constants = {"slope": slope, "intercept": 0.0, "threshold": 0.5}
        return {name: [value] * outputs for name, value in constants.items()} | {
            "absent_below": [row(low) for low, _ in LIMITS.values()],
            "present_from": [row(high) for _, high in LIMITS.values()],
        }

    phases = {"gas": scale(1.0, 1.0), "condensed": scale(0.5, 2.0), "unknown": scale(1.0, 2.0)}
    return {"error_rates": list(LIMITS), "phases": phases}


def definition(folder: Path = FOLDER) -> dict[str, Any]:
    """The content of model.json."""
    names = ("model.onnx", "head.npz")
    return {
        "schema": 2,
        "name": "tiny",
        "version": "1.0.0",
        "description": "Hand-made weights for the tests; knows no chemistry beyond ten lines",
        "phases": ["gas", "condensed"],
        "sha256": {n: hashlib.sha256((folder / n).read_bytes()).hexdigest() for n in names},
        "grid": {"first_cm1": 500.0, "last_cm1": 3900.0, "points": POINTS},
        "preprocessing": {"baseline_percentile": None, "average_bins": False},
        "latent": {
            "channels": 2,
            "positions": POSITIONS,
            "receptive_field_points": KERNEL,
            "stride_points": STRIDE,
        },
        "groups": [{"name": name, "smarts": "*"} for name in BANDS],
        "confidence": confidence(),
        "metrics": {"molecular_perfection": 0.0, "molecular_f1": 0.0, "test_spectra": 0},
        "training": {},
    }


def definition_with_details() -> dict[str, Any]:
    """The content of model.json with schema 3."""
    numbers = confidence(len(BANDS) + len(PARENTS))
    phases = numbers["phases"]
    phases["atr"] = phases.pop("unknown")
    for scale in phases.values():
        scale["base_rate"] = [0.1] * (len(BANDS) + len(PARENTS))
    known = {"positives": dict.fromkeys(phases, 100), "f1": dict.fromkeys(phases, 0.9)}
    return definition(DETAILS_FOLDER) | {
        "schema": 3,
        "name": "tiny-details",
        "phases": list(phases),
        "groups": [
            {"name": name, "smarts": "*", "title": name, "covers": COVERS.get(name, [])} | known
            for name in BANDS
        ],
        "details": [
            {
                "name": name,
                "parent": parent,
                "smarts": "*",
                "title": name.replace("_", " "),
                "bands": "1200 s",
                "source": "the tests",
            }
            | known
            for name, parent in PARENTS.items()
        ],
        "phase": {"names": list(phases), "slope": 1.0, "intercept": [0.0, 0.5, -0.5]},
        "confidence": numbers,
    }


def write(
    folder: Path, bands: dict[str, list[tuple[float, float]]], define: Callable[[], dict[str, Any]]
) -> None:
    """Write the three files of a model."""
    folder.mkdir(exist_ok=True)
    weights = head(bands)
    np.savez(folder / "head.npz", **weights)  # type: ignore[arg-type]
    (folder / "model.onnx").write_bytes(graph(weights).SerializeToString())
    text = json.dumps(define(), indent=1) + "\n"
    (folder / "model.json").write_text(text, encoding="utf-8")


def main() -> None:
    """Write both models."""
    write(FOLDER, BANDS, definition)
    write(DETAILS_FOLDER, BANDS | DETAIL_BANDS | PHASE_BANDS, definition_with_details)


if __name__ == "__main__":
    main()
