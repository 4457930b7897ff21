"""ENVI maps: a text header (.hdr) beside raw numbers (.dat, .img, .raw, ...).

The keywords are those of ENVI's documentation ("ENVI Header Files"): samples, lines, bands, data
type, interleave (bsq, bil, bip), byte order, header offset, wavelength, wavelength units, bbl, data
ignore value, reflectance scale factor, z plot titles.
"""

from __future__ import annotations

import math
import re
from math import inf, nan
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from irclassify.errors import MalformedFileError, UnreadableFileError, UnsupportedFormatError
from irclassify.options import TableOptions
from irclassify.readers.tables.raw import read_runs
from irclassify.readers.tables.table import (
    Table,
    Values,
    check_matrix,
    from_map,
    no_axis,
    told_axis,
)

_TYPES = {1: "u1", 2: "i2", 3: "i4", 4: "f4", 5: "f8", 12: "u2", 13: "u4", 14: "i8", 15: "u8"}
_DATA_SUFFIXES = (".dat", ".img", ".raw", ".bsq", ".bil", ".bip", ".bin", "")
_KEYWORD = re.compile(r"^[ \t]*+([A-Za-z][^=\n]{0,200}+)=[ \t]*+(\{[^}]*+\}|[^\n]*+)", re.MULTILINE)
_LONGEST_HEADER = 4 * 2**20

_SIZES = ("lines", "samples", "bands")
_INTERLEAVES = ("bsq", "bil", "bip")


def _is_envi(path: Path) -> bool:
    """True for a header of ENVI's; it begins with the word."""
    try:
        with path.open("rb") as file:
            return file.read(4) == b"ENVI"
    except OSError:
        return False


def header_of(path: Path) -> Path | None:
    """The ENVI header of ``path``, which may be it or the file of numbers beside it.

    Examples
    --------
    >>> header_of(Path("no_such_map.dat")) is None
    True
    """
    places = (path, path.with_suffix(".hdr"), path.with_name(path.name + ".hdr"))
    return next((p for p in places if p.suffix.lower() == ".hdr" and _is_envi(p)), None)


def open_envi(path: Path, options: TableOptions) -> Table:
    """A map by its header or its numbers, which are read some lines at a time.

    Raises
    ------
    MalformedFileError, UnsupportedFormatError, UnreadableFileError
        For a header that lacks something or does not fit, and when the numbers are missing.
    UsageError
        When neither the header nor ``options.axis`` gives the wavenumbers.

    Examples
    --------
    >>> header = getfixture("tmp_path") / "map.hdr"
    >>> words = ("ENVI", "samples = 2", "lines = 3", "bands = 1801", "data type = 4", "")
    >>> size = header.write_text(chr(10).join(words))
    >>> np.zeros((1801, 3, 2), "f4").tofile(header.with_suffix(".dat"))
    >>> table = open_envi(header, TableOptions(axis="400:4000"))
    >>> table.shape, table.read(0, 2).shape
    ((3, 2), (2, 1801))
    """
    path = header_of(path) or path
    words = _keywords(path)
    size = {name: _whole(words, name) for name in _SIZES}
    cube = _cube(path, words, size)
    x = _axis(words, options, size["bands"])
    good = np.flatnonzero(_numbers(words.get("bbl", "")) != 0)
    chosen = slice(None) if good.size in (0, x.size) else good
    ignored = _number(words, "data ignore value", nan)
    scale = _number(words, "reflectance scale factor", 1.0)
    if not 0 < scale < inf:
        raise MalformedFileError(f"the header says reflectance scale factor = {scale}")
    samples, points = size["samples"], x[chosen].size

    def read(first: int, end: int) -> Values:
        rows = from_map(
            first, end, samples, points, lambda row, a, b: cube.line(row, a, b)[:, chosen]
        )
        values = np.array(rows, np.result_type(cube.dtype.newbyteorder("="), np.float32))
        values[values == ignored] = np.nan
        return values / scale if scale != 1.0 else values

    titles = [word.strip() for word in words.get("z plot titles", "").split(",")]
    return Table(
        path.name,
        x[chosen],
        size["lines"] * samples,
        read,
        x_words=None if options.axis else words.get("wavelength units"),
        y_words=titles[1] if len(titles) == 2 else None,
        shape=(size["lines"], samples),
    )


