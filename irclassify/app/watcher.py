"""A folder that instruments write to: which files have been written completely since last time."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from irclassify.sources.held import is_free

# Looks at a file that another program holds, about a minute; then it is read, and may fail.
MOST_LOOKS = 75


class Stamp(NamedTuple):
    """What changes when a file is written: ``size`` in bytes, ``modified`` in nanoseconds."""

    size: int
    modified: int


@dataclass
class FolderWatcher:
    """Finds new and changed files by looking again, which works on network drives too.

    A file counts as complete when size and time of change are the same at two looks: instruments
    write in steps. On Windows it must also be free to be read, and of the size that its folder
    says, which lags behind while a program writes; after ``MOST_LOOKS`` it counts all the same. A
    folder that cannot be read has no files; once it is back, files that did not
    change are not reported again.

    Parameters
    ----------
    folder
        Searched recursively. Hidden files and folders are left out, links to folders not followed.
    wanted
        True for the path of a file that may hold spectra.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as place:
    ...     watcher = FolderWatcher(Path(place), lambda path: path.endswith(".jdx"))
    ...     sizes = [(Path(place) / "a.jdx").write_text("##TITLE=")]
    ...     watcher.skip([], until=0)
    ...     looks = [[Path(path).name for path in watcher.poll()] for _ in range(3)]
    >>> looks
    [[], ['a.jdx'], []]
    """

    folder: Path
    wanted: Callable[[str], bool]
    available: bool = True
    _reported: dict[str, Stamp] = field(default_factory=dict)
    _growing: dict[str, Stamp] = field(default_factory=dict)
    _not_free: Counter[str] = field(default_factory=Counter)

    def skip(self, done: Iterable[str], *, until: int) -> None:
        """Leave out files of an earlier run: those ``done`` that did not change after ``until``.

        Parameters
        ----------
        done
            Paths as ``poll`` gives them.
        until
            Time of change in nanoseconds since 1970 up to which a file is that of the earlier run.
        """
        names = set(done)
        for path, stamp in self._look():
            if path in names and stamp.modified <= until:
                self._reported[path] = stamp

    def poll(self) -> list[str]:
        """Paths of the files completed since the last call, oldest first."""
        ready: list[tuple[int, str]] = []
        growing: dict[str, Stamp] = {}
        for path, stamp in self._look():
            if self._reported.get(path) == stamp:
                continue
            if self._growing.get(path) == stamp and stamp.size and self._is_free(path, stamp):
                self._reported[path] = stamp
                ready.append((stamp.modified, path))
            else:
                growing[path] = stamp
        self._growing = growing
        return [path for _, path in sorted(ready)]

    def _is_free(self, path: str, stamp: Stamp) -> bool:
        """True when nothing more is to be written, as far as can be seen."""
        if is_free(Path(path), stamp.size):
            self._not_free.pop(path, None)
            return True
        self._not_free[path] += 1
        return self._not_free[path] > MOST_LOOKS

    def _look(self) -> Iterator[tuple[str, Stamp]]:
        self.available = os.access(self.folder, os.R_OK | os.X_OK)
        if self.available:
            yield from _files(str(self.folder), self.wanted)


def _files(folder: str, wanted: Callable[[str], bool]) -> Iterator[tuple[str, Stamp]]:
    """Regular files below ``folder``; what vanishes or cannot be read meanwhile is left out."""
    pending = [folder]
    while pending:
        try:
            entries = list(os.scandir(pending.pop()))
        except OSError:
            continue
        for entry in entries:
            if entry.name.startswith("."):
                continue
            try:
                if entry.is_dir(follow_symlinks=False):
                    pending.append(entry.path)
                elif entry.is_file() and wanted(entry.path):
                    found = entry.stat()
                    yield entry.path, Stamp(found.st_size, found.st_mtime_ns)
            except OSError:
                continue
