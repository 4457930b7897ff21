"""The installed command as others use it: keys, exit codes, pipes, signals, imports."""

from __future__ import annotations

import csv
import io
import json
import math
import os
import re
import signal
import subprocess
import time
import zipfile
from pathlib import Path

import pytest
import seeds
import synthetic
from command_line import (
    COMMAND,
    ENVIRONMENT,
    GROUPS,
    TINY,
    apart,
    hear_ctrl_c,
    imported_by,
    irclassify,
    many,
    needs_unix,
    tiny,
)

from irclassify import samples
from irclassify.batch.outputs.files import open_output
from irclassify.results.nouns import spoken

TAIL = ["warnings", "error", "message", "domain", "domain_reasons"]


@pytest.fixture
def ester(tmp_path: Path) -> Path:
    """One good file."""
    path = tmp_path / "ester.jdx"
    path.write_text(synthetic.jdx(synthetic.ESTER), encoding="utf-8")
    return path


# --- predict: forms ---


def test_jsonl_keys_order_and_exit_code_of_a_mixed_folder(mixed: Path):
    done = tiny("predict", mixed, "--format", "jsonl")
    assert done.returncode == 1
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [Path(row["file"]).name for row in rows] == [
        "a_broken.jdx",
        "b_empty.jdx",
        "c_binary.spa",
        "g1.jdx",
        "g2.jdx",
        "g10.jdx",
        "inner [bold]x.jdx",
    ]
    for row in rows[:3]:
        assert list(row) == ["file", "ok", "error"]
        assert row["ok"] is False
        assert set(row["error"]) == {"code", "message"}
    for row in rows[3:]:
        keys = ["file", "ok", "model", "groups", "warnings", "domain", "phase", "error_rate"]
        keys += ["details", "phase_source", "phase_probability"]
        assert list(row) == keys
        assert (row["phase"], row["error_rate"]) == ("gas", 0.05)
        assert row["ok"] is True
        assert row["model"] == "tiny@1.0.0"
        assert [group["name"] for group in row["groups"]] == GROUPS
        for group in row["groups"]:
            assert list(group) == ["name", "probability", "call", "best_guess"]
            assert 0 <= group["probability"] <= 1
            assert group["call"] in ("present", "absent", "uncertain")
            assert group["best_guess"] in ("present", "absent")
    assert b"4 spectra classified, 3 failed" in done.stderr
    assert b"Traceback" not in done.stderr


def test_json_is_the_jsonl_in_an_array(mixed: Path):
    lines = tiny("predict", mixed, "--format", "jsonl").stdout.splitlines()
    array = tiny("predict", mixed, "--format", "json")
    assert json.loads(array.stdout) == [json.loads(line) for line in lines]


def test_piped_output_is_tsv(mixed: Path):
    done = tiny("predict", mixed)
    rows = list(csv.DictReader(io.StringIO(done.stdout.decode()), delimiter="\t"))
    assert list(rows[0]) == ["file", "ok", "present", "uncertain", *GROUPS, *TAIL]
    assert len(rows) == 7
    assert "ketone" in rows[3]["present"].split(";")


def test_csv(ester: Path):
    done = tiny("predict", ester, "-f", "csv")
    (row,) = csv.DictReader(io.StringIO(done.stdout.decode()))
    assert row["ok"] == "true"
    assert float(row["ester"]) > 0.5


@pytest.mark.parametrize("name", ["r.json", "r.jsonl", "r.csv", "r.tsv", "r.txt"])
def test_output_file_takes_its_form_from_its_suffix(ester: Path, tmp_path: Path, name: str):
    done = tiny("predict", ester, "-o", tmp_path / name)
    assert done.returncode == 0
    assert done.stdout == b""
    form = {"txt": "tsv"}.get(name[2:], name[2:])
    assert (tmp_path / name).read_bytes() == tiny("predict", ester, "-f", form).stdout


