"""``python -m tests.benchmarks.many_files [N]``: 10,000 small files and N, a million by default.

Of each number, hard links to the samples in a folder are read by ``predict -w 1`` into jsonl; then
the finished file is given to ``--resume``, whole and without its last 10 MB. Before that: how soon
progress is shown, and what Ctrl-C leaves then and when the first answers are there. Memory is the
sum over all processes, shared pages once. A million files take about ten minutes of one core,
1 GB of the folder for the links (``--folder``) and 10 GB of that for temporary files (TMPDIR).
"""

from __future__ import annotations

import argparse
import os
import pty
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from irclassify import samples
from tests.benchmarks.__main__ import environment, line
from tests.benchmarks.figures import ROOT, Figure, Usage, run

FEW, MANY = 10_000, 1_000_000
LINKS = 60_000  # a file system allows 65,000 names of one file
MOST_MB = 300
CUT = 10_000_000  # bytes, about a thousand rows
INTERRUPTED = 130
PREDICT = [sys.executable, "-m", "irclassify", "predict", "-w", "1"]


def measure(many: int, folder: Path, scratch: Path) -> Iterator[Figure]:
    """The figures of ``FEW`` and of ``many`` files, and how they compare."""
    times = []
    for count in (FEW, many):
        print(f"\n{count:,} files", flush=True)
        files, out = folder / str(count), scratch / f"{count}.jsonl"
        _link(files, count)
        yield from _first_progress(files, out)
        whole = _predict(files, out)
        times.append(1e3 * whole.cpu_s / count)
        note = f"{whole.cpu_s:.0f} s of processor, {whole.wall_s:.0f} s by the clock"
        yield Figure("time a file", times[-1], "ms", note=note)
        yield Figure("memory of all processes", whole.resident_mb, "MB", MOST_MB)
        yield from _resumed(files, out, count)
        shutil.rmtree(files)
        out.unlink()
    yield Figure("time a file, of many / of few", times[1] / times[0], target=1.1)


def _link(files: Path, count: int) -> None:
    """Hard links to copies of the samples: so many names, hardly any bytes."""
    files.mkdir()
    texts = [sample.read_bytes() for sample in samples.spectra()]
    for i in range(count):
        first = files.with_name(f"{i % len(texts)}_{i // (LINKS * len(texts))}")
        if not first.exists():
            first.write_bytes(texts[i % len(texts)])
        os.link(first, files / f"s{i}.jdx")


def _predict(files: Path, out: Path, *options: str) -> Usage:
    used = run([*PREDICT, files, "-q", "-o", out, *options], sample_s=0.1)
    assert used.exit_code == 0
    return used


def _resumed(files: Path, out: Path, count: int) -> Iterator[Figure]:
    """What finding the rows of an earlier run takes, and whether the file comes out the same."""
    size, end = out.stat().st_size, _end(out)
    for cut, what in ((0, "whole"), (CUT, "without its end")):
        os.truncate(out, size - cut)
        used = _predict(files, out, "--resume")
        note = f"{used.cpu_s:.1f} s of processor, {used.resident_mb:.0f} MB"
        each = 1e6 * used.cpu_s / count
        most = 20.0 if count >= MANY else None  # of few files the start takes most
        yield Figure(f"--resume of the file, {what}, a file", each, "us", most, note=note)
        same = float(out.stat().st_size == size and _end(out) == end)
        yield Figure("it is the same after that", same, "", target=1, at_least=True)


def _end(out: Path) -> bytes:
    with out.open("rb") as stream:
        stream.seek(-2 * CUT, os.SEEK_END)
        return stream.read()


def _first_progress(files: Path, out: Path) -> Iterator[Figure]:
    """Seconds from the start to the first sign and to the first count of answers; then Ctrl-C."""
    for what, text in (("first sign of progress", b"looking"), ("first answers", b"s left")):
        seconds, exit_code = _until_shown(text, [*PREDICT, str(files), "-o", str(out)])
        left = out.read_bytes() if out.exists() else b""
        whole = not left or left.endswith(b"}\n")
        lines = left.count(b"\n")
        note = f"Ctrl-C then: exit code {exit_code}, {lines} lines"
        yield Figure(what, seconds, "s", 1.0 if text == b"looking" else None, note=note)
        clean = float(exit_code == INTERRUPTED and whole)
        yield Figure("Ctrl-C leaves whole lines", clean, "", target=1, at_least=True)
        out.unlink(missing_ok=True)


def _until_shown(text: bytes, command: list[str]) -> tuple[float, int]:
    """Run a command whose stderr is a terminal until it shows ``text``, then interrupt it."""
    ours, theirs = pty.openpty()
    start, shown = time.perf_counter(), b""
    process = subprocess.Popen(command, stderr=theirs, cwd=ROOT)
    os.close(theirs)
    while text not in shown:
        shown += os.read(ours, 1024)
    seconds = time.perf_counter() - start
    process.send_signal(signal.SIGINT)
    exit_code = process.wait(timeout=60)
    os.close(ours)
    return seconds, exit_code


def main() -> int:
    """Run and print; 1 when a target is missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.many_files")
    parser.add_argument("count", nargs="?", type=int, default=MANY, metavar="N")
    parser.add_argument("--folder", type=Path, default=Path("/dev/shm"))
    chosen = parser.parse_args()
    # What a shell starts in the background, and all that it starts, has Ctrl-C ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for key, value in environment().items():
        print(f"{key:<10} {value}")
    met = True
    with (
        tempfile.TemporaryDirectory(dir=chosen.folder) as folder,
        tempfile.TemporaryDirectory() as out,
    ):
        for figure in measure(chosen.count, Path(folder), Path(out)):
            print(line(figure), flush=True)
            met &= figure.met
    return 0 if met else 1


if __name__ == "__main__":
    raise SystemExit(main())
