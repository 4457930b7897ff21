"""``irclassify explain FILE [FILE]``."""

from pathlib import Path
from typing import Annotated

import typer

from irclassify.cli import options as o
from irclassify.model.installed import DEFAULT_MODEL
from irclassify.options import DEFAULT_ERROR_RATE, ReadOptions


def explain(
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE",
            help="One spectrum, or two to compare; - for stdin.",
            show_default=False,
        ),
    ],
    group: Annotated[
        list[str] | None,
        typer.Option(
            "--group", "-g", metavar="NAME", help="Only this group, present or not; repeatable."
        ),
    ] = None,
    top: Annotated[
        int, typer.Option(min=0, help="Regions named for each group; 0 lists every position.")
    ] = 5,
    form: o.JsonForm = None,
    output: o.Output = None,
    plot: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Draw it too: .png, .svg or .pdf (needs the extra irclassify\\[plot]).",
        ),
    ] = None,
    model: o.Model = DEFAULT_MODEL,
    error_rate: o.ErrorRate = DEFAULT_ERROR_RATE,
    x_unit: o.StatedXUnit = None,
    y_unit: o.StatedYUnit = None,
    block: o.Block = None,
    phase: o.StatedPhase = o.Phase.AUTO,
) -> int:
    """Show which regions of a spectrum speak for and against each group.

    What a group's logit is made of, exactly: the value for an empty spectrum, what each region
    (and each pair of regions) adds to it or takes away, and a remainder that is not named.
    A region's share is its part of all that speaks for the group, or of all that speaks against.
    Measured bands get the names the literature has for them; what a group lacks, and strong bands
    that no group accounts for, are listed. Two files: what made their verdicts differ.

    **Examples**

    irclassify explain ethyl_acetate.jdx

    irclassify explain ethyl_acetate.jdx acetic_acid.jdx

    irclassify explain ethyl_acetate.jdx --group ketone --top 10

    irclassify explain ethyl_acetate.jdx --plot ethyl_acetate.svg

    irclassify explain - --format json < ethyl_acetate.jdx
    """
    from irclassify.cli.explain import View, run

    options = ReadOptions(x_unit, y_unit, block, phase.stated)
    view = View(tuple(group or ()), top, form, output, plot)
    return run(paths, model=model, options=options, error_rate=error_rate, view=view)
