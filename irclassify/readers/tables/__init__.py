"""Tables and maps: files that hold many spectra on one axis, read some rows at a time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from irclassify.errors import UsageError
from irclassify.extras import need_extra
from irclassify.options import TableOptions
from irclassify.readers.tables.agilent import is_agilent, open_agilent
from irclassify.readers.tables.apart import open_apart
from irclassify.readers.tables.arrow import open_arrow
from irclassify.readers.tables.envi import header_of, open_envi
from irclassify.readers.tables.hdf5 import open_hdf5
from irclassify.readers.tables.npy import open_npy, open_npz
from irclassify.readers.tables.table import Table, one_line
from irclassify.readers.tables.text import headings_of_matrix, is_matrix, open_matrix

__all__ = ["SUFFIXES", "Table", "is_table", "label_headings", "open_table"]

_Opener = Callable[[Path, TableOptions], Table]

_BY_SUFFIX: dict[str, _Opener] = {
    ".npy": open_npy,
    ".npz": open_npz,
    ".parquet": open_arrow,
    ".arrow": open_arrow,
    ".feather": open_arrow,
    ".h5": open_hdf5,
    ".hdf5": open_hdf5,
}
SUFFIXES = tuple(_BY_SUFFIX)
_TEXT = (".csv", ".tsv", ".txt")
_RAW = (".hdr", ".dat", ".img", ".raw", ".bsq", ".bil", ".bip")
_EXTRAS: dict[_Opener, tuple[str, str]] = {
    open_arrow: ("pyarrow", "parquet"),
    open_hdf5: ("h5py", "hdf5"),
}
_APART = (open_arrow, open_hdf5)
_EXTRAS[open_agilent] = ("agilent_format", "map")


def is_table(path: str) -> bool:
    """True when a file is read as a table: by its suffix, text and raw numbers by their content."""
    return Path(path).is_file() and _opener(Path(path)) is not None


def open_table(path: str, options: TableOptions) -> Table:
    """A table by its path, its rows unread.

    Raises UsageError when an option or a package is missing (it is named), IrclassifyError when
    the file is not what its suffix says.
    """
    file = Path(path)
    opener = _opener(file)
    if opener is None:
        raise UsageError(f"{path}: not a table that can be read")
    if opener in _EXTRAS:
        need_extra(*_EXTRAS[opener])
    file = header_of(file) or file if opener is open_envi else file
    with one_line(path):
        table = open_apart(opener, file, options) if opener in _APART else opener(file, options)
    return table.guarded()


def label_headings(path: str) -> list[str]:
    """The headings of the label columns of a table, from its first lines; only texts have any.

    Examples
    --------
    >>> label_headings("map.hdr")
    []
    """
    file = Path(path)
    return headings_of_matrix(file) if file.suffix.lower() in _TEXT else []


def _opener(path: Path) -> _Opener | None:
    suffix = path.suffix.lower()
    if suffix in _BY_SUFFIX:
        return _BY_SUFFIX[suffix]
    if suffix in _TEXT:
        return open_matrix if is_matrix(path) else None
    if is_agilent(path):
        return open_agilent
    return open_envi if suffix in _RAW and header_of(path) else None
