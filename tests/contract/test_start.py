"""Starting: what is imported for what, what a wrong word is answered with, a path as command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
import synthetic
from command_line import ENVIRONMENT, TINY, irclassify

from irclassify.cli.main import COMMANDS


@pytest.fixture
def ester(tmp_path: Path) -> Path:
    """One good file in a folder of its own."""
    path = tmp_path / "ester.jdx"
    path.write_text(synthetic.jdx(synthetic.ESTER), encoding="utf-8")
    return path


# --- imports ---


def _loaded_by(*words: str, stdin: bytes = b"") -> set[str]:
    """Every module in sys.modules at the end of a command line."""
    code = (
        f"import sys; sys.argv = {['irclassify', *words]!r}\n"
        "from irclassify.cli.main import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(*sys.modules, file=sys.stderr)"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, input=stdin, capture_output=True, env=ENVIRONMENT, check=True)
    return set(done.stderr.decode().splitlines()[-1].split())


HEAVY = {"numpy", "scipy", "onnxruntime", "multiprocessing", "jcamp"}


@pytest.mark.parametrize("words", [["--version"], ["--help"], ["predict", "--help"], ["nonsense"]])
def test_help_version_and_wrong_words_import_nothing_heavy(words: list[str]):
    assert not _loaded_by(*words) & HEAVY


def test_a_command_imports_its_own_module_alone():
    loaded = _loaded_by("models", "--help")
    ours = {name for name in loaded if name.startswith("irclassify.cli.commands.")}
    assert ours == {"irclassify.cli.commands.models"}


@pytest.mark.parametrize("rest", [[], ["-f", "jsonl"], ["-o", "r.csv", "--quiet"]])
def test_predicting_one_file_imports_only_what_it_needs(ester: Path, rest: list[str], monkeypatch):
    monkeypatch.chdir(ester.parent)
    loaded = _loaded_by("predict", str(ester), "-m", str(TINY), *rest)
    assert "onnxruntime" in loaded
    assert not loaded & {"rich", "pydantic", "scipy", "multiprocessing", "concurrent"}
    assert not loaded & {
        "irclassify.explain.account",
        "irclassify.results.patterns",
        "irclassify.explain.contributions",
    }


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_a_module_with_a_function_that_shows_examples(name: str):
    function = getattr(import_module(f"irclassify.cli.commands.{name}"), name)
    assert f"irclassify {name}" in function.__doc__.partition("**Examples**")[2]


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_each_command_shows_its_examples(name: str):
    shown = irclassify(name, "--help")
    assert shown.returncode == 0
    assert f"irclassify {name}" in shown.stdout.decode().partition("Examples")[2]


# --- words ---


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (["pedict", "x"], "predict"),
        (["wieghts"], "weights"),
        (["predict", "x", "--formt", "csv"], "--format"),
        (["predict", "x", "--workrs", "2"], "--workers"),
        (["predict", "x", "--format", "cvs"], "csv"),
        (["predict", "x", "--phase", "condenced"], "condensed"),
        (["predict", "x", "--y-unit", "transmitance"], "transmittance"),
        (["explain", "x", "-m", str(TINY), "--group", "keton"], "ketone"),
        (["weights", "estre"], "ester"),
        (["predict", "x", "-m", "defautl"], "default"),
        (["predict", "x", "-m", "rieger"], "rieger2023"),
    ],
    ids=" ".join,
)
def test_a_wrong_word_is_answered_with_the_nearest_right_one(words: list[str], answer: str):
    done = irclassify(*words)
    assert done.returncode == 2
    assert done.stderr.count(b"\n") == 1
    assert f"Did you mean {answer}" in done.stderr.decode()


def test_no_words_at_all_show_the_help():
    done = irclassify()
    assert done.returncode == 2
    assert b"predict" in done.stdout + done.stderr


def test_a_file_in_place_of_a_command_is_explained(ester: Path):
    done = irclassify(ester, "-m", TINY)
    assert done.returncode == 0
    assert "resolution_cm1" in json.loads(done.stdout)
    assert list(json.loads(irclassify(ester, ester, "-m", TINY).stdout)) == [
        "ok",
        "a",
        "b",
        "peaks",
        "groups",
    ]


def test_a_folder_or_many_files_in_place_of_a_command_are_predicted(ester: Path):
    for paths in ([ester.parent], [ester] * 3):
        done = irclassify(*paths, "-m", TINY, "-f", "jsonl")
        assert done.returncode == 0
        assert len(done.stdout.splitlines()) == len(paths)


def test_the_name_of_a_command_wins_over_a_file_of_that_name(ester: Path, monkeypatch):
    monkeypatch.chdir(ester.parent)
    ester.rename("models")
    done = irclassify("models")
    assert done.returncode == 0
    assert "molecular_f1" in done.stdout.decode()


# --- threads ---

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


def _threads_of(call: str, **stated: str) -> list[str | None]:
    """What numpy finds for each of THREADS once ``call`` has been made."""
    report = f"import json, os, numpy; print(json.dumps([*map(os.getenv, {THREADS})]))"
    code = f"try:\n    {call}\nexcept SystemExit: pass\n{report}"
    environment = {k: v for k, v in os.environ.items() if k not in THREADS} | stated
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    return json.loads(done.stdout.splitlines()[-1])


COMMAND = "import sys; sys.argv = ['x', '--version']; from irclassify.cli.main import main; main()"


def test_the_command_keeps_numpy_to_one_thread():
    assert _threads_of(COMMAND) == [None, "1", "1", "1"]


@pytest.mark.parametrize("name", THREADS)
def test_threads_that_the_user_states_are_left_alone(name: str):
    stated = ["7" if each == name else None for each in THREADS]
    assert _threads_of(COMMAND, **{name: "7"}) == stated


def test_the_library_leaves_numpys_threads_alone():
    assert _threads_of("import irclassify; irclassify.load") == [None] * 4


@pytest.mark.skipif(sys.platform == "win32", reason="sends a signal")
@pytest.mark.parametrize("module", ["typer", "irclassify.text"])
def test_ctrl_c_while_modules_are_imported_is_one_line_and_130(module: str):
    script = (
        "import builtins, os, signal, sys\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "before = builtins.__import__\n"
        "def importing(name, *rest):\n"
        f"    if name == {module!r}: os.kill(os.getpid(), signal.SIGINT)\n"
        "    return before(name, *rest)\n"
        "builtins.__import__ = importing\n"
        "from irclassify.cli.main import main\n"
        "main(['--version'])\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (130, b"irclassify: interrupted\n")
