"""Parts done by a Dask cluster: handed out a few at a time, redone when a worker is lost.

How a billion spectra would go is in the README, section "Cluster".
"""

from __future__ import annotations

import uuid
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from itertools import islice
from typing import Any

from irclassify.batch.partitions import Done, Job, Part, check_manifest, do_part, found_done
from irclassify.errors import IrclassifyError, UsageError

distributed: Any = import_module("distributed")  # it has no types

# Parts handed out per worker thread: enough that none waits for the next.
_IN_FLIGHT = 3
_CONNECT_S = 20


def run_parts(job: Job, parts: Sequence[Part], address: str) -> Generator[Done]:
    """Do all parts that are not done yet, in any order; one Done each, found ones first.

    Raises UsageError when there is no scheduler or the store holds other work, IrclassifyError
    when a part cannot be done at all; those that were stay done.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from irclassify import samples
    >>> from irclassify.batch.output_folder import Store
    >>> from irclassify.batch.partitions import fingerprint, parts_of
    >>> from irclassify.model.folder import find_model
    >>> from irclassify.options import ReadOptions, TableOptions
    >>> sha256 = fingerprint(find_model("default"))
    >>> with TemporaryDirectory() as folder:
    ...     job = Job("default", sha256, Store(folder), ReadOptions(), TableOptions())
    ...     parts = list(parts_of([str(samples.spectra()[0])], TableOptions()))
    ...     check_manifest(job, parts)
    ...     first = do_part(job, parts[0])  # what is done already needs no cluster
    ...     print([done.rows for done in run_parts(job, parts, "tcp://127.0.0.1:8786")])
    [1]
    """
    check_manifest(job, parts)
    stored = job.store.names()
    yield from (found_done(job, part) for part in parts if part.name in stored)
    left = [part for part in parts if part.name not in stored]
    if not left:
        return
    waiting = iter(left)
    run = uuid.uuid4().hex[:8]
    with _client(address) as client:

        def submitted(count: int) -> list[Any]:
            return [
                client.submit(do_part, job, part, key=f"irclassify-{run}-{part.name}", retries=2)
                for part in islice(waiting, count)
            ]

        flying = distributed.as_completed(submitted(1), loop=client.loop)
        flying.update(submitted(_room(client) - 1))
        for future in flying:
            yield _result(future)
            flying.update(submitted(1))


def _result(future: Any) -> Done:
    try:
        done: Done = future.result()
    except IrclassifyError:
        raise
    except Exception as error:  # of Dask's, or of a worker that lacks the package
        said = " ".join(f"{type(error).__name__}: {error}".split())[:300]
        raise IrclassifyError(f"the cluster could not do a part: {said}") from error
    return done


def _room(client: Any) -> int:
    threads: int = sum(client.nthreads().values())
    return max(threads, 1) * _IN_FLIGHT


@contextmanager
def _client(address: str) -> Iterator[Any]:
    try:
        client = distributed.Client(address, timeout=_CONNECT_S, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise UsageError(f"--dask {address}: no scheduler answers there") from error
    try:
        yield client
    finally:
        client.close()
