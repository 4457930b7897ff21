"""Reading a table in a process of its own, where a library in C may crash or never come back.

A damaged HDF5, Parquet or Arrow file can end the process that opens it, or hold it up for ever:
no exception is raised, so nothing in Python can catch it. The process here gives its rows through
a pipe; when it dies, the file is an error of one line and the run goes on.
"""

from __future__ import annotations

import math
import os
import pickle
import signal
import subprocess
import sys
import weakref
from contextlib import suppress
from pathlib import Path
from pkgutil import resolve_name
from typing import Any, BinaryIO

from irclassify import errors
from irclassify.errors import IrclassifyError, MalformedFileError, TooSlowError
from irclassify.limits import seconds_for
from irclassify.options import TableOptions
from irclassify.readers.tables.table import Table, Values, as_error, check_stated

# pyarrow's own allocator keeps 30 MB more of what it read than that of the system.
_SMALL = {"ARROW_DEFAULT_MEMORY_POOL": "system"}
_SERVE = "from irclassify.readers.tables.apart import _serve; _serve()"


def open_apart(opener: str, path: Path, options: TableOptions) -> Table:
    """The table that ``opener(path, options)`` gives, opened and read by another process.

    ``opener``: ``module:function``; the module is imported by the process that opens the table.

    Without a second process (no file descriptor is left, say) it is opened in this one. Raises
    what the opener raises, MalformedFileError when the process dies and TooSlowError when opening
    it, or reading a block of its rows, takes more processor time than a file of its size may.

    Examples
    --------
    >>> import numpy as np
    >>> file = getfixture("tmp_path") / "film.npy"
    >>> np.save(file, np.zeros((3, 1801)))
    >>> opener = "irclassify.readers.tables.npy:open_npy"
    >>> open_apart(opener, file, TableOptions(axis="400:4000")).count
    3
    """
    size = path.stat().st_size
    try:
        reader = _Reader(seconds_for(size))
    except OSError:
        here: Table = resolve_name(opener)(path, options)
        return here
    found = reader.ask((opener, path, options))
    check_stated(found["count"] * found["x"].size, size)
    return Table(read=lambda first, end: reader.ask((first, end)), **found)


class _Reader:
    """The other process; it ends with this object, or with this process.

    ``seconds``: the processor time that it may take for each answer.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._process = subprocess.Popen(
            [sys.executable, "-c", _SERVE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_SMALL | os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        )
        self._close = weakref.finalize(self, _end, self._process)

    def ask(self, question: tuple[Any, ...]) -> Any:
        """What the process answers. Raises the error it met, or says that it died; both end it.

        It is ended at once: an error that is kept would keep the process and its memory as well.
        """
        try:
            return self._answer(question)
        except IrclassifyError:
            self._close()
            raise

    def _answer(self, question: tuple[Any, ...]) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            pickle.dump((self._seconds, question), self._process.stdin, protocol=5)
            self._process.stdin.flush()
            answer, error = pickle.load(self._process.stdout)
        except (OSError, EOFError, ValueError, pickle.UnpicklingError) as fault:  # or ended before
            raise self._death() from fault
        if error is not None:
            raise getattr(errors, error[0])(error[1])
        return answer

    def _death(self) -> IrclassifyError:
        """Why the process is gone."""
        self._process.kill()
        if sys.platform != "win32" and self._process.wait() == -signal.SIGXCPU:
            return TooSlowError(
                f"reading it took more than {self._seconds:.0f} s of processor time"
            )
        return MalformedFileError("it is damaged: the library that reads it stopped")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()
    process.wait()


def _serve() -> None:
    """Answer the questions on standard input until it ends: first the table, then its rows."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not stand between the answers
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the run, which ends this process
    if sys.platform == "win32":
        signal.signal(signal.SIGBREAK, signal.SIG_IGN)
    table: Table | None = None
    while True:
        try:
            seconds, question = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        _allow(seconds)
        try:
            if table is None:
                opener, path, options = question
                opened: Table = resolve_name(opener)(path, options)
                _say(answers, (_fields(opened), None))
                table = opened
            else:
                _say(answers, (table.read(*question), None))
        except Exception as error:  # noqa: BLE001 - all of it is told to the run
            told = as_error(error)
            _say(answers, (None, (type(told).__name__, str(told))))


def _fields(table: Table) -> dict[str, Any]:
    names = ("name", "x", "count", "x_words", "y_words", "shape", "labels")
    return {name: getattr(table, name) for name in names}


def _say(answers: BinaryIO, answer: tuple[Values | dict[str, Any] | None, Any]) -> None:
    pickle.dump(answer, answers, protocol=5)
    answers.flush()


def _allow(seconds: float) -> None:
    """End this process after so much more processor time; Windows has no such limit."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a crash leaves no file behind
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    limit = math.ceil(used.ru_utime + used.ru_stime + seconds)
    if most == resource.RLIM_INFINITY or limit < most:
        resource.setrlimit(resource.RLIMIT_CPU, (limit, most))
