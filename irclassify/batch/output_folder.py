"""A folder of Parquet parts, here or at a URL: a part is there whole or not at all."""

from __future__ import annotations

import os
import uuid
from pathlib import Path
from typing import Any, BinaryIO

import fsspec

from irclassify.errors import UsageError
from irclassify.sources.held import patiently
from irclassify.sources.remote import url_of


class Store:
    """Named bytes in a folder. Small and picklable.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as place:
    ...     store = Store(place)
    ...     store.put("part-0", b"answers")
    ...     print(store.has("part-0"), store.names(), store.open("part-0").read())
    True {'part-0'} b'answers'
    """

    def __init__(self, place: str) -> None:
        """``place``: a folder or a URL; it is made when something is put there."""
        self.place = url_of(place) or str(Path(place).absolute())
        self._remote = url_of(place) is not None

    def open(self, name: str) -> BinaryIO:
        """A file to read. Raises FileNotFoundError when there is none."""
        if self._remote:
            files, path = self._files()
            stream: BinaryIO = files.open(f"{path}/{name}", "rb")
            return stream
        return (Path(self.place) / name).open("rb")

    def has(self, name: str) -> bool:
        """True when something is stored under a name."""
        if self._remote:
            files, path = self._files()
            return bool(files.exists(f"{path}/{name}"))
        return (Path(self.place) / name).exists()

    def put(self, name: str, data: bytes) -> None:
        """Store bytes, replacing what was there in one step.

        An object store shows an object when all of it has arrived; here the file gets its name
        when it is written. Raises UsageError when it cannot be.
        """
        try:
            if self._remote:
                files, path = self._files()
                files.makedirs(path, exist_ok=True)
                files.pipe_file(f"{path}/{name}", data)
                return
            folder = Path(self.place)
            folder.mkdir(parents=True, exist_ok=True)
            part = folder / f".{name}.{uuid.uuid4().hex}"
            with part.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            patiently(lambda: part.replace(folder / name))
        except OSError as error:
            said = error.strerror or error
            raise UsageError(f"-o {self.place}: cannot be written: {said}") from error

    def names(self) -> set[str]:
        """What is stored, without what was left unfinished."""
        try:
            if self._remote:
                files, path = self._files()
                found = [name.rsplit("/", 1)[-1] for name in files.ls(path, detail=False)]
            else:
                found = os.listdir(self.place)  # noqa: PTH208 - names alone
        except FileNotFoundError:
            return set()
        return {name for name in found if not name.startswith(".")}

    def _files(self) -> tuple[Any, str]:
        files, path = fsspec.core.url_to_fs(self.place)
        return files, path.rstrip("/")