def test_a_suffix_that_names_no_form_is_asked_about(ester: Path, tmp_path: Path):
    out = tmp_path / "r.xlsx"
    done = tiny("predict", ester, "-o", out)
    assert done.returncode == 2
    assert b"jsonl" in done.stderr
    assert not out.exists()
    assert tiny("predict", ester, "-o", out, "-f", "tsv").returncode == 0


def test_the_output_is_no_input(ester: Path):
    out = ester.parent / "results.csv"
    for _ in range(2):
        assert tiny("predict", ester.parent, "-o", out).returncode == 0
        assert len(out.read_text().splitlines()) == 2


READERS = [
    ["predict", "-m", TINY, "-f", "jsonl"],
    ["explain", "-m", TINY],
    ["inspect"],
    ["convert", "--to", "jdx"],
]


@pytest.mark.parametrize("command", READERS, ids=lambda command: command[0])
@pytest.mark.parametrize("name", ["ester.jdx", "./ester.jdx", "soft.jsonl", "hard.jsonl", "folder"])
def test_an_output_never_destroys_an_input(ester: Path, command: list[str], name: str):
    before = ester.read_bytes()
    (ester.parent / "soft.jsonl").symlink_to(ester)
    (ester.parent / "hard.jsonl").hardlink_to(ester)
    target, source = (ester, ester.parent) if name == "folder" else (ester.parent / name, ester)
    if name == "folder":
        (ester.parent / "soft.jsonl").unlink()
        (ester.parent / "hard.jsonl").unlink()
    done = irclassify(*command, source, "-o", target)
    assert done.returncode == 2
    assert b"is one of the files to read" in done.stderr
    assert done.stderr.count(b"\n") == 1
    assert ester.read_bytes() == before


@pytest.mark.parametrize("command", READERS, ids=lambda command: command[0])
def test_an_output_never_destroys_standard_input(ester: Path, command: list[str]):
    before = ester.read_bytes()
    with ester.open("rb") as stdin:
        line = [*COMMAND, *map(str, command), "-", "-o", str(ester)]
        done = subprocess.run(line, stdin=stdin, capture_output=True, env=ENVIRONMENT, check=False)
    assert done.returncode == 2
    assert ester.read_bytes() == before


def test_the_order_does_not_depend_on_workers(tmp_path: Path):
    folder = many(tmp_path / "many", 250)
    alone = tiny("predict", folder, "-f", "jsonl", "--workers", 1)
    together = tiny("predict", folder, "-f", "jsonl", "--workers", 3)
    default = apart("predict", "-m", TINY, folder, "-f", "jsonl")
    assert alone.returncode == together.returncode == 0
    assert alone.stdout == together.stdout == default.stdout
    assert len(alone.stdout.splitlines()) == 250


def test_archives_are_the_same_as_folders(mixed: Path, tmp_path: Path):
    archive = tmp_path / "mixed.zip"
    with zipfile.ZipFile(archive, "w") as target:
        for path in sorted(mixed.rglob("*")):
            target.write(path, path.relative_to(mixed))

    def rows(top: Path, done) -> list[dict[str, object]]:
        found = [json.loads(line) for line in done.stdout.splitlines()]
        return [
            row | {"file": row["file"].removeprefix(str(top)).replace("\\", "/")} for row in found
        ]

    packed = tiny("predict", archive, "-f", "jsonl", "-w", 2)
    assert packed.returncode == 1
    assert rows(archive, packed) == rows(mixed, tiny("predict", mixed, "-f", "jsonl"))


def test_standard_input(ester: Path):
    done = tiny("predict", "-", "-f", "jsonl", stdin=ester.read_bytes())
    assert json.loads(done.stdout)["file"] == "-"
    assert done.returncode == 0
    empty = tiny("predict", "-", "-f", "jsonl")
    assert empty.returncode == 1
    assert json.loads(empty.stdout)["ok"] is False
    workers = tiny("predict", "-", ester, "-f", "jsonl", "-w", 2, stdin=ester.read_bytes())
    assert [json.loads(line)["ok"] for line in workers.stdout.splitlines()] == [True, True]


