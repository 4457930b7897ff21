"""A second opinion on compressed tables that carry no check of their own.

DIF tables repeat a value on every line; SQZ tables do not, so a fault in decoding would go unseen.
There the package ``jcamp`` decodes the same lines, and both must agree. It is asked only where it
is right and safe: without DUP (it drops points from a count of 10 on, and takes quadratic time),
without '?', without E and e (which it may take for exponents), and for tables of ordinary size.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_NOT_FOR_JCAMP = b"STUVWXYZsEe?%JKLMNOPQRjklmnopqr"
_MAX_BYTES = 2**17


def disagrees(table: bytes, y: NDArray[np.float64]) -> bool:
    """True when the package finds other ordinates in ``table`` than ``y``; False if not asked.

    ``table``: lines of X and SQZ or PAC ordinates, without comments. ``y``: shape (n,).

    Examples
    --------
    >>> disagrees(b"400A00B00", np.array([100.0, 200.0])), disagrees(b"400A00", np.array([999.0]))
    (False, True)
    """
    if len(table) > _MAX_BYTES or table.translate(None, _NOT_FOR_JCAMP) != table:
        return False
    import jcamp  # noqa: PLC0415 - seldom needed

    try:
        lines = [jcamp.parse(line) for line in table.decode("ascii").split("\n") if line.strip()]
    except Exception:  # noqa: BLE001 - it raises whatever comes; then it has no opinion
        return False
    theirs = np.array([value for line in lines for value in line[1:]], np.float64)
    return theirs.shape != y.shape or not np.array_equal(theirs, y)
