"""Stage ``export``: fitted networks -> exported/<model>/, refused unless ONNX equals PyTorch."""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import torch
from numpy.typing import NDArray
from torch import nn

from irclassify.artifact import SCHEMA
from irclassify.confidence import Confidence
from irclassify.preprocess import Preprocessing
from train import confidence as confidences
from train import (
    domain,
    evaluate_default,
    evaluate_rieger2023,
    fit_default,
    fit_rieger2023,
    patterns,
)
from train.averaged import NO_ABSORPTION, calibrated, linear_head, mean_latent
from train.calibration_text import USUAL
from train.card import render_card
from train.checkpoint import fitted_hash
from train.dataset import Dataset
from train.faithfulness.digest import card_lines
from train.labels import SMARTS
from train.network import PairEnsemble, Rieger2023, average, parameter_count
from train.settings import ROOT, SETTINGS, path, preprocessing

OPSET = 18
TOLERANCE = 1e-4
BATCH_SIZES = (1, 2, 7, 64)
DOMAIN = "domain.npz"


class ParityError(RuntimeError):
    """PyTorch and onnxruntime disagree: nothing was exported."""


@dataclass(frozen=True)
class Exported:
    """All that goes into a model folder."""

    name: str
    version: str
    description: str
    phases: tuple[str, ...]  # of the spectra it was trained on
    network: nn.Module  # calibrated
    head: dict[str, NDArray[np.float32]]  # the arrays of irclassify.artifact.Head
    preprocessing: Preprocessing
    latent: dict[str, int]  # the fields of irclassify.artifact.LatentGeometry
    confidence: Confidence
    metrics: dict[str, Any]
    training: dict[str, Any]
    examples: NDArray[np.float32]  # real vectors, for the parity check only
    domain: dict[str, Any] | None = None  # arrays of irclassify.domain.Detector
    domain_measured: dict[str, Any] | None = None  # what train/domain.py measured


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``python -m train export`` [--model M] [--to FOLDER]."""
    parser.add_argument("--model", choices=EXPORTERS, default="rieger2023")
    parser.add_argument("--to", type=Path, default=ROOT / "exported", help="parent of the folders")


def run(options: argparse.Namespace) -> int:
    """Write every folder of a model."""
    for model in EXPORTERS[options.model]():
        folder = write(model, options.to / model.name)
        print(f"{folder}: ONNX equals PyTorch within {TOLERANCE:g}")
    return 0


def rieger2023() -> Iterator[Exported]:
    """The ten-network average, and the network of seed 0 by itself."""
    name = fit_rieger2023.MODEL
    data = fit_rieger2023.dataset()
    results = json.loads((path("results") / f"{name}.json").read_text())["grouped"]
    measured = {"confidence": _measured_confidence(name)}
    tested = {"test_spectra": results["spectra"]["test"]}
    networks = fit_rieger2023.fitted("all")
    logits, _ = evaluate_rieger2023.held_out(data)
    yield _rieger(
        name,
        f"Rieger et al. 2023, {len(networks)} networks averaged into one, trained on NIST "
        "gas-phase spectra",
        average(networks),
        data,
        logits.mean(0),
        results["average"] | tested | measured,
    )
    note = f"mean and standard deviation over {results['seeds']} seeds"
    yield _rieger(
        f"{name}-single",
        "Rieger et al. 2023, one network (seed 0), trained on NIST gas-phase spectra",
        networks[0],
        data,
        logits[0],
        results["single"] | tested | {"note": note},
    )


def _rieger(
    name: str,
    description: str,
    network: Rieger2023,
    data: Dataset,
    out_of_fold: NDArray[np.float32],
    metrics: dict[str, Any],
) -> Exported:
    rows = {"gas": np.ones(len(data.labels), bool)}
    calibration, confidence = confidences.fit(data.labels, out_of_fold, rows)
    network = calibrated(network, calibration)
    return Exported(
        name=name,
        version=SETTINGS[fit_rieger2023.MODEL]["version"],
        description=description,
        phases=("gas",),
        network=network,
        head=linear_head(network, NO_ABSORPTION),
        preprocessing=preprocessing(fit_rieger2023.MODEL),
        latent={
            "channels": network.head.in_features // network.POSITIONS,
            "positions": network.POSITIONS,
            "receptive_field_points": network.RECEPTIVE_FIELD,
            "stride_points": network.STRIDE,
        },
        confidence=confidence,
        metrics=metrics,
        training={
            "data": "NIST WebBook, gas phase, absorbance (MSDC-IR)",
            "spectra": len(data.records),
            "data_fingerprint": data.fingerprint,
            "fitted_sha256": fitted_hash(fit_rieger2023.MODEL, "all"),
            "parameters": parameter_count(network),
            "settings": SETTINGS[fit_rieger2023.MODEL],
        },
        examples=data.vectors[: max(BATCH_SIZES)],
    )


def default(kind: str = "all") -> Iterator[Exported]:
    """The pair networks averaged; calibration and limits from out-of-fold predictions.

    Those of ``kind`` fold0 to fold4 know nothing of this fold, nor do calibration and limits; they
    have no detector.
    """
    name = fit_default.MODEL
    data = fit_default.dataset()
    stored = json.loads((path("results") / f"{name}.json").read_text())
    results = {phase: by_reading["repaired"] for phase, by_reading in stored[name].items()}
    networks = fit_default.fitted(kind)
    trained = data.where(fit_default.training_rows(data, kind))
    logits = evaluate_default.held_out(name, data)
    calibration, confidence = confidences.fit(data.labels, logits, _choosing(data, kind))
    ensemble = PairEnsemble(networks, mean_latent(networks, NO_ABSORPTION)).eval()
    network = calibrated(ensemble, calibration)
    yield Exported(
        name=name,
        version=SETTINGS[name]["version"],
        description=f"Pair network, {len(networks)} averaged into one: local convolutions, then an "
        "exact sum over positions and pairs of positions; trained on NIST gas-phase and "
        "condensed-phase spectra",
        phases=("gas", "condensed"),
        network=network,
        head={array: value.numpy() for array, value in network.head_arrays().items()},
        preprocessing=preprocessing(name),
        latent={
            "channels": len(network.reference),
            "positions": networks[0].positions,
            "receptive_field_points": networks[0].receptive_field,
            "stride_points": networks[0].STRIDE,
        },
        confidence=confidence,
        metrics=results["gas"]
        | {
            "test_spectra": results["gas"]["spectra"],
            "phases": results,
            "confidence": _measured_confidence(name),
            "explanations": card_lines(name),
            "mistakes": stored["mistakes"],
        },
        training={
            "data": "NIST WebBook, gas phase (MSDC-IR) and condensed phase (Coblentz)",
            "spectra": len(trained.records),
            "data_fingerprint": trained.fingerprint,
            "fitted_sha256": fitted_hash(name, kind),
            "parameters": sum(parameter_count(member) for member in networks),
            "settings": SETTINGS[name],
            "limits": DEFAULT_LIMITS,
        },
        examples=data.vectors[: max(BATCH_SIZES)],
        domain=domain.shipped() if kind == "all" else None,
        domain_measured=domain.measured() if kind == "all" else None,
    )


def _choosing(data: Dataset, kind: str) -> dict[str, NDArray[np.bool_]]:
    """Which spectra (n,) of each phase calibration and limits come from."""
    rows = evaluate_default.choosing_phases(fit_default.MODEL, data)
    if kind == "all":
        return rows
    others = evaluate_default.testing_folds(data) != fit_default.FOLDS.index(kind)
    return {phase: chosen & others for phase, chosen in rows.items()}


def _measured_confidence(model: str) -> dict[str, Any]:
    """What stage ``calibrate`` found, as far as the card tells it: groups at the usual rate."""
    measured = json.loads((path("results") / "calibration.json").read_text())[model]
    told = {"calibration": measured["calibration"]}
    for key in ("calls", "calls_phase_not_stated"):
        told[key] = {
            phase: {
                rate: found if rate == USUAL else {"decided": found["decided"]}
                for rate, found in by_rate.items()
            }
            for phase, by_rate in measured[key].items()
        }
    return told


DEFAULT_LIMITS = (
    "What the sample form hides cannot be seen: the C-H bands of Nujol cover those of the sample, "
    "solvent bands leave gaps. Condensed-phase answers are less certain than gas-phase ones (see "
    "the table by phase). Size and augmentation were chosen by trial fits judged on fold 4 of the "
    "index, which slightly favours that fifth of the numbers. The ATR scores of those fits were "
    "seen too, and shift and tilt were chosen with them in mind: no ATR spectrum was trained on, "
    "but the ATR row is no untouched test."
)

EXPORTERS = {"rieger2023": rieger2023, "default": default}


def write(model: Exported, folder: Path) -> Path:
    """Check parity, then write the folder. Raises ParityError and writes nothing without it."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        unfinished = Path(scratch)
        to_onnx(model.network, unfinished / "model.onnx", model.examples)
        check_parity(model.network, unfinished / "model.onnx", model.examples)
        np.savez(unfinished / "head.npz", **model.head)
        if model.domain is not None:
            np.savez(unfinished / DOMAIN, **model.domain)
        definition = define(model, unfinished)
        (unfinished / "model.json").write_text(as_text(definition), encoding="utf-8")
        (unfinished / "MODEL_CARD.md").write_text(render_card(definition), encoding="utf-8")
        patterns.add_to(unfinished)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for file in sorted(unfinished.iterdir()):
            shutil.copyfile(file, folder / file.name)
    return folder


