"""ATR spectra in the dataset: folds, salts, studies of plastics and their near-duplicates."""

from __future__ import annotations

import csv
import lzma
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from train.data import atr
from train.data.index import fold_of
from train.data.records import Dataset
from train.data.split import mislabelled, training_rows
from train.labels.details import COLUMN, UNKNOWN

AXIS = np.linspace(600, 3990, 200)


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two drugs, one of them a salt, and a study of plastics; no benzene derivatives."""
    random = np.random.default_rng(0)
    drugs, polymers = tmp_path / "drugs", tmp_path / "polymers"
    drugs.mkdir()
    polymers.mkdir()
    rows = [("a.csv", "aniline", "Nc1ccccc1", ""), ("b-salt.csv", "speed", "CCCN", "HCl")]
    for name, *_ in rows:
        lines = [f"{x:.2f},{y:.4f}" for x, y in zip(AXIS, random.random(200), strict=True)]
        (drugs / name).write_text("\n".join(["wavenumber cm-1,absorbance", *lines]))
    with (drugs / "index.csv").open("w", newline="") as stream:
        csv.writer(stream).writerows([("file", "name", "smiles", "salt"), *rows])
    spectra = 50 + 40 * random.random((3, 200))
    spectra[1] = spectra[0] + 1e-4 * random.random(200)  # measured once, stored twice
    spectra[:, :20] = 0  # not measured
    order = random.permutation(200)  # the columns are in no order
    with lzma.open(polymers / "frond_2021.csv.xz", "wt") as stream:
        writer = csv.writer(stream)
        writer.writerow(["study", "id", "type", "env", "res", *AXIS[order].round(3)])
        for i, (kind, y) in enumerate(zip(("PS", "PS", "R"), spectra, strict=True)):
            writer.writerow(["F", f"s{i}", kind, "N", "L", *y[order]])
    for name, value in (("drugs", drugs), ("polymers", polymers), ("atr_index", tmp_path / "no")):
        monkeypatch.setitem(atr.SETTINGS["data"], name, str(value))
    monkeypatch.setitem(atr.SETTINGS["data"], "plastics_folds", {"frond_2021": 3})
    return tmp_path


def test_sources_become_samples(sources: Path) -> None:
    funnel: Counter[str] = Counter()
    aniline, salt, plastic = atr.samples(funnel)
    assert (aniline.record.collection, salt.record.collection) == (atr.DRUGS, atr.SALTS)
    assert aniline.record.fold == fold_of(aniline.record.molecule)
    assert salt.answers[COLUMN["ammonium"]] == 1
    assert salt.answers[COLUMN["amine"]] == UNKNOWN
    assert (plastic.record.fold, plastic.record.molecule) == (3, "frond_2021")
    assert plastic.spectrum.wavenumber[0] > AXIS[19]  # the end filled with zeros is cut
    assert funnel["  frond_2021: near-duplicates"] == 1
    assert funnel["  frond_2021: mixtures and other kinds"] == 1


def test_a_molecule_of_nist_keeps_its_fold() -> None:
    with (Path(atr.__file__).parent / "folds.csv").open(newline="") as stream:
        known = {row["molecule"]: int(row["fold"]) for row in csv.DictReader(stream)}
    some = list(known)[::500]
    assert [fold_of(molecule) for molecule in some] == [known[molecule] for molecule in some]
    assert fold_of("NEVERSEENXXXXX") == fold_of("NEVERSEENXXXXX")


def test_spectra_that_look_like_another_molecule_train_nothing(sources: Path) -> None:
    samples = list(atr.samples(Counter()))
    files = [mislabelled()[0], "b.jdx", "c.jdx"]
    records = [replace(s.record, file=f) for s, f in zip(samples, files, strict=True)]
    data = Dataset(records, np.stack([s.answers for s in samples]), np.zeros((3, 850), np.float32))
    assert training_rows(data, "all").tolist() == [False, True, True]
