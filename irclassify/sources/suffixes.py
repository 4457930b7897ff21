"""What a file's name says: whether it is looked for in a folder, and whether it may be a table."""

from __future__ import annotations

import os
import re

# Looked for inside folders and archives. Formats that are recognised but refused stand here too:
# a spectrum that is left out must be seen to be left out.
_JCAMP = (".jdx", ".dx", ".jcm", ".jcamp", ".jcamp-dx")
_TEXT = (".txt", ".csv", ".tsv", ".dat", ".asc", ".xy", ".prn", ".dpt")
_BINARY = (".spa", ".spg", ".srs", ".spc", ".sp", ".asp", ".jws", ".jrs", ".jwb", ".fsm", ".wdf")
_IMAGES = (".dmt", ".map")
_SHEETS = (".xlsx", ".xls")
# Files that may be tables of many spectra; irclassify.readers.tables looks closer.
_ARRAYS = (".npy", ".npz", ".parquet", ".arrow", ".feather", ".h5", ".hdf5", ".dmt")
KNOWN_SUFFIXES = frozenset(
    (*_JCAMP, *_TEXT, *_BINARY, *_IMAGES, *_SHEETS, *_ARRAYS, ".hdr", ".zip")
)
# What lies beside a table: its axis, and the files of an array of answers.
_BESIDE_ARRAYS = (".axis.npy", ".calls.npy", ".contributions.npy", ".about.npz")
_RAW = (".hdr", ".dat", ".img", ".raw", ".bsq", ".bil", ".bip")
_MAY_BELONG = (*_BESIDE_ARRAYS, *_RAW[1:])
TABLE_SUFFIXES = (*_ARRAYS, *_RAW, ".csv", ".tsv", ".txt")
_OPUS_SUFFIX = re.compile(r"\.\d{1,4}")
# Text files that the packing standard BagIt (RFC 8493) puts beside the data of an archive.
_BAGIT = re.compile(r"bagit\.txt|bag-info\.txt|fetch\.txt|(?:tag)?manifest-\w+\.txt")


def is_known(name: str) -> bool:
    """True for the suffixes looked for inside folders; Bruker numbers its files ``.0``, ``.1``.

    Examples
    --------
    >>> is_known("film.SPA"), is_known("film.0"), is_known("notes.docx")
    (True, True, False)
    """
    suffix = os.path.splitext(name)[1].lower()  # noqa: PTH122 - a Path takes ten times as long
    return suffix in KNOWN_SUFFIXES or bool(_OPUS_SUFFIX.fullmatch(suffix))


def may_be_table(path: str) -> bool:
    """True for the suffixes of files that may hold a table of many spectra.

    Examples
    --------
    >>> may_be_table("map.h5"), may_be_table("film.spa")
    (True, False)
    """
    return path.lower().endswith(TABLE_SUFFIXES)


def is_hidden(name: str) -> bool:
    """True for a member that holds no data: hidden files, macOS's copies, lists of BagIt.

    Examples
    --------
    >>> is_hidden("__MACOSX/film.csv"), is_hidden("run/.film.csv"), is_hidden("run/film.csv")
    (True, True, False)
    """
    parts = (part for part in name.split("/") if part not in (".", ".."))
    if any(part.startswith(".") or part == "__MACOSX" for part in parts):
        return True
    return bool(_BAGIT.fullmatch(name.rpartition("/")[2]))


def belongs_to_another(path: str) -> bool:
    """True for the numbers beside an ENVI header, and for what lies beside an array.

    Examples
    --------
    >>> belongs_to_another("no_folder/map.axis.npy"), belongs_to_another("film.csv")
    (False, False)
    """
    if not path.endswith(_MAY_BELONG):
        return False
    for ending in _BESIDE_ARRAYS:
        if path.endswith(ending):
            return os.path.exists(f"{path.removesuffix(ending)}.npy")  # noqa: PTH110
    stem, _ = os.path.splitext(path)  # noqa: PTH122 - a Path takes ten times as long
    return any(map(os.path.exists, (f"{stem}.hdr", f"{path}.hdr")))
