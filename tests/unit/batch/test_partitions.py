"""Parts, and a real Dask cluster of separate processes: a single machine's answers, bit for bit."""

from __future__ import annotations

import json
import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import synthetic

from irclassify.batch import partitions as parts_module
from irclassify.batch.dask import run_parts
from irclassify.batch.files import FILES_PER_TASK
from irclassify.batch.output_folder import Store
from irclassify.batch.partitions import Job, do_part, fingerprint, parts_of
from irclassify.errors import IrclassifyError, UsageError
from irclassify.model.folder import find_model
from irclassify.options import ReadOptions, TableOptions
from irclassify.sources.remote import expand_url, url_of

pytest.importorskip("distributed", reason="needs irclassify[dask]")
parquet = pytest.importorskip("pyarrow.parquet", reason="needs irclassify[dask]")

TINY = str(Path(__file__).parents[2] / "tiny_model")
X = np.arange(600.0, 3801.0, 4.0)


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """600 good files, some bad ones, a table, and a table that is none."""
    folder = tmp_path_factory.mktemp("dataset")
    random = np.random.default_rng(0)
    for i in range(600):
        band = (float(random.uniform(800, 3500)), 1.0, 20.0)
        (folder / f"s{i}.jdx").write_text(synthetic.jdx((band, *synthetic.ESTER)))
    for i in range(0, 600, 50):
        (folder / f"s{i}.jdx").write_text("no spectrum")
    return folder


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("table")
    random = np.random.default_rng(1)
    y = np.exp(-(((X - random.uniform(700, 3700, (300, 1))) / 30) ** 2)).astype(np.float32)
    y[7] = np.nan
    np.savez(folder / "t.npz", absorbance=y, wavenumber_cm1=X)
    return folder / "t.npz"


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts_module, "FILES_IN_PART", FILES_PER_TASK)
    monkeypatch.setattr(parts_module, "ROWS_IN_PART", 64)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler and two workers, processes of their own: address and workers."""
    file = tmp_path / "scheduler.json"
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    environment["PYTHONPATH"] = os.pathsep.join([str(Path(__file__).parents[3]), *sys.path])
    environment["DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL"] = "10s"

    def start(module: str, *arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.{module}", *arguments],
            env=environment,
            cwd=tmp_path,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    scheduler = start(
        "dask_scheduler",
        "--host",
        "127.0.0.1",
        "--port",
        "0",
        "--no-dashboard",
        "--scheduler-file",
        str(file),
    )
    for _ in range(300):
        if file.is_file() and file.stat().st_size:
            break
        time.sleep(0.1)
    options = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--scheduler-file", str(file))
    workers = [start("dask_worker", *options) for _ in range(2)]
    try:
        yield json.loads(file.read_text())["address"], workers
    finally:
        for process in (*workers, scheduler):
            process.kill()
            process.wait()


def alone(job: Job, paths: list[str], place: Path) -> Path:
    """The same work on this machine, by the command that needs no cluster."""
    file = place / "alone.parquet"
    command = [sys.executable, "-m", "irclassify", "predict", *paths, "-o", str(file), "-q"]
    subprocess.run([*command, "--model", TINY], check=False)
    return file


def rows_of(folder: Path):
    tables = [parquet.read_table(file) for file in sorted(folder.glob("part-*.parquet"))]
    import pyarrow as pa

    return pa.concat_tables([table.replace_schema_metadata() for table in tables])


def same(one, other) -> bool:
    """Equal to the last bit, nulls and all."""
    return all(
        one[name].combine_chunks().cast(kind).equals(other[name].combine_chunks().cast(kind))
        for name in one.schema.names
        for kind in [_plain(one.schema.field(name).type)]
    )


def _plain(kind):
    import pyarrow as pa

    return pa.string() if pa.types.is_dictionary(kind) else kind


def job(place: Path | str, **options: object) -> Job:
    same = fingerprint(find_model(TINY))
    return Job(TINY, same, Store(str(place)), ReadOptions(), TableOptions(**options))


@pytest.mark.usefixtures("small_parts")
def test_a_worker_killed_in_the_middle_changes_nothing(dataset, cluster, tmp_path: Path):
    address, workers = cluster
    work = job(tmp_path / "out")
    parts = list(parts_of([str(dataset)], work.table))
    assert len(parts) == 10
    done = []
    for item in run_parts(work, parts, address):
        done.append(item)
        if len(done) == 2:
            os.kill(workers[0].pid, signal.SIGKILL)
    assert workers[0].wait(10) == -signal.SIGKILL
    assert sorted(item.number for item in done) == list(range(10))
    assert sum(item.rows for item in done) == 600
    assert sum(item.failed for item in done) == 12
    expected = parquet.read_table(alone(work, [str(dataset)], tmp_path))
    found = rows_of(tmp_path / "out")
    assert found["file"].to_pylist() == expected["file"].to_pylist()
    assert same(found, expected)

    # Started again, only what is missing is done.
    (tmp_path / "out" / parts[3].name).unlink()
    before = (tmp_path / "out" / parts[4].name).stat().st_mtime_ns
    again = list(run_parts(work, parts, address))
    assert [item.number for item in again if item.seconds] == [3]
    assert (tmp_path / "out" / parts[4].name).stat().st_mtime_ns == before
    assert same(rows_of(tmp_path / "out"), expected)

    # The command says the same, and needs no worker for what is done.
    command = [sys.executable, "-m", "irclassify", "predict", dataset, "--model", TINY]
    command += ["--dask", address, "-o", tmp_path / "command"]
    said = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    assert said.returncode == 1
    assert "588 spectra classified, 12 failed" in said.stderr
    assert same(rows_of(tmp_path / "command"), expected)


@pytest.mark.usefixtures("small_parts")
def test_parts_of_a_table_are_the_rows_of_it(table, tmp_path: Path):
    work = job(tmp_path / "out", contributions=100.0)
    parts = list(parts_of([str(table)], work.table))
    assert [(part.first, part.end) for part in parts][:2] == [(0, 64), (64, 128)]
    for part in reversed(parts):
        do_part(pickle.loads(pickle.dumps(work)), pickle.loads(pickle.dumps(part)))
    expected = parquet.read_table(alone(work, [str(table)], tmp_path))
    found = rows_of(tmp_path / "out")
    assert found["row"].to_pylist() == list(range(1, 301))
    assert found["error"].null_count == 299
    assert "ester_contributions" in found.schema.names
    assert same(found.select(expected.schema.names), expected)


def test_urls_are_read_and_written(dataset, table, tmp_path: Path):
    import fsspec

    memory = fsspec.filesystem("memory")
    for name in ("s1.jdx", "s2.jdx", "s50.jdx", "s10.jdx"):
        memory.pipe_file(f"/in/{name}", (dataset / name).read_bytes())
    memory.pipe_file("/in/t.npz", table.read_bytes())
    memory.pipe_file("/in/bad.npz", b"nonsense")
    work = job("memory://out")
    paths = ["memory://in", "memory://in/none.jdx"]
    done = [do_part(work, part) for part in parts_of(paths, work.table)]
    assert [item.rows for item in done] == [1, 4, 300, 1]
    assert [item.failed for item in done] == [1, 1, 1, 1]
    files = sorted(memory.ls("/out", detail=False))
    first = parquet.read_table(memory.open(files[1]))
    assert [name.rsplit("/", 1)[1] for name in first["file"].to_pylist()] == [
        "s1.jdx",
        "s2.jdx",
        "s10.jdx",
        "s50.jdx",
    ]
    expected = parquet.read_table(alone(work, [str(dataset / "s1.jdx")], tmp_path))
    assert first["ester"][0] == expected["ester"][0]
    last = parquet.read_table(memory.open(files[3])).to_pylist()[0]
    assert last["error"] == "unreadable"
    assert [item.seconds for item in (do_part(work, p) for p in parts_of(paths, work.table))] == [
        0
    ] * 4


@pytest.mark.parametrize(
    ("path", "url"),
    [
        ("s3://bucket/a", "s3://bucket/a"),
        ("s3:/bucket/a", "s3://bucket/a"),
        ("file:///tmp/a", "file:///tmp/a"),
        ("folder/a:b", None),
        ("C:/folder", None),
        ("/tmp/a", None),
    ],
)
def test_what_is_a_url(path: str, url: str | None):
    assert url_of(path) == url
    assert url_of(Path(path)) == url


def test_other_work_in_the_same_place_is_refused(dataset, tmp_path: Path):
    work = job(tmp_path / "out")
    parts = list(parts_of([str(dataset / "s1.jdx")], work.table))
    parts_module.check_manifest(work, parts)
    parts_module.check_manifest(work, parts)
    others = list(parts_of([str(dataset / "s2.jdx")], work.table))
    with pytest.raises(UsageError, match="another folder"):
        parts_module.check_manifest(work, others)
    with pytest.raises(UsageError, match="another folder"):
        parts_module.check_manifest(job(dataset), parts)


def test_a_worker_with_another_model_refuses(dataset, tmp_path: Path):
    work = Job(TINY, "0" * 64, Store(str(tmp_path)), ReadOptions(), TableOptions())
    (part,) = parts_of([str(dataset / "s1.jdx")], work.table)
    with pytest.raises(IrclassifyError, match="differs on this worker"):
        do_part(work, part)
    assert find_model(TINY).name == "tiny"


def test_an_unfinished_part_is_none(dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    work = job(tmp_path / "out")
    (part,) = parts_of([str(dataset / "s1.jdx")], work.table)

    def died(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("irclassify.batch.output_folder.os.fsync", died)
        with pytest.raises(UsageError, match="No space left"):
            do_part(work, part)
    assert work.store.names() == set()
    assert do_part(work, part).seconds > 0
    assert work.store.names() == {part.name}


def test_no_scheduler_is_one_line(dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("irclassify.batch.dask._CONNECT_S", 1)
    work = job(tmp_path / "out")
    parts = list(parts_of([str(dataset / "s1.jdx")], work.table))
    with pytest.raises(UsageError, match="--dask"):
        list(run_parts(work, parts, "tcp://127.0.0.1:9"))


def test_a_url_that_cannot_be_listed_is_a_row():
    (source,) = expand_url("memory://nowhere/*.jdx")
    with pytest.raises(IrclassifyError, match="no file matches"):
        source.read()
