"""Bounds-checked access to binary files: whatever an offset says, nothing is read outside."""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from irclassify.errors import MalformedFileError
from irclassify.limits import check_points


@dataclass(frozen=True)
class Bytes:
    r"""The bytes of a file in format ``what``; every read outside raises MalformedFileError.

    Examples
    --------
    >>> file = Bytes(b"\x02\x00" + b"\x00\x00\x80?" * 2 + b"film\x00", "OPUS")
    >>> file.integer("<H", 0), file.unpack("<ff", 2), file.array("<f4", 2, 2).tolist()
    (2, (1.0, 1.0), [1.0, 1.0])
    >>> file.text(10, 5), file.take(10, 2), file.axis(4000.0, 400.0, 3).tolist()
    ('film', b'fi', [4000.0, 2200.0, 400.0])
    """

    data: bytes
    what: str

    def unpack(self, layout: str, offset: int) -> tuple[Any, ...]:
        """The values of struct ``layout`` at ``offset``."""
        self._check(offset, struct.calcsize(layout))
        return struct.unpack_from(layout, self.data, offset)

    def integer(self, layout: str, offset: int) -> int:
        """The one integer of struct ``layout`` at ``offset``."""
        return int(self.unpack(layout, offset)[0])

    def take(self, offset: int, size: int) -> bytes:
        """``size`` bytes at ``offset``."""
        self._check(offset, size)
        return self.data[offset : offset + size]

    def text(self, offset: int, size: int) -> str:
        """The NUL-terminated latin-1 text in ``size`` bytes at ``offset``."""
        return self.take(offset, size).split(b"\0")[0].decode("latin-1").strip()

    def array(self, dtype: str, offset: int, count: int) -> NDArray[np.float64]:
        """``count`` numbers of numpy type ``dtype`` at ``offset`` as float64."""
        check_points(count)
        self._check(offset, count * np.dtype(dtype).itemsize)
        with np.errstate(all="ignore"):
            return np.frombuffer(self.data, dtype, count, offset).astype(np.float64)

    def axis(self, first: float, last: float, count: int) -> NDArray[np.float64]:
        """``count`` evenly spaced positions from ``first`` to ``last``, float64."""
        check_points(count)
        if count < 1 or not (math.isfinite(first) and math.isfinite(last)):
            raise MalformedFileError(
                f"the {self.what} file states {count} points from {first:g} to {last:g}; "
                "export it again"
            )
        return np.linspace(first, last, count)

    def _check(self, offset: int, size: int) -> None:
        if offset < 0 or size < 0 or offset + size > len(self.data):
            raise MalformedFileError(
                f"the {self.what} file points to bytes {offset} to {offset + size} but has "
                f"{len(self.data)}: it is cut off or damaged; export it again"
            )