@needs_unix
def test_names_that_are_no_text_survive(ester: Path, tmp_path: Path):
    strange = os.fsencode(tmp_path) + b"/\xff\x1b[2J.jdx"
    Path(os.fsdecode(strange)).write_bytes(ester.read_bytes())
    done = tiny("predict", tmp_path, "-f", "jsonl")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert os.fsdecode(strange) in {row["file"] for row in rows}
    assert b"\x1b" not in tiny("predict", tmp_path, "-f", "table").stdout


def test_a_run_expands_its_paths_once(mixed: Path, monkeypatch):
    seen = []
    real = os.scandir
    monkeypatch.setattr(os, "scandir", lambda folder: [seen.append(str(folder)), real(folder)][1])
    out = mixed.parent / "r.jsonl"
    for _ in range(2):  # anew, and over the results of the first run
        irclassify("predict", mixed, "-m", TINY, "-o", out)
    irclassify("report", mixed, "-m", TINY, "-o", mixed.parent / "r.html")
    irclassify("inspect", mixed)
    # once to see whether there are links, once for the files
    assert [seen.count(str(folder)) for folder in (mixed, mixed / "n")] == [8, 8]


def test_two_runs_do_not_write_the_same_file(ester: Path, tmp_path: Path):
    for command, name in (("predict", "r.jsonl"), ("report", "r.html")):
        out = tmp_path / name
        beside = out if command == "predict" else tmp_path / ".r.html.part"
        with open_output(beside):
            done = tiny(command, ester, "-o", out)
        assert done.returncode == 2
        assert done.stderr.count(b"\n") == 1
        assert b"another run is writing it" in done.stderr
        assert tiny(command, ester, "-o", out).returncode == 0


# --- predict: what people see ---


def on_terminal(*arguments: object, **environment: str) -> tuple[int, str]:
    """Run with a terminal as stdin, stdout and stderr; the exit code and what was on it."""
    control, terminal = pytest.importorskip("pty").openpty()
    process = subprocess.Popen(
        [*COMMAND, *map(str, arguments)],
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        env=ENVIRONMENT | {"TERM": "xterm-256color", "COLUMNS": "80"} | environment,
    )
    os.close(terminal)
    seen = b""
    while True:
        try:
            piece = os.read(control, 65536)
        except OSError:
            break
        if not piece:
            break
        seen += piece
    os.close(control)
    return process.wait(), seen.decode()


def test_a_terminal_gets_a_table_of_80_columns(mixed: Path):
    code, seen = on_terminal("predict", mixed, "-m", TINY, NO_COLOR="1")
    assert code == 1
    assert "Groups present" in seen
    assert "[bold]x.jdx" in seen
    assert "4 spectra classified, 3 failed" in seen
    plain = re.sub(r"\x1b\[[0-9;]*[a-zA-Z]", "", seen)
    assert max(map(len, plain.splitlines())) <= 80


def test_no_color_is_respected(mixed: Path):
    colour = re.compile(r"\x1b\[[0-9;]*3[0-9]m")
    assert colour.search(on_terminal("predict", mixed, "-m", TINY)[1])
    assert not colour.search(on_terminal("predict", mixed, "-m", TINY, NO_COLOR="1")[1])


def test_long_work_shows_progress_on_a_terminal_unless_quiet(tmp_path: Path):
    folder = many(tmp_path / "many", 2500)
    out = tmp_path / "r.jsonl"
    slowly = ("predict", folder, "-m", TINY, "-o", out, "-w", "1")
    seen = on_terminal(*slowly)[1]
    assert "looking for files" in seen and "/2,500" in seen
    assert on_terminal(*slowly, "-q")[1] == ""
    assert len(out.read_text().splitlines()) == 2500


