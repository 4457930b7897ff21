"""Files that are written: one run at a time writes each, and a failure blames the output.

A file is locked while a run writes it (``flock``, on Windows a locked byte), so that a second run
with the same output stops before it has done any harm. The lock ends with the process.

On Windows a viewer may hold a file so that it cannot be written or replaced. The new one is then
written beside it, and takes its name at the end if the viewer has let go; if not, ``left_beside``
tells who ends the run.
"""

from __future__ import annotations

import errno
import io
import os
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, cast

from irclassify.errors import OutputError, UsageError
from irclassify.sources.held import is_held, is_refused, patiently


class RawOutput(io.FileIO):
    """An open file whose failed writes raise OutputError, never an input's OSError.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder, RawOutput(f"{folder}/a", "w") as stream:
    ...     print(stream.write(b"answers"))
    7
    """

    def write(self, data: Any, /) -> int:
        """Write bytes. Raises OutputError, for a full disk above all."""
        try:
            return super().write(data)
        except BrokenPipeError:
            raise
        except OSError as error:
            if _is_closed_pipe(self.fileno(), error):
                raise BrokenPipeError from error
            raise OutputError(f"the output cannot be written: {error.strerror}") from error


def _is_closed_pipe(descriptor: int, error: OSError) -> bool:
    """True for a pipe that nobody reads, as Windows says it: an invalid argument."""
    return error.errno == errno.EINVAL and stat.S_ISFIFO(os.fstat(descriptor).st_mode)


class _Beside(RawOutput):
    """A file beside the one that a viewer holds; it takes that one's name when it is closed."""

    def __init__(self, descriptor: int, path: Path, target: Path) -> None:
        super().__init__(descriptor, "w")
        self._path, self._target = path, target

    def close(self) -> None:
        """Close it, once."""
        if not self.closed:
            super().close()
            _put(self._path, self._target)


def open_output(file: Path, option: str = "-o", *, add: bool = False) -> BinaryIO:
    """``file``, empty or (``add``) with what it holds, open for this run alone.

    Without ``add`` it is a file beside it where another program holds ``file``. Raises UsageError,
    naming the ``option`` that gave it, when it cannot be written or another run is writing it.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder, open_output(Path(folder) / "a.csv") as stream:
    ...     print(stream.write(b"file,ok"))
    7
    >>> open_output(Path("none/a.csv"))
    Traceback (most recent call last):
    irclassify.errors.UsageError: -o none/a.csv: cannot be written: No such file or directory
    """
    try:
        raw = RawOutput(_opened(file, option, add=add), "w")
    except _HeldError as held:
        if add:
            raise UsageError(f"{held}; close it there and try again") from held
        raw = _opened_beside(file, option)
    return cast(BinaryIO, io.BufferedWriter(raw))


def _opened_beside(file: Path, option: str) -> _Beside:
    """Raises UsageError where the folder takes no file either: then nothing may be written."""
    path = _beside(file)
    try:
        return _Beside(_opened(path, option, add=False), path, file)
    except (UsageError, _HeldError) as error:
        raise UsageError(
            f"{option} {file}: cannot be written, nor can {path} beside it; close what holds them"
        ) from error


@contextmanager
def whole_file(file: Path, option: str = "-o") -> Iterator[BinaryIO]:
    """A stream that becomes ``file`` when all is written; whatever goes wrong, ``file`` stays.

    It is written beside it under a hidden name, and stays beside it under another name where a
    program holds ``file``. What is there but not a regular file (a pipe, a device) is written to
    directly. Raises UsageError as ``open_output``.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     with whole_file(Path(folder) / "a.html") as stream:
    ...         written = stream.write(b"page")
    ...         print((Path(folder) / "a.html").exists())
    ...     print((Path(folder) / "a.html").read_text())
    False
    page
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
        if target.exists() and sys.platform != "win32":
            part.chmod(target.stat().st_mode & 0o777)
        _put(part, target)
    except BaseException as error:
        if not isinstance(error, UsageError):  # the part file of another run stays
            part.unlink(missing_ok=True)
        raise


def left_beside() -> list[str]:
    """A sentence for each output that lies beside its place, as a program holds that; told once.

    Examples
    --------
    >>> left_beside()
    []
    """
    told, _left[:] = list(_left), []
    return told


def write_or_beside(target: Path, write: Callable[[Path], None]) -> None:
    """Let ``write`` add to ``target``, or to a file beside it where a program holds that open.

    Examples
    --------
    >>> write_or_beside(Path("log.jsonl"), print)
    log.jsonl
    """
    try:
        patiently(lambda: write(target))
    except OSError as error:
        if not is_held(target, error):
            raise
        beside = _beside(target)
        write(beside)
        _left.append(f"{target}: another program holds it open; its last lines are in {beside}")


_left: list[str] = []


def _put(part: Path, target: Path) -> None:
    """Let ``part`` become ``target``, or lie beside it where a viewer holds that open."""
    try:
        patiently(lambda: part.replace(target))
    except OSError as error:
        if not is_refused(error):
            raise
        beside = _beside(target)
        with suppress(OSError):  # a virus scanner may hold the new one
            part = part if part == beside else part.replace(beside)
        _left.append(f"{target}: another program holds it open; the new one is {part}")


def _beside(target: Path) -> Path:
    return target.with_name(f"{target.stem}.new{target.suffix}")


class _HeldError(Exception):
    """Another program holds the file."""


def _opened(file: Path, option: str, *, add: bool) -> int:
    flags = os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
    try:
        descriptor = patiently(lambda: os.open(file, flags | (os.O_APPEND if add else 0), 0o666))
    except OSError as error:
        if is_held(file, error):
            raise _HeldError(f"{option} {file}: another program holds it open") from error
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
