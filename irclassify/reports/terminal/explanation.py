"""One explanation for people, on one screen: the answer in words, the spectrum, its peaks.

One table holds every peak once, with what it is and what it adds to the groups found. Small peaks
share a row unless all is asked for: the sum under the table is exact either way.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TextIO

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from irclassify.reports import wording
from irclassify.reports.terminal.predictions import (
    domain_text,
    flow,
    make_console,
    print_table,
    text_width,
)
from irclassify.reports.terminal.spectrum import print_spectrum
from irclassify.reports.terminal.sums import add_rest, add_terms, added, is_faint, most_telling
from irclassify.reports.text import bar, likely, limit, plural
from irclassify.results.explanation import Explanation, GroupExplanation, Peak, PeakPair
from irclassify.results.nouns import in_phase, spoken
from irclassify.results.prediction import IN_DOMAIN, NOT_SEEN, GroupCall
from irclassify.text import printable

_BAR = 16
_PEAKS_SHOWN = 12  # of a short account: more would scroll the answer away
_ASSIGNMENT = 30  # cells that an assignment needs beside the columns of the groups
_OTHER_COLUMNS = 18  # cells of number, wavenumber and height
_COLUMN = 8  # cells of a group
_CALLS = ("present", "uncertain", NOT_SEEN, "absent")
_STYLES = {"present": "green", "uncertain": "yellow"}
_ROOMY = 110  # cells from which ranges and shapes have room beside the assignments


def print_explanation(
    explanation: Explanation,
    stream: TextIO,
    groups: Sequence[str] | None = None,
    *,
    every_group: bool = False,
) -> None:
    """Print the explanation of one spectrum.

    Parameters
    ----------
    explanation
        Of the spectrum.
    stream
        To print to; not on a terminal, tables are not folded or shortened.
    groups
        Names of the groups to account for, with all peaks; None takes those present.
    every_group
        Account for all groups, with all peaks.

    Examples
    --------
    >>> import io
    >>> from irclassify.results.explanation import Explanation, GroupExplanation
    >>> ketone = GroupExplanation("ketone", 0.97, "present", logit=3.5, bias=-2.0, shown="present")
    >>> told = Explanation("a.jdx", "default@2.0.0", "acetone", (ketone,))
    >>> stream = io.StringIO()
    >>> print_explanation(told, stream)
    >>> "ketone 0.97" in stream.getvalue()
    True
    """
    console = make_console(stream)
    ordered = explanation.by_probability
    chosen = [
        group
        for group in ordered
        if every_group or (group.call == "present" if groups is None else group.name in groups)
    ]
    _print_head(console, explanation)
    print_table(console, _overview(ordered) if every_group else _calls(console, explanation))
    console.print()
    print_spectrum(console, explanation)
    in_full = every_group or groups is not None
    columns = _columns_that_fit(console)
    for start in range(0, max(len(chosen), 1), columns):
        console.print()
        shown = chosen[start : start + columns]
        print_table(
            console, _peaks(explanation, shown, in_full, in_full or console.width >= _ROOMY)
        )
        if not in_full and len(chosen) > columns:
            rest = ", ".join(spoken(group.name) for group in chosen[columns:])
            console.print(Text(f"-v shows what the peaks add to {rest}", style="dim"))
            break
    _print_notes(console, explanation, chosen, in_full)


def _print_head(console: Console, explanation: Explanation) -> None:
    head = Text(printable(explanation.file), style="bold")
    if explanation.title:
        head.append(f"  {printable(explanation.title)}", style="not bold")
    console.print(head, soft_wrap=True)
    told = (
        f"{in_phase(explanation.phase)}; model {printable(explanation.model)}, "
        f"error rate {explanation.error_rate:g}"
    )
    console.print(Text(told, style="dim"), soft_wrap=True)
    domain = explanation.domain
    if domain and domain.verdict != IN_DOMAIN:
        console.print(domain_text(domain), width=text_width(console))
    for warning in explanation.warnings:
        console.print(Text(f"! {printable(warning)}", style="yellow"), width=text_width(console))
    console.print()
    if explanation.summary:
        console.print(Text(printable(explanation.summary)), width=text_width(console))
        console.print()


# --- the calls ---


def _calls(console: Console, explanation: Explanation) -> Table:
    """A line for each call with its groups, most probable first, present ones with details."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column()
    for call in _CALLS:
        named = [group for group in explanation.by_probability if group.shown == call]
        if not named:
            continue
        cells = [_named(group, explanation) for group in named]
        if call == "present":
            cells += [_probability(detail) for detail in explanation.details_of(None)]
        if call in (NOT_SEEN, "absent"):
            cells = [Text(f"{spoken(group.name)},", style="dim") for group in named]
            cells[-1].right_crop(1)
        gap = 2 if call in _STYLES else 1
        table.add_row(
            Text(call, _STYLES.get(call, "dim")), flow(cells, text_width(console) - 12, gap)
        )
    return table


