"""What may be typed: one module a command, each with the function that Typer reads.

It returns a Request: the arguments of ``run`` in the module of the same name in ``work``, which
does the work. Nothing heavy is imported here, so that help answers at once.
"""

from irclassify.extras import on_demand

__getattr__ = on_demand(__name__)
