"""The command as others use it, in this process or in one of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import in_process
import pytest
import synthetic

TINY = Path(__file__).parent / "tiny_model"
DETAILS = Path(__file__).parent / "tiny_details"  # schema 3
SCRIPT = Path(sys.executable).parent / "irclassify"
COMMAND = [str(SCRIPT)] if SCRIPT.exists() else [sys.executable, "-m", "irclassify"]
GROUPS = [g["name"] for g in json.loads((TINY / "model.json").read_text())["groups"]]
ENVIRONMENT = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
ENVIRONMENT |= {"OMP_NUM_THREADS": "1", "PYTHONWARNINGS": "error::ResourceWarning"}


def irclassify(*arguments: object, stdin: bytes = b""):
    """Run the command here, or apart if it is to have worker processes."""
    words = [str(argument) for argument in arguments]
    workers = [b for a, b in pairwise(words) if a in ("-w", "--workers")]
    run = in_process.irclassify if set(workers) <= {"0", "1"} else apart
    return run(*words, stdin=stdin)


def apart(*arguments: object, stdin: bytes = b"", **environment: str):
    """Run the installed command in a process of its own and wait."""
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        input=stdin,
        capture_output=True,
        env=ENVIRONMENT | environment,
        timeout=60,
        check=False,
    )


def tiny(command: str, *arguments: object, stdin: bytes = b""):
    """Run a command with the tiny model."""
    return irclassify(command, "--model", TINY, *arguments, stdin=stdin)


def many(folder: Path, count: int) -> Path:
    """A folder of ``count`` links to one good file."""
    folder.mkdir()
    first = folder / "s0.jdx"
    first.write_text(synthetic.jdx(synthetic.ESTER), encoding="utf-8")
    for i in range(1, count):
        (folder / f"s{i}.jdx").hardlink_to(first)
    return folder


# For tests that send the signals of Unix, or look at a terminal as Unix has it.
needs_unix = pytest.mark.skipif(sys.platform == "win32", reason="uses signals or terminals of Unix")


def hear_ctrl_c() -> None:
    """In the child: a pytest started with & has SIGINT ignored, and children inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def imported_by(code: str) -> set[str]:
    """Top-level modules in sys.modules after running ``code`` in a fresh interpreter."""
    report = "import sys; print(' '.join({m.partition('.')[0] for m in sys.modules}))"
    start = "import sys"
    script = f"{start}\ntry:\n    {code}\nexcept SystemExit:\n    pass\n{report}"
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, env=ENVIRONMENT, check=True)
    return set(done.stdout.splitlines()[-1].split())
