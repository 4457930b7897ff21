"""Stored held-out logits are used with the data they belong to, and with no other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from train.data.records import Dataset, Record
from train.fit import out_of_fold
from train.labels.groups import GROUPS
from train.settings import SETTINGS, TrainingError, evaluation_folder

COUNT = 200


@pytest.fixture
def data() -> Dataset:
    random = np.random.default_rng(0)
    records = [Record(f"{i}.jdx", f"M{i}", "C", i % 5, "", "gas") for i in range(COUNT)]
    answers = random.random((COUNT, len(GROUPS))) < 0.3
    return Dataset(records, answers, random.random((COUNT, 850)).astype(np.float32))


@pytest.fixture
def stored(data: Dataset, tmp_path, monkeypatch) -> Dataset:
    """The data, with logits stored for them."""
    monkeypatch.setitem(SETTINGS["data"], "exported", str(tmp_path))
    monkeypatch.setattr(out_of_fold, "load", lambda _: data)
    logits = np.arange(COUNT * len(GROUPS), dtype=np.float32).reshape(COUNT, -1) / 100
    monkeypatch.setattr(out_of_fold, "predicted", lambda *_: logits)
    out_of_fold.store("rieger2023")
    return data


def test_stored_logits_come_back_in_half_precision(stored: Dataset, capsys) -> None:
    found = out_of_fold.held_out("rieger2023", stored)
    expected = np.arange(COUNT * len(GROUPS)).reshape(COUNT, -1) / 100
    np.testing.assert_allclose(found, expected, rtol=1e-3)
    assert not capsys.readouterr().err


def test_logits_of_other_answers_are_refused(stored: Dataset) -> None:
    with pytest.raises(TrainingError, match="--force"):
        out_of_fold.held_out("rieger2023", replace(stored, answers=~stored.answers))


def test_one_spectrum_read_differently_is_said(stored: Dataset, capsys) -> None:
    vectors = stored.vectors.copy()
    vectors[7] = vectors[7, ::-1] ** 2
    out_of_fold.held_out("rieger2023", replace(stored, vectors=vectors))
    assert f"1 of {COUNT} spectra are read differently" in capsys.readouterr().err


def test_many_spectra_read_differently_are_refused(stored: Dataset) -> None:
    with pytest.raises(TrainingError, match="read differently"):
        out_of_fold.held_out("rieger2023", replace(stored, vectors=stored.vectors**2))


def test_missing_logits_name_the_command_that_stores_them(data: Dataset, monkeypatch, tmp_path):
    monkeypatch.setitem(SETTINGS["data"], "exported", str(tmp_path))
    assert not evaluation_folder("default").exists()
    with pytest.raises(TrainingError, match="python -m train fit --model default"):
        out_of_fold.held_out("default", data)
