"""What each command does: a module a command, whose ``run`` is called when it is chosen.

What may be written on the command line stands in ``commands``, under the same names.
"""

from typing import TYPE_CHECKING

from irclassify.extras import on_demand

if TYPE_CHECKING:
    from irclassify.cli.work import predict_cluster as predict_cluster
    from irclassify.cli.work import predict_tables as predict_tables

__getattr__ = on_demand(__name__)
