"""``irclassify convert PATH... --to FORMAT``."""

from pathlib import Path
from typing import Annotated

import typer

from irclassify.cli import options as o
from irclassify.cli import work
from irclassify.options import ReadOptions, TableOptions


def convert(
    paths: o.Paths,
    target: Annotated[o.Target, typer.Option("--to", help="What to write.", show_default=False)],
    output: o.Output = None,
    folder: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Write each spectrum to its own file in this folder."),
    ] = None,
    excel: o.Excel = False,
    x_unit: o.StatedXUnit = None,
    y_unit: o.StatedYUnit = None,
    block: o.Block = None,
    axis: o.Axis = None,
    dataset: o.Dataset = None,
) -> int:
    """Write spectra as absorbance against cm-1, at full precision.

    One spectrum goes to stdout (or -o FILE); several need --folder.

    **Examples**

    irclassify convert sample.spa --to csv > sample.csv

    irclassify convert spectra/*.0 --to jdx --folder converted
    """
    options, asked = ReadOptions(x_unit, y_unit, block), TableOptions(axis, dataset)
    return work.convert.run(
        paths=paths,
        target=target,
        options=options,
        asked=asked,
        file=output,
        folder=folder,
        excel=excel,
    )
