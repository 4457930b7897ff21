"""Files that are not on this machine's disks: any URL fsspec knows, such as s3:// and gs://.

Imported for a run on a cluster only: fsspec comes with the extra ``dask``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec

from irclassify.errors import EmptyFileError, TooLargeError, UnreadableFileError
from irclassify.limits import MAX_BINARY_BYTES
from irclassify.sources.paths import Source, natural_key
from irclassify.sources.suffixes import is_known

# A drive letter is no scheme: those have two letters at least.
_URL = re.compile(r"([a-z][a-z0-9+.-]+):(/+)")


def url_of(path: str | Path) -> str | None:
    """The URL that a path stands for, None for a plain path.

    ``Path`` joins double slashes; they are restored.

    Examples
    --------
    >>> url_of(Path("s3://bucket/run")), url_of("run/film.csv")
    ('s3://bucket/run', None)
    """
    text = str(path)
    found = _URL.match(text)
    if found is None or len(found[2]) > 1:
        return text if found else None
    return f"{found[1]}:{'//' if found[1] == 'file' else '/'}{text[found.end(1) + 1 :]}"


class RemoteSource(Source):
    """A file at a URL; ``path`` is the URL. Small and picklable, as any Source."""

    __slots__ = ()

    def _read(self) -> bytes:
        try:
            with fsspec.open(self.path, "rb") as file:
                data: bytes = file.read(MAX_BINARY_BYTES + 1)
        except Exception as error:  # each kind of storage raises its own
            raise UnreadableFileError(f"cannot be read: {_said(error)}") from error
        if len(data) > MAX_BINARY_BYTES:
            raise TooLargeError(f"files are read up to {MAX_BINARY_BYTES / 2**20:.0f} MB")
        return data


def expand_url(url: str) -> Iterator[Source]:
    """What a URL stands for: a file, a folder (searched recursively) or a glob pattern.

    Examples
    --------
    >>> list(expand_url("memory://run/*.csv"))[0].name
    'memory://run/*.csv'
    """
    try:
        files, path = fsspec.core.url_to_fs(url)
        if files.isdir(path):
            names = [name for name in files.find(path) if _is_wanted(name, path)]
            problem = "the folder holds no file with a known suffix"
        else:
            names = files.glob(path) if any(c in path for c in "*?[") else [path]
            problem = "no file matches the pattern"
    except Exception as error:  # noqa: BLE001 - each kind of storage raises its own
        names, problem = [], f"cannot be listed: {_said(error)}"
    if not names:
        yield Source(url, url, problem=EmptyFileError(problem))
    for name in sorted(names, key=natural_key):
        full = files.unstrip_protocol(name)
        yield RemoteSource(full, full)


def _is_wanted(name: str, folder: str) -> bool:
    inner = name[len(folder) :]
    return is_known(name) and not any(part.startswith(".") for part in inner.split("/"))


def _said(error: Any) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:200]
