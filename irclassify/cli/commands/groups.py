"""``irclassify groups``."""

from irclassify.cli import options as o
from irclassify.cli.requests import Request
from irclassify.model.installed import DEFAULT_MODEL


def groups(model: o.Model = DEFAULT_MODEL, form: o.JsonForm = None) -> Request:
    """List the groups and details that a model tells apart: definition, bands, accuracy.

    **Examples**

    irclassify groups

    irclassify groups --format json
    """
    return Request(model=model, form=form)
