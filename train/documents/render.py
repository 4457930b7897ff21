"""Results -> Markdown, by the templates in templates/."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from irclassify.options import DEFAULT_ERROR_RATE
from train.labels.groups import GROUPS

# What a person reads for a set of spectra (train/data/split.py).
SET_NAMES = {
    "gas": "gas phase (NIST)",
    "condensed": "condensed phase (Coblentz)",
    "benzenes": "ATR, benzene derivatives",
    "drugs": "ATR, drugs and drug-like molecules",
    "salts": "ATR, amine salts",
    "plastics": "ATR, plastics of a study not seen",
    "atr": "ATR, all",
}
ENOUGH = 200  # positives, for a group's calibration error to mean anything
USUAL = f"{DEFAULT_ERROR_RATE:g}"


def render(template: str, **data: Any) -> str:
    """The Markdown of ``templates/TEMPLATE.md.j2`` with ``data``, without a last line break."""
    return _environment().get_template(f"{template}.md.j2").render(**data).rstrip("\n")


def markdown_table(rows: Iterable[Sequence[Any]], columns: Sequence[str]) -> str:
    """A Markdown table: one line for ``columns``, one for each row."""
    lines = [f"| {' | '.join(map(str, line))} |" for line in (columns, *rows)]
    return "\n".join([lines[0], rule(len(columns)), *lines[1:]])


def rule(columns: int) -> str:
    """The line under the header of a table."""
    return "|" + "---|" * columns


def measured(value: Any, digits: int = 3) -> str:
    """A number, [mean, standard deviation], or [value, low, high] with its 95% interval."""
    if not isinstance(value, list | tuple):
        return f"{value:.{digits}f}"
    texts = [f"{x:.{digits}f}" for x in value]
    return f"{texts[0]} ± {texts[1]}" if len(texts) == 2 else "{} ({}-{})".format(*texts)


def signed(value: Sequence[float], digits: int = 2) -> str:
    """A change: [mean, standard deviation]."""
    return f"{value[0]:+.{digits}f} ± {value[1]:.{digits}f}"


def numbers(values: Iterable[float], digits: int) -> str:
    """Several numbers, separated by commas."""
    return ", ".join(f"{v:.{digits}f}" for v in values)


def magnitude(value: float) -> str:
    """The order of magnitude of what should be zero."""
    return f"{value:.0e}" if value else "0"


def listed(items: Sequence[str]) -> str:
    """Names, separated by commas; ``none`` without any."""
    return ", ".join(items) if items else "none"


def rate(found: Mapping[str, Any] | None) -> str:
    """A share with its exact interval, and of how many spectra or calls."""
    if not found or not found["of"]:
        return "none"
    return f"{measured([found['share'], *found['interval']])} of {found['of']}"


def rate_of(found: Sequence[int]) -> str:
    """[count, of how many] as a share."""
    count, of = found
    return f"{count / of:.3f} ({count} of {of})" if of else "none"


def f1_and_count(result: Mapping[str, Any], group: str) -> str:
    """A group's F1 and how many spectra have it."""
    count = result["positives"][group]
    return f"{result['groups']['f1'][group]:.3f} ({count})" if count else "none"


def worst_group(calibration: Mapping[str, Any]) -> str:
    """The largest calibration error of the groups with ENOUGH spectra."""
    groups = {g: m for g, m in calibration["groups"].items() if m["positives"] >= ENOUGH}
    if not groups:
        return "none"
    group = max(groups, key=lambda g: groups[g]["calibration_error"])
    worst = groups[group]
    return f"{worst['calibration_error']:.4f} {group} (by chance {worst['by_chance']:.4f})"


def mistakes_at(found: Mapping[str, Any]) -> list[str]:
    """Misses and false alarms over all groups; the groups whose interval lies above the rate."""
    shares, above = [], []
    for kind, word in (("missed", "missed"), ("false_alarms", "false")):
        rates = {g: one[kind] for g, one in found["groups"].items() if one[kind]}
        total = sum(one["of"] for one in rates.values())
        shares.append(f"{sum(one['wrong'] for one in rates.values()) / total:.3f}")
        over = [g for g, one in rates.items() if one["interval"][0] > DEFAULT_ERROR_RATE]
        above += [f"{group} ({word})" for group in over]
    return [*shares, listed(above)]


FILTERS = (measured, signed, numbers, magnitude, listed, rate, rate_of)
FUNCTIONS = (rule, f1_and_count, worst_group, mistakes_at)


def _environment() -> Environment:
    environment = Environment(  # Markdown, not HTML: nothing to escape
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,
    )
    environment.filters |= {f.__name__: f for f in FILTERS}
    environment.filters |= {
        "mean": fmean,
        "percent": "{:.1%}".format,
        "zipped": lambda lists: zip(*lists, strict=True),
    }
    environment.globals |= {f.__name__: f for f in FUNCTIONS}
    environment.globals |= {
        "enough": ENOUGH,
        "usual": USUAL,
        "groups": GROUPS,
        "set_names": SET_NAMES,
    }
    return environment