class _Cube(NamedTuple):
    """The numbers of a map: a file, and how they lie in it."""

    file: Path
    dtype: np.dtype[Any]
    offset: int
    interleave: str
    lines: int
    samples: int
    bands: int

    def line(self, number: int, first: int, end: int) -> Values:
        """Samples ``first`` to before ``end`` of a line, as (samples, bands)."""
        samples, bands, count = self.samples, self.bands, end - first
        if self.interleave == "bip":
            at = (number * samples + first) * bands
            return self._runs(at, count=count, length=bands, step=bands)
        if self.interleave == "bil":
            at, step = number * bands * samples + first, samples
        else:
            at, step = number * samples + first, self.lines * samples
        return self._runs(at, count=bands, length=count, step=step).T

    def _runs(self, first: int, **runs: int) -> Values:
        begin = self.offset + first * self.dtype.itemsize
        return read_runs(self.file, self.dtype, begin, **runs)


def _cube(path: Path, words: dict[str, str], size: dict[str, int]) -> _Cube:
    check_matrix(tuple(size.values()), "the map")
    kind = _TYPES.get(_whole(words, "data type"))
    if kind is None:
        raise UnsupportedFormatError(f"data type {words['data type']} is not one of {list(_TYPES)}")
    dtype = np.dtype(kind).newbyteorder(">" if _whole(words, "byte order", 0) else "<")
    interleave = words.get("interleave", "bsq").lower()
    if interleave not in _INTERLEAVES:
        raise MalformedFileError(f"interleave {interleave!r} is not bsq, bil or bip")
    offset = _whole(words, "header offset", 0)
    file = _data_beside(path, offset + dtype.itemsize * math.prod(size.values()))
    return _Cube(file, dtype, offset, interleave, **size)


def _keywords(path: Path) -> dict[str, str]:
    with path.open("rb") as file:
        text = file.read(_LONGEST_HEADER).decode("utf-8", "replace")
    return {
        name.strip().lower(): " ".join(value.strip("{} \t\r\n").split())
        for name, value in _KEYWORD.findall(text)
    }


def _whole(words: dict[str, str], name: str, default: int | None = None) -> int:
    if name not in words and default is not None:
        return default
    try:
        value = int(words[name])
    except (KeyError, ValueError):
        raise MalformedFileError(f"the header has no whole number for {name!r}") from None
    if value < 0 or (default is None and value == 0):
        raise MalformedFileError(f"the header says {name} = {value}")
    return value


def _number(words: dict[str, str], name: str, default: float) -> float:
    try:
        return float(words.get(name, default))
    except ValueError:
        raise MalformedFileError(f"the header says {name} = {words[name]}, no number") from None


def _numbers(text: str) -> np.ndarray:
    try:
        return np.array([float(word) for word in text.split(",") if word.strip()])
    except ValueError as error:
        raise MalformedFileError(
            f"a list in the header holds other than numbers: {error}"
        ) from None


def _axis(words: dict[str, str], options: TableOptions, bands: int) -> np.ndarray:
    if options.axis is not None:
        return told_axis(options.axis, bands)
    if "wavelength" not in words:
        raise no_axis("the header holds no 'wavelength'")
    x = _numbers(words["wavelength"])
    if x.size != bands:
        raise MalformedFileError(f"{x.size} wavelengths for {bands} bands")
    return x


def _data_beside(header: Path, needed: int) -> Path:
    """The file of numbers: the header's name with another suffix, or without its own."""
    places = [header.with_suffix(suffix) for suffix in _DATA_SUFFIXES]
    places += [header.with_suffix(suffix.upper()) for suffix in _DATA_SUFFIXES[:-1]]
    found = next((p for p in places if p.is_file() and p != header), None)
    if found is None:
        raise UnreadableFileError(f"no file of numbers beside it: {header.stem}.dat, .img, ...")
    if found.stat().st_size < needed:
        raise MalformedFileError(
            f"{found.name} holds {found.stat().st_size} bytes, the header states {needed}"
        )
    return found
