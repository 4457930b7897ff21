"""Runs many command lines of irclassify, each in a process of its own, without a start for each.

This process imports the libraries that irclassify needs, and nothing of irclassify itself. Each
command is a fork of it that runs ``python -m irclassify``. So no name of an internal module stands
here, and what is tested is what the installed command does.

``python runner.py WORK`` reads cases as JSON from standard input and writes outcomes to standard
output: a list of [exit code, standard output, standard error, {file below out: base64}].
"""

from __future__ import annotations

import base64
import contextlib
import gc
import importlib
import json
import os
import runpy
import shutil
import sys
import traceback
from pathlib import Path
from typing import Any

PRELOADED = (
    *("numpy", "onnxruntime", "jcamp", "scipy.signal", "scipy.ndimage", "scipy.optimize"),
    *("typer.main", "typer.rich_utils", "pydantic", "rich.table", "rich.progress", "rich.markdown"),
    *("matplotlib.figure", "matplotlib.backends.backend_svg", "matplotlib.backends.backend_agg"),
    *("pyarrow.parquet", "pyarrow.feather", "multiprocessing.spawn", "concurrent.futures.process"),
)


def _command(words: list[str]) -> int:
    """Run irclassify in this process, as its console script would; the exit code."""
    sys.argv = ["irclassify", *words]
    try:
        runpy.run_module("irclassify", run_name="__main__")
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001 - a traceback is an outcome as well
        traceback.print_exc()
        return 1
    return 0


def _child(case: dict[str, Any], out: int, err: int) -> None:
    """In the fork: point the standard streams at ``out`` and ``err``, run, leave."""
    stdin = os.open(case.get("stdin") or os.devnull, os.O_RDONLY)
    for descriptor, standard in ((stdin, 0), (out, 1), (err, 2)):
        os.dup2(descriptor, standard)
    code = _command(case["words"])
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)


def _drained(terminal: int) -> bytes:
    """All that is written to the other end of a pseudo-terminal."""
    said = b""
    with contextlib.suppress(OSError):  # Linux: EIO at the end
        while piece := os.read(terminal, 65536):
            said += piece
    os.close(terminal)
    return said.replace(b"\r\n", b"\n")


def run(case: dict[str, Any], scratch: Path) -> list[Any]:
    """One outcome."""
    files = [scratch / "stdout", scratch / "stderr"]
    out, err = (os.open(f, os.O_RDWR | os.O_CREAT | os.O_TRUNC) for f in files)
    terminal = None
    if case.get("terminal"):
        os.close(out)
        terminal, out = os.openpty()
    child = os.fork()
    if child == 0:
        _child(case, out, err)
    os.close(out)
    os.close(err)
    said = _drained(terminal) if terminal is not None else b""
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    said = said if terminal is not None else files[0].read_bytes()
    return [code, _text(said), _text(files[1].read_bytes())]


def _text(said: bytes) -> str:
    return said.decode(errors="backslashreplace")


def _written(folder: Path) -> dict[str, str]:
    return {
        file.relative_to(folder).as_posix(): base64.b64encode(file.read_bytes()).decode()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def main() -> None:
    """Run all cases in WORK, with ``out`` emptied before each."""
    for name in PRELOADED:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    gc.freeze()  # so that a fork copies no page only to count references
    work = Path(sys.argv[1])
    cases = json.loads(sys.stdin.read())
    scratch = work / "streams"
    scratch.mkdir(exist_ok=True)
    os.chdir(work)
    outcomes = []
    for case in cases:
        shutil.rmtree("out", ignore_errors=True)
        if case["words"][:1] != ["samples"]:
            Path("out").mkdir()
        outcome = run(case, scratch)
        if case.get("twice"):
            outcome = run(case, scratch)
        outcomes.append([*outcome, _written(Path("out"))])
    print(json.dumps(outcomes))


if __name__ == "__main__":
    main()
