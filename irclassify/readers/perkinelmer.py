"""PerkinElmer Spectrum .sp: nested blocks of id, size, content.

The ids are those of the open readers specio (BSD-3) and PerkinElmer's own IR file library.
"""

from __future__ import annotations

from collections.abc import Iterator

from irclassify.errors import MalformedFileError
from irclassify.readers.binary import Bytes
from irclassify.spectra.spectrum import Measurement

_FORMAT = "PerkinElmer SP"

_DATA_SET = 120
_RANGE, _COUNT, _X_LABEL, _Y_LABEL, _VALUES, _NAME = (
    -29838,
    -29835,
    -29833,
    -29832,
    -29828,
    -29827,
)


def read(data: bytes) -> list[Measurement]:
    """The one spectrum of an .sp file.

    Examples
    --------
    >>> read(b"PEPE2D constant interval DataSet file")
    Traceback (most recent call last):
        ...
    irclassify.errors.MalformedFileError: ...
    """
    file = Bytes(data, _FORMAT)
    found: dict[int, tuple[int, int]] = {}
    for kind, at, size in _blocks(file, 44, len(data)):
        if kind == _DATA_SET:
            for member, start, length in _blocks(file, at, at + size):
                found.setdefault(member, (start, length))
    try:
        # every member starts with a two-byte type code
        first, last = file.unpack("<2d", found[_RANGE][0] + 2)
        count = file.integer("<i", found[_COUNT][0] + 2)
        values = found[_VALUES][0] + 6
    except KeyError:
        raise MalformedFileError(
            "the PerkinElmer file has no spectrum inside; export it as JCAMP-DX or CSV"
        ) from None
    return [
        Measurement(
            x=file.axis(first, last, count),
            y=file.array("<f8", values, count),
            format=_FORMAT,
            x_unit=_label(file, found.get(_X_LABEL)),
            y_unit=_label(file, found.get(_Y_LABEL)),
            title=_label(file, found.get(_NAME)) or "",
        )
    ]


def _blocks(file: Bytes, at: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Id, start and size of the blocks between ``at`` and ``end``."""
    while at + 6 <= end:
        kind, size = file.unpack("<hi", at)
        file.take(at + 6, size)
        yield kind, at + 6, size
        at += 6 + size


def _label(file: Bytes, member: tuple[int, int] | None) -> str | None:
    """A text member: type code, length, characters."""
    if member is None:
        return None
    return file.text(member[0] + 4, file.integer("<H", member[0] + 2)) or None
