"""Starting: the plain ``predict`` that is read without typer is what typer would have read."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from command_line import TINY
from hypothesis import given, settings
from hypothesis import strategies as st

from irclassify.cli import predict as command
from irclassify.cli import start
from irclassify.cli.main import app
from irclassify.options import TableOptions

WORDS = (
    *("a.jdx", "folder", "-", "--", "x.zip", "", "-3", "ä b.csv", "*.dx"),
    *("-o", "--output", "out.jsonl", "-f", "--format", "jsonl", "table", "parquet", "nonsense"),
    *("-m", "--model", "default", "-q", "--quiet", "--resume", "--all", "-w", "2", "--strict"),
    *("--phase", "gas", "--output=o.csv", "-qf", "--help", "-ocsv"),
)


class CalledError(Exception):
    """What the command was called with."""


def _called(paths: Any, **asked: Any) -> int:
    if asked.get("asked") == TableOptions():
        del asked["asked"]
    defaults = {"workers": None, "strict": False}
    raise CalledError(tuple(paths), defaults | asked)


@settings(deadline=None)  # the first one imports
@given(words=st.lists(st.sampled_from(WORDS), max_size=6))
def test_a_plain_predict_means_what_typer_reads(words: list[str]):
    plain = start.plain_predict(["predict", *words])
    if plain is None:
        return
    before, command.run = command.run, _called
    try:
        with pytest.raises(CalledError) as ours:
            start._predict(plain)
        with pytest.raises(CalledError) as typers:
            app(["predict", *words], standalone_mode=False)
    finally:
        command.run = before
    assert ours.value.args == typers.value.args


@pytest.mark.parametrize(
    "words", [["a.jdx"], ["a.jdx", "-o", "r.csv", "-q", "--resume"], ["-", "-f", "json"]]
)
def test_the_commonest_words_are_plain(words: list[str]):
    assert start.plain_predict(["predict", *words]) is not None


@pytest.mark.parametrize("words", [[], ["--help"], ["predict"], ["predict", "a", "--all"]])
def test_everything_else_is_typers(words: list[str]):
    assert start.plain_predict(words) is None


def test_a_plain_predict_imports_neither_typer_nor_rich_nor_what_it_does_not_need():
    code = (
        f"import os, sys; sys.argv = ['x', 'predict', '-', '-m', {str(TINY)!r}]\n"
        "from irclassify.cli.start import main\n"
        "os._exit = sys.exit\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(*sys.modules, file=sys.stderr)"
    )
    command = [sys.executable, "-c", code]
    rows = (f"{x},{0.05 + (x % 700 < 30)}" for x in range(500, 4000, 4))
    spectrum = "cm-1,absorbance\n" + "\n".join(rows)
    done = subprocess.run(
        command, input=spectrum, capture_output=True, text=True, check=True, env=os.environ
    )
    assert "true" in done.stdout
    loaded = set(done.stderr.split())
    assert "onnxruntime" in loaded
    assert not loaded & {"typer", "rich", "pydantic", "scipy", "multiprocessing", "concurrent"}
    assert not loaded & {
        "irclassify.explain.groups",
        "irclassify.results.patterns",
        "irclassify.explain.contributions",
    }


THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


def _threads_of(call: str, **stated: str) -> list[str | None]:
    """What numpy finds for each of THREADS once ``call`` has been made."""
    code = f"import json, os; {call}; import numpy; print(json.dumps([*map(os.getenv, {THREADS})]))"
    environment = {k: v for k, v in os.environ.items() if k not in THREADS} | stated
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    return json.loads(done.stdout.splitlines()[-1])


COMMAND = "import sys; sys.argv = ['x', '--version']; from irclassify.cli.start import main; main()"


def test_the_command_keeps_numpy_to_one_thread():
    assert _threads_of(COMMAND) == [None, "1", "1", "1"]


@pytest.mark.parametrize("name", THREADS)
def test_threads_that_the_user_states_are_left_alone(name: str):
    stated = ["7" if each == name else None for each in THREADS]
    assert _threads_of(COMMAND, **{name: "7"}) == stated


def test_the_library_leaves_numpys_threads_alone():
    assert _threads_of("import irclassify; irclassify.load") == [None] * 4