@needs_unix
@pytest.mark.parametrize("sign", [b"looking for files", b"/2,500"])
def test_ctrl_c_leaves_whole_lines_as_soon_as_progress_is_shown(tmp_path: Path, sign: bytes):
    control, terminal = pytest.importorskip("pty").openpty()
    out = tmp_path / "r.jsonl"
    command = ["predict", many(tmp_path / "many", 2500), "-m", TINY, "-o", out, "-w", 1]
    process = subprocess.Popen(
        [*COMMAND, *map(str, command)],
        stderr=terminal,
        env=ENVIRONMENT,
        preexec_fn=hear_ctrl_c,  # noqa: PLW1509 - no threads here
    )
    os.close(terminal)
    seen = b""
    while sign not in seen:
        seen += os.read(control, 1024)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=30) == 130
    os.close(control)
    assert not out.exists() or all(map(json.loads, out.read_text().splitlines()))


def test_a_piped_table_is_not_folded(tmp_path: Path):
    path = tmp_path / ("x" * 150 + ".jdx")
    path.write_text(synthetic.jdx(synthetic.ESTER))
    assert path.name.encode() in tiny("predict", path, "-f", "table").stdout


# --- explain ---


def test_explain_json_adds_up(ester: Path):
    done = tiny("explain", ester, "--format", "json")
    assert done.returncode == 0
    record = json.loads(done.stdout)
    assert [group["name"] for group in record["groups"]] == GROUPS
    for group in record["groups"]:
        low, high = group["absent_below"], group["present_from"]
        assert (group["probability"] < low) == (group["call"] == "absent")
        assert (group["probability"] >= high) == (group["call"] == "present")
        guess = "present" if group["probability"] >= group["threshold"] else "absent"
        assert group["best_guess"] == guess
        assert told(group) == pytest.approx(group["logit"], abs=1e-4)


def told(group: dict) -> float:
    """The sum of all that a group's record names."""
    return group["bias"] + sum(each["contribution"] for each in group["by_peak"]) + group["no_peak"]


def test_explain_agrees_with_predict(ester: Path):
    predicted = json.loads(tiny("predict", ester, "-f", "jsonl").stdout)
    explained = json.loads(tiny("explain", "-", stdin=ester.read_bytes()).stdout)
    for ours, theirs in zip(explained["groups"], predicted["groups"], strict=True):
        assert ours["probability"] == pytest.approx(theirs["probability"], abs=1e-5)
        assert (ours["call"], ours["best_guess"]) == (theirs["call"], theirs["best_guess"])


# --- answers in words ---


def test_predict_puts_answers_in_words_where_that_is_asked_for(ester: Path, mixed: Path):
    plain = [json.loads(line) for line in tiny("predict", mixed, "-f", "jsonl").stdout.splitlines()]
    assert all("summary" not in record for record in plain)
    done = tiny("predict", mixed, ester, "-f", "jsonl", "--summary")
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert {record["ok"] for record in records} == {True, False}
    explained = json.loads(tiny("explain", ester).stdout)
    assert records[-1]["summary"] == explained["summary"] != ""
    assert records[-1]["unexplained"] == explained["unexplained"] != []
    assert all(("summary" in record) == record["ok"] for record in records)
    for own, with_words in zip(plain, records, strict=False):
        assert own.items() <= with_words.items() or not own["ok"]


def test_words_are_columns_of_csv_and_lines_of_the_table(ester: Path, mixed: Path):
    text = tiny("predict", mixed, ester, "-f", "csv", "--summary").stdout.decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    explained = json.loads(tiny("explain", ester).stdout)
    assert rows[-1]["summary"] == explained["summary"]
    places = [f"{odd['cm1']:.0f}" for odd in explained["unexplained"]]
    assert rows[-1]["unexplained"].split(";") == places
    assert all(row["summary"] == "" for row in rows if row["ok"] == "false")
    table = tiny("predict", ester, "-f", "table", "--summary").stdout.decode()
    assert explained["summary"] in table
    assert f"{places[0]} cm⁻¹" in table


