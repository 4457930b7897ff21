"""A million spectra in one file: spectra a second, memory, where the time goes, contributions.

The spectra are made here: mixtures of the samples that come with the tool, shifted, scaled and with
noise, 850 points each on the models' grid (3.4 GB). They lie in the folder for temporary files and
are deleted afterwards.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from irclassify import samples
from irclassify.batch.outputs.arrow import ArrowFile
from irclassify.batch.tables import classify_table, settle
from irclassify.classifier import Classifier
from irclassify.model.folder import find_model
from irclassify.model.preprocessing import Grid, Preprocessing, to_grid
from irclassify.model.session import Model
from irclassify.options import ReadOptions, TableOptions
from irclassify.readers import read_spectrum
from irclassify.readers.tables import open_table
from tests.benchmarks.figures import Figure, run

GRID = Grid(500.0, 3900.0, 850)
MANY, FEW = 1_000_000, 40_000
RATES = {"rieger2023-single": 50_000, "default": 10_000}


def measure(quick: bool) -> Iterator[Figure]:
    """The figures of one table, for the paper's network and the default model."""
    count = FEW if quick else MANY
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if shutil.disk_usage(folder).free < 3 * count * GRID.points * 4:
            count = FEW
        table = make(folder / "many.npy", count)
        few = table if count == FEW else make(folder / "few.npy", FEW)
        for model, target in RATES.items():
            yield from speed(table, model, count, target)
            yield in_onnxruntime(few, model)
            yield with_contributions(few, model)


def make(file: Path, count: int) -> Path:
    """``count`` perturbed samples, and their axis beside them."""
    how = Preprocessing(GRID)
    files = samples.spectra()
    known = np.stack([to_grid(read_spectrum(f.read_bytes(), f.name), how) for f in files])
    random = np.random.default_rng(0)
    stored = np.lib.format.open_memmap(file, "w+", np.float32, (count, GRID.points))
    for at in range(0, count, 10_000):
        size = min(10_000, count - at)
        share = random.random((size, 1), np.float32)
        one, other = random.integers(0, len(known), (2, size))
        rows = share * known[one] + (1 - share) * np.roll(known[other], random.integers(-3, 4), 1)
        rows += random.standard_normal(rows.shape, np.float32) * 0.003
        stored[at : at + size] = rows * random.uniform(0.1, 2, (size, 1)).astype(np.float32)
    del stored
    np.save(file.with_suffix(".axis.npy"), GRID.wavenumber)
    return file


def speed(table: Path, model: str, count: int, target: int) -> Iterator[Figure]:
    """From start to end of the command, Parquet written."""
    used = run(command(table, model), sample_s=0.5)
    rate = count / used.wall_s
    note = f"{count:,} in {used.wall_s:.1f} s, {count / used.cpu_s:,.0f} a CPU second"
    yield Figure(f"{model}: spectra classified", rate, "/s", target, at_least=True, note=note)
    yield Figure(f"{model}: resident memory", used.resident_mb, "MB", 1000)


def in_onnxruntime(table: Path, model: str) -> Figure:
    """The share of all CPU time that the network's own work is, the command's start left out."""
    # In a process of its own, so that numpy is imported as the command does it.
    code = (
        "from irclassify.model.threads import start_blas_with_one_thread as start; start()\n"
        "from pathlib import Path; from tests.benchmarks.bench_tables import share\n"
        f"print(share(Path({str(table)!r}), {model!r}))"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, env=environment
    )
    what = f"{model}: share of CPU time in onnxruntime"
    return Figure(what, float(done.stdout.split()[-1]), "", 0.8, at_least=True)


def share(table: Path, model: str) -> float:
    """The same, measured in this process."""
    spent, lock = [0.0], threading.Lock()

    class Timed(Model):
        def run(self, grids):
            start = time.thread_time()
            found = super().run(grids)
            with lock:
                spent[0] += time.thread_time() - start
            return found

        def logits(self, grids):
            start = time.thread_time()
            found = super().logits(grids)
            with lock:
                spent[0] += time.thread_time() - start
            return found

    classifier = Classifier(find_model(model))
    classifier._model = Timed(classifier.spec)
    opened = open_table(str(table), TableOptions())
    columns = settle(opened, classifier.spec.preprocessing, ReadOptions())
    sink = ArrowFile(table.with_name("share.parquet"), classifier.spec)
    blocks = classify_table(opened, classifier, columns)
    # What comes with the first block (pyarrow imports pandas where there is one) is the start, too.
    sink.write_block(next(blocks), opened)
    spent[0], start = 0.0, time.process_time()
    for block in blocks:
        sink.write_block(block, opened)
    sink.close()
    return spent[0] / (time.process_time() - start)


def with_contributions(table: Path, model: str) -> Figure:
    """What writing the contributions of 50 cm-1 regions costs."""
    plain = run(command(table, model))
    more = run([*command(table, model), "--contributions", "50"])
    note = f"by processor time; by the clock {more.wall_s / plain.wall_s:.2f}"
    ratio = more.cpu_s / plain.cpu_s
    return Figure(f"{model}: with contributions / without", ratio, "x", 1.5, note=note)


def command(table: Path, model: str) -> list[str | Path]:
    """``irclassify predict`` of a table."""
    out = table.with_name("out.parquet")
    return [sys.executable, "-m", "irclassify", "predict", table, "-m", model, "-o", out, "-q"]
