"""Predictions as a table for people: one row a spectrum, printed page by page while work goes on.

Into a terminal the table fits its width; into a file or a pipe nothing is shortened or folded.
"""

from __future__ import annotations

from typing import TextIO

from rich import box
from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.table import Table
from rich.text import Text

from irclassify.reports import wording
from irclassify.reports.rows import Writer
from irclassify.reports.text import domain_line, likely
from irclassify.results.nouns import spoken
from irclassify.results.prediction import (
    IN_DOMAIN,
    NOT_SEEN,
    OUTSIDE,
    Domain,
    Failed,
    GroupCall,
    Ok,
    Result,
)
from irclassify.text import printable

_PAGE = 64
_UNLIMITED = 100_000
_SENTENCES = 80  # cells, where nobody says how many there are

_CALL_STYLES = {"present": "bold green", "uncertain": "yellow", "absent": "dim"}


def make_console(stream: TextIO) -> Console:
    """A console on ``stream`` that never folds what goes into a file or a pipe.

    Examples
    --------
    >>> import sys
    >>> make_console(sys.stdout).is_terminal
    False
    """
    console = Console(file=stream, highlight=False, markup=False, emoji=False)
    return console if console.is_terminal else Console(file=stream, width=_UNLIMITED, markup=False)


def text_width(console: Console) -> int:
    """Cells of a line of sentences: those of a terminal; 80 in a file, whose tables have no limit.

    Examples
    --------
    >>> import io
    >>> text_width(make_console(io.StringIO()))
    80
    """
    return console.width if console.is_terminal else min(console.width, _SENTENCES)


class PredictionTable(Writer):
    """Prints a rich table, in pages so that nobody waits for the last file.

    Examples
    --------
    >>> import io
    >>> from irclassify.results.prediction import Failed
    >>> stream = io.StringIO()
    >>> table = PredictionTable(stream)
    >>> table.write(Failed("a.jdx", "no_data", "the file is empty"))
    >>> table.close()
    >>> "the file is empty" in stream.getvalue()
    True
    """

    def __init__(self, stream: TextIO, *, every_group: bool = False, warnings: bool = True) -> None:
        """``every_group``: also those called absent. ``warnings``: show them under their row."""
        self._console = make_console(stream)
        self._every_group = every_group
        self._warnings = warnings
        self._page: list[Result] = []
        self._name_width = 0

    def write(self, result: Result) -> None:
        """Add one row."""
        self._page.append(result)
        if len(self._page) == _PAGE:
            self._print_page()

    def close(self) -> None:
        """Print the rows still waiting."""
        if self._page:
            self._print_page()

    def _print_page(self) -> None:
        first = self._name_width == 0
        self._name_width = self._names_need()
        answer_width = max(self._console.width - self._name_width - 4, 20)
        table = Table(box=box.SIMPLE_HEAD, show_header=first, pad_edge=False, show_edge=False)
        table.add_column("File", width=self._name_width, no_wrap=True)
        table.add_column("Groups" if self._every_group else "Groups present", overflow="fold")
        for result in self._page:
            name = shorten(printable(result.file), self._name_width)
            table.add_row(Text(name), self._answer(result, answer_width))
        print_table(self._console, table)
        self._page.clear()

    def _names_need(self) -> int:
        """Cells for the longest name so far, within two fifths of a terminal."""
        longest = max(cell_len(printable(result.file)) for result in self._page)
        most = max(self._console.width * 2 // 5, 12)
        return min(max(self._name_width, longest, len("File")), most)

    def _answer(self, result: Result, width: int) -> Text:
        if isinstance(result, Failed):
            return Text(f"✗ {result.code}: {printable(result.message)}", style="red")
        answer = flow(self._calls(result), width)
        if result.summary:
            answer.append(f"\n{printable(result.summary)}", style="dim")
        for odd in wording.not_explained(result.unexplained):
            answer.append(f"\n{wording.unexplained(odd)}", style="yellow")
        domain = result.prediction.domain
        if domain and domain.verdict != IN_DOMAIN:
            answer.append("\n").append_text(domain_text(domain))
        if self._warnings:
            for warning in result.warnings:
                answer.append(f"\n! {printable(warning)}", style="yellow dim")
        return answer

    def _calls(self, result: Ok) -> list[Text]:
        """The most specific names that are certain; then what is not, each under its word."""
        said = result.prediction
        calls = [call_text(group) for group in said.most_specific]
        if not calls:
            calls.append(Text(f"none of the {len(said.groups)} groups", style="dim"))
        for shown in ("uncertain", NOT_SEEN, "absent") if self._every_group else ("uncertain",):
            rest = said.shown_as(shown)
            if rest:
                calls.append(Text(f"| {shown}:", style="dim"))  # seen without colours too
                calls += [call_text(group) for group in rest]
        unseen = said.shown_as(NOT_SEEN)
        if unseen and not self._every_group:
            calls.append(Text(f"({len(unseen)} {NOT_SEEN})", style="dim"))
        return calls


def domain_text(domain: Domain) -> Text:
    """Its line, in a colour.

    Examples
    --------
    >>> domain_text(Domain("unusual", ("almost only noise",))).plain
    '? unusual: almost only noise'
    """
    return Text(domain_line(domain), style="bold red" if domain.verdict == OUTSIDE else "yellow")


def call_text(group: GroupCall) -> Text:
    """``ketone 0.97``, bright when present; ``ketone? 0.40`` when uncertain.

    Examples
    --------
    >>> call_text(GroupCall("carboxylic_acid", 0.97, "present", 3.5, "present")).plain
    'carboxylic acid 0.97'
    """
    mark = "?" if group.shown == "uncertain" else ""
    style = _CALL_STYLES["absent" if group.shown == NOT_SEEN else group.call]
    return Text.assemble((f"{spoken(group.name)}{mark}", style), f" {likely(group.probability)}")


def flow(items: list[Text], width: int, gap: int = 2) -> Text:
    """Items side by side, ``gap`` spaces between, broken only between items.

    Examples
    --------
    >>> flow([Text("ketone 0.97"), Text("aromatic 0.90")], width=14).plain.splitlines()
    ['ketone 0.97', 'aromatic 0.90']
    """
    lines = [Text()]
    for item in items:
        if lines[-1] and lines[-1].cell_len + gap + item.cell_len > width:
            lines.append(Text())
        if lines[-1]:
            lines[-1].append(" " * gap)
        lines[-1].append_text(item)
    return Text("\n").join(lines)


def shorten(name: str, width: int) -> str:
    """``name`` in at most ``width`` cells; the start is left out, the end tells files apart.

    Examples
    --------
    >>> shorten("a/long/path/to/spectrum.jdx", 16)
    '…to/spectrum.jdx'
    """
    if cell_len(name) <= width:
        return name
    tail = name
    while cell_len(tail) > width - 1:
        tail = tail[1:]
    return set_cell_size("…" + tail, width)


def print_table(console: Console, table: Table) -> None:
    """Print, without the blanks that fill a table's lines when nobody sees its right edge.

    Examples
    --------
    >>> import sys
    >>> table = Table("Group")
    >>> table.add_row("ketone")
    >>> print_table(make_console(sys.stdout), table)
    ┏━━━━━━━━┓
    ┃ Group  ┃
    ┡━━━━━━━━┩
    │ ketone │
    └────────┘
    """
    if console.is_terminal:
        console.print(table)
        return
    with console.capture() as captured:
        console.print(table)
    for line in captured.get().splitlines():
        console.file.write(line.rstrip() + "\n")
