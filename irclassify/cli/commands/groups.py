"""``irclassify groups [NAME]``."""

from typing import Annotated

import typer

from irclassify.cli import options as o
from irclassify.cli import work
from irclassify.model.installed import DEFAULT_MODEL


def groups(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[NAME]", help="A group or detail, to tell all of it.", show_default=False
        ),
    ] = None,
    model: o.Model = DEFAULT_MODEL,
    form: o.JsonForm = None,
) -> int:
    """List the groups and details that a model tells apart, and how well.

    n: known spectra with the group. F1: on molecules that the networks had not seen, by phase.
    With NAME also its definition as SMARTS and its bands.

    **Examples**

    irclassify groups

    irclassify groups phenol

    irclassify groups --format json
    """
    return work.groups.run(name=name, model=model, form=form)
