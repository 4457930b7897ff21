"""``irclassify app``: from a dropped file to its answer, and the memory of many."""

from __future__ import annotations

import http.client
import os
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import irclassify
from irclassify import samples
from irclassify.app.server import LocalServer
from irclassify.app.session import Session
from tests.benchmarks.figures import Figure

ON_THEIR_WAY = 3  # files that the page sends at a time


def measure(quick: bool) -> Iterator[Figure]:
    """Requests as the page sends them, to a server in this process."""
    files = [(spectrum.name, spectrum.read_bytes()) for spectrum in samples.spectra()]
    session = Session(irclassify.load())
    server = LocalServer(session)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    _send(server, *files[0])
    one = [_seconds(server, files[:1]) for _ in range(20)]
    yield Figure("one file, from drop to answer", 1000 * statistics.median(one), "ms", 150)
    alone = [_seconds_of(lambda: session.add(*files[0])) for _ in range(20)]
    ratio = statistics.median(one) / statistics.median(alone)
    yield Figure("one file, from drop to answer / in the session alone", ratio)
    many = [files[i % len(files)] for i in range(200)]
    yield Figure("200 files", _seconds(server, many), "s", 3)
    count = 500 if quick else 5000
    before = _resident_mb()
    _seconds(server, [files[i % len(files)] for i in range(count)])
    note = f"from {before:.0f} MB before"
    yield Figure(f"memory after {count} spectra more", _resident_mb(), "MB", 400, note=note)
    server.shutdown()


def _seconds(server: LocalServer, files: list[tuple[str, bytes]]) -> float:
    started = time.perf_counter()
    with ThreadPoolExecutor(ON_THEIR_WAY) as pool:
        list(pool.map(lambda file: _send(server, *file), files))
    return time.perf_counter() - started


def _seconds_of(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _send(server: LocalServer, name: str, data: bytes) -> None:
    port = server.server_address[1]
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    origin = f"http://127.0.0.1:{port}"
    headers = {"Cookie": f"irclassify={server.guard.token}", "Origin": origin}
    connection.request("POST", f"/spectra?name={name}", data, headers)
    assert connection.getresponse().read().startswith(b'{"rows":')
    connection.close()


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
