"""JASCO .jws and .jrs: one spectrum, in a flat file (``L~S``) or in streams of an OLE container.

The layouts are those that the open reader JASCOFiles.jl (MIT) found and checked against JASCO's own
exports as text; here they are checked on its files (tests/corpus). Containers are opened with the
package olefile (BSD). A file whose marks differ from those is refused, never guessed.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass

import numpy as np
import olefile
from numpy.typing import NDArray

from irclassify.errors import MalformedFileError, NotInfraredError, UnsupportedFormatError
from irclassify.limits import check_points
from irclassify.readers.binary import Bytes
from irclassify.spectra.spectrum import Measurement

_FORMAT = "JASCO"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FLAT_KINDS = ("SPECMAN", "SPECIRM")
_SMALLEST = 0x300

# JASCO's programs write transmittance and reflectance in percent.
_Y_UNITS = {0: "%T", 2: "%R", 3: "ABSORBANCE"}
_Y_REFUSED = {8: "a single beam", 9: "a single beam", 10: "a single beam", 14: "a detector signal"}
_X_UNITS = {0: "1/CM", 1: "RAMAN SHIFT", 3: "NANOMETERS"}
_X_MARK = 0x10000100
_EXPORT = "open it in JASCO Spectra Manager and save it as text or JCAMP-DX"

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class _Axes:
    """What a file says of its points: X runs from ``first`` in steps of ``step``."""

    count: int
    first: float
    last: float
    step: float
    x_code: int
    y_code: int


def read(data: bytes) -> list[Measurement]:
    """The one spectrum of a .jws or .jrs file.

    Raises UnsupportedFormatError for a layout that is not known, NotInfraredError for single beams,
    MalformedFileError for damage.

    Examples
    --------
    >>> read(b"L~S SPECMAN")
    Traceback (most recent call last):
        ...
    irclassify.errors.MalformedFileError: ...
    """
    return [_from_streams(data) if data.startswith(_OLE) else _from_flat(data)]


def _from_flat(data: bytes) -> Measurement:
    file = Bytes(data, _FORMAT)
    if len(data) < _SMALLEST:
        raise MalformedFileError("the JASCO file ends within its header; get the file again")
    kind, version = file.text(8, 16), file.text(0x20, 16)
    if kind not in _FLAT_KINDS or version != "R2.0.0":
        raise UnsupportedFormatError(f"a JASCO file of kind {kind[:16]!r} is not read: {_EXPORT}")
    count = file.integer("<i", 0x84)
    axes = _Axes(count, *file.unpack("<3d", 0x88), *file.unpack("<2I", 0xA0))
    if file.integer("<q", 0xC8) != 4 * count or len(data) - 4 * count < _SMALLEST:
        raise MalformedFileError(
            f"the JASCO file states {count} points but does not hold them; export it again"
        )
    x = _evenly(file, axes)
    y = file.array("<f4", len(data) - 4 * count, count)
    return _measurement(axes, x, y, file.text(0x180, 64))


def _from_streams(data: bytes) -> Measurement:
    streams = _streams(data)
    if not {"DataInfo", "Y-Data"} <= streams.keys():
        raise UnsupportedFormatError(
            f"a JASCO container without one spectrum is not read: {_EXPORT}"
        )
    info = Bytes(streams["DataInfo"], _FORMAT)
    version, channels = info.integer("<I", 0), info.integer("<I", 12)
    if version != 3 or channels != 1 or len(info.data) != 96:
        raise UnsupportedFormatError(
            f"a JASCO file with {channels} channels (layout {version}) is not read: {_EXPORT}"
        )
    axes = _Axes(info.integer("<I", 20), *info.unpack("<3d", 24), *info.unpack("<2I", 48))
    check_points(axes.count)
    values = Bytes(streams["Y-Data"], _FORMAT)
    if len(values.data) != 4 * axes.count:
        raise MalformedFileError(
            f"{axes.count} points are stated but {len(values.data) // 4} follow: it is damaged"
        )
    if "X-Data" in streams:
        x = Bytes(streams["X-Data"], _FORMAT).array("<f4", 0, axes.count)
    else:
        x = _evenly(values, axes)
    return _measurement(axes, x, values.array("<f4", 0, axes.count), _sample(streams))


def _streams(data: bytes) -> dict[str, bytes]:
    """The streams at the top of an OLE container, by name; those of a .jws are few and small."""
    wanted = ("DataInfo", "X-Data", "Y-Data", "SampleInfo")
    # olefile follows a chain for as long as the stated size goes, round and round in a damaged one.
    sectors = (struct.unpack_from("<I", data, at)[0] for at in (44, 64, 72) if len(data) >= 512)
    if len(data) < 512 or max(sectors) > len(data) // 512:
        raise MalformedFileError("the OLE container states more than it holds; get the file again")
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            names = [name for name in wanted if container.exists(name)]
            sizes = [container.root.size, *map(container.get_size, names)]
            if max(sizes) > len(data):
                raise MalformedFileError("a stream is longer than the file; get the file again")
            return {name: container.openstream(name).read() for name in names}
    except MalformedFileError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever the package raises at a damaged container
        raise MalformedFileError(
            f"the OLE container is damaged ({type(error).__name__}); get the file again"
        ) from None


def _evenly(file: Bytes, axes: _Axes) -> Floats:
    """X from first and step; the last X must be near what is stated."""
    x = file.axis(axes.first, axes.first + axes.step * (axes.count - 1), axes.count)
    if not axes.step or abs(x[-1] - axes.last) > abs(axes.step):
        raise MalformedFileError(
            f"the JASCO file states X from {axes.first:g} to {axes.last:g} in {axes.count} steps "
            f"of {axes.step:g}, which do not agree; export it again"
        )
    return x


def _measurement(axes: _Axes, x: Floats, y: Floats, title: str) -> Measurement:
    kind = axes.x_code & 0xFF
    if axes.x_code & ~0xFF != _X_MARK or kind not in _X_UNITS:
        raise UnsupportedFormatError(
            f"JASCO's code for X ({axes.x_code:#x}) is not known: {_EXPORT}"
        )
    if axes.y_code in _Y_REFUSED:
        raise NotInfraredError(
            f"the JASCO file holds {_Y_REFUSED[axes.y_code]}: save the absorbance or transmittance"
        )
    if axes.y_code not in _Y_UNITS:
        raise UnsupportedFormatError(f"JASCO's code for Y ({axes.y_code}) is not known: {_EXPORT}")
    return Measurement(
        x=x, y=y, format=_FORMAT, x_unit=_X_UNITS[kind], y_unit=_Y_UNITS[axes.y_code], title=title
    )


def _sample(streams: dict[str, bytes]) -> str:
    """The sample's name: a length in bytes, then UTF-16; '' where it is absent or damaged."""
    data = streams.get("SampleInfo", b"")
    size = int.from_bytes(data[4:8], "little")
    text = data[8 : 8 + size].decode("utf-16-le", "replace")
    return text.split("\0")[0].strip()
