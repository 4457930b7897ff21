"""The command line: options, one module a command, output files, exit codes.

This module is imported before all others: until ``main`` runs, Ctrl-C is one line and 130 as well.
"""

import os
import signal
from contextlib import suppress
from types import FrameType
from typing import NoReturn


def _end(_signal: int, _frame: FrameType | None) -> NoReturn:
    os.write(2, b"irclassify: interrupted\n")
    os._exit(130)


with suppress(ValueError):  # raised where this is imported by another thread
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _end)


def hear_ctrl_c() -> None:
    """Make Ctrl-C raise KeyboardInterrupt again, once there is somebody to catch it.

    Examples
    --------
    >>> hear_ctrl_c()
    """
    with suppress(ValueError):
        if signal.getsignal(signal.SIGINT) is _end:
            signal.signal(signal.SIGINT, signal.default_int_handler)
