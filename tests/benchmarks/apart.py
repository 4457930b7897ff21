"""A benchmark in a process of its own: none finds memory, threads or modules of the one before."""

from __future__ import annotations

import importlib
import multiprocessing
from collections.abc import Iterator
from contextlib import suppress
from multiprocessing.connection import Connection

from irclassify.model.threads import start_blas_with_one_thread
from tests.benchmarks.figures import Figure


def figures_of(name: str, *, quick: bool) -> Iterator[Figure]:
    """The figures of a benchmark, measured in a process of its own."""
    fresh = multiprocessing.get_context("spawn")
    figures, into = fresh.Pipe(duplex=False)
    process = fresh.Process(target=_measure, args=(name, quick, into))
    process.start()
    into.close()
    with suppress(EOFError):
        while True:
            yield figures.recv()
    process.join()
    if process.exitcode:
        yield Figure("ended before its time, exit code", process.exitcode, "", target=0)


def _measure(name: str, quick: bool, into: Connection) -> None:
    start_blas_with_one_thread()  # before numpy is imported, as the command does it
    for figure in importlib.import_module(f"tests.benchmarks.bench_{name}").measure(quick):
        into.send(figure)
