"""``irclassify predict PATH...``."""

from pathlib import Path
from typing import Annotated

import typer

from irclassify.cli import options as o
from irclassify.cli import work
from irclassify.cli.requests import OutputOptions
from irclassify.model.installed import DEFAULT_MODEL
from irclassify.options import DEFAULT_ERROR_RATE, ReadOptions, TableOptions

_Form = Annotated[
    o.Format | None,
    typer.Option(
        "--format",
        "-f",
        help="Default: table in a terminal, tsv in a pipe, by suffix with -o.",
    ),
]
_EveryGroup = Annotated[
    bool, typer.Option("--all", "-a", help="In the table: all groups, absent ones too.")
]
_Resume = Annotated[
    bool, typer.Option("--resume", help="Continue the -o FILE of an interrupted run.")
]
_Quiet = Annotated[
    bool, typer.Option("--quiet", "-q", help="No progress, summary or warnings in the table.")
]
_Strict = Annotated[
    bool,
    typer.Option("--strict", help="Exit with 3 if a spectrum is outside the model's domain."),
]
_LabelColumns = Annotated[
    bool,
    typer.Option(help="Give a table's label columns back.", rich_help_panel=o.TABLES),
]
_Contributions = Annotated[
    float | None,
    typer.Option(
        metavar="CM-1",
        min=0,
        help="Also write what each region of this width adds to each logit; 0: every position.",
        rich_help_panel=o.TABLES,
    ),
]
_Pictures = Annotated[
    Path | None,
    typer.Option(
        "--png",
        metavar="FOLDER",
        help="Draw a picture of each group of a map.",
        rich_help_panel=o.TABLES,
    ),
]
_Cluster = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS",
        help="Let this Dask cluster do the work; -o is a folder or URL for Parquet files.",
        rich_help_panel="Cluster",
    ),
]


def predict(
    paths: o.Paths,
    form: _Form = None,
    output: o.Output = None,
    model: o.Model = DEFAULT_MODEL,
    error_rate: o.ErrorRate = DEFAULT_ERROR_RATE,
    every_group: _EveryGroup = False,
    summary: o.InWords = False,
    workers: o.Workers = None,
    resume: _Resume = False,
    excel: o.Excel = False,
    quiet: _Quiet = False,
    strict: _Strict = False,
    x_unit: o.StatedXUnit = None,
    y_unit: o.StatedYUnit = None,
    block: o.Block = None,
    phase: o.StatedPhase = o.Phase.AUTO,
    axis: o.Axis = None,
    dataset: o.Dataset = None,
    label_columns: _LabelColumns = True,
    contributions: _Contributions = None,
    pictures: _Pictures = None,
    dask: _Cluster = None,
) -> int:
    """Name the functional groups of spectra.

    One row a spectrum, in the order given; a file that cannot be read is a row with its reason.
    Data formats hold the probability of every group and whether it is called present, absent or,
    where the error rate allows neither, uncertain.

    **Examples**

    irclassify predict acetone.jdx

    irclassify predict spectra/ archive.zip 'more/*.csv' -o results.jsonl --summary

    cat acetone.jdx | irclassify predict - --format json

    irclassify predict map.hdr -o map.parquet --contributions 50 --png pictures
    """
    shown = OutputOptions(form, output, every_group, quiet, resume, summary, label_columns, excel)
    options = ReadOptions(x_unit, y_unit, block, phase.stated)
    asked = TableOptions(axis, dataset, contributions, pictures)
    return work.predict.run(
        paths=paths,
        model=model,
        options=options,
        error_rate=error_rate,
        output=shown,
        workers=workers,
        strict=strict,
        asked=asked,
        cluster=dask,
    )
