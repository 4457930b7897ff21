"""JCAMP-DX 4.24 to 6 for infrared spectra: labels and tables -> measurements, checked.

What the file says about itself is used to check what was decoded: NPOINTS, FIRSTX, LASTX, DELTAX,
the X value that opens every line, FIRSTY, MAXY and MINY. The X values of the lines are the
arbiter: they are the only statement about X that is repeated through the data.

Source: McDonald and Wilks, Appl. Spectrosc. 42 (1988) 151.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from irclassify.errors import (
    IrclassifyError,
    MalformedFileError,
    NoDataError,
    UnfitSpectrumError,
)
from irclassify.limits import MAX_TEXT_BYTES, check_bytes, check_spectra, check_total
from irclassify.readers.jcamp import ntuples
from irclassify.readers.jcamp.axis import listed_axis, uniform_axis
from irclassify.readers.jcamp.records import PEAKS, Block, Table, parse_number, split_blocks
from irclassify.readers.jcamp.table import Rows, decode_pairs, decode_rows, marks_decimals
from irclassify.spectra.data_types import refuse_other_kinds
from irclassify.spectra.extremes import greatest, least
from irclassify.spectra.phase import phase_of
from irclassify.spectra.spectrum import Measurement
from irclassify.spectra.x_units import refuse_other_axes

_FORMAT = "JCAMP-DX"
_ORDINATES = re.compile(r"\(X\+\+\(([A-Z])\.\.\1\)\)")
_PHASE_LABELS = ("STATE", "SAMPLINGPROCEDURE", "SAMPLEFORM", "SAMPLING")
Floats = NDArray[np.float64]


def read(text: bytes) -> list[Measurement | IrclassifyError]:
    r"""Every spectrum of a JCAMP-DX file, in order; a damaged block gives its error in its place.

    ``text`` has passed ``encoding.normalise``. Raises NoDataError for headers without data.

    Examples
    --------
    >>> rows = b"##XYPOINTS=(XY..XY)\n400,0.1\n402,0.2\n404,0.3\n##END=\n"
    >>> [film] = read(b"##TITLE=film\n##XUNITS=1/CM\n##YUNITS=ABSORBANCE\n" + rows)
    >>> film.title, film.x.tolist(), film.y.tolist()
    ('film', [400.0, 402.0, 404.0], [0.1, 0.2, 0.3])
    """
    check_bytes(text, MAX_TEXT_BYTES)
    blocks = split_blocks(text)
    check_spectra(sum(len(b.tables) for b in blocks))
    found: list[Measurement | IrclassifyError] = []
    points = 0
    for block in blocks:
        for table in block.tables:
            try:
                measurement = _measurement(block, table)
            except IrclassifyError as error:
                found.append(error.kept())
                continue
            points += measurement.y.size
            check_total(points)
            found.append(measurement)
    if not found:
        raise _why_no_data(blocks)
    return found


def _why_no_data(blocks: list[Block]) -> IrclassifyError:
    for block in blocks:
        refuse_other_kinds(block.labels.get("DATATYPE"))
    said = next((b.labels["DATAPROCESSING"] for b in blocks if "DATAPROCESSING" in b.labels), "")
    reason = f" (it says {said!r})" if "NO SPECTRUM" in said.upper() else ""
    return NoDataError(f"a JCAMP-DX header without data{reason}; get the spectrum itself")


def _measurement(block: Block, table: Table) -> Measurement:
    refuse_other_kinds(block.labels.get("DATATYPE"))
    block = ntuples.as_plain_block(block, table) if table.label == "DATATABLE" else block
    refuse_other_axes(block.labels.get("XUNITS"))
    if table.label in PEAKS and table.form != "(XY..XY)":
        raise UnfitSpectrumError(
            "a peak table, not a spectrum: export the full curve (XYDATA)", line=table.line - 1
        )
    x, y, warnings = _points(block, table)
    if not y.size:
        raise NoDataError("a data table without values; get the spectrum itself", line=table.line)
    if table.label in PEAKS:
        warnings.append(_curve_or_refuse(x, table))
    if not (isfinite(least(y)) and isfinite(greatest(y))):
        known = np.isfinite(y)
        if not known.any():
            raise NoDataError("only missing values ('?'); get the spectrum itself", line=table.line)
        warnings.append(f"{y.size - int(known.sum())} points are marked as missing ('?')")
        x, y = x[known], y[known]
    return Measurement(
        x=x,
        y=y,
        format=_FORMAT,
        x_unit=block.labels.get("XUNITS") or None,
        y_unit=block.labels.get("YUNITS") or None,
        data_type=block.labels.get("DATATYPE") or None,
        title=block.labels.get("TITLE", "").split("\n")[0],
        state=_state(block),
        header=block.header,
        warnings=tuple(warnings),
    )


def _curve_or_refuse(x: Floats, table: Table) -> str:
    """A warning when a PEAK TABLE holds a curve: many points at even distances, as no peaks are."""
    step = np.diff(x)
    if x.size < 100 or np.ptp(step) > 0.05 * abs(float(step.mean())):
        raise UnfitSpectrumError(
            "a peak table, not a spectrum: export the full curve (XYDATA)", line=table.line - 1
        )
    return f"labelled {table.label} but {x.size} evenly spaced points are a curve: read as one"


def _points(block: Block, table: Table) -> tuple[Floats, Floats, list[str]]:
    """Scaled x and y of a table, NaN where the file has '?', and warnings."""
    warnings: list[str] = []
    x_factor, y_factor = _factor(block, "XFACTOR"), _factor(block, "YFACTOR")
    if table.form.startswith("(XY..XY)"):
        x, y = decode_pairs(table.body, table.line)
        y = y * y_factor
        x, warnings = listed_axis(block, x, x_factor)
        if table.label not in PEAKS:
            _check_count(block, y.size)
    elif _ORDINATES.match(table.form):
        rows = _rows(block, table)
        y = rows.y * y_factor
        x, warnings = uniform_axis(block, rows, x_factor)
    else:
        raise MalformedFileError(
            f"data form {table.form[:20]!r}: known are (X++(Y..Y)) and (XY..XY)",
            line=table.line - 1,
        )
    warnings += _check_ordinates(block, y, y_factor)
    return x, y, warnings


_CLOSING_LINE = re.compile(rb"\n[ \t]*[-+]?[\d.]+[ \t]*@[ \t\n]*$")


def _rows(block: Block, table: Table) -> Rows:
    """An (X++(Y..Y)) table; a closing line such as ``31999@``, no point of it, is left out."""
    comma = b"," in table.body and marks_decimals(table.body, _numbers_said(block))
    end = max(len(table.body) - 80, 0)
    closing = _CLOSING_LINE.search(table.body, end) if table.body.find(b"@", end) >= 0 else None
    stated = block.number("NPOINTS")
    if closing is None or stated is None:
        return decode_rows(table.body, table.line, decimal_comma=comma)
    try:
        rows = decode_rows(table.body, table.line, decimal_comma=comma)
        if rows.y.size == stated:
            return rows
    except MalformedFileError:
        pass
    shorter = decode_rows(table.body[: closing.start() + 1], table.line, decimal_comma=comma)
    if shorter.y.size == stated:
        return shorter
    return decode_rows(table.body, table.line, decimal_comma=comma)


_NUMBERS = (
    "FIRSTX",
    "LASTX",
    "DELTAX",
    "XFACTOR",
    "YFACTOR",
    "FIRSTY",
    "MAXY",
    "MINY",
    "RESOLUTION",
)


def _numbers_said(block: Block) -> Iterator[str]:
    """The values of the labels that hold numbers."""
    return (block.labels[label] for label in _NUMBERS if label in block.labels)


def _state(block: Block) -> str | None:
    """The sample's phase in the file's words: STATE, or how it was prepared."""
    said = [block.labels[label] for label in _PHASE_LABELS if block.labels.get(label)]
    return next((words for words in said if phase_of(words)), block.labels.get("STATE") or None)


def _factor(block: Block, label: str) -> float:
    text = block.labels.get(label, "")
    value = 1.0 if not text else parse_number(text)
    if not value:
        raise MalformedFileError(f"##{label}={text}: a scale factor must be a number, not zero")
    return value


def _check_count(block: Block, count: int) -> None:
    stated = block.number("NPOINTS")
    if stated is not None and count < stated:
        raise MalformedFileError(
            f"##NPOINTS={stated:.0f} but {count} points follow: the file is cut off or damaged"
        )


def _check_ordinates(block: Block, y: Floats, y_factor: float) -> list[str]:
    """Compare with FIRSTY, MAXY and MINY, which real files round, or give before scaling."""
    if not y.size:
        return []
    low, high = least(y), greatest(y)
    if np.isnan(low):  # some are missing
        return _check_ordinates(block, y[np.isfinite(y)], y_factor)
    slack = 0.01 * (high - low) + abs(y_factor)
    wrong = []
    for label, found in (("FIRSTY", float(y[0])), ("MAXY", high), ("MINY", low)):
        stated = block.number(label)
        if stated is None:
            continue
        if min(abs(stated - found), abs(stated * y_factor - found)) > slack:
            wrong.append(f"##{label}={stated:g} but the data give {found:g}")
    return wrong
