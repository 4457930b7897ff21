"""``irclassify weights``: how a model recognises a group, over all spectra."""

from __future__ import annotations

from pathlib import Path

from irclassify.cli.group_names import group_name
from irclassify.cli.outputs import shows_table, write_json
from irclassify.cli.streams import output
from irclassify.explain.bands import bands_for_region, bands_of
from irclassify.model.folder import find_model
from irclassify.reports.json import weights_record
from irclassify.reports.terminal.predictions import make_console
from irclassify.reports.terminal.weights import Literature, print_weights
from irclassify.results.bands import Band
from irclassify.results.patterns import LearnedRegion


def run(group: str, *, top: int, model: str, form: str | None, file: Path | None) -> int:
    """Print a group's regions, ``top`` of them (0: all). Raises ModelError, UsageError."""
    spec = find_model(model)
    learned = spec.learned
    groups = {known.name: known for known in learned.groups}
    group = group_name(group, tuple(groups))
    shown = top or None
    literature = _literature(group)
    if not shows_table(form, file):
        record = weights_record(spec.label, learned, groups[group], literature.at, shown)
        write_json(record, file)
        return 0
    with output(file, data=False) as stream:
        print_weights(make_console(stream), spec.label, learned, groups[group], literature, shown)
    return 0


def _literature(group: str) -> Literature:
    def at(region: LearnedRegion) -> tuple[Band, ...]:
        against = region.reads == "gap"
        return bands_for_region(
            group, region.from_cm1, region.to_cm1, absorption_counts_against=against
        )

    return Literature(bands_of(group), at)
