"""``irclassify patterns``: what each channel of a model detects."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from irclassify.cli.outputs import shows_table, write_json
from irclassify.cli.streams import output
from irclassify.errors import UsageError
from irclassify.model.folder import find_model
from irclassify.reports.json import record_of
from irclassify.reports.terminal.patterns import print_channel, print_patterns
from irclassify.reports.terminal.predictions import make_console


def run(*, channel: int | None, model: str, form: str | None, file: Path | None) -> int:
    """Print all channels or one. Raises ModelError, UsageError for a channel there is not."""
    spec = find_model(model)
    learned = spec.learned
    if channel is not None and channel >= len(learned.channels):
        last = len(learned.channels) - 1
        raise UsageError(f"--channel {channel}: {spec.label} has channels 0 to {last}")
    chosen = learned.channels if channel is None else learned.channels[channel : channel + 1]
    if not shows_table(form, file):
        record = {"model": spec.label, **record_of(replace(learned, channels=chosen))}
        write_json(record, file)
        return 0
    with output(file, data=False) as stream:
        console = make_console(stream)
        if channel is None:
            print_patterns(console, spec.label, learned)
        else:
            print_channel(console, spec.label, learned, chosen[0])
    return 0
