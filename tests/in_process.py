"""The command line run in this process: what needs no pipe, signal or start of its own."""

from __future__ import annotations

import contextlib
import io
import signal
import subprocess
import sys

from irclassify.cli.main import main


class _Bytes(io.TextIOWrapper):
    """A text stream in memory whose bytes can be had."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO(), encoding="utf-8", errors="backslashreplace")

    def bytes(self) -> bytes:
        self.flush()
        return self.buffer.getvalue()  # type: ignore[attr-defined]


def irclassify(*words: object, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run a command line as ``command_line.irclassify`` does, in a tenth of its time."""
    out, err = _Bytes(), _Bytes()
    before, sys.stdin = sys.stdin, io.TextIOWrapper(io.BytesIO(stdin))
    handler = signal.getsignal(signal.SIGTERM)
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            main([str(word) for word in words])
    except SystemExit as ended:
        code = ended.code
    finally:
        sys.stdin = before
        signal.signal(signal.SIGTERM, handler)
    return subprocess.CompletedProcess(words, code, out.bytes(), err.bytes())
