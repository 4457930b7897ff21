"""What may be typed: one module a command, each with the function that Typer reads.

It calls ``run`` in the module of the same name in ``work``, which is imported then: nothing heavy
is imported here, so that help answers at once.
"""

from irclassify.extras import on_demand

__getattr__ = on_demand(__name__)
