"""How long the command takes to start, against an empty Python and against its libraries.

Everything runs in an environment that holds the installed wheel and nothing else: the interpreter
in ``CLEAN_PYTHON``, or one made here (it needs pip's index). Commands take turns, so that whatever
else the machine does falls on all of them; the least of ten warm runs each. ``libraries`` imports
typer, rich, numpy and onnxruntime and does nothing.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.figures import ROOT, Figure, Usage, run

ROUNDS = 10


def measure(quick: bool) -> Iterator[Figure]:
    """Times, and ratios of processor times."""
    with tempfile.TemporaryDirectory() as folder:
        python = _clean_python(Path(folder))
        tool = [python, "-m", "irclassify"]
        quietly = {"cwd": folder, "env": _environment(), "capture_output": True}
        subprocess.run([*tool, "samples", "samples"], check=True, **quietly)
        commands = {
            "pass": [python, "-c", "pass"],
            "libraries": [python, "-c", "import typer, rich, numpy, onnxruntime"],
            "--version": [*tool, "--version"],
            "--help": [*tool, "--help"],
            "predict": [*tool, "predict", "samples/ethanol.jdx"],
            "explain": [*tool, "explain", "samples/ethanol.jdx"],
        }
        taken: dict[str, list[Usage]] = {name: [] for name in commands}
        for turn in range(1 + (3 if quick else ROUNDS)):
            for name, command in commands.items():
                used = run(command, cwd=Path(folder), environment=_environment())
                assert used.exit_code == 0, command
                if turn:  # the first warms up
                    taken[name].append(used)
    wall = {name: min(u.wall_s for u in used) for name, used in taken.items()}
    cpu = {name: min(u.cpu_s for u in used) for name, used in taken.items()}
    for name in commands:
        yield Figure(name, wall[name] * 1e3, "ms", note=f"{cpu[name] * 1e3:.0f} ms of processor")
    targets = {("predict", "libraries"): 1.3, ("explain", "predict"): 2.0}
    for name, baseline in (
        *((name, "pass") for name in ("--version", "--help", "predict")),
        *((name, "libraries") for name in ("--version", "--help", "predict")),
        ("explain", "predict"),
    ):
        yield Figure(
            f"{name} / {baseline}",
            cpu[name] / cpu[baseline],
            target=targets.get((name, baseline)),
            note=f"by processor time; by the clock {wall[name] / wall[baseline]:.2f}",
        )


def _environment() -> dict[str, str]:
    """Without what would import the checkout, or keep compiled modules from being kept."""
    dropped = ("PYTHONPATH", "PYTHONDONTWRITEBYTECODE")
    return {k: v for k, v in os.environ.items() if k not in dropped}


def _clean_python(folder: Path) -> Path:
    if given := os.environ.get("CLEAN_PYTHON"):
        return Path(given)
    subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
    python = folder / "venv" / "bin" / "python"
    quietly = ("-qq", "--disable-pip-version-check", "--root-user-action=ignore")
    subprocess.run([python, "-m", "pip", "install", *quietly, str(ROOT)], check=True)
    return python
