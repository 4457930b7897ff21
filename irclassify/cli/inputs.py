"""What a command reads, and that it does not write over it."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from irclassify.errors import UsageError
from irclassify.sources.paths import STDIN, Source, expand

# How the results of ``predict`` and ``inspect`` begin.
_OUR_RESULTS = (
    *(b"file\tok\t", b"file,ok,", b'{"file": ', b'[\n{"file": ', b"[]\n"),
    b"<!doctype html>\n<!-- irclassify",
)


def sources_beside(file: Path | None, paths: Sequence[str], *others: Path) -> Iterator[Source]:
    """The sources of ``paths`` without the output, which may lie in a folder that is searched.

    ``others`` are no spectra either. Looked at when the first source is asked for: an output that
    was opened by then is known.
    """
    left_out = {_identity(path) for path in (file, *others) if path} - {None}
    yield from (s for s in expand(paths) if not left_out or _identity(s.path) not in left_out)


def refuse_inputs(file: Path, inputs: Sequence[str], option: str = "-o") -> None:
    """Results of an earlier run, found again in a searched folder, may be written anew."""
    written = _identity(file)
    if (
        written
        and not _is_expendable(file)
        and any(_identity(source.path) == written for source in expand(inputs))
    ):
        raise UsageError(f"{option} {file}: is one of the files to read; choose another name")


def _identity(path: str | Path) -> tuple[int, int] | None:
    """What two names of one regular file share; a link is what it leads to."""
    try:
        found = os.stat(0 if path == STDIN else path)  # noqa: PTH116 - Path has no descriptors
    except OSError:
        return None
    return (found.st_dev, found.st_ino) if stat.S_ISREG(found.st_mode) else None


def _is_expendable(file: Path) -> bool:
    try:
        with file.open("rb") as stream:
            head = stream.read(max(map(len, _OUR_RESULTS)))
    except OSError:
        return False
    return not head or head.startswith(_OUR_RESULTS)
