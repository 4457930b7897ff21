"""``irclassify evaluate FOLDER... --labels FILE``."""

from pathlib import Path
from typing import Annotated

import typer

from irclassify.cli import options as o
from irclassify.cli import work
from irclassify.cli.requests import EvaluateOptions
from irclassify.model.installed import DEFAULT_MODEL
from irclassify.options import DEFAULT_ERROR_RATE, ReadOptions

_Paths = Annotated[
    list[str],
    typer.Argument(
        metavar="FOLDER",
        help="Spectra: folders, files, globs, zip archives.",
        show_default=False,
    ),
]
_LabelTable = Annotated[
    Path,
    typer.Option(
        "--labels",
        "-l",
        metavar="FILE",
        help="A table of the known structures or groups.",
        show_default=False,
    ),
]
_Form = Annotated[
    o.EvaluationForm | None,
    typer.Option(
        "--format",
        "-f",
        help="Default: table in a terminal, json in a pipe, by suffix with -o.",
    ),
]
_Worst = Annotated[int, typer.Option(min=0, help="In the table: files shown, worst first.")]


def evaluate(
    paths: _Paths,
    labels: _LabelTable,
    form: _Form = None,
    output: o.Output = None,
    model: o.Model = DEFAULT_MODEL,
    error_rate: o.ErrorRate = DEFAULT_ERROR_RATE,
    worst: _Worst = 10,
    workers: o.Workers = None,
    quiet: o.Quiet = False,
    x_unit: o.StatedXUnit = None,
    y_unit: o.StatedYUnit = None,
    block: o.Block = None,
    phase: o.StatedPhase = o.Phase.AUTO,
) -> int:
    """Check the answers against spectra of known structures: your own.

    Do not use spectra of the NIST WebBook: the models were trained on them.

    The labels are a table (comma, semicolon or tab) with a column *file* (a path in the folder, or
    a file name) and one of: a column for each group (1/0, yes/no, empty for unknown); a column
    *groups* (names separated by ; - those not named are absent, *none* for none); a column *smiles*
    (needs `pip install "irclassify[smiles]"`). Files without a label are not judged.

    **Examples**

    irclassify evaluate spectra/ --labels labels.csv

    irclassify evaluate spectra/ --labels labels.csv -o report.html
    """
    return work.evaluate.run(
        paths=paths,
        labels=labels,
        model=model,
        options=ReadOptions(x_unit, y_unit, block, phase.stated),
        error_rate=error_rate,
        view=EvaluateOptions(form, output, worst, quiet),
        workers=workers,
    )
