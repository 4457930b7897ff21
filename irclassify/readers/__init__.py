"""Any spectrum file, as bytes -> measurements or spectra.

The format is found by content first, by the name's suffix where content is not enough. Every
reader works on bytes, so that members of archives and standard input need no file.

A file may hold several spectra. Each has its place in the returned list, in the file's order; a
spectrum that is damaged or unfit gives its IrclassifyError in that place and does not lose the
others. An error that concerns the whole file is raised.

The reader of a format is imported with the first file of that format: importing them all takes
longer than reading most files.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, Protocol, cast

import numpy as np

from irclassify.errors import (
    EmptyFileError,
    IrclassifyError,
    NoDataError,
    UnfitSpectrumError,
    UnknownFormatError,
)
from irclassify.extras import on_demand
from irclassify.limits import MAX_BINARY_BYTES, check_bytes
from irclassify.readers import encoding, unsupported
from irclassify.spectra.spectrum import Measurement, Spectrum
from irclassify.spectra.units import to_spectrum

if TYPE_CHECKING:
    from irclassify.readers import tables as tables
    from irclassify.readers import text as text

__all__ = ["read_measurements", "read_spectra", "read_spectrum"]

__getattr__ = on_demand(__name__)


def read_spectra(
    data: bytes,
    name: str = "",
    *,
    x_unit: str | None = None,
    y_unit: str | None = None,
    block: int | None = None,
) -> list[Spectrum | IrclassifyError]:
    """Every spectrum of a file in canonical form, or the error that stands in its place.

    ``name`` is used for its suffix only. ``x_unit`` and ``y_unit`` override what the file states.
    ``block`` (1-based) keeps only that spectrum. Rows are named ``file#1``, ``file#2`` ... by
    their place when there are several.

    Raises IrclassifyError when the file as a whole cannot be read or has no such block.

    Examples
    --------
    >>> from irclassify import samples
    >>> found = read_spectra(samples.spectra()[0].read_bytes(), "1_hexene.jdx")
    >>> [spectrum.format for spectrum in found]
    ['JCAMP-DX']
    """
    found: list[Spectrum | IrclassifyError] = []
    with np.errstate(all="ignore"):  # hostile numbers overflow; what comes of it is looked at
        for item in read_measurements(data, name, block=block):
            try:
                if isinstance(item, IrclassifyError):
                    found.append(item)
                else:
                    found.append(to_spectrum(item, x_unit=x_unit, y_unit=y_unit))
            except IrclassifyError as error:
                found.append(error.kept())
    return found


def read_spectrum(
    data: bytes,
    name: str = "",
    *,
    x_unit: str | None = None,
    y_unit: str | None = None,
    block: int | None = None,
) -> Spectrum:
    """The one spectrum of a file. Raises IrclassifyError when it cannot be read or is not one.

    Examples
    --------
    >>> from irclassify import samples
    >>> read_spectrum(samples.spectra()[0].read_bytes()).y_unit
    'absorbance'
    """
    found = read_spectra(data, name, x_unit=x_unit, y_unit=y_unit, block=block)
    if len(found) > 1:
        raise UnfitSpectrumError(f"{len(found)} spectra in one file: choose one with --block N")
    if isinstance(found[0], IrclassifyError):
        raise found[0]
    return found[0]


def read_measurements(
    data: bytes, name: str = "", *, block: int | None = None
) -> list[Measurement | IrclassifyError]:
    """Every spectrum of a file as stated by the file, before units; never an empty list.

    ``name`` and ``block`` as for ``read_spectra``. Raises IrclassifyError when the file as a whole
    cannot be read or has no such block.

    Examples
    --------
    >>> from irclassify import samples
    >>> [found] = read_measurements(samples.spectra()[0].read_bytes())
    >>> found.x_unit, found.y_unit
    ('1/CM', 'ABSORBANCE')
    """
    return _pick(_read(data, name), block)


def _read(data: bytes, name: str) -> list[Measurement | IrclassifyError]:
    check_bytes(data, MAX_BINARY_BYTES)
    if not data.startswith(b"##"):
        for magic, module in _BINARY:
            if data.startswith(magic):
                return list(_reader(module).read(data))
        if data.startswith(_OLE) and _JASCO_PROGRAM in data:
            return list(_reader("jasco").read(data))
        if data.startswith(b"PK\x03\x04") and b"xl/workbook.xml" in data:
            return list(_reader("excel").read(data))
        known = unsupported.recognise(data, _suffix(name))
        if known is not None:
            raise known
    plain = encoding.normalise(data)
    if not plain[:80].strip(_NOTHING) and not plain.strip(_NOTHING):
        raise EmptyFileError("the file is empty; get the spectrum itself")
    if encoding.looks_binary(plain):
        spc = _reader("spc")
        if spc.looks_like(data):
            return list(spc.read(data))
        raise unsupported.by_suffix(_suffix(name)) or UnknownFormatError(
            "binary content in an unknown format: export it as JCAMP-DX or CSV"
        )
    return _read_text(plain)


_NOTHING = b" \t\r\n\0\x1a"

# How files of a format begin, and the module that reads them.
_BINARY = (
    (b"\x0a\x0a\xfe\xfe", "opus"),
    (b"Spectral Data", "omnic"),
    (b"PEPE2D", "perkinelmer"),
    (b"L~S ", "jasco"),
)
# An OLE container may be anything; a JASCO program names itself in it, in UTF-16.
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_JASCO_PROGRAM = "SPCMAN2".encode("utf-16-le")


class _Reader(Protocol):
    """A module of this package; those of formats without a magic number have ``looks_like``."""

    def read(self, data: bytes, /) -> Sequence[Measurement | IrclassifyError]: ...
    def looks_like(self, data: bytes, /) -> bool: ...


def _reader(module: str) -> _Reader:
    return cast(_Reader, __getattr__(module))


def _read_text(plain: bytes) -> list[Measurement | IrclassifyError]:
    if (start := _jcamp_start(plain)) is not None:
        try:
            return list(_reader("jcamp.dx").read(plain[start:] if start else plain))
        except NoDataError:
            from irclassify.readers import text  # noqa: PLC0415 - seldom needed

            found = text.read_rows_if_any(plain)  # two columns under JCAMP-DX labels
            if found is None:
                raise
            return found
    agilent = _reader("agilent")
    return list((agilent if agilent.looks_like(plain) else _reader("text")).read(plain))


def _suffix(name: str) -> str:
    return PurePath(name).suffix.lower()


def _jcamp_start(plain: bytes) -> int | None:
    """Where the labels of JCAMP-DX start (text may stand above them), None without any."""
    if plain.startswith(b"##TITLE="):
        return 0
    head = plain[:4096].lstrip()
    if head.startswith((b"##", b"$$")) and b"TITLE" in head.upper().replace(b" ", b""):
        return 0
    if not plain.startswith(b"##") and plain.find(b"\n##", 0, _LONGEST_PREAMBLE) < 0:
        return None
    label = _LABEL.search(plain, 0, _LONGEST_PREAMBLE)
    if label and (_TABLE_LABEL.search(plain, label.start()) or label.group(1).upper() == b"TITLE"):
        return label.start()
    return None


_LONGEST_PREAMBLE = 65_536
_LABEL = re.compile(rb"^##[ \t]*([A-Za-z$][A-Za-z0-9 /_.-]{0,40}?)[ \t]*=", re.MULTILINE)
_TABLE_LABEL = re.compile(
    rb"^##[ \t]*(?:XY[ _-]?(?:DATA|POINTS)|(?:PEAK|DATA)[ _-]?TABLE)[ \t]*=[^\n]{0,60}\(",
    re.MULTILINE | re.IGNORECASE,
)


def _pick(
    items: list[Measurement | IrclassifyError], block: int | None
) -> list[Measurement | IrclassifyError]:
    if block is None:
        return items
    if not 1 <= block <= len(items):
        raise UnfitSpectrumError(f"--block {block}: the file has {len(items)} spectra")
    return [items[block - 1]]