def test_words_in_workers_are_those_of_one_process(mixed: Path):
    one, two = (
        tiny("predict", mixed, "-f", "jsonl", "--summary", "-w", workers).stdout
        for workers in (1, 2)
    )
    assert one == two


def test_numbers_have_no_words(ester: Path, tmp_path: Path):
    done = tiny("predict", ester, "--summary", "-o", tmp_path / "a.parquet")
    assert done.returncode == 2
    assert b"--summary" in done.stderr


# --- error rate and phase ---


def calls(path: Path, *arguments: object) -> list[str]:
    """What predict calls each group of a file."""
    (row,) = json.loads(tiny("predict", path, "-f", "json", *arguments).stdout)
    return [group["call"] for group in row["groups"]]


def test_a_lower_error_rate_leaves_more_uncertain(ester: Path):
    uncertain = [calls(ester, "--error-rate", r).count("uncertain") for r in (0.2, 0.05, 0.01)]
    assert uncertain == sorted(uncertain)
    assert uncertain[0] == 0 < uncertain[2]
    assert calls(ester, "--error-rate", 0.05) == calls(ester)


def test_the_phase_may_be_stated(ester: Path):
    for command in ("predict", "explain"):
        for phase, expected in (("auto", "gas"), ("gas", "gas"), ("condensed", "condensed")):
            done = tiny(command, ester, "-f", "json", "--phase", phase)
            found = json.loads(done.stdout)
            record = found[0] if isinstance(found, list) else found
            assert record["phase"] == expected
    silent = ester.with_name("silent.jdx")
    silent.write_text(ester.read_text().replace("##STATE=gas\n", ""))
    assert json.loads(tiny("predict", silent, "-f", "jsonl").stdout)["phase"] is None
    assert calls(ester, "--phase", "gas") == calls(silent, "--phase", "gas")


def test_explanations_of_each_phase_add_up_to_its_probability(ester: Path):
    for phase in ("gas", "condensed"):
        record = json.loads(tiny("explain", ester, "--phase", phase).stdout)
        for group in record["groups"]:
            assert 1 / (1 + math.exp(-told(group))) == pytest.approx(group["probability"], abs=1e-5)


def test_uncertain_groups_have_a_mark_of_their_own(ester: Path):
    shown = tiny("predict", ester, "-f", "table", "--all", "--error-rate", 0.01).stdout.decode()
    assert "| uncertain:" in shown
    (row,) = csv.DictReader(
        io.StringIO(tiny("predict", ester, "-f", "csv", "--error-rate", 0.01).stdout.decode())
    )
    uncertain = row["uncertain"].split(";")
    assert uncertain
    for name in uncertain:
        assert f"{spoken(name)}? {float(row[name]):.2f}" in " ".join(shown.split())


def test_explain_one_group(ester: Path):
    record = json.loads(tiny("explain", ester, "--group", "ketone").stdout)
    assert [group["name"] for group in record["groups"]] == ["ketone"]
    text = tiny("explain", ester, "--group", "ketone", "-f", "table").stdout.decode()
    assert text.count("= logit") == 1


def test_explain_says_what_stands_there(ester: Path):
    record = json.loads(tiny("explain", ester).stdout)
    assert record["resolution_cm1"] > 0
    assert list(record["unexplained"][0]) == ["peak", "cm1", "height", "candidates"]
    group = next(group for group in record["groups"] if group["name"] == "ester")
    assert (group["missing"], group["contradicts"]) == ([], [])
    carbonyl = next(p for p in record["peaks"] if p["cm1"] == pytest.approx(1746, abs=4))
    assert carbonyl["width_cm1"] == pytest.approx(25, abs=3)
    assert list(carbonyl["assignment"]) == [
        "group",
        "vibration",
        "from_cm1",
        "to_cm1",
        "intensity",
        "note",
        "source",
    ]
    assert carbonyl["assignment"]["vibration"].startswith("C=O stretch")
    pair = group["peak_pairs"][0]
    assert carbonyl["number"] in (pair["a"], pair["b"])


