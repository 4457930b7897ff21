"""Many spectra in one file: what every kind of table offers, whatever its format."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from irclassify.errors import IrclassifyError, MalformedFileError, UsageError

Values = NDArray[np.floating]

# Values read at a time: 32 MB of float32.
BLOCK_VALUES = 8 * 2**20

# Names under which an axis is looked for, best first.
AXIS_NAMES = ("wavenumber_cm1", "wavenumber", "wavenumbers", "wavelength", "axis", "x")
SPECTRA_NAMES = ("absorbance", "absorbances", "spectra", "intensities", "y", "data")


@dataclass(frozen=True, eq=False)
class Table:
    """n spectra on one axis, not yet read.

    ``x`` (p,): the axis in the file's order and unit, ``x_words`` and ``y_words`` its words for
    the units, None without any. ``shape``: (lines, samples) of a map, None for a mere list.
    ``read(first, end)`` gives the rows from ``first`` to before ``end``, (m, p), as the file has
    them; it may be a view of the file. A row that cannot be read is NaN throughout.
    """

    name: str
    x: NDArray[np.float64]
    count: int
    read: Callable[[int, int], Values]
    x_words: str | None = None
    y_words: str | None = None
    shape: tuple[int, int] | None = None

    def blocks(
        self, multiple_of: int, first: int = 0, end: int | None = None
    ) -> Iterator[tuple[int, Values]]:
        """The rows in order, some at a time, each block with the number of its first row.

        A block holds a multiple of ``multiple_of`` rows, the last one excepted: whole batches of
        the network, so that a row shares its batch with the same rows wherever reading began.
        """
        size = max(BLOCK_VALUES // max(self.x.size, 1), multiple_of)
        size -= size % multiple_of
        end = self.count if end is None else min(end, self.count)
        for at in range(first, end, size):
            with one_line(self.name):
                values = self.read(at, min(at + size, end))
            yield at, values


# What numpy, zipfile, h5py and pyarrow raise at a damaged file.
_DAMAGE = (OSError, ValueError, KeyError, TypeError, EOFError, NotImplementedError, BadZipFile)


@contextmanager
def one_line(name: str) -> Iterator[None]:
    """Turn whatever a damaged file makes a library raise into an error that names the file."""
    try:
        yield
    except IrclassifyError as error:
        raise type(error)(f"{name}: {error}") from error
    except (*_DAMAGE, zlib.error) as error:
        said = getattr(error, "strerror", None) or error
        raise MalformedFileError(f"{name}: cannot be read: {said}") from error


def told_axis(text: str, points: int) -> NDArray[np.float64]:
    """The axis the user gives: ``first:last``, evenly, or a .npy or text file of numbers.

    Raises UsageError when it is neither, or has another length.
    """
    first, colon, last = text.partition(":")
    try:
        if colon:
            return np.linspace(float(first), float(last), points)
        values = np.load(text, allow_pickle=False) if text.endswith(".npy") else np.loadtxt(text)
    except (OSError, ValueError) as error:
        said = f"--axis {text}: neither FIRST:LAST nor a file of numbers"
        raise UsageError(f"{said}: {error}") from error
    axis = np.asarray(values, np.float64).ravel()
    if axis.size != points:
        raise UsageError(f"--axis {text}: {axis.size} values for spectra of {points} points")
    return axis


def no_axis(where: str) -> UsageError:
    """A table whose wavenumbers nobody knows."""
    return UsageError(f"{where}: say where its points lie with --axis FIRST:LAST or --axis FILE")


def check_matrix(shape: tuple[int, ...], what: str) -> tuple[int, tuple[int, int] | None, int]:
    """(n, p) or (lines, samples, p) -> number of spectra, map shape, points.

    Raises MalformedFileError for another number of dimensions.
    """
    if len(shape) == 2:
        return shape[0], None, shape[1]
    if len(shape) == 3:
        return shape[0] * shape[1], (shape[0], shape[1]), shape[2]
    raise MalformedFileError(
        f"{what} has the shape {shape}; (spectra, points) or (lines, samples, points) is needed"
    )
