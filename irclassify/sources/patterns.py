"""Glob patterns that the shell left alone. ``**`` enters each real folder once, links or not.

And what is said of a path that leads to nothing.
"""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Iterator


def matches(pattern: str) -> Iterator[str]:
    """The files that fit a pattern, in no order; some may be listed twice.

    ``**`` stands for any folders, hidden ones left out. A link to a folder is followed unless that
    folder was entered before: links that form a loop end.

    Examples
    --------
    >>> list(matches("no/such/*.spa"))
    []
    """
    head, deep, rest = _split(pattern)
    if not deep:
        yield from glob.glob(pattern)  # noqa: PTH207 - may be absolute
        return
    roots = glob.glob(head) if glob.has_magic(head) else [head]  # noqa: PTH207
    entered: set[str] = set()
    for root in roots:
        for folder in _folders(root, entered):
            inner = os.path.join(glob.escape(folder), rest)  # noqa: PTH118
            yield from (found for found in matches(inner) if rest or not os.path.isdir(found))  # noqa: PTH112


def why_missing(path: str) -> str:
    """What to tell of a path that is not there, and what may have spoilt it.

    Examples
    --------
    >>> why_missing("film.csv")
    'no such file or folder'
    """
    if '"' in path:  # what a console of Windows makes of "C:\\my spectra\\" -o rows.csv
        return 'no such file or folder; leave out the backslash before the closing "'
    if "://" in path:
        return "no such file or folder; save what is at the address, and give the file"
    return "no such file or folder"


def _split(pattern: str, separator: str = os.sep) -> tuple[str, bool, str]:
    """What stands before the first ``**``, whether there is one, and what stands after it."""
    either = re.escape(separator + "/")
    found = re.search(rf"(?:^|[{either}])\*\*(?:[{either}]+|$)", pattern)
    if found is None:
        return pattern, False, ""
    head = pattern[: found.start()]
    if (not head and found[0][0] != "*") or head.endswith(":"):  # the root, of a drive on Windows
        head += found[0][0]
    return head, True, pattern[found.end() :] or "*"


def _folders(root: str, entered: set[str]) -> Iterator[str]:
    """``root`` and all folders below it, each real one once."""
    for folder, inner, _ in os.walk(root or ".", followlinks=True):
        real = os.path.realpath(folder)
        if real in entered:
            inner.clear()
            continue
        entered.add(real)
        shown = os.path.relpath(folder) if not root else folder
        yield "" if shown == "." and not root else shown
        visible = [name for name in inner if not name.startswith(".")]
        inner[:] = sorted(visible, key=lambda name: (os.path.islink(f"{folder}/{name}"), name))  # noqa: PTH114
