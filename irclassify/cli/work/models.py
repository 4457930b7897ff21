"""``irclassify models``: what is installed, with the accuracy each model was measured at."""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping
from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

from irclassify.cli.outputs import shows_table, write_json
from irclassify.model.folder import ModelSpec, installed_models
from irclassify.model.installed import DEFAULT_MODEL
from irclassify.reports.terminal.predictions import make_console, print_table
from irclassify.text import printable

_SHOWN = {"molecular_perfection": "Perfect", "molecular_f1": "Molecular F1"}


def run(*, form: str | None = None) -> int:
    """Print the installed models. Raises ModelError when one of them is broken."""
    models = list(installed_models())
    if shows_table(form):
        _print_table(models)
    else:
        write_json([_record(spec) for spec in models])
    return 0


def _record(spec: ModelSpec) -> dict[str, Any]:
    return {
        "name": spec.name,
        "version": spec.version,
        "default": spec.name == DEFAULT_MODEL,
        "description": spec.description,
        "folder": str(spec.folder),
        "groups": [group.name for group in spec.groups],
        "metrics": _named(spec.metrics),
    }


# What the numbers of a metric that is a list are, by how many there are.
_NAMES = {2: ("mean", "standard_deviation"), 3: ("value", "low", "high")}


def _named(metric: Any) -> Any:
    """A metric, or a mapping of them at any depth, with a name for each number of a list."""
    if isinstance(metric, Mapping):
        return {key: _named(value) for key, value in metric.items()}
    if isinstance(metric, list) and len(metric) in _NAMES:
        return dict(zip(_NAMES[len(metric)], metric, strict=True))
    undefined = isinstance(metric, float) and not math.isfinite(metric)  # JSON has no NaN
    return None if undefined else metric


def _print_table(models: list[ModelSpec]) -> None:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column("Model", no_wrap=True)
    for title in _SHOWN.values():
        table.add_column(title, justify="right", no_wrap=True)
    table.add_column("Description")
    for spec in models:
        name = Text(printable(spec.label), style="bold" if spec.name == DEFAULT_MODEL else "")
        if spec.name == DEFAULT_MODEL:
            name.append("\ndefault", style="not bold dim")
        measured = (_measured(spec.metrics, key) for key in _SHOWN)
        table.add_row(name, *measured, Text(printable(spec.description)))
    print_table(make_console(sys.stdout), table)


def _measured(metrics: Mapping[str, Any], key: str) -> str:
    """A metric is a number, or a list that starts with it; the rest is its uncertainty."""
    value = metrics.get(key)
    first = value[0] if isinstance(value, list) and value else value
    return f"{first:.3f}" if isinstance(first, int | float) else "-"
