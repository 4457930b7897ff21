"""Bytes of a text file -> UTF-8 or latin-1 bytes with line feeds, for every text reader."""

from __future__ import annotations

import codecs

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with UTF-16's
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


_CONTROLS = bytes([*range(9), *range(14, 26), *range(28, 32)])  # without DOS's end mark, 26


def normalise(data: bytes) -> bytes:
    r"""``data`` without byte order mark, UTF-16 and UTF-32 turned into UTF-8, line ends into LF.

    Bytes that are not UTF-8 stay as they are: ``decode`` reads them as latin-1 where they matter.

    Examples
    --------
    >>> normalise(b"\xff\xfe4\x000\x000\x00\r\x00\n\x00")
    b'400\n'
    """
    data = _to_ascii_superset(data)
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return data


def _to_ascii_superset(data: bytes) -> bytes:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            body = data[len(mark) :]
            if encoding != "utf-8":
                body = body.decode(encoding, "replace").encode()
            return body.removeprefix(codecs.BOM_UTF8)  # some programs write two marks
    encoding = _utf16_without_mark(data[:400])
    return data.decode(encoding, "replace").encode() if encoding else data


def _utf16_without_mark(head: bytes) -> str:
    """UTF-16's name when every other byte of ``head`` is zero, as in ASCII text; else ''."""
    half = len(head) // 2
    if half < 4:
        return ""
    if head[1::2].count(0) > 0.9 * half and head[::2].count(0) == 0:
        return "utf-16-le"
    if head[::2].count(0) > 0.9 * half and head[1::2].count(0) == 0:
        return "utf-16-be"
    return ""


def decode(text: bytes) -> str:
    r"""``text`` as a string: UTF-8 if it is, else latin-1 (which cannot fail).

    Examples
    --------
    >>> decode("µm".encode()), decode(b"\xb5m")
    ('µm', 'µm')
    """
    try:
        return text.decode()
    except UnicodeDecodeError:
        return text.decode("latin-1")


def looks_binary(data: bytes) -> bool:
    r"""True when the start of ``data`` (already normalised) holds bytes no text file has.

    Examples
    --------
    >>> looks_binary(b"400,0.1\n"), looks_binary(b"\x00\x01\x02")
    (False, True)
    """
    head = data[:4096]
    controls = len(head) - len(head.translate(None, _CONTROLS))
    return controls > 0.002 * len(head)
