"""An evaluation for people at a terminal; into a file or a pipe nothing is shortened or folded."""

from __future__ import annotations

from typing import TextIO

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from irclassify.reports.terminal.predictions import make_console, print_table, shorten
from irclassify.reports.text import bar, plural
from irclassify.reports.wording import (
    FEW_NOTE,
    GROUP_COLUMNS,
    LOSS_NOTE,
    NONE,
    SHOWN_NAMES,
    UNCERTAIN_NOTE,
    VERDICTS,
    calibration_verdict,
    headline,
    left_out,
    mistakes,
    number,
    remarks,
    with_interval,
)
from irclassify.results.evaluation import Evaluation, FileScore
from irclassify.results.nouns import spoken
from irclassify.results.prediction import IN_DOMAIN
from irclassify.text import printable

_WIDE = 118  # cells from which every measure of a group has room
_BAR = 20
_INSTEAD = 4


def print_evaluation(found: Evaluation, stream: TextIO, *, worst: int = 10) -> None:
    """Print everything, with the ``worst`` files of those that have a mistake.

    Examples
    --------
    >>> import io
    >>> from irclassify.evaluation.scores import _example, evaluate
    >>> found = evaluate(_example(), model="default@2.0.0", error_rate=0.05)
    >>> stream = io.StringIO()
    >>> print_evaluation(found, stream)
    >>> stream.getvalue().splitlines()[0]
    '2 spectra against known structures  model default@2.0.0, error rate 0.05'
    """
    console = make_console(stream)
    _print_head(console, found)
    _print_groups(console, found)
    _print_confusion(console, found)
    _print_calibration(console, found)
    _print_verdicts(console, found)
    _print_worst(console, found, worst)
    for why, names in left_out(found):
        _title(console, f"{plural(len(names), 'file')} {why}")
        for name in names[:SHOWN_NAMES]:
            console.print(Text(printable(name)), soft_wrap=True)
        if len(names) > SHOWN_NAMES:
            console.print(Text(f"and {len(names) - SHOWN_NAMES:,} more", style="dim"))


def _print_head(console: Console, found: Evaluation) -> None:
    rate = "" if found.error_rate is None else f", error rate {found.error_rate:g}"
    head = Text(f"{plural(found.n, 'spectrum')} against known structures", style="bold")
    console.print(head.append(f"  model {printable(found.model)}{rate}", style="not bold dim"))
    for remark in remarks(found):
        console.print(Text(f"! {printable(remark)}", style="yellow"))
    table = _table("Measure", "Value (95%)", "")
    for name, value, meaning in headline(found):
        table.add_row(name, value, Text(meaning, style="dim"))
    print_table(console, table)


def _print_groups(console: Console, found: Evaluation) -> None:
    columns = [c for c in GROUP_COLUMNS if c[2] or console.width >= _WIDE]
    table = _table("Group", *(title for title, _, _ in columns), numbers=True)
    for group in found.groups:
        style = "dim" if group.few else ""
        table.add_row(spoken(group.name), *(cell(group) for _, cell, _ in columns), style=style)
    _title(console, "By group")
    print_table(console, table)
    if any(group.few for group in found.groups):
        console.print(Text(FEW_NOTE, style="dim"))


def _print_confusion(console: Console, found: Evaluation) -> None:
    rows = sorted((c for c in found.confusion if c.missed), key=lambda c: -c.missed)
    if not rows:
        return
    table = _table("Missed", "Spectra", "Best guesses there that are wrong")
    for row in rows:
        named = ", ".join(f"{spoken(name)} {count}" for name, count in row.instead[:_INSTEAD])
        table.add_row(spoken(row.group), f"{row.missed} of {row.total}", named or NONE)
    _title(console, "Which groups are taken for which (best guesses)")
    print_table(console, table)


def _print_calibration(console: Console, found: Evaluation) -> None:
    _title(console, "Calibration: do the probabilities mean what they say?")
    console.print(Text(calibration_verdict(found.calibration)))
    if not found.calibration.bins:
        return
    table = _table("Stated", "Answers", "True (95%)", "", numbers=True)
    for one in found.calibration.bins:
        drawn = bar(one.true.value, _BAR).ljust(_BAR)
        row = (number(one.stated), f"{one.true.total:,}", with_interval(one.true), drawn)
        table.add_row(*row)
    print_table(console, table)


def _print_verdicts(console: Console, found: Evaluation) -> None:
    if not found.verdicts:
        return
    table = _table("Domain", "Spectra", "Molecular perfection", "Molecular F1", numbers=True)
    for one in found.verdicts:
        spectra = f"{one.molecular_perfection.total:,}"
        measured = (with_interval(one.molecular_perfection), number(one.molecular_f1))
        table.add_row(VERDICTS[one.verdict], spectra, *measured)
    _title(console, "By domain verdict")
    print_table(console, table)


def _print_worst(console: Console, found: Evaluation, worst: int) -> None:
    rows = [score for score in found.files if score.mistakes][:worst]
    if not rows:
        return
    width = min(max(len(printable(row.file)) for row in rows), max(console.width * 2 // 5, 12))
    table = _table("File", "Loss", "Wrong")
    table.columns[0].no_wrap = True
    for row in rows:
        table.add_row(shorten(printable(row.file), width), f"{row.loss:.1f}", _wrong(row))
    _title(console, "Worst files first")
    print_table(console, table)
    console.print(Text(f"{LOSS_NOTE}; {UNCERTAIN_NOTE}", style="dim"))


def _wrong(score: FileScore) -> Text:
    lines = Text("\n").join(Text(f"{word}: {names}") for word, names in mistakes(score))
    if score.domain and score.domain != IN_DOMAIN:
        lines.append(f"\n{VERDICTS[score.domain]}", style="yellow")
    return lines


def _title(console: Console, words: str) -> None:
    console.print()
    console.print(Text(words, style="bold"))


def _table(*titles: str, numbers: bool = False) -> Table:
    """``numbers``: all columns but the first to the right."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for i, title in enumerate(titles):
        right = numbers and (i > 0 or title == "Stated")
        table.add_column(title, justify="right" if right else "left")
    return table
