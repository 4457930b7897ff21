"""Words for people: text that is safe on a terminal, and the nearest known names."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def printable(text: str) -> str:
    r"""``text`` with every character that could steer a terminal written as an escape.

    Those are the characters that Unicode calls not printable: control characters, line ends, and
    marks that turn the direction of writing.

    Examples
    --------
    >>> print(printable("film" + chr(27) + "[2J"))
    film\x1b[2J
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def group_key(name: str) -> str:
    """A name of a group as it is kept: no capitals, underscores for blanks and hyphens.

    Examples
    --------
    >>> group_key("Carboxylic acid"), group_key("carboxylic-acid")
    ('carboxylic_acid', 'carboxylic_acid')
    """
    return "_".join(name.casefold().replace("-", " ").replace("_", " ").split())


def _nearest(name: str, known: Iterable[str]) -> list[str]:
    """The known names most like ``name``, at most three, the most alike first.

    Upper and lower case count as equal, and a name that begins with ``name`` is near.

    Examples
    --------
    >>> _nearest("keton", ["ketone", "ester"]), _nearest("xyz", ["ketone", "ester"])
    (['ketone'], [])
    """
    by_key = {each.casefold(): each for each in known}
    key = name.casefold()
    close = get_close_matches(key, by_key, n=3, cutoff=0.6)
    begins = [each for each in by_key if len(key) > 1 and each.startswith(key)]
    return [by_key[each] for each in dict.fromkeys([*close, *begins])][:3]


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A question with the nearest known names, or "" where no known name is like it.

    Examples
    --------
    >>> did_you_mean("keton", ["ketone", "ester"])
    'Did you mean ketone?'
    """
    found = _nearest(name, known)
    if not found:
        return ""
    *others, last = found
    return f"Did you mean {', '.join(others)}{' or ' if others else ''}{last}?"
