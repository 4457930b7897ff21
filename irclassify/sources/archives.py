"""Members of zip archives, read in place and on guard: a zip can claim anything about itself.

An archive of spectra has no reason for an index of more than 16 MB (some 200,000 members), for
members that overlap, or for a spectrum that shrank 250 times; those are refused before any byte
is inflated, and no member is inflated beyond the size it declares.
"""

from __future__ import annotations

import os
import struct
import zipfile
import zlib
from functools import lru_cache
from pathlib import Path

from irclassify.errors import (
    IrclassifyError,
    TooLargeError,
    UnreadableFileError,
    UnsupportedFormatError,
)
from irclassify.limits import MAX_BINARY_BYTES as MAX_FILE_BYTES
from irclassify.sources.held import wait_for

MAX_INDEX_BYTES = 16 * 2**20
_MAX_RATIO = 250
_SMALL_BYTES = 2**20  # below this a high ratio does no harm


def member_names(path: str) -> list[tuple[int, str]]:
    """Index and name of every file in the archive; folders are left out.

    Raises
    ------
    UnreadableFileError, TooLargeError
        When the archive is broken or hostile.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from zipfile import ZipFile
    >>> with TemporaryDirectory() as folder:
    ...     with ZipFile(f"{folder}/run.zip", "w") as archive:
    ...         archive.writestr("film/1.csv", "400,0.1")
    ...     member_names(f"{folder}/run.zip")
    [(0, 'film/1.csv')]
    """
    with _open(path) as archive:
        members = archive.infolist()
        if sum(member.compress_size for member in members) > Path(path).stat().st_size:
            raise TooLargeError("the archive's members overlap: it expands without end")
        return [(i, m.filename) for i, m in enumerate(members) if not m.is_dir()]


def read_member(path: str, member: int) -> bytes:
    """The bytes of the archive's member number ``member``.

    Raises
    ------
    TooLargeError, UnreadableFileError
    UnsupportedFormatError
        When the member is encrypted, is itself an archive, or is compressed in a rare way.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from zipfile import ZipFile
    >>> with TemporaryDirectory() as folder:
    ...     with ZipFile(f"{folder}/run.zip", "w") as archive:
    ...         archive.writestr("film/1.csv", "400,0.1")
    ...     read_member(f"{folder}/run.zip", 0)
    b'400,0.1'
    """
    archive = _kept_open(path, os.getpid())
    info = archive.infolist()[member]
    _refuse(info)
    try:
        with archive.open(info) as stream:
            # With a size, zipfile inflates no further than that, whatever the data hold.
            return stream.read(info.file_size + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise UnreadableFileError(f"the archive is damaged here: {error}") from error


def _refuse(info: zipfile.ZipInfo) -> None:
    if info.flag_bits & 1:
        raise UnsupportedFormatError("encrypted in the archive: unpack it with its password")
    if info.filename.lower().endswith(".zip"):
        raise UnsupportedFormatError("an archive inside an archive: unpack the outer one")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise UnsupportedFormatError(
            f"compressed by method {info.compress_type}: pack the archive with plain deflate"
        )
    if info.file_size > MAX_FILE_BYTES:
        raise TooLargeError(
            f"{info.file_size / 2**20:.0f} MB unpacked: files are read up to "
            f"{MAX_FILE_BYTES / 2**20:.0f} MB"
        )
    if info.file_size > max(_SMALL_BYTES, _MAX_RATIO * info.compress_size):
        raise TooLargeError(
            f"it shrank {info.file_size / max(info.compress_size, 1):.0f} times in the archive: "
            "too much for a spectrum"
        )


@lru_cache(maxsize=4)
def _kept_open(path: str, _process: int) -> zipfile.ZipFile:
    """An open archive, one a process: a file position must not be shared across a fork."""
    return _open(path)


def _open(path: str) -> zipfile.ZipFile:
    try:
        wait_for(Path(path))
        _check_index(path)
        return zipfile.ZipFile(path)
    except UnicodeDecodeError as error:
        raise UnreadableFileError(
            "a name in the archive says it is UTF-8 and is not: pack it again"
        ) from error
    except (zipfile.BadZipFile, struct.error, ValueError, NotImplementedError) as error:
        raise UnreadableFileError(f"not a zip archive, or a damaged one: {error}") from error
    except OSError as error:
        raise _unreadable(error) from error


def _unreadable(error: OSError) -> IrclassifyError:
    return UnreadableFileError(f"cannot be read: {error.strerror or error}")


def _check_index(path: str) -> None:
    """Look at the size of the central directory before zipfile turns it into objects."""
    with Path(path).open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - 66_000))
        tail = file.read()
    at = tail.rfind(b"PK\5\6")
    if at < 0:
        raise zipfile.BadZipFile("no table of contents")
    (index_bytes,) = struct.unpack_from("<L", tail, at + 12)
    if index_bytes == 0xFFFFFFFF:  # the true number stands in the zip64 record before it
        wide = tail.rfind(b"PK\6\6", 0, at)
        (index_bytes,) = struct.unpack_from("<Q", tail, wide + 40)
    if index_bytes > MAX_INDEX_BYTES:
        raise TooLargeError(
            f"a table of contents of {index_bytes / 2**20:.0f} MB: split the archive"
        )
