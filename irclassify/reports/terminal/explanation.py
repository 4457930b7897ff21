"""One explanation for people: the spectrum, every group, the evidence for some."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TextIO

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from irclassify.reports import wording
from irclassify.reports.terminal.predictions import domain_text, flow, make_console, print_table
from irclassify.reports.terminal.spectrum import print_spectrum
from irclassify.reports.text import bar, likely, limit, printable
from irclassify.results.explanation import AssignedBand, Explanation, GroupExplanation, Pair, Region
from irclassify.results.prediction import IN_DOMAIN

BAR, SHORT_BAR = 16, 6
SHOWN_FROM = 0.0005  # a pair that would print as 0.000 is left to the sum
ORDER = ("present", "uncertain")


def print_explanation(
    explanation: Explanation, stream: TextIO, groups: Sequence[str] | None = None
) -> None:
    """Print spectrum, verdicts, and the evidence for ``groups``; None takes those present."""
    console = make_console(stream)
    chosen = [
        group
        for group in explanation.groups
        if (group.call == "present" if groups is None else group.name in groups)
    ]
    _print_head(console, explanation)
    print_spectrum(console, explanation, chosen)
    console.print()
    print_table(console, _overview(explanation))
    for group in chosen:
        console.print()
        _print_group(console, group, explanation.bands)
    _print_unexplained(console, explanation.unexplained)


def _print_head(console: Console, explanation: Explanation) -> None:
    head = Text(printable(explanation.file), style="bold")
    if explanation.title:
        head.append(f"  {printable(explanation.title)}", style="not bold")
    console.print(head, soft_wrap=True)
    told = [
        f"model {printable(explanation.model)},",
        f"{explanation.phase or 'unknown'} phase,",
        f"error rate {explanation.error_rate:g};",
        f"evidence is located to within {explanation.resolution_cm1:.0f} cm⁻¹",
    ]
    line = flow([Text(each, style="dim") for each in told], console.width, gap=1)
    console.print(line, soft_wrap=True)
    domain = explanation.domain
    if domain and domain.verdict != IN_DOMAIN:
        console.print(domain_text(domain), soft_wrap=True)
    for warning in explanation.warnings:
        console.print(Text(f"! {printable(warning)}", style="yellow"))
    console.print()


def _overview(explanation: Explanation) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column("Group")
    table.add_column("Probability", min_width=BAR + 6)
    table.add_column("Logit", justify="right")
    table.add_column("Call")
    for group in sorted(explanation.groups, key=lambda g: (_rank(g), -g.probability)):
        style = {"uncertain": "yellow", "absent": "dim"}.get(group.call, "")
        probability = f"{likely(group.probability):>5} {bar(group.probability, BAR)}"
        row = (group.name, probability, f"{group.logit:+.2f}", _call(group))
        table.add_row(*(Text(cell) for cell in row), style=style)
    return table


def _rank(group: GroupExplanation) -> int:
    return ORDER.index(group.call) if group.call in ORDER else len(ORDER)


def _call(group: GroupExplanation) -> str:
    """``present (≥ 0.45)``, ``absent (< 0.45)``, ``uncertain (0.21 to 0.45)``."""
    low, high = limit(group.absent_below), limit(group.present_from)
    reason = {"present": f"≥ {high}", "absent": f"< {low}", "uncertain": f"{low} to {high}"}
    return f"{group.call} ({reason[group.call]})"


def _print_group(console: Console, group: GroupExplanation, strong: Sequence[AssignedBand]) -> None:
    head = Text.assemble((group.name, "bold"), f"  {likely(group.probability)}  {_call(group)}")
    console.print(head)
    for sentence in wording.contradictions(group):
        console.print(Text(f"! {sentence}", style="yellow"))
    pairs = [pair for pair in group.pairs if abs(pair.contribution) >= SHOWN_FROM]
    adds = [region.contribution for region in group.regions] + [p.contribution for p in pairs]
    longest = max(map(abs, adds), default=0.0) or 1.0
    if group.regions:
        print_table(console, _regions(group, longest, strong))
    if pairs:
        print_table(console, _pairs(pairs, longest))
    console.print(flow(_sum(group), console.width, gap=1), soft_wrap=True)
    for sentence in wording.missing(group):
        console.print(Text(sentence, style="yellow"))


def _regions(group: GroupExplanation, longest: float, strong: Sequence[AssignedBand]) -> Table:
    """Evidence for the group, then against it; the numbers are those under the spectrum."""
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0))
    table.add_column("", justify="right", no_wrap=True)
    table.add_column("cm⁻¹", justify="right", no_wrap=True)
    table.add_column("Adds", justify="right", no_wrap=True)
    table.add_column("", width=SHORT_BAR, no_wrap=True)
    table.add_column("Share", justify="right", no_wrap=True)
    table.add_column("Saw")
    table.add_column("Band there")
    table.add_column("Textbook")
    numbered = list(enumerate(group.regions, start=1))
    for speaks_for in (True, False):
        for number, region in numbered:
            if (region.contribution > 0) == speaks_for:
                table.add_row(*_row(number, region, group.name, longest, strong))
        table.add_section()
    return table


def _row(
    number: int, region: Region, group: str, longest: float, strong: Sequence[AssignedBand]
) -> tuple[str | Text, ...]:
    return (
        str(number),
        span((region.from_cm1, region.to_cm1)),
        signed(region.contribution),
        coloured_bar(region.contribution / longest, SHORT_BAR),
        f"{region.share:.0%}",
        region.pattern,
        _band(region),
        _textbook(region, group, strong),
    )


def _textbook(region: Region, group: str, strong: Sequence[AssignedBand]) -> Text:
    said = wording.textbook(region, group, strong)
    return Text(said, style="" if region.known_bands else "dim")


def _pairs(pairs: Sequence[Pair], longest: float) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column("Together")
    table.add_column("Adds", justify="right", no_wrap=True)
    table.add_column("", min_width=SHORT_BAR, no_wrap=True)
    for pair in pairs:
        both = pair.words if pair.a_is else f"{span(pair.a)} together with {span(pair.b)}"
        share = pair.contribution / longest
        table.add_row(both, signed(pair.contribution), coloured_bar(share, SHORT_BAR))
    return table


def _sum(group: GroupExplanation) -> list[Text]:
    """``bias -1.500``, ``+ regions +0.579``, ..., ``= logit +0.883``: never broken inside."""
    terms = {
        "bias": group.bias,
        "+ regions": sum(region.contribution for region in group.regions),
        "+ pairs": sum(pair.contribution for pair in group.pairs),
        "+ remainder": group.remainder,
        "= logit": group.logit,
    }
    if not group.pairs:
        del terms["+ pairs"]
    return [Text.assemble((name, "dim"), f" {value:+.3f}") for name, value in terms.items()]


def _print_unexplained(console: Console, bands: Sequence[AssignedBand]) -> None:
    if not bands:
        return
    console.print()
    console.print(Text("Strong bands that no group called present accounts for", style="bold"))
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column("Band cm⁻¹", justify="right", no_wrap=True)
    table.add_column("Height", justify="right", no_wrap=True)
    table.add_column("Width", justify="right", no_wrap=True)
    table.add_column("Could be")
    for band in bands:
        table.add_row(
            f"{band.band.cm1:.0f}",
            f"{band.height:.0%}",
            f"{band.band.width_cm1:.0f}",
            wording.candidates(band),
        )
    print_table(console, table)


def span(edges: tuple[float, float]) -> str:
    """``1740-1715``, as the axis falls; ``edges`` from low to high."""
    return f"{edges[1]:.0f}-{edges[0]:.0f}"


def signed(contribution: float) -> Text:
    """A term of the sum, with its sign; blue and red differ to every eye."""
    return Text(f"{contribution:+.3f}", style="cyan" if contribution > 0 else "red")


def coloured_bar(share: float, width: int) -> Text:
    """``share`` (-1 to 1) of ``width`` cells in the colour of its sign."""
    return Text(bar(abs(share), width), style="cyan" if share > 0 else "red")


def _band(region: Region) -> Text:
    """``1770 A 0.98 w 37``: where it is, how high and how wide."""
    if region.band_cm1 is None or region.band_absorbance is None:
        return Text("none", style="dim")
    band = f"{region.band_cm1:.0f} A {region.band_absorbance:.2g}"
    if region.band_width_cm1 is not None:
        band += f" w {region.band_width_cm1:.0f}"
    if region.from_cm1 <= region.band_cm1 <= region.to_cm1:
        return Text(band)
    return Text(f"near {band}", style="dim")
