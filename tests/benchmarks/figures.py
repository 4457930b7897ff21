"""What every benchmark shares: the shape of a measured figure, and how a command is measured.

A benchmark is a module ``bench_NAME.py`` beside this one: its docstring's first line is its title,
and its function

    def measure(quick: bool) -> Iterator[Figure]

yields figures as they are known. ``quick`` asks for a smaller piece of the same work. Nothing else
is to be registered: ``python -m tests.benchmarks`` runs every such module.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SHARED = ROOT.parent / "shared"
ZIP = SHARED / "data" / "nist_ir.zip"


@dataclass(frozen=True)
class Figure:
    """``what`` was measured, its ``value`` in ``unit`` (``x``: a ratio), and what it should be.

    ``target`` is an upper limit, or a lower one where ``at_least``; None where there is none.
    ``note`` says what the value is made of.
    """

    what: str
    value: float
    unit: str = "x"
    target: float | None = None
    at_least: bool = False
    note: str = ""

    @property
    def met(self) -> bool:
        """True unless there is a target and the value misses it."""
        if self.target is None:
            return True
        return self.value >= self.target if self.at_least else self.value <= self.target


@dataclass(frozen=True)
class Usage:
    """What a command took: seconds of the clock and of all its processes' processors, and memory.

    ``resident_mb`` is the highest sum over its processes of their proportional set size, sampled:
    pages that several share count once. NaN where /proc does not tell. ``largest_mb`` is the
    highest resident size of any one of them.
    """

    wall_s: float
    cpu_s: float
    resident_mb: float
    largest_mb: float
    exit_code: int


def run(
    command: Sequence[str | Path],
    *,
    output: Path | None = None,
    sample_s: float | None = None,
    cwd: Path = ROOT,
    environment: Mapping[str, str] | None = None,
) -> Usage:
    """Run a command to its end, stdout to ``output`` or nowhere.

    ``sample_s``: how often to look at its memory; None leaves ``resident_mb`` NaN and the clock
    undisturbed. It is started from a small process of its own: see ``starter.py``.
    """
    about = [Path(output or os.devnull).absolute(), sample_s or 0, *command]
    done = subprocess.run(
        # -I: no modules but the library's are looked for. -S: nor any folder of packages.
        [sys.executable, "-IS", str(HERE / "starter.py"), *map(str, about)],
        stdout=subprocess.PIPE,
        cwd=cwd,
        env=environment,
        check=True,
    )
    return Usage(**json.loads(done.stdout))
