"""Characters that a console lacks, as others that stand for them: ``cm⁻¹`` as ``cm-1``.

A console of Windows may know cp1252 alone. What it lacks is replaced while text is encoded, under
the name of an error handler, so that whoever prints need not care. The number of characters stays
where columns depend on it. Letters, as in a file's name, are never replaced by like ones: they
become escapes (``\\u03b1``), from which the name can be read.
"""

from __future__ import annotations

import codecs

NAME = "irclassify.fallback"

# A wavenumber's unit before its parts: the first that fits is taken.
_WORDS = {"⁻¹": "-1", "…": "~", "≥": ">=", "≤": "<=", "→": ">", "≠": "!=", "≡": "#", "±": "+-"}
_CELLS = dict(
    zip(
        "▁▂▃▄▅▆▇█▉▊▋▌▍▎▏░▒▓━─┴│‼✓✗⁻⁺·µ°—“”⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉",
        '_.:-=+*#####---.:%=-+|!vx-+.uo-""01234567890123456789',
        strict=True,
    )
)
_FALLBACKS = _WORDS | _CELLS


def _replace(error: UnicodeError) -> tuple[str | bytes, int]:
    """What stands for the first characters that cannot be encoded, and where to go on."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    rest = error.object[error.start :]
    for found, fallback in _FALLBACKS.items():
        if rest.startswith(found):
            return fallback, error.start + len(found)
    first = UnicodeEncodeError(
        error.encoding, error.object, error.start, error.start + 1, error.reason
    )
    return codecs.backslashreplace_errors(first)


codecs.register_error(NAME, _replace)
