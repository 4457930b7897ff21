"""A seconds-long fit of each network: the loss falls, a checkpoint comes back as it was."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from train.data.records import Dataset, Record
from train.data.split import random_split, training_rows
from train.fit import distilled, early_stopping
from train.fit.disturb import Disturbances
from train.fit.lessons import Pool, Structures
from train.labels.details import ANSWERED, OUTPUTS, PHASES, UNKNOWN
from train.networks.checkpoint import DataChangedError, check_data, logits_of, restore, save
from train.networks.rieger2023 import Rieger2023
from train.settings import SETTINGS


@pytest.fixture
def data() -> Dataset:
    """160 spectra of noise; a band at one of 17 places for each group."""
    random = np.random.default_rng(0)
    labels = random.random((160, 17)) < 0.3
    vectors = 0.05 * random.random((160, 850))
    for group in range(17):
        vectors[labels[:, group], 40 * group + 60 : 40 * group + 64] += 1
    vectors /= vectors.max(1, keepdims=True)
    records = [Record(f"{i}.jdx", str(i), "C", i % 5, "", "gas", in_paper=True) for i in range(160)]
    return Dataset(records, labels, vectors.astype(np.float32))


def test_the_papers_network_learns(data: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SETTINGS["rieger2023"], "max_epochs", 2)
    _, epochs, short = early_stopping.fit(data, random_split(160, 0), seed=0)
    monkeypatch.setitem(SETTINGS["rieger2023"], "max_epochs", 12)
    _, _, longer = early_stopping.fit(data, random_split(160, 0), seed=0)
    assert epochs == 2
    assert longer < short


TINY = {"first": 8, "width": 8, "channels": 4, "residuals": 0, "dropout": 0.1}
SHORT = {"epochs": 4, "weight_decay_head": 0.1, "batch": 16, "imitated": 0.5, "seed": 1}


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two small teachers of both kinds and a small student, for seconds."""
    own = distilled.OWN
    teachers = [
        {"network": "pair", "shape": TINY | {"factors": 4, "pooled": 4}, **SHORT},
        {"network": "dense", "shape": TINY | {"hidden": 8}, **SHORT, "substructures": 0.0},
    ]
    student = own["student"] | {"spectra": 1024, "shown": 6000, "batch": 16}
    monkeypatch.setitem(own, "teachers", teachers)
    monkeypatch.setitem(own, "network", TINY | {"factors": 4})
    monkeypatch.setitem(own, "student", student)
    monkeypatch.setitem(own, "lessons", own["lessons"] | {"copies": 1})


def with_everything(data: Dataset) -> Dataset:
    """The same with phases, molecules, and answers of which some are not known."""
    random = np.random.default_rng(1)
    answers = np.zeros((len(data.records), len(ANSWERED)), np.int8)
    answers[:, :17] = data.labels
    answers[random.random(answers.shape) < 0.05] = UNKNOWN
    records = [
        replace(record, phase=PHASES[i % 3], smiles="CCO" if i % 2 else "CCN")
        for i, record in enumerate(data.records)
    ]
    return Dataset(records, answers, data.vectors)


def test_a_student_learns_from_teachers(data: Dataset, short: None) -> None:
    everything = with_everything(data)
    network, note = distilled.fit(everything, "fold2", 0)
    logits = logits_of(network, everything.vectors)
    assert logits.shape == (160, len(OUTPUTS))
    assert logits[:, :17][data.labels].mean() - logits[:, :17][~data.labels].mean() > 0.3
    assert "2 teachers" in note


def test_neither_teachers_nor_student_are_shown_the_fold(data: Dataset) -> None:
    everything = with_everything(data)
    pool = Pool(everything, torch.device("cpu"), copies=2)
    weights = pool.weights("fold2", distilled.OWN["shares"])
    rows = pool.order(weights, 2000, 0, 0.5)
    assert (everything.column("fold")[pool.row[rows].numpy()] != 2).all()
    assert (rows >= len(everything.records)).any()  # some as ATR
    copied = pool.row[len(everything.records) :].numpy()
    assert (everything.column("phase")[copied] == "condensed").all()


def test_what_is_not_known_teaches_nothing(data: Dataset) -> None:
    everything = with_everything(data)
    pool = Pool(everything, torch.device("cpu"), copies=0)
    nothing = dict.fromkeys(distilled.OWN["disturbances"], 0.0)
    rows = torch.arange(64)[None]
    lessons = Structures(pool, rows, Disturbances(**nothing), distilled.OWN["lessons"])
    lesson = lessons.lesson(torch.zeros(1, dtype=torch.long))
    logits = torch.zeros(64, lessons.outputs, requires_grad=True)
    lesson.judge(logits, slice(0, 64))[0].backward()
    unknown = torch.from_numpy(everything.answers[:64] == UNKNOWN)
    assert unknown.any()
    assert not logits.grad[:, : len(ANSWERED)][unknown].any()
    assert logits.grad[:, : len(ANSWERED)][~unknown].all()


def test_training_rows_leave_out_the_fold_and_the_doubtful(data: Dataset) -> None:
    chosen = training_rows(data, "fold2")
    assert (data.column("fold")[chosen] != 2).all()
    assert chosen.sum() == 128
    assert training_rows(data, "all").all()


def test_a_checkpoint_comes_back_as_it_was(tmp_path: Path) -> None:
    torch.manual_seed(3)
    network = Rieger2023().eval()
    save(network, tmp_path / "n.npz")
    vectors = np.random.default_rng(1).random((4, 850), dtype=np.float32)
    again = restore(Rieger2023(), tmp_path / "n.npz")
    assert (logits_of(network, vectors) == logits_of(again, vectors)).all()
    assert [file.name for file in tmp_path.iterdir()] == ["n.npz"]


def test_changed_data_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SETTINGS["data"], "fitted", str(tmp_path))
    check_data("rieger2023", "abc", first=True)
    check_data("rieger2023", "abc")
    with pytest.raises(DataChangedError, match="--force"):
        check_data("rieger2023", "abd")
