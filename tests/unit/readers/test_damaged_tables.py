"""Whatever is wrong with a table, it is one line; whatever its size, memory is bounded."""

from __future__ import annotations

import random
import struct
import warnings
from pathlib import Path

import numpy as np
import pytest
from unit.readers.test_tables import FORMATS, POINTS, TINY, X, Y, envi, npz

import irclassify
from irclassify.batch.tables import classify_table, settle
from irclassify.errors import (
    IrclassifyError,
    MalformedFileError,
    TooLargeError,
    UnsupportedFormatError,
    UsageError,
)
from irclassify.options import ReadOptions, TableOptions
from irclassify.readers.tables import is_table, open_table
from irclassify.readers.tables.table import BLOCK_VALUES, Table

CLASSIFIER = irclassify.load(TINY)


def answer(path: Path) -> None:
    """Classify a table as ``predict`` does; anything but an answer or a line is a fault."""
    if not is_table(str(path)):
        return
    try:
        table = open_table(str(path), TableOptions())
        columns = settle(table, CLASSIFIER.spec.preprocessing, ReadOptions())
        for block in classify_table(table, CLASSIFIER, columns):
            assert len(block.found) > 0
    except IrclassifyError as error:
        assert "\n" not in str(error)
        assert len(str(error)) < 600


@pytest.mark.parametrize("name", FORMATS)
def test_damaged_bytes_are_an_answer_or_one_line(name: str, tmp_path: Path):
    chance = random.Random(name)
    path = FORMATS[name](tmp_path)
    whole = path.read_bytes()
    for _ in range(8 if name.startswith(("HDF5", "Parquet", "Arrow")) else 25):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(data))
            new = chance.choice(
                [b"\0\0\0\0", b"\xff\xff\xff\x7f", b"\xff" * 8, b"9" * 6, b"{", b"-1"]
            )
            data[at : at + chance.choice([0, len(new)])] = new
        if chance.random() < 0.3:
            del data[chance.randrange(len(data)) :]
        path.write_bytes(bytes(data))
        answer(path)


@pytest.mark.parametrize("interleave", ["bsq", "bil", "bip"])
@pytest.mark.parametrize("kind", [4, 5])
def test_ignored_values_are_nan_in_every_order(tmp_path: Path, interleave: str, kind: int):
    header = envi(tmp_path, interleave, kind)
    lost = float(Y.reshape(-1)[5])
    header.write_text(header.read_text() + f"data ignore value = {lost!r}\n")
    found = open_table(str(header), TableOptions()).read(0, len(Y))
    assert np.isnan(found).sum() == (lost == Y).sum()


@pytest.mark.parametrize(
    "fault", [OverflowError, RecursionError, MemoryError, IndexError, AttributeError, RuntimeError]
)
def test_whatever_the_first_read_raises_is_one_line(fault: type[Exception]):
    def read(_first: int, _end: int) -> np.ndarray:
        raise fault("no")

    table = Table("t.npy", X, 5, read).guarded()
    with pytest.raises(IrclassifyError, match=r"no|memory"):
        settle(table, CLASSIFIER.spec.preprocessing, ReadOptions())


def test_spectra_of_too_many_points_are_refused(tmp_path: Path):
    head = f"{{'descr': '<f4', 'fortran_order': False, 'shape': (2, {10**7}), }}".ljust(117) + "\n"
    (tmp_path / "t.npy").write_bytes(b"\x93NUMPY\x01\x00" + struct.pack("<H", 118) + head.encode())
    with pytest.raises(TooLargeError):
        open_table(str(tmp_path / "t.npy"), TableOptions(axis="400:4000"))


def test_a_long_axis_is_refused_before_it_is_unpacked(tmp_path: Path):
    np.savez_compressed(
        tmp_path / "t.npz", absorbance=Y, wavenumber_cm1=np.zeros(3 * 10**6, np.float32)
    )
    with pytest.raises(MalformedFileError, match=r"the shape \(3000000,\)"):
        open_table(str(tmp_path / "t.npz"), TableOptions())
    assert open_table(str(npz(tmp_path)), TableOptions()).x.size == POINTS


