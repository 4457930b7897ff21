"""Processes that share the cores: an ordered map that keeps little in flight.

Imported where processes are started: its libraries take long to import, and one file does without.
"""

from __future__ import annotations

import mmap
import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import chain, islice
from typing import TYPE_CHECKING, TypeVar

from irclassify.batch.stopping import stop_on
from irclassify.errors import IrclassifyError

if TYPE_CHECKING:
    from multiprocessing.synchronize import Event

T = TypeVar("T")
R = TypeVar("R")

# Tasks handed out per worker: enough that none waits, few enough that results do not pile up.
_IN_FLIGHT = 4

# Windows waits for no more processes at a time; elsewhere a system says itself when it has enough.
MOST = 61 if sys.platform == "win32" else 10_000

# Open files a pool needs, and each of its processes, some to spare.
DESCRIPTORS, DESCRIPTORS_A_WORKER = 16, 3

# Bytes of address space that its threads and queues need, and the reading of a file.
_ROOM = 256 * 2**20


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

    Examples
    --------
    >>> list(ordered_map(abs, [-2, 1, -3], workers=2))
    [2, 1, 3]
    """
    remaining, workers = iter(tasks), min(workers, MOST)
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
    _check_descriptors(DESCRIPTORS + DESCRIPTORS_A_WORKER * workers)
    _check_memory()
    context = multiprocessing.get_context(_start_method(fork=fork))
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


def _start_method(*, fork: bool) -> str:
    """Forking starts in milliseconds and is safe before the model has threads; elsewhere: spawn.

    The tests set the variable to have every process spawned, as Windows and macOS do.
    """
    if fork and sys.platform == "linux":
        return os.environ.get("IRCLASSIFY_START_METHOD", "fork")
    return "spawn"


def _submitted(
    pool: ProcessPoolExecutor, function: Callable[[T], R], tasks: Iterable[T]
) -> Iterator[Future[R]]:
    """The first tasks handed out, which starts the processes. Raises _NoProcessesError."""
    others = multiprocessing.active_children()
    try:
        for task in tasks:
            yield pool.submit(function, task)
    except BrokenProcessPool:
        raise
    except (OSError, RuntimeError) as error:  # also where no thread can be started
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


def _check_memory() -> None:
    """Raise _NoProcessesError where the pool's threads would not start: it would wait for ever."""
    try:
        mmap.mmap(-1, _ROOM).close()
    except OSError as error:
        raise _NoProcessesError(error.strerror) from error


def _start_worker(stop: Event) -> None:
    stop_on(stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the main process's to answer
    if sys.platform == "win32":
        signal.signal(signal.SIGBREAK, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_follow_parent, daemon=True).start()


def _follow_parent() -> None:
    """End with the main process, even if that was killed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
