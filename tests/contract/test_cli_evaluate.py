"""``irclassify evaluate`` as others use it: its JSON, its exit codes, and what it will not do."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
import zipfile
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import synthetic
from command_line import (
    COMMAND,
    ENVIRONMENT,
    GROUPS,
    TINY,
    hear_ctrl_c,
    imported_by,
    irclassify,
    many,
    needs_unix,
    tiny,
)

from irclassify.evaluation.metrics import group_scores, molecular_f1, molecular_perfection

needs_rdkit = pytest.mark.skipif(not find_spec("rdkit"), reason="needs rdkit (the extra smiles)")
LABELS = {
    "g1.jdx": "methyl;ketone",
    "g2.jdx": "methyl;ester;ether;nitro",
    "g10.jdx": "alcohol",
    "inner [bold]x.jdx": "ketone;nitrile",
}


def table(path: Path, labels: dict[str, str], column: str = "groups") -> Path:
    """A labels file."""
    with path.open("w", newline="") as stream:
        csv.writer(stream).writerows([["file", column], *labels.items()])
    return path


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    """What is known of the good files of ``mixed``."""
    return table(tmp_path / "labels.csv", LABELS)


def evaluation(*arguments: object) -> dict:
    """The parsed JSON of a run that judged something."""
    done = tiny("evaluate", *arguments, "--format", "json")
    assert b"Traceback" not in done.stderr
    return json.loads(done.stdout)


def test_json_keys(mixed: Path, labels: Path):
    found = evaluation(mixed, "--labels", labels)
    assert list(found) == [
        *("model", "error_rate", "spectra", "molecular_perfection", "molecular_f1", "macro_f1"),
        *("missed", "false_alarms", "decided", "over_error_rate", "groups", "calibration"),
        *("confusion", "domain"),
        *("files", "failed", "missing", "unlabelled", "notes"),
    ]
    assert found["model"] == "tiny@1.0.0"
    assert found["error_rate"] == 0.05
    assert [group["name"] for group in found["groups"]] == GROUPS
    assert list(found["groups"][0]) == [
        *("name", "n", "positives", "few", "precision", "recall", "f1", "auc", "brier", "ece"),
        *("missed", "false_alarms", "decided"),
    ]
    assert list(found["calibration"]) == ["n", "brier", "ece", "ece_by_chance", "bins"]
    assert {tuple(row) for row in found["confusion"]} == {("group", "total", "missed", "instead")}
    assert {tuple(row) for row in found["files"]} == {
        ("file", "loss", "perfect", "domain", "mistakes")
    }
    (missing_nitro,) = (
        m
        for row in found["files"]
        if row["file"].endswith("g2.jdx")
        for m in row["mistakes"]
        if m["group"] == "nitro"
    )
    assert list(missing_nitro) == ["group", "present", "probability", "call"]
    assert missing_nitro["present"] is True


def test_the_measures_are_those_of_predicts_answers(mixed: Path, labels: Path):
    """What ``evaluate`` says can be computed from what ``predict`` prints."""
    lines = tiny("predict", mixed, "-f", "jsonl").stdout.splitlines()
    rows = [row for row in map(json.loads, lines) if row["ok"]]
    truth = np.array([[g in LABELS[Path(r["file"]).name].split(";") for g in GROUPS] for r in rows])
    probability = np.array([[g["probability"] for g in row["groups"]] for row in rows])
    guess = np.array([[g["best_guess"] == "present" for g in row["groups"]] for row in rows])
    found = evaluation(mixed, "-l", labels)
    assert found["molecular_perfection"]["value"] == molecular_perfection(truth, guess)
    assert found["molecular_f1"]["value"] == pytest.approx(molecular_f1(truth, guess), abs=1e-6)
    scores = group_scores(truth, guess, probability)
    for i, group in enumerate(found["groups"]):
        assert group["positives"] == truth[:, i].sum()
        for name in ("precision", "recall", "f1", "auc"):
            if group[name] is not None:
                assert group[name] == pytest.approx(scores[name][i], abs=1e-6)
    calls = np.array([[g["call"] for g in row["groups"]] for row in rows])
    for i, group in enumerate(found["groups"]):
        missed = group["missed"]
        assert (missed["count"] if missed else 0) == (calls[truth[:, i], i] == "absent").sum()
        false_alarms = group["false_alarms"]
        assert false_alarms["count"] == (calls[~truth[:, i], i] == "present").sum()
        assert group["decided"]["count"] == (calls[:, i] != "uncertain").sum()


def test_unlabelled_missing_and_failed_files_are_named(mixed: Path, tmp_path: Path):
    labels = table(
        tmp_path / "l.csv", {"g1.jdx": "ketone", "gone.jdx": "ester", "b_empty.jdx": "ester"}
    )
    done = tiny("evaluate", mixed, "-l", labels)
    found = json.loads(done.stdout)
    assert done.returncode == 1
    assert found["spectra"] == {
        **{"judged": 1, "fully_labelled": 1, "failed": 1, "missing": 1, "unlabelled": 5}
    }
    assert found["missing"] == ["gone.jdx"]
    assert [(Path(f["file"]).name, f["error"]["code"]) for f in found["failed"]] == [
        ("b_empty.jdx", "no_data")
    ]
    assert len(found["unlabelled"]) == 5
    assert b"1 spectrum judged, 1 failed, 1 in the table but not found" in done.stderr


def test_all_well_is_exit_code_0(mixed: Path, labels: Path):
    assert tiny("evaluate", mixed, "-l", labels).returncode == 0
    assert tiny("evaluate", mixed, "-l", labels, "--quiet").stderr == b""


def test_the_labels_may_lie_among_the_spectra(mixed: Path):
    labels = table(mixed / "labels.csv", LABELS)
    found = evaluation(mixed, "-l", labels)
    assert found["spectra"]["judged"] == 4
    assert not any("labels.csv" in name for name in found["unlabelled"])


def test_members_of_an_archive(tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "s.zip", "w") as archive:
        archive.writestr("in/ketone.jdx", synthetic.jdx(synthetic.KETONE))
        archive.writestr("in/ester.jdx", synthetic.jdx(synthetic.ESTER))
    labels = table(tmp_path / "l.csv", {"ketone.jdx": "ketone", "in/ester.jdx": "ester"})
    assert evaluation(tmp_path / "s.zip", "-l", labels)["spectra"]["judged"] == 2
    assert evaluation(tmp_path, "-l", labels)["spectra"]["judged"] == 1  # s.zip/in/ester.jdx


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        ({"g1.jdx": "keton"}, b"line 2: no group 'keton': is it ketone?"),
        ({"elsewhere.jdx": "ketone"}, b"none of its 1 file (first: elsewhere.jdx) is among"),
        ({"g1.jdx": ""}, b"no line has a label"),
    ],
)
def test_labels_that_cannot_be_used_are_wrong_usage(
    mixed: Path, tmp_path: Path, labels: dict[str, str], words: bytes
):
    out = tmp_path / "r.html"
    done = tiny("evaluate", mixed, "-l", table(tmp_path / "l.csv", labels), "-o", out)
    assert done.returncode == 2
    assert words in done.stderr
    assert done.stderr.count(b"\n") == 1
    assert not out.exists()


def test_labels_that_are_not_there(mixed: Path, tmp_path: Path):
    for path in (tmp_path / "gone.csv", tmp_path):
        done = tiny("evaluate", mixed, "-l", path)
        assert done.returncode == 2
        assert b"cannot be read" in done.stderr


def test_nothing_readable_is_exit_code_1(mixed: Path, tmp_path: Path):
    done = tiny("evaluate", mixed, "-l", table(tmp_path / "l.csv", {"b_empty.jdx": "ester"}))
    assert done.returncode == 1
    assert done.stdout == b""
    assert b"no labelled spectrum could be read" in done.stderr


def test_the_page_holds_everything_and_loads_nothing(mixed: Path, labels: Path, tmp_path: Path):
    out = tmp_path / "report.html"
    done = tiny("evaluate", mixed, "-l", labels, "-o", out)
    assert done.returncode == 0
    assert done.stdout == b""
    page = out.read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert "4 spectra against known structures" in page
    assert "inner [bold]x.jdx" in page
    for outside in ("http:", "https:", "src=", "url(", "@import", "<script"):
        assert outside not in page
    assert page == tiny("evaluate", mixed, "-l", labels, "-f", "html").stdout.decode()


def test_forms_follow_the_suffix(mixed: Path, labels: Path, tmp_path: Path):
    for name in ("r.json", "r.txt"):
        assert tiny("evaluate", mixed, "-l", labels, "-o", tmp_path / name).returncode == 0
    assert json.loads((tmp_path / "r.json").read_text())["model"] == "tiny@1.0.0"
    text = (tmp_path / "r.txt").read_text()
    assert "By group" in text
    assert "\x1b" not in text
    wrong = tiny("evaluate", mixed, "-l", labels, "-o", tmp_path / "r.xlsx")
    assert wrong.returncode == 2
    assert b"say --format table, json or html" in wrong.stderr


def test_the_labels_are_not_written_over(mixed: Path, labels: Path):
    before = labels.read_bytes()
    done = tiny("evaluate", mixed, "-l", labels, "-o", labels, "-f", "json")
    assert done.returncode == 2
    assert labels.read_bytes() == before


@pytest.mark.parametrize("colours", [{}, {"NO_COLOR": "1"}])
def test_a_terminal_gets_a_table_of_its_width(mixed: Path, labels: Path, colours: dict[str, str]):
    ours, theirs = pytest.importorskip("pty").openpty()
    size = {"COLUMNS": "80", "LINES": "60", "TERM": "xterm-256color"}
    command = [*COMMAND, "evaluate", "-m", str(TINY), str(mixed), "-l", str(labels)]
    with subprocess.Popen(
        command, stdout=theirs, stderr=subprocess.DEVNULL, env=ENVIRONMENT | size | colours
    ) as running:
        os.close(theirs)
        shown = b""
        try:
            while piece := os.read(ours, 65536):
                shown += piece
        except OSError:  # Linux: the other end was closed
            pass
        os.close(ours)
        assert running.wait(60) == 0
    assert b"False alarms" in shown
    assert (b"\x1b[3" in shown) != bool(colours)
    lines = _plain(shown).splitlines()
    names = [line for line in lines if line.startswith(str(mixed))]  # a whole name can be copied
    assert all(len(line) <= 80 for line in lines if line not in names)


def _plain(shown: bytes) -> str:
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown.decode())


@needs_rdkit
def test_structures_are_read_by_the_models_own_smarts(tmp_path: Path):
    folder = many(tmp_path / "s", 2)
    labels = table(tmp_path / "l.csv", {"s0.jdx": "CCOC(C)=O", "s1.jdx": "CC(O)=NC"}, "smiles")
    done = irclassify("evaluate", folder, "-l", labels)
    assert done.returncode == 0
    positives = {g["name"]: g["positives"] for g in json.loads(done.stdout)["groups"]}
    present = {name for name, count in positives.items() if count}
    # The second is an imidic acid, which stands for the amide that it is.
    assert present == {"alkane", "methyl", "ester", "ether", "amide"}


@needs_rdkit
def test_a_structure_that_cannot_be_read_is_named(tmp_path: Path):
    folder = many(tmp_path / "s", 1)
    done = tiny("evaluate", folder, "-l", table(tmp_path / "l.csv", {"s0.jdx": "C1C"}, "smiles"))
    assert done.returncode == 2
    assert b"line 2: 'C1C' is not a SMILES" in done.stderr
    assert done.stderr.count(b"\n") == 1


def test_without_rdkit_structures_name_what_to_install(tmp_path: Path):
    folder = many(tmp_path / "s", 1)
    labels = table(tmp_path / "l.csv", {"s0.jdx": "CC"}, "smiles")
    arguments = ["irclassify", "evaluate", str(folder), "-l", str(labels), "-m", str(TINY)]
    script = (
        "import sys; sys.modules['rdkit'] = None\n"
        f"sys.argv = {arguments!r}\nfrom irclassify.cli.main import main\nmain()"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, env=ENVIRONMENT, check=False
    )
    assert done.returncode == 2
    assert b'pip install "irclassify[smiles]"' in done.stderr


def test_groups_by_name_need_no_rdkit(mixed: Path, labels: Path):
    arguments = ["irclassify", "evaluate", str(mixed), "-l", str(labels), "-m", str(TINY), "-q"]
    code = f"sys.argv = {arguments!r}; from irclassify.cli.main import main; main()"
    assert not imported_by(code) & {"torch", "rdkit", "onnx", "sklearn", "train", "scipy"}


def test_csv_readers_get_the_same_names(mixed: Path, labels: Path):
    """The files of the JSON are those of predict, so that the two can be joined."""
    rows = csv.DictReader(io.StringIO(tiny("predict", mixed, "-f", "csv").stdout.decode()))
    read = {row["file"] for row in rows if row["ok"] == "true"}
    assert {row["file"] for row in evaluation(mixed, "-l", labels)["files"]} == read


@needs_unix
def test_ctrl_c_is_130_and_leaves_what_was_there(tmp_path: Path):
    folder = many(tmp_path / "many", 4000)
    labels = table(tmp_path / "l.csv", {f"s{i}.jdx": "ester" for i in range(4000)})
    out = tmp_path / "r.html"
    out.write_text("of before")
    process = subprocess.Popen(
        [*COMMAND, "evaluate", folder, "-l", labels, "-m", TINY, "-o", out, "-w", "1"],
        stderr=subprocess.PIPE,
        env=ENVIRONMENT,
        start_new_session=True,
        preexec_fn=hear_ctrl_c,  # noqa: PLW1509 - no threads here
    )
    until = time.monotonic() + 30
    while not any(tmp_path.glob("*.part")) and time.monotonic() < until:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: workers get it too
    _, complaint = process.communicate(timeout=30)
    assert process.returncode == 130
    assert b"Traceback" not in complaint
    assert out.read_text() == "of before"
    assert not any(tmp_path.glob("*.part"))


def test_the_error_rate_moves_calls_and_leaves_best_guesses(mixed: Path, labels: Path):
    low, high = (evaluation(mixed, "-l", labels, "--error-rate", rate) for rate in (0.01, 0.5))
    assert (low["error_rate"], high["error_rate"]) == (0.01, 0.5)
    assert low["decided"]["value"] < high["decided"]["value"]
    assert low["molecular_perfection"] == high["molecular_perfection"]
    assert low["macro_f1"] == high["macro_f1"]


def test_the_phase_may_be_stated(mixed: Path, labels: Path):
    assert evaluation(mixed, "-l", labels, "--phase", "condensed")["spectra"]["judged"] == 4
