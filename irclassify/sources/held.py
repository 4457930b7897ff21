"""Files that another program holds open, as Windows allows: a short wait, then the error."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

# Seconds between the tries: about one in all. Elsewhere a refusal is final.
WAITS: tuple[float, ...] = (0.05, 0.1, 0.2, 0.3, 0.4) if sys.platform == "win32" else ()


def patiently(step: Callable[[], T]) -> T:
    """What ``step`` returns, tried again after each of ``WAITS`` while access is refused.

    Raises PermissionError when the last try is refused too.

    Examples
    --------
    >>> patiently(lambda: 1)
    1
    """
    for seconds in WAITS:
        try:
            return step()
        except PermissionError:
            time.sleep(seconds)
    return step()
