"""Text as Excel opens it: UTF-8 that says so by its first character, lines that end in CRLF."""

from __future__ import annotations

from typing import TextIO, cast

MARK = "\ufeff"  # without it Excel takes UTF-8 for the code page of the system


def excel_text(text: str) -> str:
    """A whole file's text, whose lines end in ``\\n``, as Excel reads it.

    Examples
    --------
    >>> excel_text("file,ok\\n")
    '\\ufefffile,ok\\r\\n'
    """
    return MARK + text.replace("\n", "\r\n")


def for_excel(stream: TextIO, wanted: bool = True) -> TextIO:
    """What writes to ``stream`` as Excel reads it; ``stream`` itself unless ``wanted``.

    Examples
    --------
    >>> import io
    >>> file = io.StringIO(newline="")
    >>> for_excel(file).write("file,ok\\n")
    8
    >>> file.getvalue()
    '\\ufefffile,ok\\r\\n'
    """
    return cast(TextIO, _ExcelText(stream)) if wanted else stream


class _ExcelText:
    """A text stream of which only ``write`` is used; lines come with ``\\n``."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._before = MARK

    def write(self, text: str) -> int:
        """Write text, the mark before the first of it."""
        self._stream.write(self._before + text.replace("\n", "\r\n"))
        self._before = ""
        return len(text)
