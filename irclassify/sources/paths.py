"""What the user names on the command line -> spectrum files, in a stable order, read lazily.

A PATH is a file, a folder, a glob pattern the shell left alone, ``-`` for standard input, a zip
archive, or something inside one (``archive.zip/inner/file.jdx``). Named files are always tried.
Folders are searched recursively and archives throughout, for files with a known suffix; hidden
files (and macOS's ``__MACOSX``) are left out. Natural order: ``run2`` comes before ``run10``.

Nothing here fails: whatever cannot be read becomes a Source whose ``read`` says why, so that it
ends as one row among the others. Archives are never unpacked to disk and the names of their
members are labels only, so a name such as ``../../etc/passwd`` leads nowhere. In a folder and for a
pattern, each real file is read once, however many links lead to it. A pipe, socket or device is a
row and never opened.
"""

from __future__ import annotations

import glob
import os
import re
import stat
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import BinaryIO, NamedTuple

from irclassify.errors import EmptyFileError, IrclassifyError, TooLargeError, UnreadableFileError
from irclassify.limits import MAX_BINARY_BYTES as MAX_FILE_BYTES
from irclassify.sources import archives
from irclassify.sources.held import patiently
from irclassify.sources.patterns import matches, why_missing
from irclassify.sources.suffixes import belongs_to_another, is_hidden, is_known

STDIN = "-"

_DIGITS = re.compile(r"(\d+)")


class Source(NamedTuple):
    """One file to read: small, picklable, its bytes still where they are.

    ``name`` is what the user sees. ``path`` is the file on disk (``-`` for standard input) and
    ``member`` the index of a member of that zip archive. ``problem`` is raised instead of reading.
    """

    name: str
    path: str
    member: int | None = None
    problem: IrclassifyError | None = None
    data: bytes | None = None

    def read(self) -> bytes:
        """The file's bytes.

        Raises
        ------
        UnreadableFileError, TooLargeError
            Or the problem that was known already.

        Examples
        --------
        >>> Source("film.csv", "film.csv", data=b"400,0.1").read()
        b'400,0.1'
        """
        if self.problem is not None:
            raise self.problem
        if self.data is not None:
            return self.data
        try:
            return patiently(self._read)
        except OSError as error:
            raise UnreadableFileError(f"cannot be read: {error.strerror or error}") from error

    def _read(self) -> bytes:
        if self.path == STDIN:
            if sys.stdin is None:
                raise UnreadableFileError("standard input is closed")
            return _read_stream(sys.stdin.buffer)
        if self.member is not None:
            return archives.read_member(self.path, self.member)
        return _read_file(self.path)

    def here(self) -> Source:
        """The same source for another process: standard input is read now, files stay lazy.

        Examples
        --------
        >>> source = Source("film.csv", "film.csv")
        >>> source.here() is source
        True
        """
        if self.path != STDIN:
            return self
        try:
            return self._replace(data=self.read())
        except IrclassifyError as error:
            return self._replace(problem=error)


def expand(paths: Iterable[str]) -> Iterator[Source]:
    """Every source the paths stand for, in the order given, folders and archives in natural order.

    A path that stands for nothing becomes one Source whose ``read`` says so.

    Examples
    --------
    >>> [source.name for source in expand(["-", "missing.csv"])]
    ['-', 'missing.csv']
    """
    for path in paths:
        yield from _expand_one(path)


def natural_key(name: str) -> str:
    """A key that sorts numbers inside names by value: 2 before 10.

    Each number is led by its length, and by a character that no name holds. A single text, as a
    folder may hold a million names.

    Examples
    --------
    >>> sorted(["run10.spa", "run2.spa"], key=natural_key)
    ['run2.spa', 'run10.spa']
    """
    parts = _DIGITS.split(name.casefold())
    for at in range(1, len(parts), 2):
        number = parts[at].lstrip("0")
        parts[at] = f"\0{chr(len(number) + 1)}{number}"
    return f"{''.join(parts)}\0\0{name}"


def _expand_one(path: str) -> Iterator[Source]:
    if path == STDIN:
        yield Source(STDIN, STDIN)
    elif os.path.isdir(path):  # noqa: PTH112 - a Path raises where the folder is not readable
        yield from _some(
            _each_once(_folder(path)) if _holds_links(path) else _folder(path),
            path,
            "the folder holds no file with a known suffix",
        )
    elif os.path.lexists(path):
        yield from _file(path)
    elif archive := _archive_above(path):
        yield from _archive(archive, inner=path[len(archive) + 1 :].replace(os.sep, "/"))
    elif glob.has_magic(path):
        yield from _glob(path)
    else:
        yield Source(path, path, problem=UnreadableFileError(why_missing(path)))


def _file(path: str) -> Iterator[Source]:
    if problem := _refusal(path):
        yield Source(path, path, problem=problem)
    else:
        yield from _plain_file(path)


def _plain_file(path: str) -> Iterator[Source]:
    if path.lower().endswith(".zip"):
        yield from _archive(path)
    else:
        yield Source(path, path)


def _refusal(path: str) -> UnreadableFileError | None:
    """Why what is there cannot be read as a file; None for a file."""
    try:
        mode = os.stat(path).st_mode  # noqa: PTH116 - a Path takes longer
    except OSError as error:
        return UnreadableFileError(f"cannot be read: {error.strerror}")
    if stat.S_ISREG(mode):
        return None
    kind = next((name for test, name in _KINDS if test(mode)), "something else")
    return UnreadableFileError(f"not a file but {kind}; to read from a program say - for stdin")


