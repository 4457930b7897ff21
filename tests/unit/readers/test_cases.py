"""Small files that were once read wrongly: each gives the right values or a refusal by its name.

All were made from one synthetic spectrum of an ester, whose strongest band has absorbance 0.933.
``expected.csv`` was checked by hand against what is in each file.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from irclassify.errors import IrclassifyError
from irclassify.readers import read_spectra
from irclassify.spectra.spectrum import Spectrum

FOLDER = Path(__file__).parents[2] / "cases" / "readers"
ROWS = list(csv.DictReader((FOLDER / "expected.csv").open(encoding="utf-8")))
FILES = sorted({row["file"].partition("#")[0] for row in ROWS})


def found(file: str) -> list[Spectrum | IrclassifyError]:
    try:
        return read_spectra((FOLDER / file).read_bytes(), file)
    except IrclassifyError as error:
        return [error]


@pytest.mark.parametrize("file", FILES)
def test_each_case_is_read_right_or_refused_by_name(file: str):
    expected = [row for row in ROWS if row["file"].partition("#")[0] == file]
    for row, item in zip(expected, found(file), strict=True):
        if isinstance(item, IrclassifyError):
            assert item.code == row["outcome"], item
            assert len(str(item)) < 400
            continue
        assert row["outcome"] == "ok"
        assert len(item) == int(row["n_points"])
        assert item.wavenumber[[0, -1]] == pytest.approx(
            [float(row["first_cm1"]), float(row["last_cm1"])], abs=0.01
        )
        assert item.y_unit == row["y_unit"]
        assert item.absorbance.max() == pytest.approx(float(row["highest_absorbance"]), abs=2e-4)


def test_every_case_is_in_the_table():
    there = {p.name for p in FOLDER.iterdir() if p.name != "expected.csv" and p.suffix != ".zip"}
    assert there == set(FILES)
