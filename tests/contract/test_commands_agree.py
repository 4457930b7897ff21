"""Whatever ``predict`` reads, every other command reads: the same spectra under the same names."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import seeds
from command_line import irclassify, tiny

ROWS = np.array([seeds.Y, seeds.Y[::-1] + 0.01, 2 * seeds.Y], np.float32)
COUNT = len(ROWS)


def npy(folder: Path) -> Path:
    np.save(folder / "t.npy", ROWS)
    np.save(folder / "t.axis.npy", seeds.X)
    return folder / "t.npy"


def npz(folder: Path) -> Path:
    np.savez(folder / "t.npz", absorbance=ROWS, wavenumber_cm1=seeds.X)
    return folder / "t.npz"


def parquet(folder: Path, name: str = "t.parquet") -> Path:
    pa = pytest.importorskip("pyarrow", reason="needs irclassify[parquet]")
    from pyarrow import feather
    from pyarrow import parquet as files

    table = pa.table({f"{x:g}": row for x, row in zip(seeds.X, ROWS.T, strict=True)})
    write = files.write_table if name.endswith(".parquet") else feather.write_feather
    write(table, folder / name)
    return folder / name


def arrow(folder: Path) -> Path:
    return parquet(folder, "t.arrow")


def hdf5(folder: Path) -> Path:
    h5py = pytest.importorskip("h5py", reason="needs irclassify[hdf5]")
    with h5py.File(folder / "t.h5", "w") as file:
        file["absorbance"], file["wavenumber_cm1"] = ROWS, seeds.X
    return folder / "t.h5"


def envi(folder: Path) -> Path:
    lines = ["ENVI", "lines = 1", f"samples = {COUNT}", f"bands = {seeds.X.size}", "data type = 4"]
    lines += ["interleave = bip", f"wavelength = {{{', '.join(f'{x:g}' for x in seeds.X)}}}"]
    (folder / "t.hdr").write_text("\n".join(lines))
    ROWS.tofile(folder / "t.dat")
    return folder / "t.hdr"


def rows_of_text(folder: Path) -> Path:
    lines = ["sample;" + ";".join(f"{x:g}" for x in seeds.X)]
    lines += [f"s{i};" + ";".join(f"{v:.5f}" for v in row) for i, row in enumerate(ROWS)]
    (folder / "t.csv").write_text("\n".join(lines))
    return folder / "t.csv"


def columns_of_text(folder: Path) -> Path:
    lines = ["wavenumber cm-1," + ",".join(f"absorbance {i}" for i in range(COUNT))]
    lines += [
        f"{x:g}," + ",".join(f"{v:.5f}" for v in row)
        for x, row in zip(seeds.X, ROWS.T, strict=True)
    ]
    (folder / "t.txt").write_text("\n".join(lines))
    return folder / "t.txt"


def seed(name: str) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        (folder / name).write_bytes(seeds.SEEDS[name])
        return folder / name

    write.__name__ = name
    return write


TABLES = (npy, npz, parquet, arrow, hdf5, envi, rows_of_text, columns_of_text)
FILES = tuple(map(seed, ("affn.jdx", "link.jdx", "film.0", "group.spg", "multi.spc", "one.csv")))


@pytest.mark.parametrize("write", [*TABLES, *FILES], ids=lambda write: write.__name__)
def test_every_command_reads_every_format(tmp_path: Path, write: Callable[[Path], Path]):
    (tmp_path / "in").mkdir()
    path = write(tmp_path / "in")
    done = tiny("predict", tmp_path / "in", "-f", "jsonl")
    said = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.returncode, len(said)) == (0, COUNT if write in TABLES else len(said))
    names = [Path(row["file"]).name for row in said]  # a table alone is named without its folder
    done = irclassify("inspect", tmp_path / "in", "-f", "jsonl")
    assert [Path(json.loads(line)["file"]).name for line in done.stdout.splitlines()] == names
    done = irclassify("convert", tmp_path / "in", "--to", "csv", "--folder", tmp_path / "out")
    assert (done.returncode, len(list((tmp_path / "out").iterdir()))) == (0, len(names))
    done = tiny("report", tmp_path / "in", "-o", tmp_path / "r.html")
    assert (done.returncode, done.stderr.split()[1]) == (0, b"%d" % len(names))
    last = ("--row", len(names)) if len(names) > 1 else ()
    done = tiny("explain", path, *last)
    explained = json.loads(done.stdout)
    assert done.returncode == 0
    (alone,) = (
        json.loads(line) for line in tiny("predict", path, *last, "-f", "jsonl").stdout.splitlines()
    )
    for row in (explained, alone):
        found = [group["probability"] for group in row["groups"]]
        expected = [group["probability"] for group in said[-1]["groups"]]
        assert found == pytest.approx(expected, abs=1e-4)
    done = tiny("predict", path, "--row", len(names) + 1, "-f", "json")
    told = done.stdout + done.stderr
    assert (done.returncode, b"--block" in told) == (1, True)