_KINDS = (
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISDIR, "a folder"),
    (lambda mode: stat.S_ISCHR(mode) or stat.S_ISBLK(mode), "a device"),
)


def _each_once(sources: Iterable[Source]) -> Iterator[Source]:
    """The sources without those whose real file was there before under another name."""
    seen: set[tuple[str, int | None]] = set()
    for source in sources:
        real = (_real(source.path), source.member)
        if real not in seen:
            seen.add(real)
            yield source


def _real(path: str) -> str:
    """The path without links; that of a folder is looked up once."""
    if os.path.islink(path):  # noqa: PTH114 - called for every file
        return os.path.realpath(path)
    folder, name = os.path.split(path)
    return f"{_real_folder(folder, os.getcwd())}/{name}"  # noqa: PTH109


@cache
def _real_folder(folder: str, _here: str) -> str:
    return os.path.realpath(folder)


def _some(sources: Iterator[Source], path: str, if_none: str) -> Iterator[Source]:
    """The sources, or one that says there were none."""
    first = next(sources, None)
    yield first or Source(path, path, problem=EmptyFileError(if_none))
    yield from sources


def _folder(folder: str) -> Iterator[Source]:
    # The sort keys end with the names: they are all that is kept, as there may be a million.
    keys: list[str] = []
    others: set[str] = set()  # folders, links, pipes
    try:
        with os.scandir(folder) as found:
            for entry in filter(_may_matter, found):
                keys.append(natural_key(entry.name))
                if not entry.is_file(follow_symlinks=False):
                    others.add(entry.name)
    except OSError as error:
        problem = UnreadableFileError(f"the folder cannot be read: {error.strerror}")
        yield Source(folder, folder, problem=problem)
        return
    keys.sort(reverse=True)
    while keys:  # each is let go when it is used
        name = keys.pop().rpartition("\0\0")[2]
        path = os.path.join(folder, name)  # noqa: PTH118 - a Path takes ten times as long
        if name in others and os.path.isdir(path):  # noqa: PTH112
            if not os.path.islink(path):  # noqa: PTH114
                yield from _folder(path)
        elif not belongs_to_another(path):
            yield from (_file if name in others else _plain_file)(path)


def _may_matter(entry: os.DirEntry[str]) -> bool:
    """True for a folder and for a file with a known suffix."""
    if entry.name.startswith("."):
        return False
    return is_known(entry.name) or entry.is_dir(follow_symlinks=False)


def _holds_links(folder: str) -> bool:
    """True when a link stands anywhere below: only then can a file be there under two names."""
    try:
        with os.scandir(folder) as found:
            return any(
                entry.is_symlink()
                or (
                    entry.is_dir(follow_symlinks=False)
                    and not entry.name.startswith(".")
                    and _holds_links(entry.path)
                )
                for entry in found
            )
    except OSError:
        return False


def _glob(pattern: str) -> Iterator[Source]:
    found = sorted(set(matches(pattern)), key=natural_key)
    if "**" in pattern.replace(os.sep, "/").split(
        "/"
    ):  # which stands for all that is in a folder, not for the folder
        found = [path for path in found if not os.path.isdir(path)]  # noqa: PTH112
    if not found:
        yield Source(pattern, pattern, problem=UnreadableFileError("no file matches the pattern"))
    yield from _each_once(source for path in found for source in _expand_one(path))


def _archive_above(path: str) -> str | None:
    """The zip archive a path leads into, if it does."""
    for end in (match.end() for match in re.finditer(r"\.zip(?=[/\\])", path, re.IGNORECASE)):
        if Path(path[:end]).is_file():
            return path[:end]
    return None


def _archive(path: str, inner: str = "") -> Iterator[Source]:
    """Members of a zip: those with a known suffix, below the folder or of the name ``inner``."""
    try:
        names = archives.member_names(path)
    except IrclassifyError as error:
        yield Source(path, path, problem=error)
        return
    inner = inner.strip("/")
    chosen = (
        Source(f"{path}/{name}", path, member)
        for member, name in sorted(names, key=lambda item: natural_key(item[1]))
        if (name == inner or (_is_below(name, inner) and is_known(name) and not is_hidden(name)))
    )
    shown = f"{path}/{inner}" if inner else path
    yield from _some(chosen, shown, "the archive holds no such file with a known suffix")


def _is_below(name: str, folder: str) -> bool:
    return not folder or name.startswith(folder + "/")


def _read_file(path: str) -> bytes:
    with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - a Path takes twice as long
        size = os.fstat(file.fileno()).st_size
        if size > MAX_FILE_BYTES:
            raise TooLargeError(_too_large(f"{size / 2**20:.0f} MB"))
        # Pipes and devices have no size.
        return file.readall() if size else _read_stream(file)


def _read_stream(stream: BinaryIO) -> bytes:
    pieces, room = [], MAX_FILE_BYTES
    while piece := stream.read(min(room + 1, 2**20)):
        pieces.append(piece)
        room -= len(piece)
        if room < 0:
            raise TooLargeError(_too_large(f"more than {MAX_FILE_BYTES / 2**20:.0f} MB"))
    return b"".join(pieces)


def _too_large(size: str) -> str:
    return f"{size}: files are read up to {MAX_FILE_BYTES / 2**20:.0f} MB; export a single spectrum"
