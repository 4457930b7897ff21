"""The scorecard in short: for README and for the model card."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from train.faithfulness.explainers import SHOWN
from train.settings import load_results

Results = dict[str, Any]

# Groups whose first region should stand on a known band in nine calls of ten.
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


def short(results: Results) -> str:
    """What to know before trusting an explanation, one line a measure."""
    models = results["models"]
    lines = [f"| measure | target | {' | '.join(models)} |", "|---|---|" + "---|" * len(models)]
    for name, target, value in _lines():
        lines.append(f"| {name} | {target} | {' | '.join(value(m) for m in models.values())} |")
    gradients = results["comparison"]["explained"]
    lost = {name: each["calls_lost"][0] for name, each in gradients.items()}
    ours, theirs = lost[f"default, {SHOWN}"], lost["dense network, integrated gradients"]
    lines.append(
        f"\nTaking out the first three regions turns {ours:.0%} of the default model's calls to "
        f"absent; for integrated gradients on a dense network of about its accuracy, with regions "
        f"of the same widths, it is {theirs:.0%}."
    )
    return "\n".join(lines)


def card_lines(model: str) -> list[dict[str, str]]:
    """What the stage stored of a model, for its definition: measure, target, value."""
    stored = load_results(model, "faithfulness")
    return [{"measure": m, "target": t, "value": value(stored)} for m, t, value in _lines()]


def _lines() -> Iterable[tuple[str, str, Any]]:
    """Measure, target, and what gives its value for a model's results."""

    def removal(m: Results, to: str, digits: int) -> str:
        return interval(m["regions"][SHOWN]["removal"]["top_three"]["by_group"][to], digits)

    def stable(what: str) -> Any:
        return lambda m: f"{m['stability'][what]['overlap'][0]:.2f}"

    yield (
        "largest difference of bias + contributions and logit",
        "exact",
        lambda m: small(m["exactness"]),
    )
    yield (
        "strongest region, all outside its window hidden: largest change",
        "0",
        lambda m: small(m["locality"][SHOWN]["occlusion"]),
    )
    yield (
        "first three regions taken out: fall of the logit, times that of random regions",
        "8",
        lambda m: removal(m, "to_random", 1),
    )
    yield ("... times that of the highest peaks", "1.8", lambda m: removal(m, "to_peaks", 2))
    yield (
        "first region on a known band of its group, mean over groups (by chance)",
        "0.90",
        textbook,
    )
    yield (
        "groups that reach 0.90, of the eleven with a target",
        "11",
        lambda m: str(sum(_first(m, g) >= 0.9 for g in TARGETED)),
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
            f"{m['stability'][w]['overlap'][0]:.2f}"
            for w in ("shuffled weights: head", "shuffled weights: body", "random regions")
        ),
    )
    yield (
        "both regions of a pair taken out: correlation of claimed and observed change",
        "0.9",
        lambda m: pairs(m, SHOWN),
    )


def _first(model: Results, group: str) -> float:
    book = model["regions"][SHOWN]["textbook"]
    return float(book[group]["loose"]["first"]) if group in book else 0.0


def textbook(model: Results, way: str = SHOWN) -> str:
    """Share of first regions on a known band, mean over groups, and what chance gives."""
    book = model["regions"][way]["textbook"].values()
    first, chance = (
        sum(own["loose"][what] for own in book) / len(book) for what in ("first", "chance_first")
    )
    return f"{first:.2f} ({chance:.2f})"


def pairs(model: Results, way: str, what: str = "both") -> str:
    """Correlation of claim and change when a pair's regions are taken out."""
    found = model["locality"][way].get("pairs")
    return interval(found[what], 2) if found else "no pairs"


def small(value: float) -> str:
    """Order of magnitude of what should be zero."""
    return f"{value:.0e}" if value else "0"


def interval(values: list[float], digits: int) -> str:
    """[value, low, high] -> ``value (low-high)``."""
    return "{:.{d}f} ({:.{d}f}-{:.{d}f})".format(*values, d=digits)
