"""``irclassify models``."""

from irclassify.cli import options as o
from irclassify.cli.requests import Request


def models(form: o.JsonForm = None) -> Request:
    """List the installed models with their measured accuracy.

    **Examples**

    irclassify models

    irclassify models --format json
    """
    return Request(form=form)
