"""Whether a spectrum fits a structure, for people: the verdict first, then why."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, islice
from typing import TextIO

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from irclassify.reports.terminal.predictions import flow, make_console, print_table, text_width
from irclassify.reports.text import likely
from irclassify.results.check import CONSISTENT, CONTRADICTED, EXTRA, MISSING, Check
from irclassify.results.nouns import phase_word, spoken
from irclassify.text import printable

_REASONS_SHOWN = 8
_IN_A_ROW = 3
_TITLE = 23  # cells before what is said of the groups and bands
_STYLES = {CONSISTENT: "green", CONTRADICTED: "red"}
_OPEN = "yellow"


def print_check(found: Check, stream: TextIO) -> None:
    """The verdict and how often it errs, each group of the structure, what it does not explain.

    Examples
    --------
    >>> import io
    >>> from irclassify.results.check import Check
    >>> found = Check(
    ...     "a.jdx", "default", "CCO", "gas", "gas", "contradicted", 4.0, 3.1, 3.1,
    ...     ("the structure has alcohol, the spectrum does not show it",), (), (), 0.03,
    ... )
    >>> stream = io.StringIO()
    >>> print_check(found, stream)
    >>> stream.getvalue().splitlines()[2]
    'contradicted: The spectrum contradicts the structure.'
    """
    console = make_console(stream)
    head = Text(printable(found.file), style="bold")
    console.print(head.append(f"   {printable(found.smiles)}", style="not bold"), soft_wrap=True)
    console.print()
    style = _STYLES.get(found.verdict, _OPEN)
    console.print(Text.assemble((f"{found.verdict}:", f"bold {style}"), f" {_meaning(found)}"))
    console.print()
    _print_groups(console, found)
    for reason in found.reasons[:_REASONS_SHOWN]:
        _print_sentence(console, f"- {printable(reason)}")
    if len(found.reasons) > _REASONS_SHOWN:
        more = f"and {len(found.reasons) - _REASONS_SHOWN} more: --format json"
        _print_sentence(console, more, "dim")
    console.print()
    for warning in found.warnings:
        _print_sentence(console, f"! {printable(warning)}", "yellow")
    _print_sentence(console, _rates(found), "dim")


def _print_groups(console: Console, found: Check) -> None:
    """A line for each verdict on groups, one for the strong bands."""
    width = max(text_width(console) - _TITLE, _TITLE)
    table = Table.grid()
    table.add_column(width=_TITLE, no_wrap=True)
    table.add_column()
    for verdict in dict.fromkeys(group.verdict for group in found.groups):
        names = [
            Text(f"{spoken(group.name)} {likely(group.probability)}")
            for group in found.groups
            if group.verdict == verdict
        ]
        table.add_row(f"{verdict}:", flow(names, width))
    explained = len(found.peaks) - len(found.unexplained)
    table.add_row("strong bands:", f"{explained} of {len(found.peaks)} explained")
    print_table(console, table)


def _print_sentence(console: Console, text: str, style: str = "") -> None:
    console.print(Text(text, style=style), width=text_width(console))


def _meaning(found: Check) -> str:
    return {
        CONTRADICTED: "The spectrum contradicts the structure.",
        CONSISTENT: "The spectrum is consistent with the structure.",
    }.get(found.verdict, "The spectrum does not decide whether the structure is right.")


def _rates(found: Check) -> str:
    caught = ", ".join(f"{kind} {share:.0%}" for kind, share in found.caught)
    return (
        f"Measured on {phase_word(found.limits_phase)} spectra: {found.false_alarms:.1%} of true "
        f"structures are called contradicted; wrong ones found out: {caught}."
    )


def print_checks(found: Sequence[Check], stream: TextIO) -> None:
    """A row for each spectrum: verdict, file, structure, and what speaks against it.

    Examples
    --------
    >>> import io
    >>> from irclassify.results.check import Check
    >>> one = Check(
    ...     "a.jdx", "default", "CCO", "gas", "gas", "contradicted", 4.0, 3.1, 3.1,
    ...     ("the structure has alcohol, the spectrum does not show it",), (), (), 0.03,
    ... )
    >>> stream = io.StringIO()
    >>> print_checks([one, one], stream)
    >>> stream.getvalue().splitlines()[2].split()[:3]
    ['contradicted', 'a.jdx', 'CCO']
    """
    console = make_console(stream)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column("Verdict", no_wrap=True)
    table.add_column("File", overflow="fold")
    table.add_column("Structure", overflow="fold")
    table.add_column("Against it")
    for each in found:
        table.add_row(
            Text(each.verdict, style=_STYLES.get(each.verdict, _OPEN)),
            *(Text(printable(text)) for text in (each.file, each.smiles, _against(each))),
        )
    print_table(console, table)


def _against(found: Check) -> str:
    """``no ester, shows amine, 1618 cm⁻¹ not explained``: the most that has room in a row."""
    words = {MISSING: "no", EXTRA: "shows"}
    groups = (f"{words[g.verdict]} {spoken(g.name)}" for g in found.groups if g.verdict in words)
    odd = sorted(found.unexplained, key=lambda each: -each.peak.height)
    bands = (f"{each.peak.cm1:.0f} cm⁻¹ not explained" for each in odd)
    return ", ".join(islice(chain(groups, bands), _IN_A_ROW))