def to_onnx(network: nn.Module, target: Path, examples: NDArray[np.float32]) -> None:
    """ONNX with input ``spectrum`` (n, points) and outputs ``logits`` and ``latent``."""
    torch.onnx.export(
        network.eval(),
        (torch.from_numpy(examples[:2]),),
        str(target),
        input_names=["spectrum"],
        output_names=["logits", "latent"],
        dynamic_shapes={"spectrum": {0: torch.export.Dim("n", min=1)}},
        opset_version=OPSET,
        dynamo=True,
        external_data=False,
        verbose=False,
    )
    forget_source(target)


def forget_source(graph: Path) -> None:
    """Drop the exporter's stack traces, which name folders of the machine it ran on."""
    model = onnx.load(graph)
    for node in model.graph.node:
        del node.metadata_props[:]
        node.ClearField("doc_string")
    del model.graph.metadata_props[:]
    del model.metadata_props[:]
    for value in (*model.graph.value_info, *model.graph.input, *model.graph.output):
        del value.metadata_props[:]
    onnx.save(model, graph)


def check_parity(network: nn.Module, graph: Path, examples: NDArray[np.float32]) -> None:
    """Raises ParityError unless both outputs agree to 1e-4 for several batch sizes."""
    session = onnxruntime.InferenceSession(str(graph), providers=["CPUExecutionProvider"])
    for size in BATCH_SIZES:
        batch = examples[:size]
        served = session.run(["logits", "latent"], {"spectrum": batch})
        with torch.no_grad():
            trained = network(torch.from_numpy(batch))
        for name, ours, theirs in zip(("logits", "latent"), trained, served, strict=True):
            difference = float(np.abs(ours.numpy() - theirs).max())
            if not difference <= TOLERANCE:
                raise ParityError(f"{name} differ by {difference:.2g} for batches of {size}")


