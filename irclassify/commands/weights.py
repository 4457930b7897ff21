"""``irclassify weights``: how a model recognises a group, over all spectra."""

from __future__ import annotations

import sys
from pathlib import Path

from irclassify.artifact import find_model
from irclassify.commands.streams import is_terminal, output
from irclassify.errors import UsageError
from irclassify.report.lines import to_json
from irclassify.report.table import make_console
from irclassify.report.weights import print_weights, weights_record


def run(group: str, *, top: int, model: str, form: str | None, file: Path | None) -> int:
    """Print a group's regions, ``top`` of them (0: all). Raises ModelError, UsageError."""
    spec = find_model(model)
    learned = spec.learned
    groups = {known.name: known for known in learned.groups}
    if group not in groups:
        raise UsageError(f"{group}: the model knows {', '.join(groups)}")
    shown = top or None
    if form == "json" or (form is None and (file is not None or not is_terminal(sys.stdout))):
        record = weights_record(spec.label, learned, groups[group], shown)
        with output(file, data=True) as stream:
            stream.write(to_json(record, indent=2) + "\n")
        return 0
    with output(file, data=False) as stream:
        print_weights(make_console(stream), spec.label, learned, groups[group], shown)
    return 0
