"""``irclassify watch``: its options."""

from pathlib import Path
from typing import Annotated

import typer

from irclassify.cli import options as o
from irclassify.cli import work
from irclassify.model.installed import DEFAULT_MODEL
from irclassify.options import DEFAULT_ERROR_RATE, ReadOptions

Folder = Annotated[
    Path,
    typer.Argument(metavar="FOLDER", help="Where the instrument writes.", show_default=False),
]
Log = Annotated[
    Path,
    typer.Option("--output", "-o", metavar="FILE", help="The log: one line of JSON a spectrum."),
]


def watch(
    folder: Folder,
    output: Log,
    model: o.Model = DEFAULT_MODEL,
    error_rate: o.ErrorRate = DEFAULT_ERROR_RATE,
    phase: o.StatedPhase = o.Phase.AUTO,
    x_unit: o.StatedXUnit = None,
    y_unit: o.StatedYUnit = None,
    summary: o.InWords = False,
) -> int:
    """Answer spectra as they are written to a folder, until Ctrl-C.

    Each complete file is answered within two seconds and appended to the log. The same command
    continues where it stopped. A network drive may be disconnected for a while.

    **Examples**

    irclassify watch spectra -o results.jsonl

    irclassify watch spectra -o results.jsonl --phase condensed --summary
    """
    options = ReadOptions(x_unit=x_unit, y_unit=y_unit, phase=phase.stated)
    return work.watch.run(
        folder=folder,
        log=output,
        model=model,
        options=options,
        error_rate=error_rate,
        in_words=summary,
    )
