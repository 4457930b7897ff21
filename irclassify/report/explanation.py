"""One explanation for people: every group, then the evidence for the ones that matter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TextIO

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from irclassify.report.table import make_console, print_table
from irclassify.report.text import bar, printable
from irclassify.results import Explanation, GroupExplanation, Pair, Region

BAR = 16
SHOWN_FROM = 0.0005  # a pair that would print as 0.000 is left to the sum


def print_explanation(
    explanation: Explanation, stream: TextIO, groups: Sequence[str] | None = None
) -> None:
    """Print the table of groups and the evidence for ``groups``; None takes those present."""
    console = make_console(stream)
    _print_head(console, explanation)
    print_table(console, _overview(explanation))
    for group in explanation.groups:
        chosen = group.call == "present" if groups is None else group.name in groups
        if chosen:
            console.print()
            _print_group(console, group)


def _print_head(console: Console, explanation: Explanation) -> None:
    head = Text(printable(explanation.file), style="bold")
    if explanation.title:
        head.append(f"  {printable(explanation.title)}", style="not bold")
    console.print(head, soft_wrap=True)
    console.print(Text(f"model {printable(explanation.model)}", style="dim"), soft_wrap=True)
    for warning in explanation.warnings:
        console.print(Text(f"! {printable(warning)}", style="yellow"))
    console.print()


def _overview(explanation: Explanation) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column("Group")
    table.add_column("Probability", min_width=BAR + 5)
    table.add_column("Logit", justify="right")
    table.add_column("Call")
    for group in sorted(explanation.groups, key=lambda g: (g.call != "present", -g.probability)):
        style = "" if group.call == "present" else "dim"
        probability = f"{group.probability:.2f} {bar(group.probability, BAR)}"
        row = (group.name, probability, f"{group.logit:+.2f}", _call(group))
        table.add_row(*(Text(cell) for cell in row), style=style)
    return table


def _call(group: GroupExplanation) -> str:
    return f"{group.call} ({'≥' if group.call == 'present' else '<'} {group.threshold:.2f})"


def _print_group(console: Console, group: GroupExplanation) -> None:
    head = Text.assemble((group.name, "bold"), f"  {group.probability:.2f}  {_call(group)}")
    console.print(head)
    pairs = [pair for pair in group.pairs if abs(pair.contribution) >= SHOWN_FROM]
    adds = [region.contribution for region in group.regions] + [p.contribution for p in pairs]
    longest = max(map(abs, adds), default=0.0)
    if group.regions:
        print_table(console, _regions(group.regions, longest or 1.0))
    if pairs:
        print_table(console, _pairs(pairs, longest))
    console.print(_sum(group), soft_wrap=True)


def _regions(regions: Sequence[Region], longest: float) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column("Region cm⁻¹", justify="right")
    table.add_column("Adds", justify="right")
    table.add_column("", min_width=BAR)
    table.add_column("Share", justify="right")
    table.add_column("Strongest band there")
    for region in regions:
        table.add_row(
            _span((region.from_cm1, region.to_cm1)),
            _signed(region.contribution),
            _bar(region.contribution / longest),
            f"{region.share:.0%}",
            _band(region),
        )
    return table


def _pairs(pairs: Sequence[Pair], longest: float) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column("Together cm⁻¹", justify="right")
    table.add_column("Adds", justify="right")
    table.add_column("", min_width=BAR)
    for pair in pairs:
        both = f"{_span(pair.a)} with {_span(pair.b)}"
        table.add_row(both, _signed(pair.contribution), _bar(pair.contribution / longest))
    return table


def _sum(group: GroupExplanation) -> Text:
    """``bias -1.500 + regions +0.579 + pairs +1.612 + remainder +0.192 = logit +0.883``."""
    terms = {
        "bias": group.bias,
        "regions": sum(region.contribution for region in group.regions),
        "pairs": sum(pair.contribution for pair in group.pairs),
        "remainder": group.remainder,
        "logit": group.logit,
    }
    if not group.pairs:
        del terms["pairs"]
    line = Text()
    for name, value in terms.items():
        before = "" if name == "bias" else " = " if name == "logit" else " + "
        line.append(before).append(name, style="dim").append(f" {value:+.3f}")
    return line


def _span(edges: tuple[float, float]) -> str:
    return f"{edges[0]:.0f}-{edges[1]:.0f}"


def _signed(contribution: float) -> Text:
    return Text(f"{contribution:+.3f}", style="green" if contribution > 0 else "red")


def _bar(share: float) -> Text:
    return Text(bar(abs(share), BAR), style="green" if share > 0 else "red")


def _band(region: Region) -> Text:
    if region.band_cm1 is None or region.band_absorbance is None:
        return Text("none", style="dim")
    band = f"{region.band_cm1:.0f} cm⁻¹, A {region.band_absorbance:.3g}"
    if region.from_cm1 <= region.band_cm1 <= region.to_cm1:
        return Text(band)
    return Text(f"beside it: {band}", style="dim")
