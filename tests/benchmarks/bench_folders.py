"""NIST's archive end to end: read, parse, preprocess, classify, write jsonl; on two cores.

Against the package ``jcamp`` merely parsing the same files on one core (every 20th file, times 20),
and against the floor: two processes that read the bytes and turn the text of the data lines into
floats with numpy, nothing else. All in turn, so that whatever else the machine does falls on all;
the least of three times. Memory is the sum over all processes, shared pages once, of 50,000 small
files; and of a process that lists a million files and reads none.
"""

from __future__ import annotations

import contextlib
import io
import math
import multiprocessing
import os
import resource
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import jcamp
import numpy as np

from tests.benchmarks.figures import ZIP, Figure, Usage, run

EVERY = 20
MANY = 50_000
LINKS = 60_000  # a file system allows 65,000 names of one file

Times = tuple[float, float]  # seconds by the clock, and of processor


def measure(quick: bool) -> Iterator[Figure]:
    """Seconds, ratios and megabytes."""
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        folder = scratch / "nist"
        with zipfile.ZipFile(ZIP) as archive:
            members = [m for m in archive.namelist() if m.endswith(".jdx")]
            archive.extractall(folder, members[:: 10 if quick else 1])
        files = sorted(folder.rglob("*.jdx"))
        ours, floor, theirs = [], [], []
        more = len(files) / len(files[::EVERY])
        for _ in range(1 if quick else 3):
            used = _predict(folder, scratch)
            ours.append((used.wall_s, used.cpu_s))
            floor.append(_floor(files))
            wall, cpu = _jcamp(files[::EVERY])
            theirs.append((wall * more, cpu * more))
        yield from _compared(len(files), ours, floor, theirs)
        if not quick:
            packed = _predict(ZIP, scratch)
            yield Figure("end to end, from the zip", packed.wall_s, "s", note=_cpu(packed))
        yield from _memory(scratch, MANY // 10 if quick else MANY)


def _compared(count: int, *measured: list[Times]) -> Iterator[Figure]:
    """Times, and ratios of processor times: other work on the machine alters those least.

    Both cores are ours, so a run takes half its processor time by the clock.
    """
    walls = [min(wall for wall, _ in times) for times in measured]
    cpus = [min(cpu for _, cpu in times) for times in measured]
    names = ("end to end, from the folder", "the floor, two processes", "jcamp parses, one core")
    notes = (f"{count} files", "", f"from every {EVERY}th file")
    for name, wall, cpu, note in zip(names, walls, cpus, notes, strict=True):
        yield Figure(name, wall, "s", note=f"{cpu:.1f} s of processor  {note}")
    note = f"by the clock {walls[2] / walls[0]:.1f}"
    yield Figure("faster than jcamp by", 2 * cpus[2] / cpus[0], target=8, at_least=True, note=note)
    note = f"by the clock {walls[0] / walls[1]:.1f}"
    yield Figure("slower than the floor by", cpus[0] / cpus[1], target=2.2, note=note)


def _cpu(used: Usage) -> str:
    return f"{used.cpu_s:.1f} s of processor, largest process {used.largest_mb:.0f} MB"


def _predict(source: Path, scratch: Path, sample_s: float | None = None) -> Usage:
    command = [sys.executable, "-m", "irclassify", "predict", source, "-q", "--workers", "2"]
    return run([*command, "-o", scratch / "results.jsonl"], sample_s=sample_s)


def _floor(files: list[Path]) -> Times:
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    with multiprocessing.get_context("fork").Pool(2) as pool:
        sum(pool.imap_unordered(_numbers, files, chunksize=64))
        pool.close()
        pool.join()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - start, cpu


def _numbers(file: Path) -> int:
    """How many numbers the data lines hold, by numpy's own parser."""
    data = file.read_bytes()
    start = data.find(b"\n", max(data.find(b"##XYDATA"), data.find(b"##XYPOINTS"), 0))
    try:
        return int(np.fromstring(data[start : data.find(b"##", start)].strip(), sep=" ").size)
    except ValueError:  # compressed, or no data at all: a few files
        return 0


def _jcamp(files: list[Path]) -> Times:
    """Seconds the package takes, the bytes being there."""
    contents = [file.read_bytes() for file in files]
    start, before = time.perf_counter(), time.process_time()
    with contextlib.redirect_stdout(io.StringIO()):
        for data in contents:
            with contextlib.suppress(Exception):
                jcamp.read(io.BytesIO(data))
    return time.perf_counter() - start, time.process_time() - before


def _names(scratch: Path, count: int) -> Figure:
    """A run that lists files and reads none: the names alone, all of them hard links to a few."""
    folder = scratch / "names"
    folder.mkdir()
    for i in range(count):
        if i % LINKS == 0:
            first = folder / f"first{i}.csv"
            first.touch()
        else:
            os.link(first, folder / f"s{i}.csv")
    code = (
        "from irclassify.cli.outputs import plan; from pathlib import Path;"
        f"assert len(plan([{str(folder)!r}], Path('none.jsonl'))) == {count}"
    )
    used = run([sys.executable, "-c", code])
    assert used.exit_code == 0
    note = f"{1e6 * used.cpu_s / count:.0f} us of processor a name"
    return Figure(f"names of {count:,} files", used.largest_mb, "MB", 300, note=note)


def _memory(scratch: Path, count: int) -> Iterator[Figure]:
    """A few thousand files and many more: the peak must not depend on their number."""
    folder = scratch / "small"
    folder.mkdir()
    rows = "\n".join(
        f"{x},{0.1 + math.exp(-(((x - 1715) / 30) ** 2)):.4f}" for x in range(500, 4000, 10)
    )
    for i in range(count):
        (folder / f"s{i}.csv").write_text(f"cm-1,absorbance\n{rows}\n")
    with zipfile.ZipFile(scratch / "small.zip", "w") as archive:
        for i in range(count):
            archive.write(folder / f"s{i}.csv", f"s{i}.csv")
    yield _names(scratch, 20 * count)
    for what, source in (("folder", folder), ("zip", scratch / "small.zip")):
        used = _predict(source, scratch, sample_s=0.25)
        note = f"{used.wall_s:.0f} s; {_cpu(used)}"
        yield Figure(f"{what} of {count:,} small files", used.resident_mb, "MB", 300, note=note)
