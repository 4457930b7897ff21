"""A progress line on a terminal's stderr; no thread, drawn only when asked and when time has come.

rich has a finer one, but it runs a thread, and reading processes are forked while this one shows.
"""

from __future__ import annotations

import shutil
import time
from typing import TextIO

from irclassify.reports.text import bar

_FIRST_AFTER_S = 0.5
_AGAIN_AFTER_S = 0.1
_BAR = 24


class Progress:
    """``advance`` once per result, ``hide`` before anything else is printed.

    Examples
    --------
    >>> import io
    >>> progress = Progress(10, io.StringIO())
    >>> progress.advance(3)
    >>> progress.hide()
    """

    def __init__(self, total: int, stream: TextIO) -> None:
        self._total = max(total, 1)
        self._stream = stream
        self._done = self._skipped = 0
        self._start = time.monotonic()
        self._next = self._start + _FIRST_AFTER_S
        self._drawn = 0  # characters on the line

    def advance(self, count: int = 1) -> None:
        """``count`` more are done."""
        self._done += count
        now = time.monotonic()
        if now >= self._next:
            self._next = now + _AGAIN_AFTER_S
            self._draw(now - self._start)

    def skip(self, count: int) -> None:
        """``count`` were done by an earlier run: they took no time of this one.

        Examples
        --------
        >>> import io
        >>> progress = Progress(10, io.StringIO())
        >>> progress.skip(9)
        """
        self._done += count
        self._skipped += count

    def hide(self) -> None:
        """Take the line away until it is drawn again."""
        if self._drawn:
            self._write("")

    def _draw(self, elapsed: float) -> None:
        done = min(self._done, self._total)
        now = max(self._done - self._skipped, 1)
        left = elapsed / now * (self._total - done)
        drawn = bar(done / self._total, _BAR).ljust(_BAR, "─")
        line = f"{drawn} {done:,}/{self._total:,}  {now / elapsed:.0f}/s  {left:.0f} s left"
        self._write(line[: shutil.get_terminal_size().columns - 1])

    def _write(self, line: str) -> None:
        """Blanks take the old line away: older consoles of Windows know no escape sequences."""
        self._stream.write(f"\r{' ' * self._drawn}\r{line}")
        self._stream.flush()
        self._drawn = len(line)
