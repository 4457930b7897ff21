"""What a model's channels detect: a table of all, or one in detail."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from irclassify.reports.terminal.charts import chart, sparkline
from irclassify.reports.terminal.predictions import print_table
from irclassify.reports.text import bar, plural
from irclassify.results.nouns import spoken
from irclassify.results.patterns import Channel, Learned, Use
from irclassify.text import printable

_CHART = (64, 8)
_BAR = 16
_ROOMY = 100  # cells from which share and width have room beside the patterns


def print_patterns(console: Console, model: str, learned: Learned) -> None:
    """All channels, one line each.

    Examples
    --------
    >>> import io
    >>> from irclassify.model.folder import find_model
    >>> text = io.StringIO()
    >>> print_patterns(Console(file=text, width=80), "default@2.0.0", find_model("default").learned)
    >>> text.getvalue().splitlines()[0]
    'default@2.0.0  32 channels of 1 network'
    """
    roomy = console.width >= _ROOMY
    _head(console, model, learned, roomy)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, collapse_padding=True)
    table.add_column("No.", justify="right", no_wrap=True)
    table.add_column("Pattern", no_wrap=True)
    table.add_column("Shape", no_wrap=True)
    for title in ("Alike", "Width") if roomy else ():
        table.add_column(title, justify="right", no_wrap=True)
    table.add_column("Used most for", no_wrap=True, overflow="ellipsis")
    for channel in learned.channels:
        numbers = (f"{channel.alike:.0%}", f"{channel.width_cm1:.0f}") if roomy else ()
        table.add_row(
            str(channel.number),
            Text(sparkline(channel.pattern[::-1]), style="cyan"),
            channel.shape,
            *numbers,
            Text(", ".join(map(_brief, channel.uses[: 2 if roomy else 1]))),
        )
    print_table(console, table)
    console.print()
    for shape in dict.fromkeys(channel.shape for channel in learned.channels):
        console.print(Text.assemble((shape, "bold"), f": {learned.shapes[shape]}"), soft_wrap=True)


def print_channel(console: Console, model: str, learned: Learned, channel: Channel) -> None:
    """One channel: its pattern large, and where which groups use it.

    Examples
    --------
    >>> import io
    >>> from irclassify.model.folder import find_model
    >>> learned = find_model("default").learned
    >>> text = io.StringIO()
    >>> print_channel(Console(file=text, width=80), "default@2.0.0", learned, learned.channels[3])
    >>> text.getvalue()[:9]
    'channel 3'
    """
    console.print(
        Text.assemble(
            (f"channel {channel.number}", "bold"),
            f"  {channel.shape}: {learned.shapes[channel.shape]}",
        ),
        soft_wrap=True,
    )
    low, high = channel.typical_cm1
    _note(console, f"model {printable(model)}, network {channel.network + 1} of {learned.networks}")
    _note(console, f"median of the {learned.fragments} windows that activate it most,")
    _note(
        console,
        f"half of them between {low:.0f} and {high:.0f} cm⁻¹; "
        f"{channel.alike:.0%} of shape {channel.shape}",
    )
    console.print()
    width, height = _CHART
    for line in chart(channel.pattern[::-1], width, height):
        console.print(Text(f"  {line}", style="cyan"))
    half = learned.window_cm1 / 2
    console.print(Text("  " + "─" * width, style="dim"))
    left, right = f"+{half:.0f} cm⁻¹", f"-{half:.0f} cm⁻¹"
    middle = f"{channel.width_cm1:.0f} cm⁻¹ wide".center(width - len(left) - len(right))
    console.print(Text(f"  {left}{middle}{right}", style="dim"))
    console.print()
    print_table(console, _uses(channel.uses))


def _head(console: Console, model: str, learned: Learned, roomy: bool) -> None:
    count = plural(len(learned.channels), "channel")
    networks = plural(learned.networks, "network")
    console.print(Text.assemble((printable(model), "bold"), f"  {count} of {networks}"))
    _note(
        console,
        f"What activates each channel most: the median of {learned.fragments} windows of "
        f"{learned.window_cm1:.0f} cm⁻¹,",
    )
    if roomy:
        _note(
            console, "high wavenumbers on the left; the most common shape, the share that has it,"
        )
        _note(console, "and the width of the median at half height in cm⁻¹.")
    else:
        _note(console, "high wavenumbers on the left; the most common shape, and the group and")
        _note(console, "wavenumber it is used most for. --channel N tells more.")
    console.print()


def _note(console: Console, text: str) -> None:
    console.print(Text(text, style="dim"), soft_wrap=True)


def _brief(use: Use) -> str:
    return f"{spoken(use.group)} {(use.from_cm1 + use.to_cm1) / 2:.0f}"


def _uses(uses: Sequence[Use]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, collapse_padding=True)
    table.add_column("Used for")
    table.add_column("Region cm⁻¹", justify="right")
    table.add_column("Adds to the logit", justify="right")
    table.add_column("", min_width=_BAR)
    longest = max((abs(use.lift) for use in uses), default=0.0) or 1.0
    for use in uses:
        table.add_row(
            spoken(use.group),
            f"{use.from_cm1:.0f}-{use.to_cm1:.0f}",
            f"{use.lift:+.3f}",
            Text(bar(abs(use.lift) / longest, _BAR), style="cyan"),
        )
    return table
