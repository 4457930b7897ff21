"""How a model recognises a group, over all spectra."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from irclassify.reports.terminal.charts import axis, heat, marks
from irclassify.reports.terminal.predictions import print_table
from irclassify.reports.text import bar, plural
from irclassify.results.bands import Band
from irclassify.results.nouns import spoken
from irclassify.results.patterns import Channel, GroupKnowledge, Learned, LearnedRegion
from irclassify.text import printable

_BAR = 8
_LABEL = 10
_WIDEST = 110
_NAMED = 2  # channels named for a region
_WORDS = {"band": "a band", "gap": "no band", "shape": "a shape"}
_STYLES = {"band": "green", "gap": "magenta", "shape": "yellow"}
_NO_BAND_KNOWN = "not a textbook band"


@dataclass(frozen=True)
class Literature:
    """What the literature says of a group: its ``bands``, and those ``at`` a learned region."""

    bands: tuple[Band, ...]
    at: Callable[[LearnedRegion], tuple[Band, ...]]


def print_weights(
    console: Console,
    model: str,
    learned: Learned,
    group: GroupKnowledge,
    literature: Literature,
    top: int | None,
) -> None:
    """The strip over all wavenumbers, then the regions, strongest first.

    Examples
    --------
    >>> import io
    >>> from irclassify.model.folder import find_model
    >>> learned = find_model("default").learned
    >>> text = io.StringIO()
    >>> console = Console(file=text, width=80)
    >>> unknown = Literature((), lambda region: ())
    >>> print_weights(console, "default@2.0.0", learned, learned.groups[0], unknown, top=1)
    >>> text.getvalue().splitlines()[0]
    'alkane  default@2.0.0'
    """
    title = Text.assemble((spoken(group.name), "bold"), f"  {printable(model)}")
    console.print(title, soft_wrap=True)
    console.print(Text(_summary(learned, group), style="dim"))
    console.print()
    _print_strip(console, learned, group, literature)
    console.print()
    print_table(console, _regions(learned, group, literature, top))


def _summary(learned: Learned, group: GroupKnowledge) -> str:
    text = (
        f"The mean logit is {group.total_lift:.1f} higher for spectra with the group than without "
        f"it (over {plural(learned.spectra, 'spectrum')}). The regions that make the difference:"
    )
    if group.consistency is not None:
        text += (
            f"\nAgreement of the {learned.networks} networks: profiles correlate at "
            f"{group.consistency:.2f}."
        )
    return text


def _print_strip(
    console: Console, learned: Learned, group: GroupKnowledge, literature: Literature
) -> None:
    width = min(console.width, _WIDEST) - _LABEL - 2
    positions = learned.position_cm1
    high, low = positions[-1], positions[0]
    top = max(map(abs, group.lift))
    for word, sign, style in (("a band", "+", "green"), ("no band", "-", "magenta")):
        own = [
            max(lift, 0.0) if wants == sign else 0.0
            for lift, wants in zip(group.lift, group.wants, strict=True)
        ]
        _strip_line(console, word, heat(own[::-1], width, top), style)
    ranges = [(band.low, band.high) for band in literature.bands]
    _strip_line(console, "textbook", marks(ranges, high, low, width), "cyan")
    ticks, labels = axis(high, low, width)
    _strip_line(console, "cm⁻¹", ticks, "dim")
    _strip_line(console, "", labels, "dim")


def _strip_line(console: Console, label: str, cells: str, style: str) -> None:
    line = Text.assemble((label.rjust(_LABEL), "dim"), " ", (cells, style))
    console.print(line, no_wrap=True, crop=False, soft_wrap=True)


def _regions(
    learned: Learned, group: GroupKnowledge, literature: Literature, top: int | None
) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, collapse_padding=True)
    table.add_column("Region cm⁻¹", justify="right", no_wrap=True)
    table.add_column("Lift", justify="right", no_wrap=True)
    table.add_column("", min_width=_BAR)
    table.add_column("Responds to", no_wrap=True)
    if learned.networks > 1:
        table.add_column("Nets", justify="right", no_wrap=True)
    table.add_column("Textbook band there")
    shown = group.regions[:top]
    longest = max((abs(region.lift) for region in shown), default=0.0) or 1.0
    for region in shown:
        style = _STYLES[region.reads]
        cells: list[str | Text] = [
            f"{region.from_cm1:.0f}-{region.to_cm1:.0f}",
            f"{region.lift:+.2f}",
            Text(bar(abs(region.lift) / longest, _BAR), style=style),
            Text(_WORDS[region.reads], style=style),
        ]
        if learned.networks > 1:
            cells.append(f"{region.agreeing}/{learned.networks}")
        table.add_row(*cells, _meaning(learned.channels, literature, region))
    return table


def _meaning(channels: tuple[Channel, ...], literature: Literature, region: LearnedRegion) -> Text:
    bands = literature.at(region)
    if region.reads == "gap":
        told = "where " + ", ".join(dict.fromkeys(band.owner for band in bands)) + " absorb"
    else:
        told = "; ".join(dict.fromkeys(band.label for band in bands))
    meaning = Text(told if bands else _NO_BAND_KNOWN)
    through = (f"{c.channel} {channels[c.channel].shape}" for c in region.channels[:_NAMED])
    return meaning.append("\nvia " + ", ".join(through), style="dim")
