"""Answer files as an instrument writes them: a line of JSON a spectrum, appended to a log."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

from irclassify.app.watcher import FolderWatcher
from irclassify.batch.files import InWords, classify
from irclassify.batch.outputs.files import write_or_beside
from irclassify.batch.reading import read_grids
from irclassify.classifier import Classifier
from irclassify.errors import UsageError
from irclassify.options import DEFAULT_ERROR_RATE, ReadOptions
from irclassify.reports.json import record_of
from irclassify.reports.rows import to_json
from irclassify.results.prediction import Result
from irclassify.sources.held import is_held, patiently
from irclassify.sources.paths import Source
from irclassify.sources.suffixes import is_known

# Seconds between two looks at the folder: a file is answered two looks after its last change, and
# the page asks four times a second for what is new: within two seconds in all.
LOOK_EVERY_S = 0.75

# Files read and answered at a time, so that thousands of old ones do not delay a new one for long.
AT_A_TIME = 16


def folder_watcher(folder: Path) -> FolderWatcher:
    """A watcher for files that may hold spectra, by their suffix.

    Examples
    --------
    >>> folder_watcher(Path(".")).wanted("a.jdx")
    True
    """
    return FolderWatcher(folder, is_known)


def new_files(
    watcher: FolderWatcher,
    stop: Event,
    said: Callable[[str], None] = lambda _: None,
    *,
    newest_first: bool = False,
) -> Iterator[list[str]]:
    """Paths of files as they are completed, some at a time, until ``stop`` is set.

    A file that is completed while thousands of old ones wait is not behind them: the folder is
    looked at all the while, and what is found last comes first. ``said`` is told, once, that the
    folder vanished or came back.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     sizes = [(Path(folder) / "a.jdx").write_text("##TITLE=")]
    ...     [path] = next(new_files(folder_watcher(Path(folder)), Event()))
    >>> Path(path).name
    'a.jdx'
    """
    available = True
    waiting: list[str] = []
    next_look = 0.0
    while not stop.is_set():
        if time.monotonic() >= next_look:
            ready = watcher.poll()
            if watcher.available != available:
                available = watcher.available
                state = "is there again" if available else "cannot be read now; waiting for it"
                said(f"{watcher.folder} {state}")
            again = set(ready)
            before = [path for path in waiting if path not in again]
            waiting = (ready[::-1] if newest_first else ready) + before
            next_look = time.monotonic() + LOOK_EVERY_S
        some, waiting = waiting[:AT_A_TIME], waiting[AT_A_TIME:]
        if some:
            yield some
        else:
            stop.wait(next_look - time.monotonic())


def new_results(
    watcher: FolderWatcher,
    classifier: Classifier,
    options: ReadOptions,
    stop: Event,
    *,
    error_rate: float = DEFAULT_ERROR_RATE,
    said: Callable[[str], None] = lambda _: None,
    in_words: InWords | None = None,
) -> Iterator[Result]:
    """The answers to files as they are completed, until ``stop`` is set.

    ``in_words``: puts each answer in words.

    Examples
    --------
    >>> import irclassify
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     sizes = [(Path(folder) / "a.jdx").write_text("##TITLE=")]
    ...     watcher = folder_watcher(Path(folder))
    ...     classifier = irclassify.load("default", threads=1)
    ...     next(new_results(watcher, classifier, ReadOptions(), Event())).code
    'no_data'
    """
    preprocessing = classifier.spec.preprocessing
    measure = None if in_words is None else in_words.measure
    for paths in new_files(watcher, stop, said):
        sources = [Source(path, path) for path in paths]
        readings = read_grids(sources, preprocessing, options, measure)
        yield from classify(readings, classifier, error_rate, in_words)


class Log:
    """A file of JSON lines that is only ever appended to, a whole line at a time.

    ``resume`` tells a watcher what stands in it already: files that have not changed since the
    last line was written are not answered again.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from irclassify.results.prediction import Failed
    >>> with TemporaryDirectory() as folder:
    ...     log = Log(Path(folder) / "log.jsonl")
    ...     log.append(Failed("a.jdx", "no_data", "a.jdx: no data"))
    ...     log.resume(folder_watcher(Path(folder)))
    1
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self._waiting: list[str] = []

    def resume(self, watcher: FolderWatcher) -> int:
        """Make the watcher leave out what the log has; the number of lines in the log.

        A last line that was cut off is removed. Raises UsageError when the file is not such a log.
        """
        if not self.file.exists():
            return 0
        try:
            data = patiently(self.file.read_bytes)
            whole = data[: data.rfind(b"\n") + 1]
            names = [json.loads(line)["file"] for line in whole.splitlines()]
            if len(whole) < len(data):
                with patiently(lambda: self.file.open("r+b")) as stream:
                    stream.truncate(len(whole))
        except OSError as error:
            raise UsageError(f"{self.file}: {error.strerror}") from error
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise UsageError(
                f"{self.file} is not a log of irclassify watch: name another file with -o"
            ) from error
        files = {str(name).rpartition("#")[0] or str(name) for name in names} | set(map(str, names))
        watcher.skip(files, until=self.file.stat().st_mtime_ns)
        return len(names)

    def append(self, result: Result) -> None:
        """Add one line; the file is closed in between, so that others may read or move it.

        While another program holds the file, lines wait for the next call. Raises UsageError when
        it cannot be written for another reason.
        """
        self._waiting.append(to_json(record_of(result)) + "\n")
        try:
            patiently(lambda: self._write(self.file))
        except OSError as error:
            if not is_held(self.file, error):
                raise UsageError(f"{self.file}: cannot be written: {error.strerror}") from error

    def close(self) -> None:
        """Write the lines that wait, beside the log where another program still holds it.

        Raises UsageError when they cannot be written.

        Examples
        --------
        >>> Log(Path("log.jsonl")).close()  # nothing waits
        """
        if not self._waiting:
            return
        try:
            write_or_beside(self.file, self._write)
        except OSError as error:
            raise UsageError(f"{self.file}: cannot be written: {error.strerror}") from error

    def _write(self, file: Path) -> None:
        with file.open("a", encoding="utf-8", errors="backslashreplace", newline="\n") as stream:
            stream.write("".join(self._waiting))
        self._waiting.clear()
