"""``irclassify app``: its options."""

from pathlib import Path
from typing import Annotated

import typer

from irclassify.cli import options as o
from irclassify.cli import work
from irclassify.model.installed import DEFAULT_MODEL
from irclassify.options import DEFAULT_ERROR_RATE

Folder = Annotated[
    Path | None,
    typer.Argument(metavar="[FOLDER]", help="Watch this folder: new files appear by themselves."),
]
Log = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Append the answers to watched files here, a line each."),
]
Port = Annotated[
    int, typer.Option(min=0, max=65535, help="The port on 127.0.0.1; 0 takes a free one.")
]
NoBrowser = Annotated[
    bool, typer.Option("--no-browser", help="Print the address; do not open a browser.")
]


def app(
    folder: Folder = None,
    log: Log = None,
    model: o.Model = DEFAULT_MODEL,
    error_rate: o.ErrorRate = DEFAULT_ERROR_RATE,
    port: Port = 0,
    no_browser: NoBrowser = False,
) -> int:
    """Open a page in the browser to drop spectra on.

    The page runs on this computer, accepts connections from it alone, and needs no internet.
    Ctrl-C or its Stop button ends it.

    **Examples**

    irclassify app

    irclassify app spectra --log results.jsonl
    """
    return work.app.run(
        folder=folder,
        log=log,
        model=model,
        error_rate=error_rate,
        port=port,
        browser=not no_browser,
    )