def _named(group: GroupExplanation, explanation: Explanation) -> Text:
    """``ester 0.98 (conjugated ester 0.94)``, ``ether 0.97 (as ester)``."""
    text = _probability(group)
    holder = explanation.held_by(group)
    if holder:
        return text.append(f" (as {spoken(holder)})", style="dim")
    finer = explanation.details_of(group.name) if group.call == "present" else ()
    if finer:
        text.append(f" ({', '.join(_probability(detail).plain for detail in finer)})")
    return text


def _probability(one: GroupExplanation | GroupCall) -> Text:
    return Text(f"{spoken(one.name)} {likely(one.probability)}")


def _overview(ordered: Sequence[GroupExplanation]) -> Table:
    """Every group with its probability, logit, and what its call is from."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column("Group")
    table.add_column("Probability", min_width=_BAR + 6)
    table.add_column("Logit", justify="right")
    table.add_column("Call")
    for group in ordered:
        style = {"uncertain": "yellow", "absent": "dim"}.get(group.call, "")
        probability = f"{likely(group.probability):>5} {bar(group.probability, _BAR)}"
        row = (spoken(group.name), probability, f"{group.logit:+.2f}", _call(group))
        table.add_row(*(Text(cell) for cell in row), style=style)
    return table


def _call(group: GroupExplanation) -> str:
    """``present (≥ 0.45)``, ``absent (< 0.45)``, ``uncertain (0.21 to 0.45)``."""
    low, high = limit(group.absent_below), limit(group.present_from)
    reason = {"present": f"≥ {high}", "absent": f"< {low}", "uncertain": f"{low} to {high}"}
    return f"{group.shown} ({reason[group.call]})"


# --- the peaks ---


def _columns_that_fit(console: Console) -> int:
    return max((console.width - _OTHER_COLUMNS - _ASSIGNMENT) // _COLUMN, 1)


def _peaks(
    explanation: Explanation, groups: Sequence[GroupExplanation], in_full: bool, roomy: bool
) -> Table:
    """Every peak once; under the table, the terms that make the sum whole."""
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0))
    for title in ("", "cm⁻¹", "Height"):
        table.add_column(title, justify="right", no_wrap=True)
    table.add_column("Assignment")
    for group in groups:
        table.add_column(spoken(group.name), justify="right", max_width=12)
    adds = [[share.contribution for share in group.by_peak] for group in groups]
    heights = [peak.height for peak in explanation.peaks]
    shown = most_telling(heights, adds, len(heights) if in_full else _PEAKS_SHOWN)
    for i in shown:
        peak = explanation.peaks[i]
        cells = (str(peak.number), f"{peak.cm1:.0f}", f"{peak.height:.0%}")
        terms = (added(own[i]) for own in adds)
        table.add_row(*cells, _assignment(peak, groups, in_full, roomy), *terms)
    rest = len(heights) - len(shown)
    if rest:
        add_rest(table, f"{plural(rest, 'smaller peak')} (-v)", adds, shown)
    if groups:
        others = {
            "outside of the peaks": (group.no_peak for group in groups),
            "bias": (group.bias for group in groups),
        }
        add_terms(table, others, "= logit", (group.logit for group in groups))
    return table


def _assignment(peak: Peak, groups: Sequence[GroupExplanation], in_full: bool, roomy: bool) -> Text:
    """``C=O stretch, ester 1735-1750, sharp``; in full, what else it could be."""
    text = Text("not assigned", style="dim") if peak.assignment is None else Text(peak.words)
    if roomy and peak.assignment:
        text.append(f" {wording.textbook_range(peak)}", style="dim")
    if roomy and peak.shape:
        text.append(f", {peak.shape}", style="dim")
    if in_full and peak.second:
        text.append(f"; or {peak.second.words}", style="dim")
    if in_full and len(groups) == 1:
        share = groups[0].by_peak[peak.number - 1]
        way = "for" if share.contribution > 0 else "against"
        told = f"; counts {way} {spoken(groups[0].name)}" if share.remark else ""
        text.append(told, style="yellow")
    return text


# --- what is odd ---


def _print_notes(
    console: Console,
    explanation: Explanation,
    groups: Sequence[GroupExplanation],
    in_full: bool,
) -> None:
    """What contradicts the textbook, what is missing, and strong bands without a group."""
    notes = [
        f"{spoken(group.name)}: {sentence}"
        for group in groups
        for sentence in (*wording.contradictions(group), *wording.missing(group))
    ]
    if in_full:
        notes += [
            f"{spoken(group.name)}: {_together(explanation.peaks, pair)}"
            for group in groups
            for pair in group.peak_pairs
            if not is_faint(pair.contribution)
        ]
    notes += [wording.unexplained(odd) for odd in wording.not_explained(explanation.unexplained)]
    if notes:
        console.print()
    for note in notes:
        console.print(Text(note, style="yellow"), width=text_width(console))


def _together(peaks: Sequence[Peak], pair: PeakPair) -> str:
    first, second = (peaks[number - 1].cm1 for number in (pair.first, pair.second))
    return f"{first:.0f} with {second:.0f} cm⁻¹: {pair.contribution:+.2f} (already in their shares)"
