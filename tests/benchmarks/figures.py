"""What every benchmark shares: the shape of a measured figure, and how a command is measured.

A benchmark is a module ``bench_NAME.py`` beside this one: its docstring's first line is its title,
and its function

    def measure(quick: bool) -> Iterator[Figure]

yields figures as they are known. ``quick`` asks for a smaller piece of the same work. Nothing else
is to be registered: ``python -m tests.benchmarks`` runs every such module.
"""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
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
    undisturbed.
    """
    with Path(output or os.devnull).open("wb") as stream:
        start = time.perf_counter()
        process = subprocess.Popen(
            [str(c) for c in command], stdout=stream, cwd=cwd, env=environment
        )
        watch = _Watch(process.pid, sample_s) if sample_s else None
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)  # it has been waited for
    return Usage(
        wall_s=wall,
        cpu_s=used.ru_utime + used.ru_stime,
        resident_mb=watch.stop() if watch else float("nan"),
        largest_mb=used.ru_maxrss / 1024,
        exit_code=process.returncode,
    )


class _Watch:
    """Samples the memory of a process and its descendants from a thread."""

    def __init__(self, pid: int, every_s: float) -> None:
        self._pid, self._every = pid, every_s
        self._highest = 0.0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)
        self._thread.start()

    def stop(self) -> float:
        """The highest sum seen, MB."""
        self._done.set()
        self._thread.join()
        return self._highest or float("nan")

    def _sample(self) -> None:
        while not self._done.wait(self._every):
            self._highest = max(self._highest, sum(map(_proportional_mb, family(self._pid))))


def family(pid: int) -> list[int]:
    """A process and its descendants, as /proc has them now."""
    found = [pid]
    for parent in found:  # grows while it is walked
        try:
            tasks = list(Path(f"/proc/{parent}/task").iterdir())
            found += [int(c) for task in tasks for c in (task / "children").read_text().split()]
        except OSError:
            continue
    return found


def _proportional_mb(pid: int) -> float:
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return 0.0
