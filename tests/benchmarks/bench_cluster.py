"""What a part of a data set costs, which is what a cluster multiplies: 1,024 files, 32,768 rows.

Done in this process on one core, as a worker with one thread does it. A part of files is compared
with ``predict`` of the same files into jsonl on one core. The start is left out of both.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

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
from tests.benchmarks.figures import Figure

MODEL = "default"


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


def _predict(path: Path) -> float:
    """Processor seconds of reading, classifying and writing jsonl in this process."""
    spec = find_model(MODEL)
    with (path.with_name("plain.jsonl")).open("w") as stream:
        sink = JsonLines(stream)
        start = time.process_time()
        for answers in answer_sources(expand([str(path)]), spec, workers=1):
            sink.write_answers(answers)
        return time.process_time() - start