def test_long_spectra_are_read_few_at_a_time():
    sizes = []
    points = 10**5

    def read(first: int, end: int) -> np.ndarray:
        sizes.append(end - first)
        return np.zeros((end - first, points), np.float32)

    table = Table("long", np.linspace(400, 4000, points), 40, read)
    assert sum(values.shape[0] for _, values in table.blocks(64)) == 40
    assert max(sizes) * points <= BLOCK_VALUES


@pytest.mark.parametrize(
    "axis",
    [X + 1j, X.astype("M8[s]"), X.astype(str), X.astype(bool), np.zeros(0), X[:-1], np.float64(3)],
    ids=["complex", "dates", "text", "yes or no", "empty", "too short", "one number"],
)
@pytest.mark.parametrize("form", ["npy", "npz", "h5"])
def test_an_axis_of_anything_but_a_real_number_a_point_is_one_line(
    axis: np.ndarray, form: str, tmp_path: Path
):
    path = tmp_path / f"t.{form}"
    if form == "npy":
        np.save(path, Y)
        np.save(tmp_path / "t.axis.npy", axis)
    elif form == "npz":
        np.savez(path, absorbance=Y, wavenumber_cm1=axis)
    else:
        h5py = pytest.importorskip("h5py")
        axis = axis.astype("S") if axis.dtype.kind in "UM" else axis
        with h5py.File(path, "w") as file:
            file["absorbance"], file["wavenumber_cm1"] = Y, axis
    with (
        warnings.catch_warnings(),
        pytest.raises(IrclassifyError, match=r"holds|values|shape|axis"),
    ):
        warnings.simplefilter("error")
        open_table(str(path), TableOptions())


@pytest.mark.parametrize("name", ["npy", "npy in Fortran order", "npy map"])
def test_a_file_that_is_shortened_while_it_is_read_is_one_line(name: str, tmp_path: Path):
    path = FORMATS[name](tmp_path)
    table = open_table(str(path), TableOptions())
    assert table.read(0, 1).shape == (1, POINTS)
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)
    with pytest.raises(MalformedFileError, match="ends before its last spectrum"):
        table.read(0, table.count)


@pytest.mark.parametrize("interleave", ["bsq", "bil", "bip"])
def test_a_map_that_is_shortened_while_it_is_read_is_one_line(interleave: str, tmp_path: Path):
    path = envi(tmp_path, interleave)
    table = open_table(str(path), TableOptions())
    numbers = path.with_suffix(".dat")
    with numbers.open("r+b") as file:
        file.truncate(numbers.stat().st_size - 4)
    with pytest.raises(MalformedFileError, match="ends before its last spectrum"):
        table.read(0, table.count)


def test_values_that_lie_in_other_files_are_not_read(tmp_path: Path):
    h5py = pytest.importorskip("h5py")
    path = tmp_path / "t.h5"
    for name in ("external", "virtual"):
        with h5py.File(path, "w") as file:
            file["wavenumber_cm1"] = X
            if name == "external":
                other = [("/etc/passwd", 0, Y.size * 8)]
                file.create_dataset("absorbance", Y.shape, "f8", external=other)
            else:
                layout = h5py.VirtualLayout(Y.shape, "f8")
                layout[:] = h5py.VirtualSource("other.h5", "y", Y.shape)
                file.create_virtual_dataset("absorbance", layout)
        with pytest.raises(UnsupportedFormatError, match="lie in other files"):
            open_table(str(path), TableOptions())


def test_an_axis_in_a_file_that_never_ends_is_refused(tmp_path: Path):
    np.save(tmp_path / "t.npy", Y)
    for axis in ("/dev/zero", str(tmp_path)):
        with pytest.raises(UsageError, match="neither FIRST:LAST nor a file of numbers"):
            open_table(str(tmp_path / "t.npy"), TableOptions(axis=axis))


def test_a_small_file_that_states_a_thousand_million_spectra_is_refused(tmp_path: Path):
    h5py = pytest.importorskip("h5py")
    with h5py.File(tmp_path / "t.h5", "w") as file:
        file["wavenumber_cm1"] = X
        file.create_dataset("absorbance", (10**9, POINTS), "f4", chunks=(1000, POINTS))
    with pytest.raises(TooLargeError, match=r"states 1.6e\+11 values"):
        open_table(str(tmp_path / "t.h5"), TableOptions())
