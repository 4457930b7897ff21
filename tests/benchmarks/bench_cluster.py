"""What a part of a data set costs, which is what a cluster multiplies: 1,024 files, 32,768 rows.

Done in this process on one core, as a worker with one thread does it. A part of files is compared
with ``predict`` of the same files into jsonl on one core. The start is left out of both.

Then a cluster of one worker with one thread classifies 10,000 files: the processor time of worker,
scheduler and command together against that of ``predict -w 1`` of the same files into jsonl, and
whether both give the same answers.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import distributed
from pyarrow import parquet

from irclassify import samples
from irclassify.batch.files import answer_sources
from irclassify.batch.output_folder import Store
from irclassify.batch.partitions import (
    FILES_IN_PART,
    ROWS_IN_PART,
    Job,
    Part,
    do_part,
    fingerprint,
    parts_of,
)
from irclassify.model.folder import find_model
from irclassify.options import ReadOptions, TableOptions
from irclassify.reports.rows import JsonLines
from irclassify.sources.paths import Source, expand
from tests.benchmarks.bench_tables import make
from tests.benchmarks.figures import ROOT, Figure, run

MODEL = "default"
MANY, FEW = 10_000, 1_000


def measure(quick: bool) -> Iterator[Figure]:
    """Seconds and bytes of a part of files (copies of the samples) and of one of rows."""
    files, rows = (128, 2048) if quick else (FILES_IN_PART, ROWS_IN_PART)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data = folder / "files"
        data.mkdir()
        texts = [file.read_bytes() for file in samples.spectra()]
        for i in range(files):
            (data / f"{i}.jdx").write_bytes(texts[i % len(texts)])
        table = make(folder / "rows.npy", rows)
        first = Source("first", str(folder / "first"), data=texts[0])
        one = Part(0, files=(first,))  # imports what any part needs
        for what, path, count in (("files", data, files), ("rows", table, rows)):
            store = Store(str(folder / f"out-{what}"))
            identity = fingerprint(find_model(MODEL))
            job = Job(MODEL, identity, store, ReadOptions(), TableOptions())
            do_part(replace(job, store=Store(str(folder / f"first-{what}"))), one)
            parts = list(parts_of([str(path)], job.table))
            start = time.process_time()
            done = [do_part(job, part) for part in parts]
            cpu = time.process_time() - start
            size = sum((Path(store.place) / part.name).stat().st_size for part in parts)
            note = f"{sum(d.rows for d in done) / cpu:,.0f} spectra a CPU second"
            yield Figure(f"a part of {count:,} {what}, {MODEL}", cpu, "CPU s", note=note)
            yield Figure(f"its answers, {MODEL}", size / count, "bytes/row")
            start = time.perf_counter()
            for part in parts:
                do_part(job, part)
            again = time.perf_counter() - start
            yield Figure(f"finding it done, {what}", again * 1e3, "ms")
            if what == "files":
                yield Figure("a part of files / predict", cpu / _predict(path), target=1.2)
        del texts, done
        yield from _on_a_cluster(folder, FEW if quick else MANY)


def _predict(path: Path) -> float:
    """Processor seconds of reading, classifying and writing jsonl in this process."""
    spec = find_model(MODEL)
    with (path.with_name("plain.jsonl")).open("w") as stream:
        sink = JsonLines(stream)
        start = time.process_time()
        for answers in answer_sources(expand([str(path)]), spec, workers=1):
            sink.write_answers(answers)
        return time.process_time() - start


def _on_a_cluster(scratch: Path, count: int) -> Iterator[Figure]:
    """``predict --dask`` of ``count`` hard links to the samples, against ``predict -w 1``."""
    data, out, plain = scratch / "many", scratch / "answers", scratch / "single.jsonl"
    data.mkdir()
    first = [shutil.copy(file, scratch) for file in samples.spectra()]
    for i in range(count):
        os.link(first[i % len(first)], data / f"s{i}.jdx")
    predict = [sys.executable, "-m", "irclassify", "predict", data, "-q"]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    with _cluster(scratch, environment) as (address, processes):
        before = sum(map(_used_s, processes))
        command = run([*predict, "--dask", address, "-o", out], environment=environment)
        theirs = sum(map(_used_s, processes)) - before
    alone = run([*predict, "-w", "1", "-o", plain], environment=environment)
    note = f"{count:,} files; {theirs:.1f} s of worker and scheduler, {command.cpu_s:.1f} s of the "
    note += f"command; {alone.cpu_s:.1f} s alone; by the clock {command.wall_s / alone.wall_s:.2f}"
    ratio = (theirs + command.cpu_s) / alone.cpu_s
    most = 1.2 if count == MANY else None  # of few files the start takes most
    yield Figure("predict --dask / predict, all processes", ratio, target=most, note=note)
    same, largest = _compared(out, plain)
    yield Figure("files with the same answer", same, "files", target=count, at_least=True)
    note = "jsonl has six digits"
    yield Figure("largest difference of a probability", largest, "", target=1e-6, note=note)


@contextmanager
def _cluster(folder: Path, environment: dict[str, str]) -> Iterator[tuple[str, list[int]]]:
    """A scheduler and a worker with one thread: the address, and the processes."""
    place, log = folder / "scheduler.json", (folder / "cluster.log").open("w")
    python, here = [sys.executable, "-m"], ["--scheduler-file", str(place), "--no-dashboard"]
    local = [*here, "--host", "127.0.0.1"]
    commands = (
        [*python, "distributed.cli.dask_scheduler", *local, "--port", "0"],
        [*python, "distributed.cli.dask_worker", *local, "--nthreads", "1", "--no-nanny"],
    )
    processes = []
    try:
        for command in commands:
            environment = {**environment, "PYTHONPATH": str(ROOT)}
            processes.append(subprocess.Popen(command, stderr=log, env=environment, cwd=folder))
            while not place.exists():  # which the scheduler writes when it listens
                assert processes[0].poll() is None, (folder / "cluster.log").read_text()
                time.sleep(0.1)
        with distributed.Client(scheduler_file=str(place), set_as_default=False) as client:
            client.wait_for_workers(1, timeout=60)
            address = client.scheduler.address
        yield address, [process.pid for process in processes]
    finally:
        for process in reversed(processes):
            process.terminate()
            process.wait()
        log.close()


def _used_s(process: int) -> float:
    """Processor seconds of a running process."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


def _compared(parts: Path, plain: Path) -> tuple[int, float]:
    """How many files have the same calls, verdict and warnings; the largest difference."""
    same, largest = 0, 0.0
    rows = (row for part in sorted(parts.glob("*.parquet")) for row in _rows(part))
    with plain.open(encoding="utf-8") as lines:
        for row, line in zip(rows, lines, strict=True):
            said = json.loads(line)
            outputs = [*said["groups"], *said["details"]]
            words = [said["file"], said["domain"]["verdict"], " | ".join(said["warnings"])]
            same += words == [row["file"], row["domain"], row["warnings"]] and all(
                one["call"] == row[f"{one['name']}_call"] for one in outputs
            )
            apart = (abs(one["probability"] - row[one["name"]]) for one in outputs)
            largest = max(largest, *apart)
    return same, largest


def _rows(part: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = parquet.read_table(part).to_pylist()
    return rows
