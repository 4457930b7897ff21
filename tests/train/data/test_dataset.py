"""Files and structures -> labelled vectors, from a folder as ``fetch`` leaves it."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from irclassify import samples
from train.__main__ import main
from train.data import dataset
from train.labels.groups import GROUPS

STRUCTURES = {
    "ethanol.jdx": "InChI=1S/C2H6O/c1-2-3/h3H,2H2,1H3",
    "aniline.jdx": "InChI=1S/C6H7N/c7-6-4-2-1-3-5-6/h1-5H,7H2",
    "nitrobenzene.jdx": "",
}


@pytest.fixture
def fetched(tmp_path: Path) -> Path:
    """A folder with spectra, a broken file and the manifest of fetch."""
    folder = tmp_path / "fetched"
    folder.mkdir()
    for file in samples.spectra():
        if file.name in STRUCTURES:
            (folder / file.name).write_bytes(file.read_bytes())
    (folder / "broken.jdx").write_text("##TITLE=Spectrum not found.\n##END=\n")
    with (folder / "manifest.csv").open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["file", "cas", "inchi", "status", "detail"])
        writer.writerows([name, "0-0-0", inchi, "ok", ""] for name, inchi in STRUCTURES.items())
    return folder


def test_a_fetched_folder_becomes_a_dataset(
    fetched: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    work = tmp_path / "work"
    monkeypatch.setitem(dataset.SETTINGS["data"], "work", str(work))
    for other in ("atr_index", "drugs", "polymers", "structures"):
        monkeypatch.setitem(dataset.SETTINGS["data"], other, str(tmp_path / "none"))
    everything = [*dataset.SETTINGS["rieger2023"]["collections"], ""]
    monkeypatch.setitem(dataset.SETTINGS["rieger2023"], "collections", everything)
    index = str(fetched / "manifest.csv")
    assert main(["dataset", "--spectra", str(fetched), "--index", index]) == 0
    data = dataset.load("rieger2023")
    assert [record.file for record in data.records] == ["aniline.jdx", "ethanol.jdx"]
    assert {GROUPS[i] for i in np.flatnonzero(data.labels[0])} == {"amine", "aromatic"}
    assert {GROUPS[i] for i in np.flatnonzero(data.labels[1])} == {"alkane", "methyl", "alcohol"}
    assert data.vectors.shape == (2, 850)
    assert all(record.in_paper and 0 <= record.fold < 5 for record in data.records)
    printed = capsys.readouterr().out
    assert "no structure known" in printed
    assert "refused by the reader: no_data" in printed
