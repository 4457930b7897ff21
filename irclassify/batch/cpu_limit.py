"""A limit on the processor time that reading one file may take."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn, ParamSpec, TypeVar

from irclassify.errors import TooSlowError
from irclassify.limits import seconds_for

T = TypeVar("T")
P = ParamSpec("P")


class _Watch:
    """Whether the timer's signal is answered here, and after how many seconds it comes."""

    answered = False
    seconds = 0.0


@contextmanager
def watching() -> Iterator[None]:
    """Answer the timer's signal for many calls of ``within_limit``: to begin takes 10 us.

    Not to be held over a ``yield``: what answered the signal before is put back at the end.

    Examples
    --------
    >>> with watching():
    ...     within_limit(1000, sum, [1, 2])
    3
    """
    if sys.platform == "win32" or _Watch.answered or not _in_main_thread():
        yield
        return
    before = signal.signal(signal.SIGVTALRM, _stop)
    _Watch.answered = True
    try:
        yield
    finally:
        _Watch.answered = False
        signal.signal(signal.SIGVTALRM, before)


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
    if sys.platform == "win32" or not _in_main_thread():
        return step(*args, **options)
    if not _Watch.answered:
        with watching():
            return within_limit(size, step, *args, **options)
    _Watch.seconds = seconds_for(size)
    try:
        signal.setitimer(signal.ITIMER_VIRTUAL, _Watch.seconds, 1.0)
        return step(*args, **options)
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0.0)


def _in_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()


def _stop(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise TooSlowError(
        f"reading it took more than {_Watch.seconds:.0f} s of processor time; "
        "export the spectrum again"
    )
