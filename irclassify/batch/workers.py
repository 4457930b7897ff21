"""Processes that share the cores: an ordered map that keeps little in flight."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from irclassify.errors import IrclassifyError

# Imported where processes are started: one file starts without.
if TYPE_CHECKING:
    from concurrent.futures import Future
    from multiprocessing.synchronize import Event

T = TypeVar("T")
R = TypeVar("R")

# Tasks handed out per worker: enough that none waits, few enough that results do not pile up.
IN_FLIGHT = 4


def ordered_map(function: Callable[[T], R], tasks: Iterable[T], workers: int) -> Generator[R]:
    """``function`` of each task, in order, computed in ``workers`` processes.

    Tasks are drawn only as results are taken. Closing the iterator stops the workers at the next
    ``stopping()``. Raises IrclassifyError when a worker was killed.
    """
    import multiprocessing  # noqa: PLC0415
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415
    from concurrent.futures.process import BrokenProcessPool  # noqa: PLC0415

    # Forking starts in milliseconds and is safe before the model has threads; elsewhere: spawn.
    context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    stop = context.Event()
    pool = ProcessPoolExecutor(workers, context, initializer=_start_worker, initargs=(stop,))
    remaining = iter(tasks)
    try:
        flying: deque[Future[R]] = deque(
            pool.submit(function, task) for task in islice(remaining, IN_FLIGHT * workers)
        )
        while flying:
            yield flying.popleft().result()
            flying.extend(pool.submit(function, task) for task in islice(remaining, 1))
    except BrokenProcessPool as error:
        raise IrclassifyError(
            "a reading process was killed (out of memory?): try --workers 1"
        ) from error
    finally:
        stop.set()
        pool.shutdown(cancel_futures=True)


_stop: Event | None = None


def stopping() -> bool:
    """True in a worker whose results nobody waits for any more."""
    return _stop is not None and _stop.is_set()


def _start_worker(stop: Event) -> None:
    global _stop  # noqa: PLW0603 - the only way into a worker
    _stop = stop
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the main process's to answer
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_follow_parent, daemon=True).start()


def _follow_parent() -> None:
    """End with the main process, even if that was killed."""
    import multiprocessing  # noqa: PLC0415

    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
