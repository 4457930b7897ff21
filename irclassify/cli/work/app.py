"""``irclassify app``: a local page to drop spectra on."""

from __future__ import annotations

import threading
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from irclassify.app.follow import Log, folder_watcher, new_files
from irclassify.app.server import LocalServer
from irclassify.app.session import Session
from irclassify.classifier import load
from irclassify.cli.exit_codes import INTERRUPTED
from irclassify.cli.streams import say
from irclassify.errors import IrclassifyError, UsageError
from irclassify.reports.text import plural
from irclassify.sources.paths import Source


def run(
    folder: Path | None,
    *,
    log: Path | None,
    model: str,
    error_rate: float,
    port: int,
    browser: bool,
) -> int:
    """Serve until the page or Ctrl-C ends it; 0, or 130 for Ctrl-C.

    Raises UsageError when folder, log or port cannot be used, ModelError for the model.
    """
    if log is not None and folder is None:
        raise UsageError("--log needs a FOLDER to watch: name one")
    if folder is not None and not folder.is_dir():
        raise UsageError(f"{folder}: no such folder")
    session = Session(load(model), error_rate, watched=None if folder is None else str(folder))
    server = _server(session, port)
    with server, _watching(folder, session, log):
        address = server.guard.address
        say(f"open {address} (Ctrl-C ends it)")
        if browser:
            webbrowser.open(address)
        try:
            server.serve_forever(poll_interval=0.2)
        except KeyboardInterrupt:
            say(f"stopped; {plural(len(session.rows()), 'spectrum')} answered")
            return INTERRUPTED
    return 0


def _server(session: Session, port: int) -> LocalServer:
    try:
        return LocalServer(session, port)
    except OSError as error:
        raise UsageError(f"--port {port}: {error.strerror}; leave it out for a free one") from error


@contextmanager
def _watching(folder: Path | None, session: Session, log: Path | None) -> Iterator[None]:
    """Add the files of a folder to the session, in a thread, as they are completed."""
    if folder is None:
        yield
        return
    stop = threading.Event()
    written = None if log is None else Log(log)
    watcher = folder_watcher(folder)
    if written:
        written.resume(watcher)

    def follow() -> None:
        for paths in new_files(watcher, stop, say, newest_first=True):
            for path in paths:
                _add(path, session, written)

    thread = threading.Thread(target=follow, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=2)
        if written:
            written.close()


def _add(path: str, session: Session, log: Log | None) -> None:
    try:
        for row in session.add_source(Source(path, path)):
            if log:
                log.append(row.result)
    except IrclassifyError as error:
        say(f"{path}: {error}")
