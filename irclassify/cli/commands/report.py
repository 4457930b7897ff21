"""``irclassify report PATH... -o FILE``."""

from pathlib import Path
from typing import Annotated

import typer

from irclassify.cli import options as o
from irclassify.cli import work
from irclassify.model.installed import DEFAULT_MODEL
from irclassify.options import DEFAULT_ERROR_RATE, ReadOptions, TableOptions


def report(
    paths: o.Paths,
    output: Annotated[
        Path,
        typer.Option(
            "--output", "-o", metavar="FILE", help="The page to write.", show_default=False
        ),
    ],
    model: o.Model = DEFAULT_MODEL,
    error_rate: o.ErrorRate = DEFAULT_ERROR_RATE,
    quiet: o.Quiet = False,
    x_unit: o.StatedXUnit = None,
    y_unit: o.StatedYUnit = None,
    block: o.Block = None,
    phase: o.StatedPhase = o.Phase.AUTO,
    axis: o.Axis = None,
    dataset: o.Dataset = None,
) -> int:
    """Write one HTML page about many spectra, with everything in it.

    A table to sort and filter; for each spectrum what its peaks are and what they add to each
    group; its quality and warnings; failed files with their reasons. The page loads nothing from
    the network.

    **Examples**

    irclassify report spectra/ -o report.html

    irclassify report archive.zip more.jdx -o report.html
    """
    return work.report.run(
        paths=paths,
        file=output,
        model=model,
        options=ReadOptions(x_unit, y_unit, block, phase.stated),
        error_rate=error_rate,
        quiet=quiet,
        asked=TableOptions(axis, dataset),
    )