def test_explain_compares_two(ester: Path, mixed: Path):
    record = json.loads(tiny("explain", ester, ester).stdout)
    assert list(record) == ["ok", "a", "b", "peaks", "groups"]
    assert [group["name"] for group in record["groups"]] == GROUPS
    keys = ["name", "differs", "difference", "bias", "by_peak", "no_peak"]
    assert list(record["groups"][0]) == keys
    assert list(record["peaks"][0]) == ["cm1", "shown_by", "a", "b"]
    text = tiny("explain", ester, ester, "-f", "table", "-g", "ester").stdout.decode()
    assert text.count("= logit of B - logit of A") == 1
    bad = tiny("explain", ester, mixed / "b_empty.jdx")
    assert bad.returncode == 1
    record = json.loads(bad.stdout)
    assert (record["ok"], len(record["failed"])) == (False, 1)
    assert bad.stderr.count(b"\n") == 1


def test_explain_in_a_terminal_without_colour_keeps_its_signs(ester: Path):
    text = tiny("explain", ester, "-f", "table").stdout.decode()
    assert "\x1b" not in text
    assert re.search(r"= logit( +[-+][0-9.]+)+$", text, flags=re.MULTILINE)


def test_explain_writes_the_peaks_as_csv(ester: Path, tmp_path: Path):
    target = tmp_path / "peaks.csv"
    done = tiny("explain", ester, "-f", "json", "--peaks", target)
    assert done.returncode == 0
    rows = list(csv.DictReader(target.open(encoding="utf-8")))
    record = json.loads(done.stdout)
    assert [float(row["cm1"]) for row in rows] == [peak["cm1"] for peak in record["peaks"]]
    for group in record["groups"]:
        terms = [float(row[f"adds_{group['name']}"]) for row in rows]
        total = group["bias"] + sum(terms) + group["no_peak"]
        assert total == pytest.approx(group["logit"], abs=1e-4)


def test_the_file_of_peaks_is_never_the_spectrum(ester: Path):
    before = ester.read_bytes()
    assert tiny("explain", ester, "--peaks", ester).returncode == 2
    assert ester.read_bytes() == before


def test_explain_of_a_bad_file_is_an_error_object(mixed: Path):
    done = tiny("explain", mixed / "b_empty.jdx")
    assert done.returncode == 1
    assert json.loads(done.stdout)["ok"] is False
    assert done.stderr.count(b"\n") == 1


def test_explain_of_several_spectra_is_wrong_usage(tmp_path: Path):
    path = tmp_path / "two.jdx"
    path.write_bytes(seeds.link())
    done = tiny("explain", path)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"--block" in done.stderr


def test_a_phase_the_model_never_saw_is_warned_of(tmp_path: Path):
    path = tmp_path / "disc.jdx"
    path.write_text(synthetic.jdx(synthetic.ESTER).replace("STATE=gas", "STATE=SOLID (KBr DISC)"))
    for command in ("predict", "explain"):
        done = irclassify(command, path, "--model", "rieger2023", "--format", "json")
        (record,) = rows if isinstance(rows := json.loads(done.stdout), list) else [rows]
        assert "SOLID (KBr DISC)" in record["warnings"][-1]
        assert "gas-phase" in record["warnings"][-1]


# --- samples, demo, models ---


def test_samples_are_written_and_kept(tmp_path: Path):
    folder = tmp_path / "s"
    done = irclassify("samples", folder)
    written = done.stdout.decode().splitlines()
    assert len(written) >= 12
    assert all(Path(path).is_file() for path in written)
    Path(written[0]).write_text("mine")
    again = irclassify("samples", folder)
    assert again.returncode == 0
    assert b"kept" in again.stderr
    assert Path(written[0]).read_text() == "mine"
    irclassify("samples", folder, "--force")
    assert Path(written[0]).read_text() != "mine"


