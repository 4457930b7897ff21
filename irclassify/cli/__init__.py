"""The command line: options, one module a command, output files, exit codes.

This module is imported before all others: until ``main`` runs, Ctrl-C is one line and 130 as well.
On Windows Ctrl-Break is heard as Ctrl-C.
"""

import gc
import os
import signal
import sys
from contextlib import suppress
from types import FrameType
from typing import Any, NoReturn

gc.set_threshold(200_000)  # imports create no garbage: to look for it then costs 8 ms


def _end(_signal: int, _frame: FrameType | None) -> NoReturn:
    os.write(2, b"irclassify: interrupted\n")
    os._exit(130)


# The signals of a person who ends the run, and what answers each before a program sets it.
_STOPS: dict[signal.Signals, Any] = {signal.SIGINT: signal.default_int_handler}
if sys.platform == "win32":
    _STOPS[signal.SIGBREAK] = signal.SIG_DFL

with suppress(ValueError):  # raised where this is imported by another thread
    for _number, _usual in _STOPS.items():
        if signal.getsignal(_number) is _usual:
            signal.signal(_number, _end)


def hear_ctrl_c() -> None:
    """Make Ctrl-C raise KeyboardInterrupt again, once there is somebody to catch it.

    Examples
    --------
    >>> hear_ctrl_c()
    """
    with suppress(ValueError):
        for number in _STOPS:
            if signal.getsignal(number) is _end:
                signal.signal(number, signal.default_int_handler)
