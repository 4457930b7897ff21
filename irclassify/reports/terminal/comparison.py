"""Two explanations side by side: the calls, and what each peak adds to the difference."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TextIO

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from irclassify.reports.terminal.predictions import (
    domain_text,
    make_console,
    print_table,
    text_width,
)
from irclassify.reports.terminal.sums import add_rest, add_terms, added, most_telling
from irclassify.reports.text import likely, plural
from irclassify.results.comparison import Comparison, GroupContrast, PeakMatch
from irclassify.results.explanation import Explanation, GroupExplanation, Peak
from irclassify.results.nouns import in_phase, spoken
from irclassify.results.prediction import IN_DOMAIN
from irclassify.text import printable

_PEAKS_SHOWN = 14
ASSIGNMENT, OTHER_COLUMNS, COLUMN = 28, 24, 10  # cells


def print_comparison(
    comparison: Comparison,
    stream: TextIO,
    groups: Sequence[str] | None = None,
    *,
    every_group: bool = False,
) -> None:
    """Print the calls, then the peaks of both spectra and what each adds to B's logit beyond A's.

    Parameters
    ----------
    comparison
        Of the two spectra.
    stream
        To print to; not on a terminal, nothing is folded or shortened.
    groups
        Names of the groups to account for, with all peaks; None takes those called present in one
        of the spectra, the largest change first.
    every_group
        Account for all groups, with all peaks.

    Examples
    --------
    >>> import io
    >>> from irclassify.results.explanation import Explanation, GroupExplanation
    >>> ketone = GroupExplanation("ketone", 0.97, "present", logit=3.5, bias=-2.0, shown="present")
    >>> told = Explanation("a.jdx", "default@2.0.0", "acetone", (ketone,))
    >>> from irclassify.results.comparison import Comparison, GroupContrast
    >>> compared = Comparison(told, told, (), (GroupContrast("ketone", ketone, ketone, ()),))
    >>> stream = io.StringIO()
    >>> print_comparison(compared, stream)
    >>> "ketone" in stream.getvalue()
    True
    """
    console = make_console(stream)
    for letter, each in (("A", comparison.a), ("B", comparison.b)):
        _print_head(console, letter, each)
    console.print(Text(f"model {printable(comparison.a.model)}", style="dim"), soft_wrap=True)
    console.print()
    print_table(console, _calls(comparison))
    neither = [group for group in comparison.groups if not _is_told(group)]
    if neither:
        words = f"{plural(len(neither), 'group')}: absent or not seen in both"
        console.print(Text(words, style="dim"), width=text_width(console))
    chosen = [
        group
        for group in comparison.by_change
        if every_group or (group.is_called if groups is None else group.name in groups)
    ]
    in_full = every_group or groups is not None
    columns = max((console.width - OTHER_COLUMNS - ASSIGNMENT) // COLUMN, 1)
    for start in range(0, max(len(chosen), 1), columns):
        console.print()
        print_table(console, _peaks(comparison, chosen[start : start + columns], in_full))
        if not in_full and len(chosen) > columns:
            rest = ", ".join(spoken(group.name) for group in chosen[columns:])
            console.print(Text(f"-v shows what the peaks add to {rest}", style="dim"))
            break


def _print_head(console: Console, letter: str, each: Explanation) -> None:
    head = Text.assemble((f"{letter}  {printable(each.file)}", "bold"))
    if each.title:
        head.append(f"  {printable(each.title)}")
    console.print(head, soft_wrap=True)
    console.print(Text(f"   {in_phase(each.phase)}", style="dim"))
    if each.domain and each.domain.verdict != IN_DOMAIN:
        console.print(Text("   ").append_text(domain_text(each.domain)), soft_wrap=True)
    for warning in each.warnings:
        told = Text(f"   ! {printable(warning)}", style="yellow")
        console.print(told, width=text_width(console))
    if each.summary:
        console.print(Text(printable(each.summary)), width=text_width(console))


def _is_told(group: GroupContrast) -> bool:
    return not {group.a.shown, group.b.shown}.isdisjoint(("present", "uncertain"))


def _calls(comparison: Comparison) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for title in ("Group", "A", "B", ""):
        table.add_column(title, no_wrap=True)
    table.add_column("Logit B - A", justify="right", no_wrap=True)
    for group in comparison.by_change:
        if _is_told(group):
            table.add_row(
                spoken(group.name),
                _call(group.a),
                _call(group.b),
                "≠" if group.differs else "",
                added(group.difference),
                style="bold" if group.differs else "",
            )
    return table


def _call(group: GroupExplanation) -> Text:
    style = "dim" if group.call == "absent" else ""
    return Text(f"{likely(group.probability):>5} {group.shown}", style=style)


# --- the peaks ---


def _peaks(comparison: Comparison, groups: Sequence[GroupContrast], in_full: bool) -> Table:
    """Every peak once, what it adds to B - A, and the terms that make the sum whole."""
    table = Table(
        box=box.SIMPLE_HEAD,
        show_edge=False,
        padding=(0, 1, 0, 0),
        title="What each peak adds to the logit of B beyond that of A",
        title_justify="left",
        title_style="dim",
    )
    for title in ("A cm⁻¹", "B cm⁻¹", "Height"):
        table.add_column(title, justify="right", no_wrap=True)
    table.add_column("Assignment")
    for group in groups:
        table.add_column(spoken(group.name), justify="right", max_width=12)
    adds = [[peak.difference for peak in group.by_peak] for group in groups]
    heights = [_change(match) for match in comparison.peaks]
    shown = most_telling(heights, adds, len(heights) if in_full else _PEAKS_SHOWN)
    for i in shown:
        match = comparison.peaks[i]
        terms = (added(own[i]) for own in adds)
        table.add_row(_place(match.a), _place(match.b), _heights(match), _assignment(match), *terms)
    rest = len(heights) - len(shown)
    if rest:
        add_rest(table, f"{plural(rest, 'other peak')} (-v)", adds, shown)
    if groups:
        others = {"outside of the peaks": [group.no_peak for group in groups]}
        if any(group.bias for group in groups):
            others["bias of the phase"] = [group.bias for group in groups]
        total = "= logit of B - logit of A"
        add_terms(table, others, total, (group.difference for group in groups))
    return table


def _change(match: PeakMatch) -> float:
    """How much its height differs, share of the highest peak."""
    a, b = (peak.height if peak else 0.0 for peak in (match.a, match.b))
    return abs(a - b)


def _place(peak: Peak | None) -> str:
    return f"{peak.cm1:.0f}" if peak else "-"


def _heights(match: PeakMatch) -> str:
    """``80→35%``; of one spectrum alone ``80%``."""
    found = [f"{peak.height * 100:.0f}" for peak in (match.a, match.b) if peak]
    return f"{'→'.join(found)}%"


def _assignment(match: PeakMatch) -> Text:
    """What the peak is in B, and in A where that is something else."""
    if match.a is None or match.b is None or match.a.words == match.b.words:
        return Text(match.one.words, style="" if match.one.assignment else "dim")
    return Text(f"{match.a.words} → {match.b.words}")
