"""Words for people: text that is safe on a terminal, and the nearest known names."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def printable(text: str) -> str:
    """``text`` with every character that could steer a terminal written as an escape.

    That is what is not printable in the sense of Unicode: control characters, line ends, and marks
    that turn the direction of writing.
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def nearest(name: str, known: Iterable[str]) -> list[str]:
    """The known names most like ``name``, at most three, the most alike first.

    Letters' case does not count, and a name that begins with ``name`` is near.
    """
    by_key = {each.casefold(): each for each in known}
    key = name.casefold()
    close = get_close_matches(key, by_key, n=3, cutoff=0.6)
    begins = [each for each in by_key if len(key) > 1 and each.startswith(key)]
    return [by_key[each] for each in dict.fromkeys([*close, *begins])][:3]


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """``Did you mean ketone or ester?``, or "" where no known name is like it."""
    found = nearest(name, known)
    if not found:
        return ""
    *others, last = found
    return f"Did you mean {', '.join(others)}{' or ' if others else ''}{last}?"
