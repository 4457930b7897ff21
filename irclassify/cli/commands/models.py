"""``irclassify models``."""

from irclassify.cli import options as o


def models(form: o.JsonForm = None) -> int:
    """List the installed models with their measured accuracy.

    **Examples**

    irclassify models

    irclassify models --format json
    """
    from irclassify.cli.models import run

    return run(form=form)