def test_demo_classifies_and_explains():
    done = tiny("demo")
    assert done.returncode == 0
    assert "ethyl_acetate.jdx" in done.stdout.decode()
    text = done.stdout.decode()
    assert text.count("= logit") == 1
    assert text.index("$ irclassify samples") < text.index("$ irclassify predict")
    right = re.search(r"(\d+) of 14", text)
    assert right is not None
    assert text.count("✓") == int(right[1])
    assert text.count("✗") == 14 - int(right[1])


def test_every_sample_is_known_to_the_default_model_and_called_right(tmp_path: Path):
    irclassify("samples", tmp_path)
    rows = [
        json.loads(row)
        for row in irclassify("predict", tmp_path, "--format", "jsonl").stdout.splitlines()
    ]
    assert {row["domain"]["verdict"] for row in rows} == {"in_domain"}
    said = {
        Path(row["file"]).name: {
            group["name"] for group in row["groups"] if group["best_guess"] == "present"
        }
        for row in rows
    }
    assert said == samples.expected()


def test_models_are_listed_as_json_in_a_pipe():
    done = irclassify("models")
    assert done.returncode == 0
    models = {model["name"]: model["metrics"] for model in json.loads(done.stdout)}
    assert set(models["rieger2023"]["molecular_perfection"]) == {"value", "low", "high"}
    assert "standard_deviation" in models["rieger2023-single"]["molecular_perfection"]


# --- exit codes ---


@pytest.mark.parametrize(
    "arguments",
    [
        ["predict"],
        ["inspect"],
        ["convert"],
        ["weights"],
        ["predict", "x", "--format", "xml"],
        ["predict", "x", "--nonsense"],
        ["predict", "x", "--model", "no-such-model"],
        ["predict", "x", "--workers", "0"],
        *(["predict", "x", "--error-rate", rate] for rate in ("0", "-1", "0.6", "nan", "x")),
        ["explain", "x", "--error-rate", "1"],
        ["predict", "x", "--phase", "plasma"],
        ["predict", "x", "--model", TINY, "-o", "/no/such/folder/r.csv"],
        ["explain", "x", "--model", TINY, "--group", "unobtainium"],
        ["explain", "x", "y", "z", "--model", TINY],
        ["explain", "x", "y", "--model", TINY, "--plot", "z.png"],
        ["explain", TINY.parent / "*.py", "--model", TINY],
        ["nonsense"],
    ],
)
def test_wrong_usage_is_2(arguments):
    done = irclassify(*arguments)
    assert done.returncode == 2
    assert not done.stdout
    assert done.stderr
    assert b"Traceback" not in done.stderr


def test_an_unknown_group_is_answered_with_those_there_are(ester: Path):
    assert b"ketone" in tiny("explain", ester, "-g", "unobtainium").stderr


def test_a_missing_file_is_1(tmp_path: Path):
    done = tiny("predict", tmp_path / "nope.jdx", "-f", "jsonl")
    assert done.returncode == 1
    assert json.loads(done.stdout)["error"]["code"] == "unreadable"


@pytest.mark.parametrize("form", ["tsv", "json", "jsonl", "csv", "table"])
@pytest.mark.parametrize("workers", [1, 2])
def test_a_closed_pipe_is_0(tmp_path: Path, form: str, workers: int):
    folder = many(tmp_path / "many", 600)
    (folder / "bad.jdx").write_text("bad")
    process = subprocess.Popen(
        [*COMMAND, "predict", folder, "-m", TINY, "-f", form, "-w", str(workers)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=ENVIRONMENT,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    complaint = process.stderr.read()
    assert process.wait(timeout=60) == 0
    assert complaint == b""


def test_a_full_disk_is_one_line(ester: Path):
    if not Path("/dev/full").exists():
        pytest.skip("needs /dev/full")
    done = apart("predict", "-m", TINY, ester, "-o", "/dev/full")
    assert done.returncode == 1
    assert b"No space left" in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["--version", "demo", "predict", "explain"])
def test_a_full_disk_behind_stdout_is_one_line(ester: Path, command: str, tmp_path: Path):
    if not Path("/dev/full").exists():
        pytest.skip("needs /dev/full")
    rest = {"--version": [], "demo": ["-m", TINY]}.get(command, [ester, "-m", TINY])
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*COMMAND, command, *map(str, rest)],
            stdout=full,
            stderr=subprocess.PIPE,
            env=ENVIRONMENT,
            check=False,
            cwd=tmp_path,  # demo leaves its folder where it runs
        )
    assert done.returncode == 1
    assert done.stderr.count(b"\n") == 1
    assert b"No space left" in done.stderr


