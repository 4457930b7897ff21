"""``irclassify samples [FOLDER]``."""

from pathlib import Path
from typing import Annotated

import typer

from irclassify.cli import work


def samples(
    folder: Annotated[Path, typer.Argument(help="Created if it does not exist.")] = Path(
        "irclassify-samples"
    ),
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that differ.")] = False,
) -> int:
    """Write a dozen simulated sample spectra to a folder.

    **Examples**

    irclassify samples

    irclassify samples my-folder --force
    """
    return work.samples.run(folder=folder, force=force)
