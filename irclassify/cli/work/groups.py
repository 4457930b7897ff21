"""``irclassify groups``: what a model tells apart, as a tree of groups and details."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from rich import box
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from irclassify.cli.group_names import group_name
from irclassify.cli.outputs import shows_table, write_json
from irclassify.explain.bands import bands_of
from irclassify.model.folder import Group, ModelSpec, find_model
from irclassify.reports.terminal.predictions import make_console, print_table
from irclassify.results.evaluation import FEW
from irclassify.results.nouns import phase_word, spoken

_KEYS = ("name", "parent", "title", "smarts", "covers", "bands", "source", "positives", "f1")
_SHORT = {"condensed": "cond."}  # of phases, above a column
_ROOMY = 100  # cells from which the numbers of spectra have room
_FEW_MARK = "*"
_FEW_NOTE = f"{_FEW_MARK} fewer than {FEW} known spectra with the group: too few to say much"
_STANDING_ALONE = "details that belong to no group"


def run(*, model: str, form: str | None, name: str | None = None) -> int:
    """Print the groups and details of a model, or one of them in full.

    Raises ModelError, and UsageError for a name that the model does not know.
    """
    spec = find_model(model)
    known = {group.name: group for group in spec.outputs}
    if name is not None:
        name = group_name(name, tuple(known), otherwise="irclassify groups lists them")
    if not shows_table(form):
        write_json(_record(spec, name))
    elif name is None:
        console = make_console(sys.stdout)
        print_table(console, _table(spec, console.width))
        console.print(Text(_FEW_NOTE, style="dim"))
    else:
        print_table(make_console(sys.stdout), _in_full(spec, known[name]))
    return 0


def _record(spec: ModelSpec, name: str | None = None) -> dict[str, Any]:
    """The groups, then the details, in the order of all other output; ``name``: only this one."""
    groups, details = (
        [_plain(one) for one in some if name in (None, one.name)]
        for some in (spec.groups, spec.details)
    )
    return {"model": spec.label, "groups": groups, "details": details}


def _plain(group: Group) -> dict[str, Any]:
    values = {key: getattr(group, key) for key in _KEYS}
    return values | {
        "covers": list(group.covers),
        "bands": _bands(group),
        "positives": dict(group.positives),
        "f1": dict(group.f1),
    }


def _bands(group: Group) -> str:
    """Where it absorbs, cm-1: as the model says, or the table of bands behind explanations."""
    told = (f"{b.label} {b.low:.0f}-{b.high:.0f} {b.intensity}" for b in bands_of(group.name))
    return group.bands or "; ".join(dict.fromkeys(told))


def _phases(spec: ModelSpec) -> list[str]:
    """Those of which there are known spectra."""
    return [phase for phase in spec.confidence.phases if spec.groups[0].positives.get(phase)]


def _table(spec: ModelSpec, width: int) -> Table:
    """Every group with its details below it; numbers of spectra where there is room."""
    phases, roomy = _phases(spec), width >= _ROOMY
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column("Group")
    table.add_column("Name", no_wrap=True)
    for phase in phases:
        shown = _SHORT.get(phase, phase_word(phase))
        if roomy:
            table.add_column(f"n {shown}", justify="right", no_wrap=True)
        table.add_column(f"F1 {shown} ", justify="right", no_wrap=not roomy)
    for group in spec.groups:
        _add(table, group, phases, "", roomy)
        for detail in spec.details:
            if detail.parent == group.name:
                _add(table, detail, phases, "  ", roomy)
    alone = [detail for detail in spec.details if detail.parent is None]
    if alone:
        table.add_row(Text(_STANDING_ALONE, style="dim"))
    for detail in alone:
        _add(table, detail, phases, "  ", roomy)
    return table


def _add(table: Table, group: Group, phases: list[str], indent: str, roomy: bool) -> None:
    cells = []
    for phase in phases:
        if roomy:
            cells.append(f"{group.positives.get(phase, 0):,}")
        few = group.positives.get(phase, 0) < FEW and group.f1.get(phase) is not None
        cells.append(_f1(group.f1, phase) + (_FEW_MARK if few else " "))
    title = Text(_drawn(group.title), style="" if indent else "bold")
    indented = Padding(title, (0, 0, 0, len(indent)), expand=False)
    table.add_row(indented, Text(group.name, style="dim"), *cells)


def _in_full(spec: ModelSpec, group: Group) -> Table:
    """All that is known of one group, a line each."""
    below = [spoken(detail.name) for detail in spec.details if detail.parent == group.name]
    measured = [
        f"{phase_word(phase)}: {group.positives.get(phase, 0):,} known spectra, "
        f"F1 {_f1(group.f1, phase)}"
        for phase in _phases(spec)
    ]
    words = spoken(group.name)
    facts = {
        "Group": words if words == group.title else f"{words}: {_drawn(group.title)}",
        "Name": group.name if words != group.name else "",
        "Part of": spoken(group.parent or ""),
        "Details": ", ".join(below),
        "Includes": ", ".join(map(spoken, group.covers)),
        "Definition (SMARTS)": group.smarts,
        "Bands, cm-1": _drawn(_bands(group)).replace("; ", "\n"),
        "Bands are from": group.source,
        "Accuracy": "\n".join(measured),
    }
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for title, told in facts.items():
        if told:
            table.add_row(title, Text(told))
    return table


def _drawn(text: str) -> str:
    """A triple bond as in a formula, not as in SMILES."""
    return text.replace("#", "≡")


def _f1(measured: Mapping[str, float | None], phase: str) -> str:
    value = measured.get(phase)
    return "-" if value is None else f"{value:.2f}"