def as_text(definition: dict[str, Any]) -> str:
    """Indented JSON, a list of numbers on one line."""
    text = json.dumps(definition, indent=1, allow_nan=False)
    return re.sub(r"\[[-\d.,\seE+nul]+\]", lambda found: " ".join(found[0].split()), text) + "\n"


def define(model: Exported, folder: Path) -> dict[str, Any]:
    """The content of model.json."""
    settings = asdict(model.preprocessing)
    grid = settings.pop("grid")
    return {
        "schema": SCHEMA,
        "name": model.name,
        "version": model.version,
        "description": model.description,
        "phases": model.phases,
        "sha256": {
            name: hashlib.sha256((folder / name).read_bytes()).hexdigest()
            for name in ("model.onnx", "head.npz", DOMAIN)
            if (folder / name).exists()
        },
        "grid": grid,
        "preprocessing": settings,
        "latent": model.latent,
        "head": {"file": "head.npz", "factors": len(model.head.get("left", ()))},
        "domain": model.domain and {"file": DOMAIN, **(model.domain_measured or {})},
        "groups": [{"name": name, "smarts": smarts} for name, smarts in SMARTS.items()],
        "confidence": confidences.to_json(model.confidence),
        "metrics": model.metrics,
        "training": model.training | {"git_commit": _commit()},
    }


def _commit() -> str:
    """The commit of the code that exports, marked when train/ or irclassify/ differ from it."""

    def git(*words: str) -> str:
        command = ["git", *words]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout

    changed = git("status", "--porcelain", "--", "train", "irclassify")
    return git("rev-parse", "HEAD").strip() + ("-dirty" if changed else "")
