"""inspect and convert as others use them: keys, streams, exit codes."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
import seeds
import synthetic
from command_line import irclassify, needs_unix

KEYS = [
    "file",
    "ok",
    "format",
    "title",
    "state",
    "n_points",
    "first_cm1",
    "last_cm1",
    "x_unit",
    "y_unit",
]
KEYS += ["spacing_cm1", "max_absorbance", "grade", "warnings"]


def test_inspect_jsonl_of_a_mixed_folder(mixed: Path):
    done = irclassify("inspect", mixed, "--format", "jsonl")
    assert done.returncode == 1
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(rows) == 7
    good = [row for row in rows if row["ok"]]
    assert [list(row) for row in good] == [KEYS] * 4
    assert good[0]["n_points"] == 1601
    assert (good[0]["first_cm1"], good[0]["last_cm1"]) == (600.0, 3800.0)
    codes = [row["error"]["code"] for row in rows if not row["ok"]]
    assert codes == ["malformed", "no_data", "unknown_format"]
    assert not done.stderr


def test_inspect_writes_jsonl_into_a_pipe_and_a_file(tmp_path: Path):
    path = tmp_path / "x.spa"
    path.write_bytes(seeds.omnic())
    piped = irclassify("inspect", path)
    kept = irclassify("inspect", path, "-o", tmp_path / "out.jsonl")
    assert (piped.returncode, kept.returncode, kept.stdout) == (0, 0, b"")
    assert json.loads(piped.stdout) == json.loads((tmp_path / "out.jsonl").read_text())
    assert json.loads(piped.stdout)["format"] == "Thermo OMNIC"


def test_inspect_shows_people_facts_and_a_plot(tmp_path: Path):
    path = tmp_path / "[bold]x.jdx"
    path.write_text(synthetic.jdx(synthetic.ESTER, title="an \x1b[31mester"), encoding="utf-8")
    done = irclassify("inspect", path, "--format", "table")
    text = done.stdout.decode()
    assert done.returncode == 0
    assert "[bold]x.jdx" in text
    assert "\x1b" not in text
    for fact in (
        "JCAMP-DX",
        "absorbance against cm-1",
        "1,601 points",
        "data quality: good",
        "█",
        "600 cm-1",
    ):
        assert fact in text


def test_inspect_reads_archives_blocks_and_standard_input(tmp_path: Path):
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("in/l.jdx", seeds.link())
    rows = [json.loads(line) for line in irclassify("inspect", archive).stdout.splitlines()]
    assert [row["file"][-10:] for row in rows] == ["in/l.jdx#1", "in/l.jdx#2"]
    done = irclassify("inspect", archive, "--block", 2)
    assert json.loads(done.stdout)["file"].endswith("l.jdx#2")
    assert json.loads(irclassify("inspect", "-", stdin=seeds.csv()).stdout)["format"] == "text"


def test_units_the_user_states(tmp_path: Path):
    path = tmp_path / "x.csv"
    path.write_bytes(seeds.csv().replace(b"absorbance", b"intensity"))
    refused = irclassify("inspect", path)
    assert refused.returncode == 1
    assert "--y-unit" in json.loads(refused.stdout)["error"]["message"]
    assert irclassify("inspect", path, "--y-unit", "absorbance").returncode == 0
    assert irclassify("inspect", path, "--y-unit", "bananas").returncode == 2


@pytest.mark.parametrize("target", ["csv", "jdx"])
@pytest.mark.parametrize("name", ["film.0", "one.spa", "float.spc", "one.sp", "difdup.jdx"])
def test_convert_to_stdout_reads_back(tmp_path: Path, name: str, target: str):
    path = tmp_path / name
    path.write_bytes(seeds.SEEDS[name])
    done = irclassify("convert", path, "--to", target)
    assert (done.returncode, done.stderr) == (0, b"")
    again = irclassify("convert", "-", "--to", target, stdin=done.stdout)
    if target == "csv":
        assert again.stdout == done.stdout
    before = json.loads(irclassify("inspect", path).stdout)
    after = json.loads(irclassify("inspect", "-", stdin=done.stdout).stdout)
    for key in ("n_points", "first_cm1", "last_cm1", "max_absorbance"):
        assert before[key] == after[key]


def test_convert_many_into_a_folder(tmp_path: Path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    (tmp_path / "a" / "x.spg").write_bytes(seeds.omnic(2))
    (tmp_path / "b" / "x.spa").write_bytes(seeds.omnic())
    (tmp_path / "b" / "x.csv").write_bytes(seeds.csv())
    (tmp_path / "b" / "bad.jdx").write_bytes(b"")
    out = tmp_path / "out"
    done = irclassify("convert", tmp_path / "a", tmp_path / "b", "--to", "csv", "--folder", out)
    assert done.returncode == 1
    assert b"bad.jdx" in done.stderr
    assert sorted(p.name for p in out.iterdir()) == ["x-2.csv", "x.csv", "x_1.csv", "x_2.csv"]


def test_several_spectra_without_a_folder_are_wrong_usage(tmp_path: Path):
    path = tmp_path / "l.jdx"
    path.write_bytes(seeds.link())
    done = irclassify("convert", path, "--to", "csv")
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"--folder" in done.stderr
    assert irclassify("convert", path, "--to", "csv", "--block", 2).returncode == 0


def test_convert_of_what_cannot_be_read_is_1(tmp_path: Path):
    path = tmp_path / "x.jdx"
    path.write_bytes(b"##TITLE=x\n##END=\n")
    done = irclassify("convert", path, "--to", "jdx", "-o", tmp_path / "out.jdx")
    assert done.returncode == 1
    assert not (tmp_path / "out.jdx").exists()
    assert b"without data" in done.stderr


def test_convert_into_a_folder_keeps_what_is_there(tmp_path: Path):
    path = tmp_path / "x.jdx"
    path.write_text(synthetic.jdx(synthetic.ESTER))
    before = path.read_bytes()
    done = irclassify("convert", path, "--to", "jdx", "--folder", tmp_path)
    assert (done.returncode, path.read_bytes()) == (1, before)
    assert b"exists already" in done.stderr
    for _ in range(2):  # the same again is no conflict
        done = irclassify("convert", path, "--to", "csv", "--folder", tmp_path)
        assert (done.returncode, done.stderr) == (0, b"")


def test_convert_does_not_read_what_it_writes(tmp_path: Path):
    (tmp_path / "x.spa").write_bytes(seeds.omnic())
    out = tmp_path / "y"
    assert irclassify("convert", tmp_path, "--to", "csv", "--folder", out).returncode == 0
    assert [path.name for path in out.iterdir()] == ["x.csv"]


def test_nothing_in_a_converted_file_steers_a_terminal(tmp_path: Path):
    path = tmp_path / "e.jdx"
    text = synthetic.jdx(synthetic.ESTER).splitlines()
    path.write_text("\n".join(["##TITLE=a\x1b[2J\u202eb\x9b", *text[1:]]), encoding="utf-8")
    for command in (["convert", path, "--to", "jdx"], ["inspect", path]):
        done = irclassify(*command)
        assert done.returncode == 0
        shown = done.stdout.decode()
        assert not set(shown) & {"\x1b", "\u202e", "\x9b"}
        assert "202e" in shown


@needs_unix
def test_converted_files_have_names_that_every_system_takes(tmp_path):
    for name in ("a/S.jdx", "b/s.jdx", "a/CON.jdx", "a/x:y.jdx", "a/dots. .jdx"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(synthetic.jdx(synthetic.ESTER), encoding="utf-8")
    made = tmp_path / "made"
    found = irclassify("convert", tmp_path / "a", tmp_path / "b", "--to", "csv", "--folder", made)
    assert found.returncode == 0, found.stderr
    names = sorted(path.name for path in made.iterdir())
    assert names == ["S.csv", "_CON.csv", "dots.csv", "s-2.csv", "x_y.csv"]
