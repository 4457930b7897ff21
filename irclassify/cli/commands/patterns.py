"""``irclassify patterns``."""

from typing import Annotated

import typer

from irclassify.cli import options as o
from irclassify.cli import work
from irclassify.model.installed import DEFAULT_MODEL


def patterns(
    channel: Annotated[
        int | None, typer.Option("--channel", "-c", min=0, help="One channel, in detail.")
    ] = None,
    form: o.JsonForm = None,
    output: o.Output = None,
    model: o.Model = DEFAULT_MODEL,
) -> int:
    """Show what each channel of a model detects: its typical pattern, and which groups use it.

    **Examples**

    irclassify patterns

    irclassify patterns --model rieger2023-single --channel 3
    """
    return work.patterns.run(channel=channel, model=model, form=form, file=output)
