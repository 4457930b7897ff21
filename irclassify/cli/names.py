"""Names of files that every system takes, Windows above all, and that differ there too."""

from __future__ import annotations

import re
import unicodedata

# What Windows refuses in a name; control characters and halves of characters besides.
_REFUSED = re.compile('[<>:"/\\\\|?*\x00-\x1f\x7f\ud800-\udfff]')
_DEVICES = re.compile(r"(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(?:COM|LPT)[0-9¹²³])", re.IGNORECASE)

# Bytes of a stem: with a number and a suffix a name stays below the 255 of most file systems.
_LONGEST = 200


def safe_stem(stem: str) -> str:
    """``stem`` as a file may be called on every system: ``a:b`` -> ``a_b``, ``CON`` -> ``_CON``.

    Characters that Windows refuses become ``_``, blanks and dots at both ends go, the name of a
    device gets a ``_`` in front, and what is longer than ``_LONGEST`` bytes is cut.

    Examples
    --------
    >>> safe_stem("a:b"), safe_stem("CON"), safe_stem("film. ")
    ('a_b', '_CON', 'film')
    """
    safe = _REFUSED.sub("_", stem)
    safe = safe.encode()[:_LONGEST].decode(errors="ignore").strip(". ") or "spectrum"
    device = _DEVICES.fullmatch(safe.partition(".")[0].rstrip(" "))
    return f"_{safe}" if device else safe


class FreeNames:
    """Gives each file of a folder a name that no other has, upper and lower case taken as equal."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def name(self, stem: str, suffix: str) -> str:
        """``stem.suffix``, made safe, with ``-2``, ``-3``, ... when it is taken.

        Examples
        --------
        >>> names = FreeNames()
        >>> names.name("S", "csv"), names.name("s", "csv"), names.name("a:b", "csv")
        ('S.csv', 's-2.csv', 'a_b.csv')
        """
        safe = safe_stem(stem)
        free, number = safe, 1
        while _key(free) in self._taken:
            number += 1
            free = f"{safe}-{number}"
        self._taken.add(_key(free))
        return f"{free}.{suffix}"


def _key(name: str) -> str:
    """What names share that a file system may take for one: case, and how accents are written."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", name).casefold())