@needs_unix
@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("form", ["jsonl", "json"])
def test_ctrl_c_is_130_and_keeps_what_was_written(tmp_path: Path, workers: int, form: str):
    folder = many(tmp_path / "many", 8000)
    out = tmp_path / "out"
    process = subprocess.Popen(
        [*COMMAND, "predict", folder, "-m", TINY, "-f", form, "-o", out, "-w", str(workers)],
        stderr=subprocess.PIPE,
        env=ENVIRONMENT,
        start_new_session=True,
        preexec_fn=hear_ctrl_c,  # noqa: PLW1509 - no threads here
    )
    until = time.monotonic() + 30
    while (not out.exists() or out.stat().st_size < 10_000) and time.monotonic() < until:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: workers get it too
    _, complaint = process.communicate(timeout=30)
    assert process.returncode == 130
    assert complaint.count(b"\n") == 1
    assert b"interrupted" in complaint
    text = out.read_text()
    rows = json.loads(text) if form == "json" else [json.loads(x) for x in text.splitlines()]
    assert 0 < len(rows) < 8000
    assert all(row["ok"] for row in rows)


@needs_unix
def test_workers_end_with_a_killed_main_process(tmp_path: Path):
    if not Path("/proc").exists():
        pytest.skip("needs /proc")
    folder = many(tmp_path / "many", 8000)
    out = tmp_path / "out.jsonl"
    process = subprocess.Popen(
        [*COMMAND, "predict", folder, "-m", TINY, "-o", out, "-w", "2"],
        stderr=subprocess.DEVNULL,
        env=ENVIRONMENT,
        start_new_session=True,
    )
    until = time.monotonic() + 30
    while (not out.exists() or out.stat().st_size < 10_000) and time.monotonic() < until:
        time.sleep(0.02)
    process.kill()
    process.wait()
    while _alive(process.pid) and time.monotonic() < until:
        time.sleep(0.05)
    assert not _alive(process.pid)


def _alive(session: int) -> list[str]:
    """Processes of a session that still run."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, *rest = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(rest[2]) == session and state != "Z":
            found.append(stat.parent.name)
    return found


# --- imports ---


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["predict", "--help"]])
def test_help_and_version_import_nothing_heavy(arguments: list[str]):
    code = (
        f"sys.argv = ['irclassify', *{arguments!r}]; from irclassify.cli.main import main; main()"
    )
    loaded = imported_by(code)
    assert not loaded & {"numpy", "scipy", "onnxruntime", "multiprocessing", "jcamp"}


@pytest.mark.parametrize("command", ["predict", "explain"])
def test_work_imports_no_training_code(ester: Path, command: str):
    arguments = ["irclassify", command, str(ester), "-m", str(TINY)]
    code = f"sys.argv = {arguments!r}; from irclassify.cli.main import main; main()"
    loaded = imported_by(code)
    assert "onnxruntime" in loaded
    assert not loaded & {"torch", "rdkit", "onnx", "sklearn", "onnxscript", "train"}
    assert "scipy" not in loaded  # slow to import


def test_version_names_tool_and_model():
    done = apart("--version")
    assert done.returncode == 0
    assert done.stdout.startswith(b"irclassify ")
    assert b"model" in done.stdout
