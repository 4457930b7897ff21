"""The scorecard of a model in short: what to know before trusting an explanation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

Results = dict[str, Any]

# Ways to read the same sum. Relative to the average training spectrum a region says how the
# spectrum differs there, not what its bands add: what is missing is credited as well.
SHOWN = "as users see them"
HALVED = "pairs half and half"
AVERAGE = "around the average training spectrum"

ENOUGH = 0.9  # share of calls whose first region should stand on a known band
TARGETED = (
    "ester",
    "ketone",
    "aldehyde",
    "carboxylic_acid",
    "acyl_halide",
    "amide",
    "nitrile",
    "alcohol",
    "nitro",
    "alkyne",
    "aromatic",
)


def digest(results: Results) -> list[dict[str, str]]:
    """One line a measure: ``measure``, ``target``, ``value``."""
    return [{"measure": m, "target": t, "value": value(results)} for m, t, value in _lines()]


def textbook(results: Results, way: str = SHOWN) -> str:
    """Share of first regions on a known band, mean over groups, and what chance gives."""
    book = results["regions"][way]["textbook"].values()
    first, chance = (
        sum(own["loose"][what] for own in book) / len(book) for what in ("first", "chance_first")
    )
    return f"{first:.2f} ({chance:.2f})"


def off_textbook(results: Results) -> str:
    """The groups whose first regions lie on a known band too rarely, with their share."""
    book = results["regions"][SHOWN]["textbook"]
    low = sorted((own["loose"]["first"], group) for group, own in book.items())
    return ", ".join(f"{group} {share:.2f}" for share, group in low if share < ENOUGH) or "none"


def _lines() -> Iterator[tuple[str, str, Callable[[Results], str]]]:
    """Measure, target, and what gives its value for a model's results."""

    def removal(m: Results, to: str, digits: int) -> str:
        return _interval(m["regions"][SHOWN]["removal"]["top_three"]["by_group"][to], digits)

    def stable(what: str) -> Callable[[Results], str]:
        return lambda m: f"{m['stability'][what]['overlap'][0]:.2f}"

    yield (
        "largest difference of bias + contributions and logit",
        "exact",
        lambda m: _magnitude(m["exactness"]),
    )
    yield (
        "strongest region, all outside its window hidden: largest change",
        "0",
        lambda m: _magnitude(m["locality"][SHOWN]["occlusion"]),
    )
    yield (
        "first three regions removed: fall of the logit, times that of random regions",
        "8",
        lambda m: removal(m, "to_random", 1),
    )
    yield "... times that of the highest peaks", "1.8", lambda m: removal(m, "to_peaks", 2)
    yield (
        "first region on a known band of its group, mean over groups (by chance)",
        "0.90",
        textbook,
    )
    yield (
        "groups that reach 0.90, of the eleven with a target",
        "11",
        lambda m: str(sum(_first(m, g) >= ENOUGH for g in TARGETED)),
    )
    yield (
        "overlap of the first three regions: other ATR spectrum of the molecule",
        "",
        stable("another ATR spectrum of the molecule"),
    )
    for what in ("1% noise", "shift of 2 cm-1", "half resolution", "another seed"):
        yield f"... {what}", "", stable(what)
    yield (
        "... shuffled weights (head, body; random regions)",
        "chance",
        lambda m: ", ".join(
            stable(w)(m)
            for w in ("shuffled weights: head", "shuffled weights: body", "random regions")
        ),
    )
    yield (
        "both regions of a pair removed: correlation of claimed and observed change",
        "0.9",
        _pairs,
    )


def _first(results: Results, group: str) -> float:
    book = results["regions"][SHOWN]["textbook"]
    return float(book[group]["loose"]["first"]) if group in book else 0.0


def _pairs(results: Results) -> str:
    found = results["locality"][SHOWN].get("pairs")
    return _interval(found["both"], 2) if found else "no pairs"


def _magnitude(value: float) -> str:
    """Order of magnitude of what should be zero."""
    return f"{value:.0e}" if value else "0"


def _interval(values: list[float], digits: int) -> str:
    """[value, low, high] -> ``value (low-high)``."""
    return "{:.{d}f} ({:.{d}f}-{:.{d}f})".format(*values, d=digits)
