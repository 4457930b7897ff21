"""Groups as a person types them."""

from __future__ import annotations

from collections.abc import Sequence

from irclassify.errors import UsageError
from irclassify.results.nouns import spoken
from irclassify.text import did_you_mean, group_key


def group_name(typed: str, known: Sequence[str], *, option: str = "", otherwise: str = "") -> str:
    """The name of the group that is meant, whatever its case and with blanks or hyphens.

    ``otherwise`` is said where no known name is like it; by default all names. Raises UsageError.

    Examples
    --------
    >>> group_name("Carboxylic acid", ["ester", "carboxylic_acid"])
    'carboxylic_acid'
    """
    meant = {group_key(spoken(name)): name for name in known} | {
        group_key(name): name for name in known
    }
    try:
        return meant[group_key(typed)]
    except KeyError:
        hint = did_you_mean(typed, known) or otherwise or f"The model knows {', '.join(known)}"
        raise UsageError(
            f"{option} {typed}: the model has no such group. {hint}".lstrip()
        ) from None
