"""A console window of Windows that is closed: the run ends as by Ctrl-C, its output gets its end.

Windows tells the process in a thread of its own, and ends it when that thread answers or after five
seconds. Elsewhere a closed terminal ends the process at once.
"""

from __future__ import annotations

import _thread
import sys
import time
from collections.abc import Callable
from typing import Any

_SECONDS = 4.5  # that the run has to write the end of its output
_ENDED_BY_KEY = 1  # up to here: Ctrl-C and Ctrl-Break, which Python hears itself


def closed(event: int) -> bool:
    """Let the main thread end the run when its window is closed; True when that was the event.

    Examples
    --------
    >>> closed(0)  # Ctrl-C
    False
    """
    if event <= _ENDED_BY_KEY:
        return False
    _thread.interrupt_main()
    time.sleep(_SECONDS)
    return True


_kept: list[Any] = []  # what Windows calls must live as long as the process

if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    def heed_closed_window(handler: Callable[[int], bool] = closed) -> None:
        """Have ``handler`` called when the window is closed; without a console nothing happens."""
        if not _kept:
            _kept.append(ctypes.WINFUNCTYPE(wintypes.BOOL, wintypes.DWORD)(handler))
            ctypes.windll.kernel32.SetConsoleCtrlHandler(_kept[0], True)

else:

    def heed_closed_window(handler: Callable[[int], bool] = closed) -> None:
        """Nothing: a closed terminal ends the process."""
