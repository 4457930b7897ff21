"""``irclassify explain FILE [FILE]``."""

from pathlib import Path
from typing import Annotated

import typer

from irclassify.cli import options as o
from irclassify.cli import work
from irclassify.cli.requests import ExplainOptions
from irclassify.model.installed import DEFAULT_MODEL
from irclassify.options import DEFAULT_ERROR_RATE, ReadOptions, TableOptions

_Paths = Annotated[
    list[str],
    typer.Argument(
        metavar="FILE",
        help="One spectrum, or two to compare; - for stdin.",
        show_default=False,
    ),
]
_OnlyGroups = Annotated[
    list[str] | None,
    typer.Option(
        "--group",
        "-g",
        metavar="NAME",
        help="Explain this group only, present or not; repeatable.",
    ),
]
_Plot = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Also draw a figure: .png, .svg or .pdf (needs the extra irclassify\\[plot]).",
    ),
]
_Peaks = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Also write the peaks as csv: position, height, assignment, what each adds.",
    ),
]
_Verbose = Annotated[
    bool,
    typer.Option("--verbose", "-v", help="Show all peaks and explain every group."),
]


def explain(
    paths: _Paths,
    group: _OnlyGroups = None,
    form: o.JsonForm = None,
    output: o.Output = None,
    plot: _Plot = None,
    peaks: _Peaks = None,
    excel: o.Excel = False,
    verbose: _Verbose = False,
    model: o.Model = DEFAULT_MODEL,
    error_rate: o.ErrorRate = DEFAULT_ERROR_RATE,
    x_unit: o.StatedXUnit = None,
    y_unit: o.StatedYUnit = None,
    block: o.Block = None,
    phase: o.StatedPhase = o.Phase.AUTO,
    axis: o.Axis = None,
    dataset: o.Dataset = None,
) -> int:
    """Explain one spectrum: its peaks, what they are, and what each adds to each group.

    One screen: the answer in words, the spectrum with numbered peaks, and a table with one row for
    each peak: its position in cm-1, its height (share of the highest peak), its assignment, and
    what it adds to the logit of each group present. The logit is ln(p / (1 - p)) of the
    probability p; bias + all peaks + the rest of the spectrum = logit, exactly. Listed below:
    bands that a group should show but the spectrum lacks, and strong bands that no group explains.
    Two files: the peaks that both show and those of one, and what each adds to the difference.

    **Examples**

    irclassify explain ethyl_acetate.jdx

    irclassify explain ethyl_acetate.jdx propanoic_acid.jdx

    irclassify explain ethyl_acetate.jdx --group ketone

    irclassify explain ethyl_acetate.jdx --plot ethyl_acetate.svg --peaks peaks.csv

    irclassify explain - --format json < ethyl_acetate.jdx
    """
    options = ReadOptions(x_unit, y_unit, block, phase.stated)
    view = ExplainOptions(tuple(group or ()), form, output, plot, peaks, verbose, excel)
    return work.explain.run(
        paths=paths,
        model=model,
        options=options,
        error_rate=error_rate,
        view=view,
        asked=TableOptions(axis, dataset),
    )
