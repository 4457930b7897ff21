"""Details stand after all other columns: whoever reads the 17 finds them where they were."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest
import synthetic
from command_line import DETAILS
from in_process import irclassify

from irclassify.model.folder import load_spec

UNIT = ("--y-unit", "absorbance")
NAMES = [detail.name for detail in load_spec(DETAILS).details]


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """An alcohol, and a file that is none."""
    (tmp_path / "a.jdx").write_text(synthetic.jdx(synthetic.ALCOHOL), encoding="utf-8")
    (tmp_path / "b.jdx").write_text("nothing", encoding="utf-8")
    return tmp_path


def test_csv_has_the_probability_of_each_detail_at_the_end(files: Path):
    done = irclassify("predict", files, "--model", DETAILS, "--format", "csv", "--quiet")
    good, bad = csv.DictReader(io.StringIO(done.stdout.decode()))
    assert list(good)[-len(NAMES) - 1 :] == ["domain_reasons", *NAMES]
    said = irclassify("predict", files / "a.jdx", "--model", DETAILS, "--format", "jsonl")
    expected = {d["name"]: d["probability"] for d in json.loads(said.stdout)["details"]}
    assert {name: float(good[name]) for name in NAMES} == expected
    assert {bad[name] for name in NAMES} == {""}


def test_parquet_has_probability_and_call_of_each_detail_at_the_end(files: Path, tmp_path: Path):
    parquet = pytest.importorskip("pyarrow.parquet")
    points = np.linspace(500, 3900, 850)
    random = np.random.default_rng(0).random((3, 850))
    np.save(files / "t.npy", random)
    np.save(tmp_path / "axis.npy", points)
    pairs = [name for detail in NAMES for name in (detail, f"{detail}_call")]
    out = tmp_path / "out.parquet"
    for words in ([files / "a.jdx"], [files / "t.npy", "--axis", tmp_path / "axis.npy", *UNIT]):
        out.unlink(missing_ok=True)
        done = irclassify("predict", *words, "--model", DETAILS, "-o", out, "--quiet")
        assert done.returncode == 0, done.stderr
        table = parquet.read_table(out)
        assert table.column_names[-len(pairs) :] == pairs
        assert table.column("thiol").null_count == 0
        calls = set(table.column("phenol_call").to_pylist())
        assert calls <= {"present", "absent", "uncertain"}
