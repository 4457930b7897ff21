"""Many spectra in one file: what every kind of table offers, whatever its format."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from irclassify.errors import (
    IrclassifyError,
    MalformedFileError,
    TooLargeError,
    UnreadableFileError,
    UsageError,
)
from irclassify.limits import MAX_TEXT_BYTES, check_bytes, check_points

Values = NDArray[np.floating]

# Values read at a time: 2 MB of float32, 4 MB of float64. Several copies of a block are in memory.
BLOCK_VALUES = 2**19
# What a library unpacks at once and nothing here can divide: a compressed chunk of HDF5, a batch.
_MAX_CHUNK_VALUES = 128 * BLOCK_VALUES
# Constant values, compressed, come near to it; spectra never do.
_MAX_VALUES_A_BYTE = 500

# Names under which an axis is looked for, best first.
AXIS_NAMES = ("wavenumber_cm1", "wavenumber", "wavenumbers", "wavelength", "axis", "x")
SPECTRA_NAMES = ("absorbance", "absorbances", "spectra", "intensities", "y", "data")


@dataclass(frozen=True, eq=False)
class Table:
    """n spectra on one axis, not yet read.

    ``x`` (p,): the axis in the file's order and unit, ``x_words`` and ``y_words`` its words for
    the units, None without any. ``shape``: (lines, samples) of a map, None for a mere list.
    ``read(first, end)`` gives the rows from ``first`` to before ``end``, (m, p), as the file has
    them; it may be a view of the file. A row that cannot be read is NaN throughout. ``labels``:
    what other columns say of each spectrum, (n,) words by the column's name.

    Examples
    --------
    >>> x = np.linspace(400, 4000, 4)
    >>> table = Table("map.npy", x, 3, lambda first, end: np.ones((end - first, 4)))
    >>> table.guarded().read(0, 2).shape, [rows.shape for _, rows in table.blocks(1)]
    ((2, 4), [(3, 4)])
    """

    name: str
    x: NDArray[np.float64]
    count: int
    read: Callable[[int, int], Values]
    x_words: str | None = None
    y_words: str | None = None
    shape: tuple[int, int] | None = None
    labels: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def guarded(self, name: str = "") -> Self:
        """The same table whose ``read`` turns every damage into one line, see ``one_line``."""

        def read(first: int, end: int) -> Values:
            with one_line(name):
                values = self.read(first, end)
                if values.shape != (end - first, self.x.size):
                    raise MalformedFileError("it holds fewer spectra than it states")
                return values

        return replace(self, read=read)

    def blocks(
        self, multiple_of: int, first: int = 0, end: int | None = None
    ) -> Iterator[tuple[int, Values]]:
        """The rows in order, some at a time, each block with the number of its first row.

        A block holds a multiple of ``multiple_of`` rows, the last one excepted: whole batches of
        the network, so that a row shares its batch with the same rows wherever reading began.
        Spectra of more points than fit into such a block are read fewer at a time.
        """
        size = rows_at_once(self.x.size)
        size -= size % multiple_of if size >= multiple_of else 0
        end = self.count if end is None else min(end, self.count)
        for at in range(first, end, size):
            yield at, self.read(at, min(at + size, end))


def rows_at_once(points: int) -> int:
    """How many spectra of that many points are read at a time, at least one.

    Examples
    --------
    >>> rows_at_once(10**9)
    1
    """
    return max(BLOCK_VALUES // max(points, 1), 1)


@contextmanager
def one_line(name: str = "") -> Iterator[None]:
    """Turn whatever a damaged file makes a library raise into an error of one line.

    ``name``: of the file, put before it. Readers leave it out, as an answer names its file itself;
    it is for a command that prints nothing but the error.

    Examples
    --------
    >>> with one_line("map.npy"):
    ...     raise EOFError("no data left")
    Traceback (most recent call last):
        ...
    irclassify.errors.MalformedFileError: map.npy: cannot be read: no data left
    """
    try:
        yield
    except Exception as error:
        told = as_error(error)
        raise type(told)(f"{name}: {told}" if name else str(told)) from error


def as_error(error: Exception) -> IrclassifyError:
    """One line for whatever a damaged file makes a library raise.

    Examples
    --------
    >>> as_error(IndexError("7")).code
    'malformed'
    """
    if isinstance(error, IrclassifyError):
        return error
    if isinstance(error, MemoryError):
        return TooLargeError("more than fits into memory")
    said = " ".join(str(getattr(error, "strerror", None) or error).split())[:200]
    if isinstance(error, OSError) and error.errno is not None:
        return UnreadableFileError(f"cannot be read: {said}")
    return MalformedFileError(f"cannot be read: {said or type(error).__name__}")


def told_axis(text: str, points: int) -> NDArray[np.float64]:
    """The axis the user gives: ``first:last``, evenly, or a .npy or text file of numbers.

    Raises UsageError when it is neither, or has another length.

    Examples
    --------
    >>> told_axis("400:4000", 3).tolist()
    [400.0, 2200.0, 4000.0]
    """
    if ends := _first_and_last(text):
        return np.linspace(*ends, points)
    try:
        return as_axis(_numbers_of(Path(text)), points, f"--axis {text}")
    except MalformedFileError as error:
        raise UsageError(str(error)) from None
    except Exception as error:  # whatever damage makes numpy raise
        said = f"--axis {text}: neither FIRST:LAST nor a file of numbers"
        raise UsageError(f"{said}: {error}") from error


def as_axis(values: NDArray[Any], points: int, what: str) -> NDArray[np.float64]:
    """An axis as a file holds it, as float64; ``what`` names it in errors.

    Raises MalformedFileError unless it holds ``points`` real numbers.

    Examples
    --------
    >>> as_axis(np.array([400, 404]), 2, "axis").tolist()
    [400.0, 404.0]
    """
    if values.dtype.kind not in "fiu":
        raise MalformedFileError(f"{what}: holds {values.dtype}, not real numbers")
    if values.size != points:
        raise MalformedFileError(f"{what}: {values.size} values for spectra of {points} points")
    return np.array(values, np.float64).ravel()


def _numbers_of(path: Path) -> NDArray[Any]:
    """The numbers of a .npy file, not loaded, or of a text file. Raises what numpy raises."""
    if not path.is_file():
        raise FileNotFoundError("no such file" if not path.exists() else "it is not a file")
    if path.suffix == ".npy":
        values: NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
        return values
    with path.open("rb") as file:
        check_bytes(file.read(MAX_TEXT_BYTES + 1), MAX_TEXT_BYTES)
    return np.loadtxt(path)


def _first_and_last(text: str) -> tuple[float, float] | None:
    """The numbers of ``first:last``; None for a file, whose path may begin with a drive."""
    first, _, last = text.partition(":")
    try:
        return float(first), float(last)
    except ValueError:
        return None


def no_axis(where: str) -> UsageError:
    """A table whose wavenumbers nobody knows.

    Examples
    --------
    >>> raise no_axis("the file holds no axis")
    Traceback (most recent call last):
        ...
    irclassify.errors.UsageError: the file holds no axis: say where its points lie with --a...
    """
    return UsageError(f"{where}: say where its points lie with --axis FIRST:LAST or --axis FILE")


def check_matrix(shape: tuple[int, ...], what: str) -> tuple[int, tuple[int, int] | None, int]:
    """(n, p) or (lines, samples, p) -> number of spectra, map shape, points.

    Raises MalformedFileError for another number of dimensions or an empty one, TooLargeError for
    spectra of too many points.

    Examples
    --------
    >>> check_matrix((3, 1801), "the array"), check_matrix((2, 5, 1801), "the map")
    ((3, None, 1801), (10, (2, 5), 1801))
    """
    if len(shape) not in (2, 3):
        raise MalformedFileError(
            f"{what} has the shape {shape}; (spectra, points) or (lines, samples, points) is needed"
        )
    if min(shape) < 1:
        raise MalformedFileError(f"{what} has the shape {shape}: it is empty")
    check_points(shape[-1])
    map_shape = (int(shape[0]), int(shape[1])) if len(shape) == 3 else None
    return math.prod(int(n) for n in shape[:-1]), map_shape, int(shape[-1])


def check_chunk(values: float) -> None:
    """Raise TooLargeError when so many values would have to be unpacked at once.

    Examples
    --------
    >>> check_chunk(1e6)
    """
    if values > _MAX_CHUNK_VALUES:
        raise TooLargeError(
            f"{values:.3g} values have to be unpacked at once: at most {_MAX_CHUNK_VALUES:.3g} "
            "are; write it in smaller chunks"
        )


def check_stated(values: int, size: int) -> None:
    """Raise TooLargeError when a file of ``size`` bytes states far more values than it can hold.

    An HDF5 file of some kilobytes may state a thousand million spectra and store none of them.

    Examples
    --------
    >>> check_stated(1801 * 1000, 2**20)
    """
    if values > _MAX_VALUES_A_BYTE * max(size, 2**20):
        raise TooLargeError(f"it states {values:.3g} values and holds {size} bytes")


def from_map(
    first: int, end: int, samples: int, points: int, line: Callable[[int, int, int], Values]
) -> Values:
    """Rows ``first`` to before ``end`` of a map; ``line(number, from, to)`` gives its samples.

    Examples
    --------
    >>> cube = np.arange(12.0).reshape(2, 3, 2)  # lines, samples, points
    >>> from_map(2, 4, 3, 2, lambda row, first, end: cube[row, first:end]).tolist()
    [[4.0, 5.0], [6.0, 7.0]]
    """
    pieces = []
    while first < end:
        number, start = divmod(first, samples)
        stop = min(start + end - first, samples)
        pieces.append(np.asarray(line(number, start, stop)).reshape(-1, points))
        first += stop - start
    return np.concatenate(pieces) if len(pieces) != 1 else pieces[0]
