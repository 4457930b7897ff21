"""``irclassify weights GROUP``."""

from typing import Annotated

import typer

from irclassify.cli import options as o
from irclassify.cli import work
from irclassify.model.installed import DEFAULT_MODEL


def weights(
    group: Annotated[str, typer.Argument(metavar="GROUP", show_default=False)],
    top: Annotated[int, typer.Option(min=0, help="Number of regions shown; 0 shows all.")] = 6,
    form: o.JsonForm = None,
    output: o.Output = None,
    model: o.Model = DEFAULT_MODEL,
) -> int:
    """Show how a model recognises a group: its regions over all spectra, strongest first.

    What each region adds, on average, to the logits of spectra with the group above those without;
    whether absorption there speaks for the group or against it; and the literature's band there.

    **Examples**

    irclassify weights nitrile

    irclassify weights ester --format json
    """
    return work.weights.run(group=group, top=top, model=model, form=form, file=output)
