"""``irclassify samples [FOLDER]``."""

from pathlib import Path
from typing import Annotated

import typer


def samples(
    folder: Annotated[Path, typer.Argument(help="Made if it is not there.")] = Path(
        "irclassify-samples"
    ),
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that differ.")] = False,
) -> int:
    """Write a dozen simulated sample spectra to a folder.

    **Examples**

    irclassify samples

    irclassify samples my-folder --force
    """
    from irclassify.cli.samples import run

    return run(folder, force=force)
