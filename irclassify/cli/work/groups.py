"""``irclassify groups``: what a model tells apart, as a tree of groups and details."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

from irclassify.cli.streams import is_terminal
from irclassify.explain.bands import bands_of
from irclassify.model.folder import Group, ModelSpec, find_model
from irclassify.reports.rows import to_json
from irclassify.reports.terminal.predictions import make_console, print_table

KEYS = ("name", "parent", "title", "smarts", "covers", "bands", "source", "positives", "f1")
STANDING_ALONE = "details that belong to no group"


def run(*, model: str, form: str | None) -> int:
    """Print the groups and details of a model. Raises ModelError."""
    spec = find_model(model)
    if form == "json" or (form is None and not is_terminal(sys.stdout)):
        print(to_json(record(spec), indent=2))  # noqa: T201 - the output
    else:
        print_table(make_console(sys.stdout), _table(spec))
    return 0


def record(spec: ModelSpec) -> dict[str, Any]:
    """The groups, then the details, in the order of all other output."""
    return {
        "model": spec.label,
        "groups": [_plain(group) for group in spec.groups],
        "details": [_plain(detail) for detail in spec.details],
    }


def _plain(group: Group) -> dict[str, Any]:
    values = {key: getattr(group, key) for key in KEYS}
    return values | {
        "covers": list(group.covers),
        "bands": _bands(group),
        "positives": dict(group.positives),
        "f1": dict(group.f1),
    }


def _bands(group: Group) -> str:
    """Where it absorbs, cm-1: as the model says, or the table of bands behind explanations."""
    told = (f"{b.vibration} {b.low:.0f}-{b.high:.0f} {b.intensity}" for b in bands_of(group.name))
    return group.bands or "; ".join(dict.fromkeys(told))


def _table(spec: ModelSpec) -> Table:
    phases = [phase for phase in spec.confidence.phases if spec.groups[0].positives.get(phase)]
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column("Group", no_wrap=True)
    table.add_column("Name in tables", no_wrap=True)
    for phase in phases:
        table.add_column(f"{phase}: n", justify="right", no_wrap=True)
        table.add_column("F1", justify="right", no_wrap=True)
    table.add_column("Definition (SMARTS)")
    table.add_column("Bands, cm-1")
    for group in spec.groups:
        _add(table, group, phases, "")
        for detail in spec.details:
            if detail.parent == group.name:
                _add(table, detail, phases, "  ")
    alone = [detail for detail in spec.details if detail.parent is None]
    if alone:
        table.add_row(Text(STANDING_ALONE, style="dim"))
    for detail in alone:
        _add(table, detail, phases, "  ")
    return table


def _add(table: Table, group: Group, phases: list[str], indent: str) -> None:
    cells = []
    for phase in phases:
        cells += [str(group.positives.get(phase, 0)), _f1(group.f1, phase)]
    table.add_row(
        Text(indent + group.title, style="" if indent else "bold"),
        Text(group.name, style="dim"),
        *cells,
        Text(group.smarts),
        Text(_bands(group)),
    )


def _f1(measured: Mapping[str, float | None], phase: str) -> str:
    value = measured.get(phase)
    return "-" if value is None else f"{value:.2f}"
