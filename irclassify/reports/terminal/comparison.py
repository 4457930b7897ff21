"""Two explanations side by side: verdicts, and what made those differ that do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TextIO

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from irclassify.reports.terminal.predictions import domain_text, flow, make_console, print_table
from irclassify.reports.text import bar, likely, plural
from irclassify.results.comparison import Comparison, GroupContrast
from irclassify.results.explanation import NO_BAND, Explanation, GroupExplanation
from irclassify.results.prediction import IN_DOMAIN
from irclassify.text import printable

SHORT_BAR = 6
SHOWN_FROM = 0.0005  # a pair that would print as 0.000 is left to the sum


def print_comparison(
    comparison: Comparison, stream: TextIO, groups: Sequence[str] | None = None
) -> None:
    """Print the verdicts, then the differences of ``groups``; None takes those that differ."""
    console = make_console(stream)
    for letter, each in (("A", comparison.a), ("B", comparison.b)):
        _print_head(console, letter, each)
    console.print(Text(f"model {printable(comparison.a.model)}", style="dim"), soft_wrap=True)
    console.print()
    print_table(console, _verdicts(comparison))
    absent = [g for g in comparison.groups if not _is_told(g)]
    if absent:
        console.print(Text(f"{plural(len(absent), 'group')} absent in both", style="dim"))
    chosen = [g for g in comparison.groups if (g.differs if groups is None else g.name in groups)]
    if not chosen:
        console.print(Text("The calls are the same. --group NAME compares the evidence."))
    for group in chosen:
        console.print()
        _print_group(console, group)


def _print_head(console: Console, letter: str, each: Explanation) -> None:
    head = Text.assemble((f"{letter}  {printable(each.file)}", "bold"))
    if each.title:
        head.append(f"  {printable(each.title)}")
    console.print(head, soft_wrap=True)
    console.print(Text(f"   {each.phase or 'unknown'} phase", style="dim"))
    if each.domain and each.domain.verdict != IN_DOMAIN:
        console.print(Text("   ").append_text(domain_text(each.domain)), soft_wrap=True)
    for warning in each.warnings:
        console.print(Text(f"   ! {printable(warning)}", style="yellow"))


def _is_told(group: GroupContrast) -> bool:
    return (group.a.call, group.b.call) != ("absent", "absent")


def _verdicts(comparison: Comparison) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for title in ("Group", "A", "B", ""):
        table.add_column(title, no_wrap=True)
    table.add_column("Logit B - A", justify="right", no_wrap=True)
    told = [group for group in comparison.groups if _is_told(group)]
    for group in sorted(told, key=lambda g: (not g.differs, -g.a.probability - g.b.probability)):
        table.add_row(
            group.name,
            _verdict(group.a),
            _verdict(group.b),
            "≠" if group.differs else "",
            signed(group.b.logit - group.a.logit),
            style="bold" if group.differs else "",
        )
    return table


def _verdict(group: GroupExplanation) -> Text:
    style = "dim" if group.call == "absent" else ""
    return Text(f"{likely(group.probability):>5} {group.call}", style=style)


def _print_group(console: Console, group: GroupContrast) -> None:
    verdicts = ", ".join(
        f"{letter} {likely(each.probability)} {each.call}"
        for letter, each in (("A", group.a), ("B", group.b))
    )
    console.print(Text.assemble((group.name, "bold"), f"  {verdicts}"))
    adds = [region.difference for region in group.regions]
    adds += [pair.difference for pair in group.pairs]
    longest = max(map(abs, adds), default=0.0) or 1.0
    if group.regions:
        print_table(console, _regions(group, longest))
    if any(abs(pair.difference) >= SHOWN_FROM for pair in group.pairs):
        print_table(console, _pairs(group, longest))
    console.print(flow(_sum(group), console.width, gap=1), soft_wrap=True)


def _columns(table: Table) -> None:
    for title in ("in A", "in B", "B - A"):
        table.add_column(title, justify="right", no_wrap=True)
    table.add_column("", width=SHORT_BAR, no_wrap=True)


def _regions(group: GroupContrast, longest: float) -> Table:
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0))
    table.add_column("cm⁻¹", justify="right", no_wrap=True)
    _columns(table)
    table.add_column("Band in A")
    table.add_column("Band in B")
    for region in group.regions:
        table.add_row(
            span((region.from_cm1, region.to_cm1)),
            f"{region.a:+.3f}",
            f"{region.b:+.3f}",
            signed(region.difference),
            coloured_bar(region.difference / longest, SHORT_BAR),
            _short(region.a_is),
            _short(region.b_is),
        )
    return table


def _short(words: str) -> Text:
    """Beside its region, ``absorption in 1300-1200 (no band)`` need not say where."""
    return Text("no band", style="dim") if words.endswith(NO_BAND) else Text(words)


def _pairs(group: GroupContrast, longest: float) -> Table:
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0))
    table.add_column("Together")
    _columns(table)
    for pair in group.pairs:
        table.add_row(
            pair.words,
            f"{pair.a:+.3f}",
            f"{pair.b:+.3f}",
            signed(pair.difference),
            coloured_bar(pair.difference / longest, SHORT_BAR),
        )
    return table


def _sum(group: GroupContrast) -> list[Text]:
    terms = {
        "logit of A": group.a.logit,
        "+ bias": group.bias,
        "+ regions": sum(region.difference for region in group.regions),
        "+ pairs": sum(pair.difference for pair in group.pairs),
        "+ remainder": group.remainder,
        "= logit of B": group.b.logit,
    }
    if not group.pairs:
        del terms["+ pairs"]
    if not group.bias:
        del terms["+ bias"]
    return [Text.assemble((name, "dim"), f" {value:+.3f}") for name, value in terms.items()]


def span(edges: tuple[float, float]) -> str:
    """``1740-1715``, as the axis falls; ``edges`` from low to high."""
    return f"{edges[1]:.0f}-{edges[0]:.0f}"


def signed(contribution: float) -> Text:
    """A term of the sum, with its sign; blue and red differ to every eye."""
    return Text(f"{contribution:+.3f}", style="cyan" if contribution > 0 else "red")


def coloured_bar(share: float, width: int) -> Text:
    """``share`` (-1 to 1) of ``width`` cells in the colour of its sign."""
    return Text(bar(abs(share), width), style="cyan" if share > 0 else "red")
