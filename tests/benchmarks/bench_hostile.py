"""A folder of 200 good files among hostile ones: every good one answered, a row for each bad one.

The bad ones: all of ../shared/cases/readers, damaged tables of every format, tables that unpack to
gigabytes, a pipe, a link that leads nowhere. Memory is the sum over all processes, shared pages
once.
"""

from __future__ import annotations

import csv
import io
import os
import shutil
import struct
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import synthetic

from tests.benchmarks.figures import SHARED, Figure, run

GOOD = 200
X = np.linspace(400.0, 4000.0, 1801)
MOST_MB = 300


def measure(quick: bool) -> Iterator[Figure]:
    """Counts, seconds and megabytes."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "all"
        folder.mkdir()
        for i in range(GOOD):
            (folder / f"good{i}.jdx").write_text(synthetic.jdx(synthetic.ESTER, f"number {i}"))
        for file in sorted((SHARED / "cases" / "readers").iterdir()):
            shutil.copy(file, folder / f"case_{file.name}")
        bad = sorted(_hostile(folder, 50 if quick else 800))
        many = _wide_parquet(folder, 100 if quick else 3000)
        out = Path(name) / "answers.csv"
        command = [sys.executable, "-m", "irclassify", "predict", folder, "-q", "-o", out]
        used = run([*command, "--workers", "2"], sample_s=0.02)
        with out.open(newline="") as stream:
            rows = list(csv.DictReader(stream))
    answered = {Path(row["file"]).name.partition("#")[0] for row in rows if row["ok"] == "true"}
    told = {Path(row["file"]).name.partition("#")[0] for row in rows if row["ok"] == "false"}
    faults = [row["file"] for row in rows if row["error"] == "internal"]
    count = sum(file.startswith("good") for file in answered)
    yield Figure("good files answered", count, "files", target=GOOD, at_least=True)
    missing = ", ".join(sorted(set(bad) - told))
    found = len(set(bad) & told)
    yield Figure(
        "bad files with a row", found, "files", target=len(bad), at_least=True, note=missing
    )
    wrong = ", ".join(sorted(set(bad) & answered))
    yield Figure("bad files answered", len(set(bad) & answered), "files", target=0, note=wrong)
    wide = sum(row["ok"] == "true" and "wide.parquet" in row["file"] for row in rows)
    yield Figure("rows of the wide Parquet", wide, "rows", target=many, at_least=True)
    yield Figure("faults of ours", len(faults), "rows", target=0, note=", ".join(faults[:5]))
    yield Figure("memory of all processes", used.resident_mb, "MB", target=MOST_MB)
    yield Figure("time", used.wall_s, "s", note=f"{used.cpu_s:.0f} s of processor")


def _hostile(folder: Path, megabytes: int) -> Iterator[str]:
    """Write bad files and give their names; one array unpacks to so many ``megabytes``."""
    for name, data in _contents().items():
        (folder / name).write_bytes(data)
        yield name
    _bomb(folder / "bomb.npz", megabytes)
    yield "bomb.npz"
    np.save(folder / "no_axis.npy", np.ones((3, 100)))
    np.save(folder / "text.npy", np.array(["a", "b"]))
    np.save(folder / "object.npy", np.array([{}, {}], object), allow_pickle=True)
    np.save(folder / "scalar.npy", np.float64(3))
    np.savez(folder / "names.npz", nothing=np.arange(3))
    np.savez(folder / "lengths.npz", absorbance=np.ones((3, 100)), wavenumber_cm1=X)
    np.savez(folder / "nan.npz", absorbance=np.full((3, X.size), np.nan), wavenumber_cm1=X)
    for word in ("no_axis", "text", "object", "scalar"):
        yield f"{word}.npy"
    for word in ("names", "lengths", "nan"):
        yield f"{word}.npz"
    os.mkfifo(folder / "pipe.csv")
    (folder / "nowhere.jdx").symlink_to(folder / "not there")
    yield from ("pipe.csv", "nowhere.jdx")


def _contents() -> dict[str, bytes]:
    whole = io.BytesIO()
    np.save(whole, np.ones((30, X.size)))
    huge = b"\x93NUMPY\x01\x00"
    text = b"{'descr': '<f8', 'fortran_order': False, 'shape': (99999999, 99999999), }"
    huge += struct.pack("<H", len(text) + 1) + text + b"\n"
    envi = "ENVI\nlines = 1\nsamples = {0}\nbands = {0}\ndata type = 4\ninterleave = bip\n"
    header = "sample," + ",".join(f"{x:g}" for x in X)
    found = {
        "cut.npy": whole.getvalue()[:-10_000],
        "huge.npy": huge,
        "deep.npy": b"\x93NUMPY\x01\x00" + struct.pack("<H", 60_000) + b"(" * 60_000,
        "nested.csv": b"[" * 100_000,
        "header_only.csv": header.encode(),
        "words.csv": (header + "\n" + "a," * X.size).encode(),
        "huge.hdr": envi.format(10**12).encode(),
        "negative.hdr": envi.format(-1).encode(),
        "no_data.hdr": envi.format(5).encode(),
    }
    for suffix in (".npy", ".npz", ".parquet", ".arrow", ".feather", ".h5", ".zip", ".spc", ".0"):
        found[f"random{suffix}"] = np.random.default_rng(0).bytes(5000)
        found[f"empty{suffix}"] = b""
    return found | {name: data[: len(data) // 2] for name, data in _whole_tables().items()}


def _whole_tables() -> dict[str, bytes]:
    """A Parquet, an Arrow and an HDF5 table, whole."""
    import h5py
    import pyarrow as pa
    from pyarrow import feather, parquet

    rows = np.random.default_rng(0).random((20, X.size), np.float32)
    table = pa.table({f"{x:g}": column for x, column in zip(X, rows.T, strict=True)})
    found = {}
    for name, write in (
        ("half.parquet", parquet.write_table),
        ("half.arrow", feather.write_feather),
    ):
        write(table, into := io.BytesIO())
        found[name] = into.getvalue()
    with h5py.File(into := io.BytesIO(), "w") as file:
        file["absorbance"], file["wavenumber_cm1"] = rows, X
    return found | {"half.h5": into.getvalue()}


def _bomb(path: Path, megabytes: int) -> None:
    """A small archive whose array unpacks to so many megabytes of zeros."""
    text = f"{{'descr': '<f8', 'fortran_order': False, 'shape': ({megabytes}, 131072), }}\n"
    head = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text.encode()
    axis = io.BytesIO()
    np.save(axis, np.linspace(400.0, 4000.0, 131072))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("wavenumber_cm1.npy", axis.getvalue())
        with archive.open("absorbance.npy", "w", force_zip64=True) as stream:
            stream.write(head)
            for _ in range(megabytes):
                stream.write(bytes(2**20))


def _wide_parquet(folder: Path, rows: int, points: int = 100_000) -> int:
    """A Parquet file of so many spectra, each of so many points; the number of rows."""
    import pyarrow as pa
    from pyarrow import parquet

    x = np.linspace(400.0, 4000.0, points)
    y = (0.01 + np.exp(-(((x - 1715) / 30) ** 2)) + 1e-3 * np.sin(x)).astype(np.float32)
    kind = pa.list_(pa.float32(), points)
    axis = {"wavenumber_cm1": str(x.round(4).tolist())}
    schema = pa.schema([pa.field("absorbance", kind)], metadata=axis)
    with parquet.ParquetWriter(folder / "wide.parquet", schema, compression="zstd") as writer:
        for at in range(0, rows, 50):
            some = np.tile(y, min(50, rows - at))
            values = pa.FixedSizeListArray.from_arrays(pa.array(some), points)
            writer.write_batch(pa.record_batch([values.cast(kind)], schema=schema))
    return rows
