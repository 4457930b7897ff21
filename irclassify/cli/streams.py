"""Where output goes: data to stdout or a file, everything else to stderr."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from irclassify.errors import UsageError
from irclassify.reports.text import printable


class _Stdout(io.FileIO):
    """File descriptor 1; when whoever reads it has gone, the program ends well instead of failing.

    ``irclassify predict folder | head`` is a finished piece of work: exit code 0.
    """

    def write(self, data: Any, /) -> int:
        try:
            return super().write(data)
        except BrokenPipeError:
            discard_stdout()
            raise SystemExit(0) from None


def discard_stdout() -> None:
    """Send what is still to be printed nowhere, so that the interpreter's last flush succeeds."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def flush_stdout() -> None:
    """Find out now, not in the interpreter's last breath, whether the output could be written."""
    if sys.stdout is not None and not sys.stdout.closed:
        sys.stdout.flush()


def prepare_stdout() -> None:
    """Make stdout survive a closed pipe and names that are no text, and show each line at once.

    A stdout that the calling program has put in its place stays.
    """
    if sys.stdout is None:
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - lives on
        return
    if sys.stdout is not sys.__stdout__:
        return
    sys.stdout = io.TextIOWrapper(
        io.BufferedWriter(_Stdout(1, "w", closefd=False)),
        encoding=getattr(sys.stdout, "encoding", None),
        errors="backslashreplace",
        line_buffering=True,
    )


@contextmanager
def output(file: Path | None, *, data: bool, inputs: Sequence[str] = ()) -> Iterator[TextIO]:
    """The stream results go to: ``file``, else stdout. ``data`` formats are UTF-8 everywhere.

    Raises UsageError when ``file`` cannot be written, or is one of the files that the PATHs
    ``inputs`` stand for: opening it would destroy it.
    """
    if file is None:
        if data and isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
        yield sys.stdout
        return
    # Needs numpy, which --help does without.
    from irclassify.cli.inputs import refuse_inputs  # noqa: PLC0415

    refuse_inputs(file, inputs)
    with _open(file) as stream:
        yield stream


@contextmanager
def whole_file(file: Path, option: str = "-o") -> Iterator[BinaryIO]:
    """A stream that becomes ``file`` when all is written; whatever goes wrong, ``file`` stays.

    It is written beside it under a hidden name. What is there but no regular file (a pipe, a
    device) is written to directly. Raises UsageError when the place cannot be written to.
    """
    if file.exists() and not file.is_file():
        with _writable(file, option), file.open("wb") as stream:
            yield stream
        return
    import tempfile  # noqa: PLC0415 - brings a lot along

    target = Path(os.path.realpath(file))
    with _writable(file, option):
        handle, name = tempfile.mkstemp(".part", f".{target.name[:40]}.", target.parent)
    part = Path(name)
    try:
        with open(handle, "wb") as stream:  # noqa: PTH123 - a descriptor
            yield stream
        part.chmod(target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _writable(file: Path, option: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UsageError(f"{option} {file}: cannot be written: {error.strerror}") from error


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def _open(file: Path) -> TextIO:
    try:
        return file.open("w", encoding="utf-8", errors="backslashreplace", buffering=1)
    except OSError as error:
        raise UsageError(f"-o {file}: cannot be written: {error.strerror}") from error


def say(message: str) -> None:
    """One line for the person at the terminal."""
    if sys.stderr is not None:
        print(f"irclassify: {printable(message)}", file=sys.stderr)  # noqa: T201 - its purpose


def is_terminal(stream: TextIO | None) -> bool:
    """True when a person is looking at ``stream``."""
    return stream is not None and stream.isatty()
