"""Files that another program holds open, as Windows allows: a short wait, then the error."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

# Windows' numbers for a file that a program uses, has locked or has mapped into its memory.
_NUMBERS = (32, 33, 1224)

# Seconds between the tries: about one in all. Elsewhere a refusal is final.
WAITS: tuple[float, ...] = (0.05, 0.1, 0.2, 0.3, 0.4) if sys.platform == "win32" else ()


def is_held(file: Path, error: OSError) -> bool:
    """True when ``error`` says that another program holds ``file``, which is there to be written.

    Where the C library opens a file, the error has no number: what it refuses is held unless it is
    marked as read-only. Elsewhere than on Windows no file is held.

    Examples
    --------
    >>> is_held(Path("."), PermissionError(13, "Permission denied"))
    False
    """
    return bool(WAITS) and is_refused(error) and file.is_file() and os.access(file, os.W_OK)


def is_free(file: Path, size: int) -> bool:
    """False when ``file`` cannot be opened to be read, or has another ``size`` in bytes.

    Elsewhere than on Windows a file can always be read while a program writes it: True.

    Examples
    --------
    >>> is_free(Path("missing.csv"), 0)
    True
    """
    if not WAITS:
        return True
    try:
        with file.open("rb") as stream:
            return os.fstat(stream.fileno()).st_size == size
    except OSError as error:
        return not is_refused(error)


def is_refused(error: OSError) -> bool:
    """True when access was refused, which may change when another program lets the file go.

    Examples
    --------
    >>> is_refused(PermissionError(13, "Permission denied"))
    True
    """
    return isinstance(error, PermissionError) or getattr(error, "winerror", None) in _NUMBERS


def wait_for(file: Path) -> None:
    """Wait, as long as ``patiently`` does, until ``file`` can be opened; nothing is raised.

    Examples
    --------
    >>> wait_for(Path("missing.csv"))
    """
    if WAITS:
        with suppress(OSError):
            patiently(lambda: file.open("rb").close())


def patiently(step: Callable[[], T]) -> T:
    """What ``step`` returns, tried again after each of ``WAITS`` while access is refused.

    Raises OSError when the last try is refused too, and at once for another reason.

    Examples
    --------
    >>> patiently(lambda: 1)
    1
    """
    for seconds in WAITS:
        try:
            return step()
        except OSError as error:
            if not is_refused(error):
                raise
            time.sleep(seconds)
    return step()
