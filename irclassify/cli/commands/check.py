"""``irclassify check FILE --smiles SMILES``."""

from pathlib import Path
from typing import Annotated

import typer

from irclassify.cli import options as o
from irclassify.cli import work
from irclassify.cli.requests import CheckOptions, Stated
from irclassify.model.installed import DEFAULT_MODEL
from irclassify.options import DEFAULT_ERROR_RATE, ReadOptions


def check(
    paths: Annotated[
        list[str],
        typer.Argument(metavar="FILE", help="One spectrum; many with --labels."),
    ],
    smiles: Annotated[
        str | None, typer.Option(metavar="SMILES", help="The structure to check.")
    ] = None,
    labels: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="A table with the columns file and smiles."),
    ] = None,
    form: o.JsonForm = None,
    output: o.Output = None,
    model: o.Model = DEFAULT_MODEL,
    error_rate: o.ErrorRate = DEFAULT_ERROR_RATE,
    x_unit: o.StatedXUnit = None,
    y_unit: o.StatedYUnit = None,
    block: o.Block = None,
    phase: o.StatedPhase = o.Phase.AUTO,
) -> int:
    """Does the spectrum fit the structure? Verdict: consistent, contradicted or not decidable.

    Each group of the structure is shown, missing or not decidable; a group that the spectrum shows
    and the structure lacks speaks against it, as do strong bands that the structure does not
    explain. The measured error rates follow. Needs RDKit:
    `pip install "irclassify[smiles]"`.

    **Examples**

    irclassify check ethyl_acetate.jdx --smiles "CCOC(C)=O"

    irclassify check spectra/ --labels structures.csv
    """
    return work.check.run(
        paths=paths,
        stated=Stated(smiles, labels),
        model=model,
        options=ReadOptions(x_unit, y_unit, block, phase.stated),
        error_rate=error_rate,
        view=CheckOptions(form, output),
    )
