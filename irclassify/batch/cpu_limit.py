"""A limit on the processor time that reading one file may take."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import NoReturn, ParamSpec, TypeVar

from irclassify.errors import TooSlowError
from irclassify.limits import seconds_for

T = TypeVar("T")
P = ParamSpec("P")


def within_limit(size: int, step: Callable[P, T], *args: P.args, **options: P.kwargs) -> T:
    """What ``step`` returns within the processor time that a file of ``size`` bytes may take.

    There is no limit on Windows, which has no such timer, nor outside of the main thread. Raises
    TooSlowError when the time is over, again each second, should a reader go on with the next part
    of the file.

    Examples
    --------
    >>> within_limit(1000, sum, [1, 2])
    3
    """
    if sys.platform == "win32" or threading.current_thread() is not threading.main_thread():
        return step(*args, **options)
    seconds = seconds_for(size)

    def stop(_signal: int, _frame: FrameType | None) -> NoReturn:
        raise TooSlowError(
            f"reading it took more than {seconds:.0f} s of processor time; "
            "export the spectrum again"
        )

    before = signal.signal(signal.SIGVTALRM, stop)
    try:
        signal.setitimer(signal.ITIMER_VIRTUAL, seconds, 1.0)
        return step(*args, **options)
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0.0)
        signal.signal(signal.SIGVTALRM, before)
