"""``irclassify models``."""

from irclassify.cli import options as o
from irclassify.cli import work


def models(form: o.JsonForm = None) -> int:
    """List the installed models with their measured accuracy.

    **Examples**

    irclassify models

    irclassify models --format json
    """
    return work.models.run(form=form)
