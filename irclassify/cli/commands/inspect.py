"""``irclassify inspect PATH...``."""

from typing import Annotated

import typer

from irclassify.cli import options as o
from irclassify.cli import work
from irclassify.options import ReadOptions, TableOptions


def inspect(
    paths: o.Paths,
    form: Annotated[
        o.TableOrLines | None,
        typer.Option("--format", "-f", help="Default: table in a terminal, jsonl in a pipe."),
    ] = None,
    output: o.Output = None,
    x_unit: o.StatedXUnit = None,
    y_unit: o.StatedYUnit = None,
    block: o.Block = None,
    axis: o.Axis = None,
    dataset: o.Dataset = None,
) -> int:
    """Show what was read: format, units, range, quality and a small plot.

    The grade of the data quality runs from A (best) to D; each warning is one of its reasons.

    **Examples**

    irclassify inspect acetone.jdx

    irclassify inspect archive.zip --format jsonl
    """
    options, asked = ReadOptions(x_unit, y_unit, block), TableOptions(axis, dataset)
    return work.inspect.run(paths=paths, options=options, asked=asked, form=form, file=output)
