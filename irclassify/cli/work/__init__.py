"""What each command does: a module a command, whose ``run`` is called when it is chosen.

What may be written on the command line stands in ``commands``, under the same names.
"""

import gc
from types import ModuleType
from typing import TYPE_CHECKING

from irclassify.extras import on_demand

if TYPE_CHECKING:
    from irclassify.cli.work import app as app
    from irclassify.cli.work import check as check
    from irclassify.cli.work import convert as convert
    from irclassify.cli.work import demo as demo
    from irclassify.cli.work import evaluate as evaluate
    from irclassify.cli.work import explain as explain
    from irclassify.cli.work import groups as groups
    from irclassify.cli.work import inspect as inspect
    from irclassify.cli.work import models as models
    from irclassify.cli.work import patterns as patterns
    from irclassify.cli.work import predict as predict
    from irclassify.cli.work import predict_cluster as predict_cluster
    from irclassify.cli.work import predict_tables as predict_tables
    from irclassify.cli.work import report as report
    from irclassify.cli.work import samples as samples
    from irclassify.cli.work import watch as watch
    from irclassify.cli.work import weights as weights

_named = on_demand(__name__)


def __getattr__(name: str) -> ModuleType:
    module = _named(name)
    if not gc.get_freeze_count():  # what is imported by now stays: it is not searched for garbage
        gc.freeze()
        gc.set_threshold(50_000, 20, 20)
    return module
