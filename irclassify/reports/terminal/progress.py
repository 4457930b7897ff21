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

    def __init__(self, total: int | None, stream: TextIO) -> None:
        """``total``: how many there are; None while files are looked for."""
        self._total = total
        self._stream = stream
        self._done = self._skipped = 0
        self._start = time.monotonic()
        self._next = self._start + _FIRST_AFTER_S
        self._drawn = 0  # characters on the line

    def advance(self, count: int = 1) -> None:
        """``count`` more are done."""
        self._done += count
        if time.monotonic() >= self._next:
            self.show()

    def skip(self, count: int) -> None:
        """``count`` were done by an earlier run: they took no time of this one.

        Examples
        --------
        >>> import io
        >>> progress = Progress(10, io.StringIO())
        >>> progress.skip(9)
        """
        self._skipped += count
        self._start = time.monotonic()
        self.advance(count)

    def show(self) -> None:
        """Draw it now.

        Examples
        --------
        >>> import io
        >>> stream = io.StringIO()
        >>> Progress(None, stream).show()
        >>> stream.getvalue().strip()
        'looking for files'
        """
        now = time.monotonic()
        self._next = now + _AGAIN_AFTER_S
        self._write(self._line(now - self._start)[: shutil.get_terminal_size().columns - 1])

    def hide(self) -> None:
        """Take the line away until it is drawn again."""
        if self._drawn:
            self._write("")

    def _line(self, elapsed: float) -> str:
        if self._total is None:
            return f"looking for files: {self._done:,}" if self._done else "looking for files"
        total = max(self._total, 1)
        done = min(self._done, total)
        drawn = bar(done / total, _BAR).ljust(_BAR, "─")
        line = f"{drawn} {done:,}/{total:,}"
        if now := self._done - self._skipped:
            left = elapsed / now * (total - done)
            line += f"  {now / elapsed:.0f}/s  {left:.0f} s left"
        return line

    def _write(self, line: str) -> None:
        """Blanks take the old line away: older consoles of Windows know no escape sequences."""
        self._stream.write(f"\r{' ' * self._drawn}\r{line}")
        self._stream.flush()
        self._drawn = len(line)
