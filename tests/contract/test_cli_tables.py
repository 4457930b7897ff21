"""``predict`` of tables and maps: files written, exit codes, messages."""

from __future__ import annotations

import csv
import json
import subprocess
from pathlib import Path

import numpy as np
import pytest
import synthetic
from command_line import TINY, tiny
from command_line import irclassify as run_command

import irclassify

X = np.arange(600.0, 3801.0, 4.0)


def spectra(count: int) -> np.ndarray:
    bands = (synthetic.KETONE, synthetic.ESTER, synthetic.ALCOHOL)
    rows = [synthetic.spectrum(bands[i % 3]).absorbance[::2] * (1 + i) for i in range(count)]
    return np.array(rows, np.float32)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Nine spectra, the fifth with a hole and the sixth flat."""
    y = spectra(9)
    y[4, 100] = np.nan
    y[5] = 1.0
    np.save(tmp_path / "t.npy", y)
    np.save(tmp_path / "t.axis.npy", X)
    return tmp_path / "t.npy"


def predict(*arguments: object) -> subprocess.CompletedProcess[str]:
    done = tiny("predict", *arguments)
    texts = [stream.decode() for stream in (done.stdout, done.stderr)]
    return subprocess.CompletedProcess(arguments, done.returncode, *texts)


def test_a_table_is_rows_like_files(table: Path):
    done = predict(table, "--format", "jsonl")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 1
    assert [row["file"] for row in rows] == [f"{table}#{i}" for i in range(1, 10)]
    assert [row["ok"] for row in rows] == [True] * 4 + [False] * 2 + [True] * 3
    assert [rows[i]["error"]["code"] for i in (4, 5)] == ["malformed", "unfit"]
    said = {g["name"]: g["probability"] for g in rows[0]["groups"]}
    found = irclassify.load(str(TINY)).predict(X, spectra(1))
    expected = dict(zip(found.groups, found.probabilities[0], strict=True))
    assert said == pytest.approx(expected, abs=1e-6)
    assert "7 spectra classified, 2 failed" in done.stderr


@pytest.mark.parametrize("name", ["out.parquet", "out.arrow"])
def test_answers_as_arrow(table: Path, name: str):
    pytest.importorskip("pyarrow", reason="needs irclassify[parquet]")
    from pyarrow import feather, parquet

    file = table.with_name(name)
    done = predict(table, "-o", file, "--contributions", "100")
    assert (done.returncode, done.stdout) == (1, "")
    read = parquet.read_table if name.endswith("parquet") else feather.read_table
    rows = read(file)
    about = json.loads(rows.schema.metadata[b"irclassify"])
    assert about["model"] == "tiny@1.0.0"
    assert rows["row"].to_pylist() == list(range(1, 10))
    assert rows["error"].to_pylist() == [None] * 4 + ["malformed", "unfit"] + [None] * 3
    ester = rows["ester"].to_pylist()
    assert ester[4] is None and rows["ester_call"].to_pylist()[4] is None
    assert set(rows["ester_call"].to_pylist()) <= {"present", "absent", "uncertain", None}
    which = about["groups"].index("ester")
    logit = about["bias"][which] + sum(rows["ester_contributions"].to_pylist()[1])
    assert 1 / (1 + np.exp(-logit)) == pytest.approx(ester[1], abs=1e-5)
    assert len(about["regions_cm1"]) == len(rows["ester_contributions"].to_pylist()[1])


def test_answers_as_arrays(table: Path):
    file = table.with_name("out.npy")
    assert predict(table, "-o", file, "--contributions", "0").returncode == 1
    found = irclassify.load(str(TINY)).predict(X, np.load(table))
    assert np.load(file) == pytest.approx(found.probabilities.astype(np.float32), nan_ok=True)
    assert (np.load(table.with_name("out.calls.npy")) == found.calls).all()
    about = np.load(table.with_name("out.about.npz"))
    assert about["groups"].tolist() == list(found.groups)
    parts = np.load(table.with_name("out.contributions.npy"))
    logits = about["bias"] + parts.sum(axis=2)
    assert logits == pytest.approx(found.logits, abs=1e-4, nan_ok=True)


def test_a_map_has_lines_samples_and_pictures(tmp_path: Path):
    np.save(tmp_path / "m.npy", spectra(6).reshape(2, 3, -1))
    done = predict(
        tmp_path / "m.npy", "--axis", "600:3800", "-o", tmp_path / "o.npy", "--png", tmp_path / "p"
    )
    assert done.returncode == 0
    assert np.load(tmp_path / "o.npy").shape == (2, 3, 17)
    pictures = sorted(file.stem for file in (tmp_path / "p").iterdir())
    assert pictures == sorted(irclassify.load(str(TINY)).groups)
    assert all(file.read_bytes().startswith(b"\x89PNG") for file in (tmp_path / "p").iterdir())


def test_files_are_written_as_parquet_too(mixed: Path, tmp_path: Path):
    parquet = pytest.importorskip("pyarrow.parquet", reason="needs irclassify[parquet]")
    file = tmp_path / "out.parquet"
    assert predict(mixed, "-o", file).returncode == 1
    rows = parquet.read_table(file)
    lines = predict(mixed, "--format", "jsonl").stdout.splitlines()
    for row, line in zip(rows.to_pylist(), lines, strict=True):
        said = json.loads(line)
        assert row["file"] == said["file"]
        assert row["error"] == (None if said["ok"] else said["error"]["code"])
        if said["ok"]:
            expected = {g["name"]: g["probability"] for g in said["groups"]}
            assert {name: row[name] for name in expected} == pytest.approx(expected, abs=1e-6)


def test_files_and_tables_may_be_mixed_in_any_order(table: Path, monkeypatch):
    monkeypatch.chdir(table.parent)
    for name in ("a.jdx", "b.jdx"):
        Path(name).write_text(synthetic.jdx(synthetic.KETONE))
    Path("bad.npy").write_bytes(b"nothing")
    words = ["a.jdx", "t.npy", "bad.npy", "b.jdx"]
    done = predict(*words, "--format", "jsonl")
    assert done.returncode == 1
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    numbered = [f"t.npy#{i}" for i in range(1, 10)]
    assert [row["file"] for row in rows] == ["a.jdx", *numbered, "bad.npy", "b.jdx"]
    assert [row["ok"] for row in rows if "#" not in row["file"]] == [True, False, True]
    pytest.importorskip("pyarrow", reason="needs irclassify[parquet]")
    from pyarrow import parquet

    assert predict(*words, "-o", "r.parquet").returncode == 1
    files = parquet.read_table("r.parquet")["file"].to_pylist()
    assert files == ["a.jdx", *["t.npy"] * 9, "bad.npy", "b.jdx"]


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (["nofile.npy"], "no such file"),
        (["one.jdx", "--axis", "400:4000"], "--axis"),
        (["t.npy", "--contributions", "50"], "--contributions"),
        (["t.npy", "-o", "out.docx"], "--format"),
        (["t.npy", "-o", "t.npy"], "one of the files to read"),
        (["t.npy", "t.npy", "-o", "out.npy"], "one by one"),
        (["t.npy", "--png", "folder"], "not a map"),
        (["bare.npy"], "--axis"),
        (["two.npz"], "--dataset"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(table: Path, monkeypatch, arguments, names: str):
    monkeypatch.chdir(table.parent)
    Path("one.jdx").write_text(synthetic.jdx(synthetic.KETONE))
    np.save("bare.npy", spectra(3))
    np.savez("two.npz", first=spectra(3), second=spectra(3), wavenumber_cm1=X)
    before = table.read_bytes()
    done = predict(*arguments)
    assert done.returncode in (1, 2)
    assert names in done.stderr + done.stdout
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) <= 2
    assert table.read_bytes() == before


WIDE = "sample;batch;" + ";".join(f"{x:g}" for x in X)


@pytest.fixture
def wide(tmp_path: Path) -> Path:
    """A folder: a wide table with two label columns, an array with its axis, a map, three files."""
    folder = tmp_path / "all"
    folder.mkdir()
    rows = [f"=A{i};b{i};" + ";".join(f"{v:.5f}" for v in row) for i, row in enumerate(spectra(3))]
    (folder / "wide.csv").write_text("\n".join([WIDE, *rows]) + "\n")
    np.save(folder / "a.npy", spectra(2))
    np.save(folder / "a.axis.npy", X)
    lines = ["ENVI", "lines = 1", "samples = 2", f"bands = {X.size}", "data type = 4"]
    lines += ["interleave = bip", f"wavelength = {{{', '.join(f'{x:g}' for x in X)}}}"]
    (folder / "map.hdr").write_text("\n".join(lines))
    spectra(2).tofile(folder / "map.dat")
    for name in ("one.jdx", "S.0", "S.1"):
        (folder / name).write_text(synthetic.jdx(synthetic.KETONE))
    return folder


NAMES = ["a.npy#1", "a.npy#2", "map.hdr#1", "map.hdr#2", "one.jdx", "S.0", "S.1"]
NAMES += ["wide.csv#1", "wide.csv#2", "wide.csv#3"]


def test_every_command_reads_what_predict_reads(wide: Path):
    done = predict(wide, "--format", "jsonl")
    assert done.returncode == 0, done.stdout
    files = [json.loads(line)["file"] for line in done.stdout.splitlines()]
    assert files == [str(wide / name) for name in NAMES]
    inspected = run_command("inspect", wide)
    assert [json.loads(line)["file"] for line in inspected.stdout.splitlines()] == files
    target = wide.parent / "c"
    assert run_command("convert", wide, "--to", "csv", "--folder", target).returncode == 0
    written = sorted(path.name for path in target.iterdir())
    assert len(written) == len(NAMES)
    assert {"S.0.csv", "S.1.csv", "wide_2.csv"} <= set(written)
    page = wide.parent / "r.html"
    done = tiny("report", wide, "-o", page)
    assert (done.returncode, b"10 spectra classified, 0 failed" in done.stderr) == (0, True)


def test_a_row_of_a_table_is_explained_as_predict_answers(wide: Path):
    path = wide / "wide.csv"
    explained = json.loads(tiny("explain", path, "--block", 2).stdout)
    assert explained["file"] == f"{path}#2"
    row = json.loads(predict(path, "--format", "jsonl").stdout.splitlines()[1])
    for ours, theirs in zip(explained["groups"], row["groups"], strict=True):
        assert ours["probability"] == pytest.approx(theirs["probability"], abs=1e-4)
    done = tiny("explain", path)
    assert (done.returncode, b"--block N" in done.stderr) == (2, True)
    done = tiny("explain", path, "--block", 4)
    assert (done.returncode, b"3 spectra" in done.stderr) == (1, True)


def test_label_columns_come_back(wide: Path):
    done = predict(wide, "--format", "csv")
    rows = list(csv.DictReader(done.stdout.splitlines()))
    assert [row["label_sample"] for row in rows] == [""] * 7 + ["'=A0", "'=A1", "'=A2"]
    assert [row["label_batch"] for row in rows[-3:]] == ["b0", "b1", "b2"]
    assert ",label_" not in predict(wide, "-f", "csv", "--no-label-columns").stdout
    pytest.importorskip("pyarrow", reason="needs irclassify[parquet]")
    from pyarrow import parquet

    file = wide.parent / "r.parquet"
    assert predict(wide, "-o", file).returncode == 0
    words = parquet.read_table(file)["label_sample"].to_pylist()
    assert words == [None] * 7 + ["=A0", "=A1", "=A2"]


def test_a_table_that_needs_an_option_leaves_the_output_as_it_was(table: Path):
    np.save(table.with_name("bare.npy"), spectra(3))
    out = table.with_name("r.csv")
    out.write_text("file,ok,before\n")
    done = predict(table.with_name("bare.npy"), "-o", out)
    assert (done.returncode, "--axis" in done.stderr) == (2, True)
    assert out.read_text() == "file,ok,before\n"


def test_a_number_sign_in_the_name_of_a_file_stays(wide: Path):
    (wide / "wide.csv").rename(wide / "a#b.csv")
    target = wide.parent / "signs"
    assert run_command("convert", wide, "--to", "csv", "--folder", target).returncode == 0
    assert {"a#b_1.csv", "a#b_2.csv", "a#b_3.csv"} <= {path.name for path in target.iterdir()}
