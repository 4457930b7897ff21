"""Agilent .asp: one number a line; points, first and last cm-1, three more, then the values.

The layout is that read by the open readers OpenSpecy (CC BY 4.0) and orange-spectroscopy: the
file names no unit for Y, so it goes through the same doubt as any text without a header.
"""

from __future__ import annotations

import math

import numpy as np

from irclassify.errors import MalformedFileError
from irclassify.limits import check_points
from irclassify.readers import fast_floats
from irclassify.spectra.spectrum import Measurement

_FORMAT = "Agilent ASP"
_HEADER_LINES = 6


def looks_like(text: bytes) -> bool:
    r"""True for a text whose first six lines are a count, a range in cm-1 and three numbers.

    Examples
    --------
    >>> looks_like(b"7\n400\n4000\n1\n1\n1\n0.1\n"), looks_like(b"400 0.1\n")
    (True, False)
    """
    lines = text[:1000].split(b"\n")[: _HEADER_LINES + 1]
    if len(lines) <= _HEADER_LINES:
        return False
    try:
        first = [float(line) for line in lines]
    except ValueError:
        return False
    if not all(map(math.isfinite, first)):
        return False
    count = first[0] == int(first[0]) > _HEADER_LINES and b"." not in lines[0]
    return count and first[1] != first[2]


def read(text: bytes) -> list[Measurement]:
    r"""The one spectrum of an .asp file.

    Examples
    --------
    >>> [one] = read(b"\n".join(b"%d" % number for number in [7, 400, 4000, 1, 1, 1, *range(7)]))
    >>> one.x[[0, -1]].tolist(), one.y.tolist()
    ([400.0, 4000.0], [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
    """
    if not looks_like(text):
        raise MalformedFileError("not an .asp file: it must start with points and range")
    values = fast_floats.read_table(text, 1).value
    check_points(values.size)
    count, y = int(values[0]), values[_HEADER_LINES:]
    if y.size != count:
        raise MalformedFileError(
            f"{count} points are stated but {y.size} follow: the file is cut off or damaged"
        )
    x = np.linspace(values[1], values[2], count)
    return [Measurement(x=x, y=y, format=_FORMAT, x_unit="1/CM")]
