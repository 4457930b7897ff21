"""Stage ``export``: fitted networks -> exported/<model>/, refused unless ONNX equals PyTorch."""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import re
import shutil
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import torch
from torch import nn

from irclassify.model.folder import SCHEMA
from train.arrays import Singles
from train.calibrate import confidence as confidences
from train.calibrate.by_phase import to_json as phase_to_json
from train.data.records import Dataset
from train.data.split import FOLDS, choosing_rows, testing_folds
from train.export import patterns, releases
from train.export.releases import EXAMPLES, RELEASES, Release
from train.fit.models import DEFAULT
from train.labels.groups import GROUPS
from train.settings import ROOT

OPSET = 18
TOLERANCE = 1e-4
BATCH_SIZES = (1, 2, 7, EXAMPLES)
DOMAIN = "domain.npz"


class ParityError(RuntimeError):
    """PyTorch and onnxruntime disagree: nothing was exported."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``python -m train export`` [--model M | --without-fold K] [--to FOLDER]."""
    parser.add_argument("--model", choices=RELEASES, default="rieger2023")
    parser.add_argument("--to", type=Path, default=ROOT / "exported", help="parent of the folders")
    parser.add_argument(
        "--without-fold",
        choices=FOLDS,
        help="the default model as if it had never seen the fold, and labels.csv of its spectra",
    )


def run(options: argparse.Namespace) -> int:
    """Write every folder of a model."""
    if options.without_fold:
        return _hold_out(options.without_fold, options.to)
    for model in RELEASES[options.model]():
        folder = write(model, options.to / model.name)
        print(f"{folder}: ONNX equals PyTorch within {TOLERANCE:g}")
    return 0


def _hold_out(fold: str, folder: Path) -> int:
    """To hold the installed command to its claims: networks, calibration and limits are those by
    which stage ``calibrate`` judges the fold, so ``irclassify evaluate`` must find the same rates.
    """
    (model,) = releases.default(fold)
    model = replace(model, version=f"{model.version}-without-{fold}")
    print(write(model, folder / f"{model.name}-{fold}"))
    write_labels(DEFAULT.dataset(), FOLDS.index(fold), folder / "labels.csv")
    return 0


def write_labels(data: Dataset, fold: int, target: Path) -> None:
    """file, and 1 or 0 for each group, of the spectra of a fold that are judged."""
    rows = choosing_rows(DEFAULT.model, data) & (testing_folds(data) == fold)
    with target.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["file", *GROUPS])
        for row in np.flatnonzero(rows):
            writer.writerow([data.records[row].file, *data.labels[row].astype(int)])


def write(model: Release, folder: Path) -> Path:
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
        patterns.add_to(unfinished)
        folder.mkdir(exist_ok=True)
        for old in folder.iterdir():  # but not the folders of what was measured
            if old.is_file():
                old.unlink()
        for file in sorted(unfinished.iterdir()):
            shutil.copyfile(file, folder / file.name)
    return folder


def to_onnx(network: nn.Module, target: Path, examples: Singles) -> None:
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


def check_parity(network: nn.Module, graph: Path, examples: Singles) -> None:
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


def define(model: Release, folder: Path) -> dict[str, Any]:
    """The content of model.json."""
    settings = model.preprocessing._asdict()
    grid = settings.pop("grid")._asdict()
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
        "groups": list(model.groups),
        "details": list(model.details),
        "phase": model.phase_scale and phase_to_json(model.phase_scale),
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
