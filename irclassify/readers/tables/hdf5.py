"""HDF5: a dataset (spectra, points) or (lines, samples, points), and its axis. Needs h5py.

The axis is a dataset of the same group named ``wavenumber_cm1``, ``wavenumber``, ..., or an
attribute of that name on the spectra; an attribute ``y_unit`` or ``units`` states the values' unit.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from irclassify.errors import (
    MalformedFileError,
    TooLargeError,
    UnsupportedFormatError,
    UsageError,
)
from irclassify.options import TableOptions
from irclassify.readers.tables.table import (
    AXIS_NAMES,
    SPECTRA_NAMES,
    Table,
    Values,
    as_axis,
    check_chunk,
    check_matrix,
    from_map,
    no_axis,
    told_axis,
)
from irclassify.spectra.order import MIN_POINTS

_MAX_GROUPS = 1000


def open_hdf5(path: Path, options: TableOptions) -> Table:
    """The spectra of an HDF5 file; rows are read as they are asked for.

    Examples
    --------
    >>> file = getfixture("tmp_path") / "film.h5"
    >>> with h5py.File(file, "w") as written:
    ...     written["absorbance"] = np.zeros((3, 1801))
    ...     written["wavenumber_cm1"] = np.linspace(400, 4000, 1801)
    >>> open_hdf5(file, TableOptions()).count
    3
    """
    spectra = _spectra(h5py.File(path, "r"), options.dataset)
    _check_here(spectra)
    count, shape, points = check_matrix(spectra.shape, spectra.name)
    check_chunk(math.prod(spectra.chunks or (1,)))
    x, words = _axis(spectra, options, points)

    def read(first: int, end: int) -> Values:
        if shape is None:
            return np.asarray(spectra[first:end])
        return from_map(first, end, shape[1], points, lambda row, a, b: spectra[row, a:b])

    y_words = _word(spectra, "y_unit") or _word(spectra, "units")
    return Table(path.name, x, count, read, words, y_words, shape)


def _spectra(file: Any, name: str | None) -> Any:
    """The dataset of that name; without one, the only dataset that can be spectra."""
    if name is not None:
        linked = isinstance(file.get(name, getlink=True), h5py.ExternalLink)
        if linked or not isinstance(file.get(name), h5py.Dataset):
            raise UsageError(f"--dataset {name}: no such dataset in it")
        return file[name]
    found: list[Any] = []

    for item in _datasets(file):
        if item.ndim in (2, 3) and item.dtype.kind in "fiu" and item.shape[-1] >= MIN_POINTS:
            found.append(item)
    named = [d for n in SPECTRA_NAMES for d in found if d.name.rsplit("/", 1)[-1].lower() == n]
    if len(found) != 1 and not named:
        names = ", ".join(d.name for d in found) or "none"
        raise UsageError(f"datasets that can be spectra: {names}; say --dataset NAME")
    return named[0] if named else found[0]


def _datasets(file: Any) -> Iterator[Any]:
    """Every dataset of a file, group by group; links that lead back are followed once."""
    waiting, seen = deque([file]), set()
    while waiting:
        group = waiting.popleft()
        if group.id in seen:
            continue
        seen.add(group.id)
        if len(seen) > _MAX_GROUPS or len(group) > _MAX_GROUPS:
            raise TooLargeError(f"more than {_MAX_GROUPS} groups: say --dataset NAME")
        for name in group:
            if isinstance(group.get(name, getlink=True), h5py.ExternalLink):
                continue
            item = group.get(name)
            if isinstance(item, h5py.Group):
                waiting.append(item)
            elif isinstance(item, h5py.Dataset):
                yield item


def _axis(spectra: Any, options: TableOptions, points: int) -> tuple[np.ndarray, str | None]:
    if options.axis is not None:
        return told_axis(options.axis, points), None
    group = {name.lower(): name for name in spectra.parent}
    for name in AXIS_NAMES:
        beside = _dataset_beside(spectra, group[name]) if name in group else None
        if name in spectra.attrs:
            found, words = spectra.attrs[name], None
        elif beside is not None and beside is not spectra and beside.ndim == 1:
            found, words = beside, _word(beside, "units")
        else:
            continue
        if getattr(found, "size", points) != points:
            raise MalformedFileError(
                f"{name} has {found.size} values for spectra of {points} points"
            )
        return as_axis(np.asarray(found), points, name), words or name
    raise no_axis(f"no dataset {AXIS_NAMES[0]!r} beside {spectra.name}")


def _dataset_beside(spectra: Any, name: str) -> Any:
    """A dataset in the same group and file, None for anything else of that name."""
    if isinstance(spectra.parent.get(name, getlink=True), h5py.ExternalLink):
        return None
    item = spectra.parent.get(name)
    if not isinstance(item, h5py.Dataset):
        return None
    _check_here(item)
    return item


def _check_here(item: Any) -> None:
    """Raise UnsupportedFormatError for a dataset whose values lie in other files.

    Those could be any file of this machine, or a pipe that never ends.
    """
    if item.external or item.is_virtual:
        raise UnsupportedFormatError(
            f"the values of {item.name} lie in other files; write them into this one"
        )


def _word(item: Any, name: str) -> str | None:
    value = item.attrs.get(name)
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(value) if isinstance(value, str) else None
