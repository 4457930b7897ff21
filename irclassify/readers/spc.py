"""Galactic / Thermo GRAMS .spc: versions 0x4B (and big-endian 0x4C) and the old 0x4D.

Source: Galactic Industries, "A Brief Guide to SPC File Format and Using GSPCIO" (1997) and its
header file SPC.H, which names every field.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from irclassify.errors import (
    IrclassifyError,
    MalformedFileError,
    NotInfraredError,
)
from irclassify.limits import check_points, check_spectra, check_total
from irclassify.readers.binary import Bytes
from irclassify.spectra.spectrum import Measurement
from irclassify.spectra.x_units import names_x
from irclassify.spectra.y_words import names_y

_FORMAT = "Galactic SPC"
NEW, NEW_BIG_ENDIAN, OLD, SHIMADZU = 0x4B, 0x4C, 0x4D, 0xCF

Floats = NDArray[np.float64]

# ftflgs
_SHORT, _MULTI, _LABELS, _X_EACH, _X_VALUES = 0x01, 0x04, 0x20, 0x40, 0x80
_AS_FLOAT = -128  # the exponent that marks 32-bit floats

_X_UNITS = {1: "1/CM", 2: "MICROMETERS", 3: "NANOMETERS", 10: "PPM", 13: "RAMAN SHIFT"}
_X_UNITS |= dict.fromkeys((4, 5, 11, 12, 23, 24, 25, 30), "TIME")
_X_UNITS |= dict.fromkeys((6, 7, 8, 26), "HERTZ") | {9: "M/Z", 14: "ELECTRON VOLT", 255: "POINTS"}
_X_UNITS |= {22: "DATA POINTS", 18: "DEGREE"}
_Y_UNITS = {
    0: "ARBITRARY INTENSITY",
    1: "INTERFEROGRAM",
    2: "ABSORBANCE",
    3: "KUBELKA-MUNK",
    4: "COUNTS",
    5: "VOLTS",
    9: "MILLIVOLTS",
    10: "LOG(1/R)",
    11: "PERCENT",
    12: "ARBITRARY INTENSITY",
    13: "ARBITRARY INTENSITY",
    22: "REFRACTIVE INDEX",
    128: "TRANSMITTANCE",
    129: "REFLECTANCE",
    130: "SINGLE BEAM",
    131: "EMISSION",
}
_KINDS = {
    1: "CHROMATOGRAM",
    2: "CHROMATOGRAM",
    3: "CHROMATOGRAM",
    7: "UV/VIS SPECTRUM",
    8: "X-RAY",
    9: "MASS SPECTRUM",
    10: "NMR SPECTRUM",
    11: "RAMAN SPECTRUM",
    12: "FLUORESCENCE SPECTRUM",
}


@dataclass(frozen=True)
class _Header:
    """What the main header says; ``order`` is struct's mark of the byte order."""

    order: str
    old: bool
    flags: int
    experiment: int
    exponent: int
    count: int
    first: float
    last: float
    spectra: int
    x_type: int
    y_type: int
    title: str
    data_at: int
    x_label: str = ""
    y_label: str = ""


def looks_like(data: bytes) -> bool:
    """True when the version byte and the zeros of a real header fit (.spc has no magic word).

    Examples
    --------
    >>> looks_like(b"400,0.1")
    False
    """
    if len(data) < 256:
        return False
    if data[1] in (NEW, NEW_BIG_ENDIAN):
        return len(data) >= 544 and data[325:512].count(0) > 150
    return data[1] == OLD and data[3] in (0, 0xFF) and data[30:48].count(0) >= 4


def read(data: bytes) -> list[Measurement | IrclassifyError]:
    r"""Every sub-file as a spectrum; one of another kind gives its error in its place.

    Examples
    --------
    >>> read(b"\x00\x4b" + bytes(30))
    Traceback (most recent call last):
        ...
    irclassify.errors.MalformedFileError: ...
    """
    file = Bytes(data, _FORMAT)
    header = _old_header(file) if data[1] == OLD else _new_header(file)
    kind = _KINDS.get(header.experiment)
    if kind is not None and not (header.x_type == 1 and header.y_type in (2, 128)):
        raise NotInfraredError(f"the SPC file says it is a {kind.lower()}")
    check_spectra(header.spectra)
    if header.flags & _X_EACH and not header.old:
        return _spectra_with_own_x(file, header)
    check_total(header.spectra * header.count)
    return _spectra(file, header)


