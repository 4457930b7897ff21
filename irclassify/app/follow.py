"""Answer files as an instrument writes them: a line of JSON a spectrum, appended to a log."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

from irclassify.app.watcher import FolderWatcher
from irclassify.batch.files import classify
from irclassify.batch.outputs.files import write_or_beside
from irclassify.batch.reading import read_grids
from irclassify.classifier import Classifier
from irclassify.errors import UsageError
from irclassify.options import DEFAULT_ERROR_RATE, ReadOptions
from irclassify.reports.json import record_of
from irclassify.reports.rows import to_json
from irclassify.results.prediction import Result
from irclassify.sources.held import is_held, patiently
from irclassify.sources.paths import Source, is_known

# Seconds between two looks at the folder: a file is answered two looks after its last change.
LOOK_EVERY_S = 0.8

# Files read and answered at a time, so that thousands of old ones do not delay a new one for long.
AT_A_TIME = 64


def folder_watcher(folder: Path) -> FolderWatcher:
    """A watcher for files that may hold spectra, by their suffix.

    Examples
    --------
    >>> folder_watcher(Path("no such folder")).poll()
    []
    """
    return FolderWatcher(folder, is_known)


def new_files(
    watcher: FolderWatcher, stop: Event, said: Callable[[str], None] = lambda _: None
) -> Iterator[list[str]]:
    """Paths of files as they are completed, some at a time, until ``stop`` is set.

    ``said`` is told, once, that the folder vanished or came back.

    Examples
    --------
    >>> stop = Event()
    >>> stop.set()
    >>> list(new_files(folder_watcher(Path("no such folder")), stop))
    []
    """
    available = True
    while not stop.is_set():
        ready = watcher.poll()
        if watcher.available != available:
            available = watcher.available
            state = "is there again" if available else "cannot be read now; waiting for it"
            said(f"{watcher.folder} {state}")
        for at in range(0, len(ready), AT_A_TIME):
            yield ready[at : at + AT_A_TIME]
        stop.wait(LOOK_EVERY_S)


def new_results(
    watcher: FolderWatcher,
    classifier: Classifier,
    options: ReadOptions,
    stop: Event,
    *,
    error_rate: float = DEFAULT_ERROR_RATE,
    said: Callable[[str], None] = lambda _: None,
) -> Iterator[Result]:
    """The answers to files as they are completed, until ``stop`` is set.

    Examples
    --------
    >>> import irclassify
    >>> stop = Event()
    >>> stop.set()
    >>> watcher = folder_watcher(Path("no such folder"))
    >>> list(new_results(watcher, irclassify.load(), ReadOptions(), stop))
    []
    """
    preprocessing = classifier.spec.preprocessing
    for paths in new_files(watcher, stop, said):
        sources = [Source(path, path) for path in paths]
        yield from classify(read_grids(sources, preprocessing, options), classifier, error_rate)


class Log:
    """A file of JSON lines that is only ever appended to, a whole line at a time.

    ``resume`` tells a watcher what stands in it already: files that have not changed since the
    last line was written are not answered again.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self._waiting: list[str] = []

    def resume(self, watcher: FolderWatcher) -> int:
        """Make the watcher leave out what the log has; the number of lines in the log.

        A last line that was cut off is removed. Raises UsageError when the file is not such a log.

        Examples
        --------
        >>> Log(Path("no such log.jsonl")).resume(folder_watcher(Path("no such folder")))
        0
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

        Examples
        --------
        >>> from tempfile import TemporaryDirectory
        >>> from irclassify.results.prediction import Failed
        >>> with TemporaryDirectory() as folder:
        ...     log = Log(Path(folder) / "log.jsonl")
        ...     log.append(Failed("a.jdx", "no_data", "the file is empty"))
        ...     log.file.read_text(encoding="utf-8")[:16]
        '{"file": "a.jdx"'
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
