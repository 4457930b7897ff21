"""NumPy's .npy and .npz: spectra x points, or lines x samples x points.

An .npz holds the spectra as ``absorbance`` (or ``spectra``, ...) and the axis as ``wavenumber_cm1``
(or ``wavenumber``, ...); beside ``table.npy`` the axis may lie as ``table.axis.npy``.
"""

from __future__ import annotations

import math
import zipfile
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from irclassify.errors import MalformedFileError, UnsupportedFormatError
from irclassify.options import TableOptions
from irclassify.readers.tables.raw import read_runs
from irclassify.readers.tables.table import (
    AXIS_NAMES,
    SPECTRA_NAMES,
    Table,
    Values,
    as_axis,
    check_matrix,
    no_axis,
    rows_at_once,
    told_axis,
)


def open_npy(path: Path, options: TableOptions) -> Table:
    """A .npy file; only the rows asked for are ever in memory.

    Examples
    --------
    >>> file = getfixture("tmp_path") / "film.npy"
    >>> np.save(file, np.zeros((3, 1801), "f4"))
    >>> open_npy(file, TableOptions(axis="400:4000")).read(0, 2).shape
    (2, 1801)
    """
    with path.open("rb") as file:
        shape, fortran, dtype = _header(file, path.name)
        offset = file.tell()
    count, map_shape, points = check_matrix(shape, "the array")
    promised = offset + count * points * dtype.itemsize
    if (found := path.stat().st_size) < promised:
        raise MalformedFileError(f"it holds {found} bytes, its header states {promised}")
    if map_shape and fortran:
        raise UnsupportedFormatError("a map in Fortran order; save it in C order")
    beside = path.with_suffix(".axis.npy")
    if options.axis is None and not beside.is_file():
        raise no_axis(f"no {beside.name} beside it")
    x = told_axis(options.axis or str(beside), points)

    def read(first: int, end: int) -> Values:
        if fortran:  # point after point
            begin = offset + first * dtype.itemsize
            columns = read_runs(path, dtype, begin, count=points, length=end - first, step=count)
            return np.ascontiguousarray(columns.T)
        begin = offset + first * points * dtype.itemsize
        return read_runs(path, dtype, begin, count=end - first, length=points, step=points)

    return Table(path.name, x, count, read, shape=map_shape)


def open_npz(path: Path, options: TableOptions) -> Table:
    """A .npz file, read through from its beginning: stored or compressed.

    Examples
    --------
    >>> file = getfixture("tmp_path") / "film.npz"
    >>> np.savez(file, absorbance=np.zeros((3, 1801)), wavenumber_cm1=np.linspace(400, 4000, 1801))
    >>> open_npz(file, TableOptions()).count
    3
    """
    with zipfile.ZipFile(path) as archive:
        names = [name.removesuffix(".npy") for name in archive.namelist() if name.endswith(".npy")]
        spectra = options.dataset or _first_of(SPECTRA_NAMES, names)
        if spectra not in names:
            raise MalformedFileError(
                f"no array {spectra or SPECTRA_NAMES[0]!r} in it, only: {', '.join(names)}; "
                "say --dataset NAME"
            )
        with archive.open(f"{spectra}.npy") as member:
            shape, fortran, dtype = _header(member, spectra)
    if fortran:
        raise UnsupportedFormatError("an array in Fortran order; save it in C order")
    count, map_shape, points = check_matrix(shape, spectra)
    axis = _first_of(AXIS_NAMES, names)
    if options.axis is not None:
        x = told_axis(options.axis, points)
    elif axis is None:
        raise no_axis(f"no array {AXIS_NAMES[0]!r} in it")
    else:
        x = _axis_of(path, axis, points)
    reader = _Sequential(path, f"{spectra}.npy", dtype, points)
    return Table(path.name, x, count, reader.read, x_words=axis, shape=map_shape)


def _axis_of(path: Path, name: str, points: int) -> NDArray[np.float64]:
    """The axis of an archive; how many values it states is looked at before it is unpacked."""
    with zipfile.ZipFile(path) as archive, archive.open(f"{name}.npy") as member:
        shape, _, dtype = _header(member, name)
        if min(shape, default=1) < 0 or math.prod(shape) != points:
            raise MalformedFileError(f"{name} has the shape {shape} for spectra of {points} points")
        data = member.read(points * dtype.itemsize)
    if len(data) < points * dtype.itemsize:
        raise MalformedFileError(f"{name} ends before its last value")
    return as_axis(np.frombuffer(data, dtype), points, name)


class _Sequential:
    """Rows of a member of an archive, in order; going back starts again."""

    def __init__(self, path: Path, member: str, dtype: np.dtype[Any], points: int) -> None:
        self._path, self._member, self._dtype, self._points = path, member, dtype, points
        self._stream: Any = None
        self._at = 0

    def read(self, first: int, end: int) -> Values:
        """Rows ``first`` to before ``end``. Raises MalformedFileError when they are not there."""
        if self._stream is None or first < self._at:
            self._stream = zipfile.ZipFile(self._path).open(self._member)  # noqa: SIM115
            _header(self._stream, self._member)
            self._at = 0
        while self._at < first:
            self._rows(min(first - self._at, rows_at_once(self._points)))
        return self._rows(end - first)

    def _rows(self, count: int) -> Values:
        size = count * self._points * self._dtype.itemsize
        data = self._stream.read(size)
        if len(data) < size:
            raise MalformedFileError("the file ends before the last spectrum")
        self._at += count
        rows: NDArray[Any] = np.frombuffer(data, self._dtype).reshape(count, self._points)
        return rows


def _first_of(wanted: tuple[str, ...], there: list[str]) -> str | None:
    return next((name for name in wanted if name in there), None)


def _header(file: BinaryIO | Any, name: str) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    try:
        version = npy.read_magic(file)
        read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
        shape, fortran, dtype = read(file)
    except ValueError as error:
        raise MalformedFileError(f"{name} is not a .npy array: {error}") from error
    if dtype.kind not in "fiu":
        raise MalformedFileError(f"{name} holds {dtype}, not numbers")
    return shape, fortran, dtype
