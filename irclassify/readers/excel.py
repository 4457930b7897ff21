"""Excel workbooks (.xlsx): each sheet is read as the text it would be if saved with tabs.

Cells come from the package python-calamine (MIT, one wheel, no other packages; an extra). It
holds a sheet as a full rectangle, so what a workbook unpacks to and how far its cells reach is
looked at before it is asked.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Sequence
from typing import Any

from irclassify.errors import (
    IrclassifyError,
    MalformedFileError,
    NoDataError,
    TooLargeError,
    UnknownFormatError,
    UsageError,
)
from irclassify.extras import extra
from irclassify.limits import MAX_TEXT_BYTES
from irclassify.readers import text
from irclassify.readers.encoding import normalise
from irclassify.spectra.spectrum import Measurement

_MAX_UNPACKED = 4 * MAX_TEXT_BYTES
_MAX_CELLS = 4_000_000
_CELL = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_MAX_SHEETS = 100


def read(data: bytes) -> list[Measurement | IrclassifyError]:
    """The spectra of all sheets, in order; sheets without any are left out when others have some.

    Raises UsageError without the extra, TooLargeError, MalformedFileError, or what is wrong with
    the first sheet when no sheet holds a spectrum.

    Examples
    --------
    >>> read(b"PK, and no workbook")
    Traceback (most recent call last):
        ...
    irclassify.errors.MalformedFileError: the workbook is damaged...
    """
    try:
        calamine = extra("python_calamine", "excel")
    except UsageError as error:
        raise UnknownFormatError(f"an Excel workbook: {error}, or save the sheet as CSV") from None
    found: list[Measurement | IrclassifyError] = []
    empty: IrclassifyError | None = None
    for sheet in _sheets(calamine, _bounded(data)):
        try:
            found += text.read(normalise(sheet))
        except (UnknownFormatError, NoDataError) as error:
            empty = empty or error.kept()
        except IrclassifyError as error:
            found.append(error.kept())
    if not found:
        raise empty or NoDataError("a workbook without a sheet of numbers")
    return found


def _bounded(data: bytes) -> bytes:
    """The same workbook, unpacked as far as its limits allow and stored without compression."""
    held = io.BytesIO()
    left = _MAX_UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed, zipfile.ZipFile(held, "w") as plain:
            for info in packed.infolist()[:10_000]:
                if not info.filename.endswith((".xml", ".rels")):
                    continue
                left -= info.file_size
                if left < 0:
                    raise TooLargeError(
                        f"the workbook unpacks to more than {_MAX_UNPACKED >> 20} MB: split it"
                    )
                member = packed.read(info)  # no further than file_size, whatever follows
                _check_reach(member)
                plain.writestr(info.filename, member)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError) as error:
        raise MalformedFileError(
            f"the workbook is damaged ({type(error).__name__}); save it again"
        ) from None
    return held.getvalue()


def _check_reach(member: bytes) -> None:
    """Refuse a sheet whose cells lie so far apart that the rectangle around them is too large."""
    rows = columns = 1
    for letters, digits in _CELL.findall(member):
        rows = max(rows, int(digits))
        number = 0
        for letter in letters:
            number = 26 * number + letter - 64
        columns = max(columns, number)
    if rows * columns > _MAX_CELLS:
        raise TooLargeError(
            f"a sheet of {rows} rows and {columns} columns: at most {_MAX_CELLS} cells are read"
        )


def _sheets(calamine: Any, data: bytes) -> list[bytes]:
    """Each sheet as text: a line a row, tabs between cells."""
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = book.sheet_names[:_MAX_SHEETS]
        return [_as_text(book.get_sheet_by_name(name).to_python()) for name in names]
    except BaseException as error:  # its panics are no Exceptions
        if isinstance(error, (KeyboardInterrupt, SystemExit)):
            raise
        said = " ".join(str(error).split())[:100]
        raise MalformedFileError(f"the workbook is damaged ({said}); save it again") from None


def _as_text(rows: Sequence[Sequence[object]]) -> bytes:
    return "\n".join("\t".join(map(_cell, row)) for row in rows).encode()


def _cell(value: object) -> str:
    if isinstance(value, float):
        return repr(value)
    return " ".join(str(value).split())
