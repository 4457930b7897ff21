"""``irclassify samples [FOLDER]``."""

from pathlib import Path
from typing import Annotated

import typer

from irclassify.cli.requests import Request


def samples(
    folder: Annotated[Path, typer.Argument(help="Created if it does not exist.")] = Path(
        "irclassify-samples"
    ),
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that differ.")] = False,
) -> Request:
    """Write a dozen simulated sample spectra to a folder.

    **Examples**

    irclassify samples

    irclassify samples my-folder --force
    """
    return Request(folder=folder, force=force)