def _new_header(file: Bytes) -> _Header:
    order = "<" if file.data[1] == NEW else ">"
    flags, _, experiment, exponent, count = file.unpack(order + "BBBbi", 0)
    first, last, spectra = file.unpack(order + "ddi", 8)
    x_type, y_type = file.unpack("BB", 28)
    title = file.text(88, 130)
    labels = file.take(218, 30).split(b"\0") if flags & _LABELS else []
    x_label, y_label = (
        labels[i].decode("latin-1").strip() if i < len(labels) else "" for i in (0, 1)
    )
    return _Header(
        order,
        False,
        flags,
        experiment,
        exponent,
        count,
        first,
        last,
        max(spectra, 1),
        x_type,
        y_type,
        title,
        512,
        x_label,
        y_label,
    )


def _old_header(file: Bytes) -> _Header:
    """Version 0x4D: 224 bytes, then sub-files until the end of the file."""
    flags, _, exponent, count, first, last = file.unpack("<BBhfff", 0)
    if not 0 < count < 2**31:  # it is a float here, so it may be anything
        raise MalformedFileError(f"the SPC file states {count:g} points; export it again")
    x_type, y_type = file.unpack("BB", 16)
    each = 32 + 4 * int(count)
    spectra = max(1, (len(file.data) - 224) // each) if flags & _MULTI and count > 0 else 1
    title = file.text(64, 130)
    return _Header(
        "<",
        True,
        flags,
        0,
        exponent,
        int(count),
        first,
        last,
        spectra,
        x_type,
        y_type,
        title,
        224,
    )


def _spectra(file: Bytes, header: _Header) -> list[Measurement | IrclassifyError]:
    """Walk through the sub-files; each has 32 bytes of header before its values."""
    check_points(header.count)
    x, at = _x_axis(file, header)
    width = 2 if header.flags & _SHORT and not header.old else 4
    found: list[Measurement | IrclassifyError] = []
    for _ in range(header.spectra):
        exponent = header.exponent
        if header.flags & _MULTI and exponent != _AS_FLOAT:  # floats hold for all sub-files
            exponent = file.integer("b", at + 1)
        y = _values(file, header, at + 32, exponent)
        found.append(_measurement(header, x, y))
        at += 32 + (4 if exponent == _AS_FLOAT else width) * header.count
    return found


def _spectra_with_own_x(file: Bytes, header: _Header) -> list[Measurement | IrclassifyError]:
    """The sub-files of a file of kind XYXY: each states its points and has X before Y.

    ``header.count`` is the offset of a directory (12 bytes a sub-file), 0 without one.
    """
    found: list[Measurement | IrclassifyError] = []
    at, points = header.data_at, 0
    width = 2 if header.flags & _SHORT else 4
    for number in range(header.spectra):
        if header.count > 0:
            at = file.integer(header.order + "I", header.count + 12 * number)
        count = file.integer(header.order + "I", at + 16)
        check_points(count)
        points += count
        check_total(points)
        exponent = file.integer("b", at + 1)
        x = file.array(header.order + "f4", at + 32, count)
        y = _values(file, replace(header, count=count), at + 32 + 4 * count, exponent)
        found.append(_measurement(header, x, y))
        at += 32 + (4 + (4 if exponent == _AS_FLOAT else width)) * count
    return found


def _x_axis(file: Bytes, header: _Header) -> tuple[Floats, int]:
    """X of every point and where the first sub-file starts."""
    if header.flags & _X_VALUES:
        x = file.array(header.order + "f4", header.data_at, header.count)
        return x, header.data_at + 4 * header.count
    return file.axis(header.first, header.last, header.count), header.data_at


def _values(file: Bytes, header: _Header, at: int, exponent: int) -> Floats:
    """Floats as they are; integers are fractions of 2 to the exponent."""
    order, count = header.order, header.count
    if exponent == _AS_FLOAT:
        return file.array(order + "f4", at, count)
    if header.old:  # the two halves of each integer are swapped
        halves = file.array("<u2", at, 2 * count).reshape(-1, 2)
        high = np.where(halves[:, 0] >= 2**15, halves[:, 0] - 2**16, halves[:, 0])
        return (high * 2**16 + halves[:, 1]) * 2.0 ** (exponent - 32)
    if header.flags & _SHORT:
        return file.array(order + "i2", at, count) * 2.0 ** (exponent - 16)
    return file.array(order + "i4", at, count) * 2.0 ** (exponent - 32)


def _measurement(header: _Header, x: Floats, y: Floats) -> Measurement | IrclassifyError:
    return Measurement(
        x=x,
        y=y,
        format=_FORMAT,
        x_unit=_words(header.x_label, _X_UNITS.get(header.x_type), names_x),
        y_unit=_words(header.y_label, _Y_UNITS.get(header.y_type), names_y),
        title=header.title,
    )


def _words(label: str, by_type: str | None, names: Callable[[str], bool]) -> str | None:
    """The axis label where it says what is measured, else the words of the type code."""
    return label if label and names(label) else by_type
