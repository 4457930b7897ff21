"""How long the command takes to start, against an empty Python and against its libraries.

Everything runs in an environment that holds the installed wheel and nothing else: the interpreter
in ``CLEAN_PYTHON``, or one made here (it needs pip's index). Commands take turns, so that whatever
else the machine does falls on all of them; medians of ten warm runs each.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.figures import ROOT, Figure, Usage, run

ROUNDS = 10


def measure(quick: bool) -> Iterator[Figure]:
    """Ratios of medians."""
    with tempfile.TemporaryDirectory() as folder:
        python = _clean_python(Path(folder))
        tool = [python, "-m", "irclassify"]
        subprocess.run([*tool, "samples", "samples"], cwd=folder, env=_environment(), check=True)
        commands = {
            "pass": [python, "-c", "pass"],
            "libraries": [python, "-c", "import typer, rich, numpy, onnxruntime"],
            "--version": [*tool, "--version"],
            "--help": [*tool, "--help"],
            "predict": [*tool, "predict", "samples/ethanol.jdx"],
        }
        taken: dict[str, list[Usage]] = {name: [] for name in commands}
        for turn in range(1 + (3 if quick else ROUNDS)):
            for name, command in commands.items():
                used = run(command, cwd=Path(folder), environment=_environment())
                assert used.exit_code == 0, command
                if turn:  # the first warms up
                    taken[name].append(used)
    wall = {name: statistics.median(u.wall_s for u in used) for name, used in taken.items()}
    cpu = {name: statistics.median(u.cpu_s for u in used) for name, used in taken.items()}
    for name in commands:
        yield Figure(name, wall[name] * 1e3, "ms", note=f"{cpu[name] * 1e3:.0f} ms of processor")
    for name in ("--version", "--help", "predict"):
        target = 1.3 if name == "predict" else None
        yield Figure(f"{name} / python -c pass", wall[name] / wall["pass"])
        yield Figure(
            f"{name} / importing the libraries",
            wall[name] / wall["libraries"],
            target=target,
            note=f"by processor time {cpu[name] / cpu['libraries']:.2f}",
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
    subprocess.run([python, "-m", "pip", "install", "-q", str(ROOT)], check=True)
    return python
