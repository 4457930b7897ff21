"""``predict -o FILE --resume``: the finished file is that of a run without a break."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import seeds
import synthetic
from command_line import TINY, irclassify, needs_unix

COMMAND = [sys.executable, "-m", "irclassify", "predict", "-q"]


def predict(*arguments: object, model: object = TINY) -> subprocess.CompletedProcess[bytes]:
    """Run the command, reading in one process unless the arguments say otherwise."""
    workers = () if "-w" in arguments else ("-w", 1)
    return irclassify("predict", "-q", "-m", model, *workers, *arguments)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Many files, three of which cannot be read and one of which holds two spectra."""
    folder = tmp_path_factory.mktemp("many")
    kinds = (synthetic.KETONE, synthetic.ESTER, synthetic.ALCOHOL)
    for i in range(600):
        (folder / f"s{i}.jdx").write_text(synthetic.jdx(kinds[i % 3]), encoding="utf-8")
    for i in (5, 64, 599):
        (folder / f"s{i}.jdx").write_text("##TITLE=nothing\n##END=\n")
    (folder / "s130.jdx").write_bytes(seeds.link())
    return folder


@pytest.fixture(scope="module")
def whole(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What an uninterrupted run writes, by form."""
    out = tmp_path_factory.mktemp("whole")
    for form in ("jsonl", "csv", "tsv"):
        assert predict(folder, "-o", out / f"r.{form}").returncode == 1
    return {path.suffix[1:]: path.read_bytes() for path in out.iterdir()}


@pytest.mark.parametrize("form", ["jsonl", "csv", "tsv"])
@pytest.mark.parametrize("share", [0.0, 0.0001, 0.11, 0.5, 0.9999, 1.0])
def test_a_file_cut_anywhere_is_completed(
    folder: Path, whole: dict[str, bytes], tmp_path: Path, form: str, share: float
):
    out = tmp_path / f"r.{form}"
    out.write_bytes(whole[form][: int(share * len(whole[form]))])
    assert predict(folder, "-o", out, "--resume").returncode == 1
    assert out.read_bytes() == whole[form]


def test_a_file_cut_between_the_spectra_of_one_source_is_completed(
    folder: Path, whole: dict[str, bytes], tmp_path: Path
):
    out = tmp_path / "r.jsonl"
    out.write_bytes(whole["jsonl"][: whole["jsonl"].index(b"s130.jdx#2") - 3])
    assert predict(folder, "-o", out, "--resume").returncode == 1
    assert out.read_bytes() == whole["jsonl"]


def test_a_file_that_is_not_there_is_begun(folder: Path, whole: dict[str, bytes], tmp_path: Path):
    assert predict(folder, "-o", tmp_path / "new.jsonl", "--resume").returncode == 1
    assert (tmp_path / "new.jsonl").read_bytes() == whole["jsonl"]


@needs_unix
@pytest.mark.parametrize("blow", [signal.SIGINT, getattr(signal, "SIGKILL", signal.SIGTERM)])
@pytest.mark.parametrize("workers", [1, 2])
def test_a_run_that_was_stopped_is_completed(
    folder: Path, whole: dict[str, bytes], tmp_path: Path, blow: signal.Signals, workers: int
):
    out = tmp_path / "r.jsonl"
    for _ in range(2):
        size = out.stat().st_size if out.exists() else 0
        process = subprocess.Popen(
            [*COMMAND, "-m", TINY, folder, "-o", out, "-w", str(workers), "--resume"],
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
        )
        until = time.monotonic() + 60
        while (not out.exists() or out.stat().st_size < size + 9_000) and time.monotonic() < until:
            time.sleep(0.005)
        os.killpg(process.pid, blow)
        assert process.wait(timeout=60) in (130, -blow, 1)
    assert out.stat().st_size > 9_000
    assert predict(folder, "-o", out, "-w", workers, "--resume").returncode == 1
    assert out.read_bytes() == whole["jsonl"]


def refused(out: Path, *arguments: object, model: object = TINY) -> bytes:
    """What is said when it is refused, with exit code 2 and the file left as it was."""
    before = out.read_bytes()
    done = predict(*arguments, "-o", out, "--resume", model=model)
    assert done.returncode == 2
    assert out.read_bytes() == before
    assert done.stderr.count(b"\n") == 1
    return done.stderr


@pytest.fixture
def half(whole: dict[str, bytes], tmp_path: Path) -> Path:
    """The first half of the rows."""
    out = tmp_path / "half.jsonl"
    out.write_bytes(whole["jsonl"][: len(whole["jsonl"]) // 2])
    return out


def test_another_model_is_refused_by_name(folder: Path, half: Path):
    said = refused(half, folder, model="rieger2023-single")
    assert b"was made by tiny@" in said and b"not by rieger2023-single@" in said


def test_other_files_are_refused(folder: Path, half: Path):
    assert b"not among the files" in refused(half, folder / "s0.jdx", folder / "s1.jdx")


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_a_folder_that_only_grew_is_completed(tmp_path: Path, form: str):
    """New files come last; the rows that were there stay as they are, to the byte."""
    grown = tmp_path / "grown"
    grown.mkdir()
    kinds = (synthetic.KETONE, synthetic.ESTER, synthetic.ALCOHOL)
    for i in range(70):
        (grown / f"s{i}.jdx").write_text(synthetic.jdx(kinds[i % 3]), encoding="utf-8")
    out = tmp_path / f"r.{form}"
    assert predict(grown, "-o", out, "--resume").returncode == 0
    before = out.read_bytes()
    for name in ("a", "s3b", "z"):
        (grown / f"{name}.jdx").write_text(synthetic.jdx(synthetic.ESTER), encoding="utf-8")
    assert predict(grown, "-o", out, "--resume").returncode == 0
    assert out.read_bytes().startswith(before)
    added = out.read_bytes()[len(before) :].decode().splitlines()
    assert [re.search(r"grown[/\\]+(\w+)\.jdx", line)[1] for line in added] == ["a", "s3b", "z"]


def test_a_probability_that_differs_in_its_last_digit_is_no_difference(
    folder: Path, whole: dict[str, bytes], tmp_path: Path
):
    out = tmp_path / "r.jsonl"
    lines = whole["jsonl"][: len(whole["jsonl"]) // 2].splitlines()[:-1]
    row = json.loads(lines[-1])
    row["groups"][0]["probability"] += 2e-6
    out.write_bytes(b"\n".join([*lines[:-1], json.dumps(row).encode()]) + b"\n")
    assert predict(folder, "-o", out, "--resume").returncode == 1
    row["groups"][0]["probability"] += 0.01
    out.write_bytes(b"\n".join([*lines[:-1], json.dumps(row).encode()]) + b"\n")
    said = refused(out, folder)
    assert b"came out differently" in said and b"alkane probability" in said


@pytest.mark.parametrize(
    "line",
    ["null", "[]", "3", '{"file": null, "ok": true}', '{"file": "a", "ok": 1}', "[" * 100_000, "{"],
    ids=["null", "list", "number", "no file", "no ok", "deep", "cut"],
)
def test_a_line_of_other_json_is_refused_in_one_line(folder: Path, tmp_path: Path, line: str):
    out = tmp_path / "r.jsonl"
    out.write_text(line + "\n")
    assert b"not a row of results" in refused(out, folder / "s1.jdx")


@pytest.mark.parametrize("form", ["csv", "tsv"])
@pytest.mark.parametrize("header", ["null", "file,ok,x", "", "file\tok", "a,b\\", '"'])
def test_a_header_of_other_columns_is_refused_in_one_line(
    folder: Path, tmp_path: Path, header: str, form: str
):
    out = tmp_path / f"r.{form}"
    out.write_text(header + "\n")
    assert b"came out differently" in refused(out, folder / "s1.jdx")


def test_other_options_are_refused(folder: Path, half: Path):
    assert b"came out differently" in refused(half, folder, "--y-unit", "transmittance")


def test_a_model_changed_under_its_name_is_refused(
    folder: Path, whole: dict[str, bytes], tmp_path: Path
):
    """Rows without the model's name are held against what the model says now."""
    out = tmp_path / "half.csv"
    out.write_bytes(whole["csv"][: len(whole["csv"]) // 2])
    assert b"came out differently" in refused(out, folder, model="rieger2023-single")


def test_what_is_no_file_of_results_is_left_alone(folder: Path, tmp_path: Path):
    out = tmp_path / "notes.jsonl"
    out.write_text("to do: measure acetone\n")
    assert b"not a row of results" in refused(out, folder)


@pytest.mark.parametrize("form", ["json", "table"])
def test_forms_that_cannot_be_continued_are_refused(folder: Path, tmp_path: Path, form: str):
    out = tmp_path / "out"
    out.write_text("")
    assert b"jsonl, csv, tsv" in refused(out, folder, "--format", form)


def test_resume_needs_a_file(folder: Path):
    done = predict(folder, "--resume")
    assert done.returncode == 2
    assert b"-o FILE" in done.stderr
