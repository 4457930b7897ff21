"""Files that are written: one run at a time writes each, and a failure blames the output.

A file is locked while a run writes it (``flock``, on Windows a locked byte), so that a second run
with the same output stops before it has done any harm. The lock ends with the process.
"""

from __future__ import annotations

import io
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

from irclassify.errors import OutputError, UsageError
from irclassify.sources.held import patiently


class RawOutput(io.FileIO):
    """An open file whose failed writes raise OutputError, never an input's OSError."""

    def write(self, data: Any, /) -> int:
        """Write bytes. Raises OutputError, for a full disk above all."""
        try:
            return super().write(data)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise OutputError(f"the output cannot be written: {error.strerror}") from error


def open_output(file: Path, option: str = "-o", *, add: bool = False) -> BinaryIO:
    """``file``, empty or (``add``) with what it holds, open for this run alone.

    Raises UsageError, naming the ``option`` that gave it, when it cannot be written or another run
    is writing it.
    """
    return cast(BinaryIO, io.BufferedWriter(RawOutput(_opened(file, option, add=add), "w")))


@contextmanager
def whole_file(file: Path, option: str = "-o") -> Iterator[BinaryIO]:
    """A stream that becomes ``file`` when all is written; whatever goes wrong, ``file`` stays.

    It is written beside it under a hidden name. What is there but not a regular file (a pipe, a
    device) is written to directly. Raises UsageError as ``open_output``, OutputError when another
    program holds ``file`` open: what was written then lies beside it.
    """
    if file.exists() and not file.is_file():
        with open_output(file, option) as stream:
            yield stream
        return
    target = Path(os.path.realpath(file))
    part = target.with_name(f".{target.name[:40]}.part")
    try:
        with open_output(part, option) as stream:
            yield stream
        if target.exists():
            part.chmod(target.stat().st_mode & 0o777)
        _put(part, target)
    except BaseException as error:
        if not isinstance(error, UsageError):  # the part file of another run stays
            part.unlink(missing_ok=True)
        raise


def _put(part: Path, target: Path) -> None:
    """Let ``part`` become ``target``, or lie beside it where a viewer holds that open."""
    try:
        patiently(lambda: part.replace(target))
    except PermissionError as error:
        beside = target.with_name(f"{target.stem}.new{target.suffix}")
        part.replace(beside)
        raise OutputError(
            f"{target}: another program holds it open; the new one is {beside}"
        ) from error


def _opened(file: Path, option: str, *, add: bool) -> int:
    flags = os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
    try:
        descriptor = os.open(file, flags | (os.O_APPEND if add else 0), 0o666)
    except OSError as error:
        raise UsageError(f"{option} {file}: cannot be written: {error.strerror}") from error
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        if not _lock(descriptor):
            os.close(descriptor)
            raise UsageError(f"{option} {file}: another run is writing it")
        if not add:
            os.ftruncate(descriptor, 0)
    return descriptor


if sys.platform == "win32":
    import msvcrt

    _FAR = 2**30  # the byte that is locked: none that is written to

    def _lock(descriptor: int) -> bool:
        os.lseek(descriptor, _FAR, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            os.lseek(descriptor, 0, os.SEEK_SET)
        return True

else:
    import fcntl

    def _lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:  # a file system without locks
            pass
        return True
