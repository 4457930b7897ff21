"""Cores that this process may use, and the threads of numpy's linear algebra."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from typing import Any

MOST_WORKERS = 8


def usable_cores() -> int:
    """Cores this process may use, at most MOST_WORKERS.

    Examples
    --------
    >>> 1 <= usable_cores() <= MOST_WORKERS
    True
    """
    if sys.platform == "linux":
        return min(len(os.sched_getaffinity(0)), MOST_WORKERS)
    return min(os.cpu_count() or 1, MOST_WORKERS)


def start_blas_with_one_thread() -> None:
    """Let numpy's linear algebra start without threads of its own, unless the user wants them.

    To be called before numpy is imported: starting them takes 50 ms of processor time, and the
    work is spread over the cores in batches already.

    Examples
    --------
    >>> start_blas_with_one_thread()
    """
    names = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
    if not os.environ.keys() & {"OMP_NUM_THREADS", *names}:
        os.environ.update(dict.fromkeys(names, "1"))


@contextmanager
def one_core_a_thread() -> Iterator[None]:
    """Keep numpy's linear algebra to the core of the thread that calls it.

    Its own threads wait in loops, and take the cores from those of ours. What the user had set is
    restored when the last caller leaves, whichever thread that is.

    Examples
    --------
    >>> with one_core_a_thread():
    ...     pass  # a batch of matrix products
    """
    global _callers  # noqa: PLW0603 - the setting is the process's, too
    with _entering:
        if not _callers:
            _limit.enter_context(_libraries().limit(limits=1, user_api="blas"))
        _callers += 1
    try:
        yield
    finally:
        with _entering:
            _callers -= 1
            if not _callers:
                _limit.close()


@cache
def _libraries() -> Any:
    """What has threads of its own; looked for once, as that takes a batch's time."""
    from threadpoolctl import ThreadpoolController  # noqa: PLC0415 - slow to import

    return ThreadpoolController()


_entering = threading.Lock()
_limit = ExitStack()
_callers = 0
