"""``irclassify app``: from a dropped file to its answer, and the memory of many."""

from __future__ import annotations

import http.client
import os
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import browser

import irclassify
from irclassify import samples
from irclassify.app.server import LocalServer
from irclassify.app.session import Session
from irclassify.cli.work.app import _watching as watching
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
    yield from _on_the_screen(quick)
    yield from _old_files(quick)


# A frame each time the window is drawn while it scrolls; the longest is kept.
SCROLL = """
let before = performance.now(), frames = 0; window.longest = 0; window.scrolled = false;
const frame = (now) => {
  window.longest = Math.max(window.longest, now - before); before = now;
  window.scrollBy(0, 120); frames += 1;
  if (frames < 60) requestAnimationFrame(frame); else window.scrolled = true;
};
requestAnimationFrame((now) => { before = now; requestAnimationFrame(frame); });
"""
LONGEST_TASK = """
window.tasks = [0];
new PerformanceObserver((list) => tasks.push(...list.getEntries().map((each) => each.duration)))
  .observe({ type: "longtask" });
"""
LONGEST = "return Math.max(...window.tasks)"  # none of 50 ms or more: 0
DROP = """
const data = new DataTransfer();
data.items.add(new File([arguments[1]], arguments[0]));
document.querySelector(".drop").dispatchEvent(new DragEvent("drop", { dataTransfer: data }));
"""
TURN = "document.querySelector('[name=older]').click()"
FIND = """
const field = document.querySelector('[name=find]');
field.value = 'ester'; field.dispatchEvent(new Event('input'));
"""
TIMED = "const start = performance.now(); {work}; document.body.offsetHeight; " + (
    "return performance.now() - start"
)


def _on_the_screen(quick: bool) -> Iterator[Figure]:
    """The page with many rows in a real browser; nothing where there is none."""
    if browser.MISSING is not None:
        return
    count = 400 if quick else 2000
    files = [(spectrum.name, spectrum.read_bytes()) for spectrum in samples.spectra()]
    session = Session(irclassify.load())
    for i in range(count):
        session.add(*files[i % len(files)])
    server = LocalServer(session)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with browser.Browser() as window:
        started = time.perf_counter()
        window._call("POST", "/url", {"url": server.guard.address})
        _wait(window, f"document.querySelector('.status').textContent.startsWith('{count} ')")
        loaded = time.perf_counter() - started
        yield Figure(f"page with {count} rows, from its address to its rows", loaded, "s", 2)
        _wait(window, "!document.querySelector('.rows .summary:empty')")
        turned = window.run(TIMED.format(work=TURN))
        yield Figure("turning to the next 100 rows", turned, "ms", 100)
        _wait(window, "!document.querySelector('.rows .summary:empty')")
        window.run(SCROLL)
        _wait(window, "window.scrolled")
        yield Figure("longest frame while scrolling", window.run("return window.longest"), "ms", 50)
        yield Figure(f"searching {count} rows", window.run(TIMED.format(work=FIND)), "ms", 100)
        window.run(
            "const f = document.querySelector('[name=find]'); f.value = '';"
            "f.dispatchEvent(new Event('input'))"
        )
        elements = window.run("return document.querySelectorAll('*').length")
        yield Figure(f"elements of the page with {count} rows", elements, "", 10_000)
        window.run(LONGEST_TASK)
        started = time.perf_counter()
        window.run(DROP, files[0][0], files[0][1].decode("latin-1"))
        _wait(window, f"document.querySelector('.status').textContent.startsWith('{count + 1} ')")
        yield Figure(f"a row more among {count}", 1000 * (time.perf_counter() - started), "ms", 500)
        yield Figure("longest task of the page for it", window.run(LONGEST), "ms", 200)
    server.shutdown()


def _old_files(quick: bool) -> Iterator[Figure]:
    """A watched folder with thousands of old files: what comes first, and is a new one delayed?"""
    if browser.MISSING is not None:
        return
    count = 500 if quick else 5000
    sample = samples.spectra()[0].read_bytes()
    with tempfile.TemporaryDirectory() as place, browser.Browser() as window:
        folder = Path(place)
        for i in range(count):
            (folder / f"old{i:05}.jdx").write_bytes(sample)
            os.utime(folder / f"old{i:05}.jdx", (1e9 + i, 1e9 + i))
        session = Session(irclassify.load(), watched=place)
        server = LocalServer(session)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with watching(folder, session, None):
            started = time.perf_counter()
            window._call("POST", "/url", {"url": server.guard.address})
            window.run(LONGEST_TASK)
            _wait(window, "document.querySelectorAll('.rows .chip').length > 0")
            seconds = time.perf_counter() - started
            yield Figure(f"folder of {count} old files, to the first rows", seconds, "s", 3)
            top = str(window.run("return document.querySelector('.rows .open').textContent"))
            assert top.endswith(f"old{count - 1:05}.jdx"), top  # the newest
            (folder / "new.jdx").write_bytes(sample)
            started = time.perf_counter()
            _wait(window, "document.querySelector('.rows .open').textContent.endsWith('new.jdx')")
            seconds = time.perf_counter() - started
            left = count + 1 - len(session.rows())
            note = f"{left} old files still wait"
            yield Figure("a new file meanwhile, to its row", seconds, "s", 2, note=note)
            yield Figure("longest task of the page meanwhile", window.run(LONGEST), "ms", 200)
        server.shutdown()


def _wait(window: browser.Browser, true: str) -> None:
    until = time.monotonic() + 60
    while not window.run(f"return {true}"):
        if time.monotonic() > until:
            raise TimeoutError(true)
        time.sleep(0.02)


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
    headers = {"Cookie": f"{server.guard.cookie_name}={server.guard.token}", "Origin": origin}
    connection.request("POST", f"/spectra?name={name}", data, headers)
    assert connection.getresponse().read().startswith(b'{"rows":')
    connection.close()


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
