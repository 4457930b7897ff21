"""Processes that share the cores: an ordered map that keeps little in flight."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from itertools import chain, islice
from typing import TYPE_CHECKING, TypeVar

from irclassify.errors import IrclassifyError

# Imported where processes are started: one file starts without.
if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor
    from multiprocessing.synchronize import Event

T = TypeVar("T")
R = TypeVar("R")

# Tasks handed out per worker: enough that none waits, few enough that results do not pile up.
_IN_FLIGHT = 4

# Open files a pool needs, and each of its processes, some to spare.
DESCRIPTORS, DESCRIPTORS_A_WORKER = 16, 3


def ordered_map(
    function: Callable[[T], R],
    tasks: Iterable[T],
    workers: int,
    *,
    fork: bool = True,
    warn: Callable[[str], None] | None = None,
) -> Generator[R]:
    """``function`` of each task, in order, computed in ``workers`` processes.

    Tasks are drawn only as results are taken. Closing the iterator stops the workers at the next
    ``stopping()``. ``fork``: False where threads of this process make forking unsafe. Where the
    system allows no processes, ``warn`` is told and the work is done here. Raises IrclassifyError
    when a worker was killed.
    """
    from concurrent.futures.process import BrokenProcessPool  # noqa: PLC0415

    remaining = iter(tasks)
    first = list(islice(remaining, _IN_FLIGHT * workers))
    try:
        with _pool(workers, fork=fork) as pool:
            flying: deque[Future[R]] = deque(_submitted(pool, function, first))
            while flying:
                yield flying.popleft().result()
                flying.extend(pool.submit(function, task) for task in islice(remaining, 1))
    except BrokenProcessPool as error:
        raise IrclassifyError(
            "a reading process was killed (out of memory?): try --workers 1"
        ) from error
    except _NoProcessesError as error:
        if warn:
            warn(f"reading in one process: {workers} could not be started ({error})")
        yield from map(function, chain(first, remaining))


class _NoProcessesError(Exception):
    """The system allows no worker processes: too few descriptors, or /dev/shm is read-only."""


@contextmanager
def _pool(workers: int, *, fork: bool) -> Iterator[ProcessPoolExecutor]:
    """The processes, told to stop at the end. Raises _NoProcessesError."""
    import multiprocessing  # noqa: PLC0415
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415

    _check_descriptors(DESCRIPTORS + DESCRIPTORS_A_WORKER * workers)
    # Forking starts in milliseconds and is safe before the model has threads; elsewhere: spawn.
    context = multiprocessing.get_context("fork" if fork and sys.platform == "linux" else "spawn")
    try:
        stop = context.Event()
        pool = ProcessPoolExecutor(workers, context, initializer=_start_worker, initargs=(stop,))
    except (OSError, ImportError, NotImplementedError) as error:
        raise _NoProcessesError(error) from error
    try:
        yield pool
    finally:
        stop.set()
        pool.shutdown(cancel_futures=True)


def _submitted(
    pool: ProcessPoolExecutor, function: Callable[[T], R], tasks: Iterable[T]
) -> Iterator[Future[R]]:
    """The first tasks handed out, which starts the processes. Raises _NoProcessesError."""
    import multiprocessing  # noqa: PLC0415

    others = multiprocessing.active_children()
    try:
        for task in tasks:
            yield pool.submit(function, task)
    except OSError as error:
        for half_started in set(multiprocessing.active_children()) - set(others):
            half_started.terminate()
        raise _NoProcessesError(error) from error


def _check_descriptors(count: int) -> None:
    """Raise _NoProcessesError unless so many files can be opened: a pool without them hangs."""
    spare: list[int] = []
    try:
        spare.append(os.open(os.devnull, os.O_RDONLY))
        while len(spare) < count:
            spare.append(os.dup(spare[0]))
    except OSError as error:
        raise _NoProcessesError(error.strerror) from error
    finally:
        for descriptor in spare:
            os.close(descriptor)


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
