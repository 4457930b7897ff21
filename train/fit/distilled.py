"""The default model: teachers learn from structures, and one student learns from the teachers.

For every kind the teachers and their student see the same spectra: those outside the fold. The
student of a kind is what is tested on its fold, so held-out logits are those of the shipped recipe.
Teachers differ in network, regularisation and seed (``[default.teachers]`` of config.toml); some
are not additive. They are not kept.
"""

from __future__ import annotations

import time
from typing import Any

import torch
from torch import nn

from train.data.records import Dataset
from train.data.split import FOLDS
from train.fit.disturb import Disturbances
from train.fit.lessons import Pool, Structures, Teaching, taught
from train.fit.side_by_side import STEPS, Fit, train_side_by_side
from train.labels.details import OUTPUTS
from train.networks.pair import DenseNetwork, PairNetwork
from train.settings import SETTINGS

OWN: dict[str, Any] = SETTINGS["default"]
NETWORKS: dict[str, Any] = {"pair": PairNetwork, "dense": DenseNetwork}
CHUNK = 4096  # spectra that the teachers are asked about at a time


def new_student() -> PairNetwork:
    """An unfitted network of the shape that is shipped."""
    return PairNetwork(len(OUTPUTS), **OWN["network"])


def fit(data: Dataset, kind: str, seed: int, device: str = "cpu") -> tuple[PairNetwork, str]:
    """The student of a kind, and a line about its fit."""
    pool = _pool(data, device)
    started = time.monotonic()
    fits = [_teacher(pool, kind, teacher, seed) for teacher in OWN["teachers"]]
    losses = [fit.loss for fit in fits]
    teachers = train_side_by_side(fits)
    taught_s = time.monotonic() - started
    student = _student(pool, kind, teachers, seed)
    (network,) = train_side_by_side([student])
    note = ", ".join(f"{float(loss):.4f}" for loss in losses)
    return network.cpu(), (
        f"{len(fits)} teachers in {taught_s:.0f} s, last losses {note}; "
        f"their student's {float(student.loss):.4f}"
    )


_POOLS: dict[tuple[str, str], Pool] = {}


def _pool(data: Dataset, device: str) -> Pool:
    """The pool of these data, which all kinds share."""
    key = data.fingerprint, device
    if key not in _POOLS:
        _POOLS.clear()
        _POOLS[key] = Pool(data, torch.device(device), OWN["lessons"]["copies"])
    return _POOLS[key]


def _teacher(pool: Pool, kind: str, changes: dict[str, Any], seed: int) -> Fit:
    """A teacher of ``[default.teachers]``; what it does not say is in ``[default.lessons]``."""
    said = {**OWN["lessons"], **changes}
    number = seed + said["seed"]
    torch.manual_seed(number * 1000 + _fold(kind) + 7)
    own = {"imitated": said["imitated"], **said.get("disturbances", {})}
    disturbances = Disturbances(**OWN["disturbances"] | own)
    weights = pool.weights(kind, OWN["shares"] | said.get("shares", {}))
    epoch = max(int(weights.sum()) // said["batch"], 1)
    launches = max(said["epochs"] * epoch // STEPS, 2)
    count = launches * STEPS * said["batch"]
    rows = pool.order(weights, count, number * 100 + _fold(kind) + 1, said["imitated"])
    lessons = Structures(pool, rows.reshape(launches, -1), disturbances, said)
    network = NETWORKS[said["network"]](lessons.outputs, **said["shape"])
    return Fit(network, lessons, said)


def _student(pool: Pool, kind: str, teachers: list[nn.Module], seed: int) -> Fit:
    said = OWN["student"]
    disturbances = Disturbances(**OWN["disturbances"] | {"imitated": said["imitated"]})
    weights = pool.weights(kind, OWN["shares"])
    size = min(CHUNK, said["spectra"])
    torch.manual_seed(seed + said["seed"])
    rows = pool.order(weights, said["spectra"] // size * size, seed + 5, said["imitated"])
    spectra, logits = taught(pool, rows.reshape(-1, size), teachers, disturbances, said["mixtures"])
    launches = max(said["shown"] // (said["batch"] * STEPS), 2)
    generator = torch.Generator().manual_seed(seed + said["seed"])
    need = launches * STEPS * said["batch"]
    times = -(-need // len(spectra))
    shown = [torch.randperm(len(spectra), generator=generator) for _ in range(times)]
    order = torch.cat(shown)[:need].reshape(launches, -1).to(pool.device)
    lessons = Teaching(spectra, logits, order, said)
    return Fit(new_student(), lessons, said)


def _fold(kind: str) -> int:
    return FOLDS.index(kind) if kind in FOLDS else -1
