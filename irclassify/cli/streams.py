"""Where output goes: data to stdout or a file, everything else to stderr."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from irclassify.batch.outputs.files import RawOutput, open_output
from irclassify.cli.fallback import NAME as FALLBACK
from irclassify.text import printable


class _Stdout(RawOutput):
    """File descriptor 1; when the reader of a pipe stops, the program ends with success.

    ``irclassify predict folder | head`` is a finished piece of work: exit code 0.
    """

    def write(self, data: Any, /) -> int:
        try:
            return super().write(data)
        except BrokenPipeError:
            discard_stdout()
            raise SystemExit(0) from None


def discard_stdout() -> None:
    """Send what is still to be printed nowhere, so that the interpreter's last flush succeeds.

    Examples
    --------
    >>> kept = os.dup(1)
    >>> discard_stdout()
    >>> os.dup2(kept, 1)
    1
    """
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def flush_stdout() -> None:
    """Flush now, so that write errors are reported with the right exit code.

    Examples
    --------
    >>> flush_stdout()
    """
    if sys.stdout is not None and not sys.stdout.closed:
        sys.stdout.flush()


def prepare_console() -> None:
    """Let stdout survive a closed pipe and both streams print what their encoding lacks.

    Each line of stdout is shown at once. A stdout that the calling program has put in its place
    stays.

    Examples
    --------
    >>> prepare_console()
    """
    if sys.stderr is sys.__stderr__ and isinstance(sys.stderr, io.TextIOWrapper):
        sys.stderr.reconfigure(errors=FALLBACK)
    if sys.stdout is None:
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8", newline="")  # noqa: SIM115 - lives on
        return
    if sys.stdout is not sys.__stdout__:
        return
    if sys.platform == "win32" and is_terminal(sys.stdout):
        # Python hands a console of Windows characters; bytes would be read in its code page.
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(errors=FALLBACK, line_buffering=True)
        return
    sys.stdout = io.TextIOWrapper(
        io.BufferedWriter(_Stdout(1, "w", closefd=False)),
        encoding=getattr(sys.stdout, "encoding", None),
        errors=FALLBACK,
        line_buffering=True,
    )


@contextmanager
def output(file: Path | None, *, data: bool) -> Iterator[TextIO]:
    """The stream results go to: ``file``, else stdout. ``data`` formats are UTF-8 everywhere.

    Raises UsageError when ``file`` cannot be written. Who calls it has seen to it, with ``plan``,
    that ``file`` is not an input.

    Examples
    --------
    >>> with output(None, data=False) as stream:
    ...     count = stream.write("an answer")
    an answer
    """
    if file is None:
        if data and isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")
        yield sys.stdout
        return
    with as_text(open_output(file)) as stream:
        yield stream


def as_text(stream: Any) -> io.TextIOWrapper:
    """A binary stream as text: UTF-8, each line written at once.

    Examples
    --------
    >>> held = io.BytesIO()
    >>> with as_text(held) as stream:
    ...     count = stream.write("cm⁻¹")
    ...     held.getvalue().decode()
    '...'
    """
    return io.TextIOWrapper(
        stream, encoding="utf-8", errors="backslashreplace", newline="\n", line_buffering=True
    )


def say(message: str) -> None:
    """One line for the person at the terminal; where it cannot be written the work goes on.

    Examples
    --------
    >>> say("2 spectra classified, 0 failed")
    """
    if sys.stderr is None:
        return
    try:
        print(f"irclassify: {printable(message)}", file=sys.stderr)  # noqa: T201 - its purpose
        sys.stderr.flush()
    except (OSError, ValueError):  # its disk is full, its terminal gone, or it was closed
        sys.stderr = None


def is_terminal(stream: TextIO | None) -> bool:
    """True when a person is looking at ``stream``.

    Examples
    --------
    >>> is_terminal(None), is_terminal(io.StringIO())
    (False, False)
    """
    return stream is not None and stream.isatty()
