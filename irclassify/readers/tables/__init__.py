"""Tables and maps: files that hold many spectra on one axis, read some rows at a time.

The reader of a format is imported, and with it the package that it needs, where the first table of
that format is opened: for HDF5, Parquet and Arrow in another process.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from pkgutil import resolve_name
from typing import NamedTuple

from irclassify.errors import UsageError
from irclassify.extras import need_extra
from irclassify.options import TableOptions
from irclassify.readers.tables.apart import open_apart
from irclassify.readers.tables.envi import header_of
from irclassify.readers.tables.table import Table, one_line
from irclassify.readers.tables.text import headings_of_matrix, is_matrix

__all__ = ["SUFFIXES", "Table", "is_table", "label_headings", "open_table"]


class _Format(NamedTuple):
    """``opener``: ``module:function`` of this package, which takes a path and TableOptions.

    ``needs``: a package and the extra that brings it. ``apart``: its library may crash.
    """

    opener: str
    needs: tuple[str, str] | None = None
    apart: bool = False


_ARROW = _Format("arrow:open_arrow", ("pyarrow", "parquet"), apart=True)
_HDF5 = _Format("hdf5:open_hdf5", ("h5py", "hdf5"), apart=True)
_AGILENT = _Format("agilent:open_agilent", ("agilent_format", "map"))
_BY_SUFFIX = {
    ".npy": _Format("npy:open_npy"),
    ".npz": _Format("npy:open_npz"),
    ".parquet": _ARROW,
    ".arrow": _ARROW,
    ".feather": _ARROW,
    ".h5": _HDF5,
    ".hdf5": _HDF5,
}
SUFFIXES = tuple(_BY_SUFFIX)
_TEXT = (".csv", ".tsv", ".txt")
_RAW = (".hdr", ".dat", ".img", ".raw", ".bsq", ".bil", ".bip")


def is_table(path: str) -> bool:
    """True when a file is read as a table: by its suffix, text and raw numbers by their content.

    Examples
    --------
    >>> is_table("no_such_map.hdr")
    False
    """
    file = Path(path)
    return file.is_file() and _format(file) is not None


def open_table(path: str, options: TableOptions) -> Table:
    """A table by its path, which is its name; its rows are unread.

    Errors do not repeat the path: who answers for the file names it.

    Raises
    ------
    UsageError
        When an option or a package is missing (it is named), or it is no table.
    IrclassifyError
        When the file is not what its suffix says.

    Examples
    --------
    >>> import numpy as np
    >>> file = getfixture("tmp_path") / "film.npy"
    >>> np.save(file, np.zeros((3, 1801)))
    >>> open_table(str(file), TableOptions(axis="400:4000")).count
    3
    """
    file = Path(path)
    form = _format(file)
    if form is None:
        raise UsageError("not a table that can be read")
    if form.needs:
        need_extra(*form.needs)
    opener = f"{__name__}.{form.opener}"
    with one_line():
        opened: Table = (open_apart if form.apart else _open_here)(opener, file, options)
    return replace(opened.guarded(), name=path)


def _open_here(opener: str, path: Path, options: TableOptions) -> Table:
    table: Table = resolve_name(opener)(path, options)
    return table


def label_headings(path: str) -> list[str]:
    """The headings of the label columns of a table, from its first lines; only texts have any.

    Examples
    --------
    >>> label_headings("map.hdr")
    []
    """
    file = Path(path)
    return headings_of_matrix(file) if file.suffix.lower() in _TEXT else []


def _format(path: Path) -> _Format | None:
    suffix = path.suffix.lower()
    if suffix in _BY_SUFFIX:
        return _BY_SUFFIX[suffix]
    if suffix in _TEXT:
        return _Format("text:open_matrix") if is_matrix(path) else None
    if suffix == ".dmt" or (suffix == ".dat" and path.with_suffix(".bsp").is_file()):
        return _AGILENT
    return _Format("envi:open_envi") if suffix in _RAW and header_of(path) else None
