"""A small table of three spectra in every format, for tests of the command and for fuzzing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import seeds

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


TABLES = (npy, npz, parquet, arrow, hdf5, envi, rows_of_text, columns_of_text)
