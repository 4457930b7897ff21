"""What parts the numbers of a text and what marks their decimals, judged by all of its rows.

The comma may do either. Where the rows do not settle which, the text is refused: a spectrum read
with the wrong mark looks like another spectrum.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from irclassify.errors import MalformedFileError, NoDataError
from irclassify.limits import MAX_POINTS_IN_FILE, check_points, check_total
from irclassify.readers import fast_floats
from irclassify.readers.text.header import Header
from irclassify.readers.text.sections import MISSING, Section, with_gaps_marked
from irclassify.spectra.y_words import states_unit

Floats = NDArray[np.float64]

_QUOTED = re.compile(rb'"([^"\n]*)"')
_QUOTED_COMMA = b"\x01"
_GROUPED = re.compile(rb"[-+]?\d{1,3}(?:[,.']\d{3})+")
_LEADING_ZERO = re.compile(rb",0\d")
_TWO_COMMAS = re.compile(rb"^[^\n,]*+,[^\n,]*+,[ \t]*+[^\s,]", re.MULTILINE)
_D_EXPONENT = re.compile(rb"(?<=[\d.])[dD](?=[-+]?\d)")
_COMMA_AT_BLANK = re.compile(rb",[ ]+")
_APOSTROPHE = re.compile(rb"(?<=\d)'(?=\d{3})")
_PARTING = {b",": rb"[\n \t,]+", b";": rb"[\n;]", b"\t": rb"[\n\t]", b"|": rb"[\n|]"}
_BLANK_INSIDE = re.compile(rb"[\d.\"?][ ]+[-+.\"\d?]")

_BOTH = (
    "commas may separate the numbers or mark their decimals: export with semicolons or tabs "
    "between the numbers"
)


@dataclass(frozen=True)
class _Dialect:
    """``separator`` b' ' is white space; ``thousands`` is the mark between groups, b'' for none."""

    separator: bytes
    decimal: bytes
    thousands: bytes = b""


def read_rows(section: Section, header: Header) -> Floats:
    r"""The numbers of a section, shape (rows, columns); NaN where a value is marked as missing.

    Raises MalformedFileError for rows that differ in length, cells that are no numbers, and
    commas of unclear meaning; NoDataError without numbers; TooLargeError.

    Examples
    --------
    >>> from irclassify.readers.text.sections import split
    >>> [section] = split(b"400,5;0,1\n402,5;0,2\n404,5;0,3\n")
    >>> read_rows(section, Header()).tolist()
    [[400.5, 0.1], [402.5, 0.2], [404.5, 0.3]]
    """
    try:
        return _read(section, header)
    except MalformedFileError:
        if b"-" not in section.body:  # the only mark for a gap among the characters of a row
            raise
        marked = with_gaps_marked(section)
        if marked.body == section.body:
            raise
        return _read(marked, header)


def _read(section: Section, header: Header) -> Floats:
    body = section.body
    body = _QUOTED.sub(_unquoted, body).replace(b'"', b"") if b'"' in body else body
    body = _APOSTROPHE.sub(b"", body) if b"'" in body else body  # 1'000, as in Switzerland
    dialect = _find_dialect(body, header, section.line)
    if _D_EXPONENT.search(body, 0, 4000):
        body = _D_EXPONENT.sub(b"E", body)
    plain = _plain(body, dialect)
    if _has_empty_cells(plain, dialect):
        return _with_empty_cells(plain, dialect, section.line)
    found = fast_floats.read_table(_spaced(plain, dialect), section.line)
    if not found.value.size:
        raise NoDataError("a header without numbers; export the spectrum again")
    columns = int(found.per_line[0])
    check_points(found.per_line.size)
    uneven = found.per_line != columns
    if uneven.any() or columns < 2:
        if dialect.separator != b" ":
            return _with_empty_cells(plain, dialect, section.line)
        at = int(np.argmax(uneven))
        raise _uneven(int(found.per_line[at]), max(columns, 2), section.line + int(found.line[at]))
    return found.value.reshape(-1, columns)


def _find_dialect(body: bytes, header: Header, line: int) -> _Dialect:
    """The marks of ``body``, rows of numbers without quotes.

    Raises MalformedFileError (at ``line``) where the comma may part numbers or decimals.
    """
    for mark in (b";", b"\t", b"|"):
        if mark in body:
            return _with_marks(mark, body, header, line)
    if _QUOTED_COMMA in body:  # commas inside quotes are not those that part the cells
        return _with_marks(b"," if b"," in body else b" ", body, header, line)
    if b"," not in body:
        return _Dialect(b" ", b".")
    blank_inside = b" " in body and bool(_BLANK_INSIDE.search(body))
    after_comma = body.count(b",") == len(_COMMA_AT_BLANK.findall(body)) + body.count(b",\n")
    if not after_comma and b", " in body and b"." not in body:  # "400,0, 0,012"
        return _Dialect(b", ", b",")
    if blank_inside and b", " not in body and b" ," not in body and b",\n" not in body:
        return _with_marks(b" ", body, header, line)
    if b"." not in body and not after_comma:
        _refuse_unclear_commas(body, header, line)
    return _Dialect(b",", b".")


def _with_marks(separator: bytes, body: bytes, header: Header, line: int) -> _Dialect:
    """Decimal mark and thousands mark of cells that ``separator`` parts."""
    comma = _QUOTED_COMMA if separator == b"," else b","
    if separator != b"," and _QUOTED_COMMA in body:
        body = body.replace(_QUOTED_COMMA, b",")
    if grouped := _groups_in_x(separator, body, comma):
        return _Dialect(separator, comma if grouped == b"." else b".", grouped)
    if comma not in body:
        return _Dialect(separator, b".", _dots_group(body))
    return _by_commas(separator, comma, body, header, line)


def _by_commas(separator: bytes, comma: bytes, body: bytes, header: Header, line: int) -> _Dialect:
    """The same where cells have commas: what those of all cells have in common tells."""
    has_dot = b"." in body
    parting = _PARTING.get(separator, rb"[\n \t;|]+")
    if not has_dot:  # some rows are enough where a comma has other than three digits behind it
        some = _with_commas(re.split(parting, body[:2000])[:-1], comma)
        if not all(map(_GROUPED.fullmatch, some)):
            return _Dialect(separator, comma)
    cells = re.split(parting, body[:200_000])
    with_comma = _with_commas(cells, comma)
    if has_dot:
        both = [cell for cell in with_comma if b"." in cell]
        if any(cell.rfind(b".") < cell.rfind(b",") for cell in both):
            return _Dialect(separator, comma, b".")  # 1.000,5
        if both or all(map(_GROUPED.fullmatch, with_comma)):
            return _Dialect(separator, b".", comma)  # 1,000.5
        raise MalformedFileError(
            "both commas and points mark decimals here: export with one of them", line=line
        )
    if all(map(_GROUPED.fullmatch, with_comma)):
        return _grouped_or_decimal(separator, comma, cells, header, line)
    return _Dialect(separator, comma)


def _with_commas(cells: list[bytes], comma: bytes) -> list[bytes]:
    """The cells in which ``comma`` stands, with a plain one."""
    return [cell.strip().replace(comma, b",") for cell in cells if comma in cell]


def _grouped_or_decimal(
    separator: bytes, comma: bytes, cells: list[bytes], header: Header, line: int
) -> _Dialect:
    """Every cell with a comma has three digits after it: "4,000" is 4000 or 4."""
    values = [cell.replace(comma, b",") for cell in cells if cell.strip()]
    if any(cell.lstrip(b"-+").startswith(b"0,") for cell in values):
        return _Dialect(separator, comma)
    x = values[:: _columns(header)]
    in_x = any(b"," in cell for cell in x)
    if any(cell.count(b",") > 1 for cell in values):
        return _Dialect(separator, b".", comma)
    if not in_x and states_unit(header.y_words() or ""):  # no unit reaches thousands
        return _Dialect(separator, comma)
    if in_x:
        as_decimal = _may_be_axis(_range(x, b"."), header)
        as_thousands = _may_be_axis(_range(x, b""), header)
        if as_decimal != as_thousands:
            return _Dialect(separator, comma) if as_decimal else _Dialect(separator, b".", comma)
    raise MalformedFileError(
        "a comma before three digits may separate thousands or mark decimals: export without "
        "thousands marks",
        line=line,
    )


def _columns(header: Header) -> int:
    """How many cells a row has, by the names above; 2 where there are no names."""
    return next((n for n in range(2, 50) if header.names(n)), 2)


def _range(cells: list[bytes], replaced: bytes) -> tuple[float, float] | None:
    """Lowest and highest of numbers that go one way; None when they do not."""
    try:
        values = np.array([float(cell.replace(b",", replaced)) for cell in cells])
    except ValueError:
        return None
    step = np.diff(values)
    if values.size < 2 or not ((step > 0).all() or (step < 0).all()):
        return None
    return float(values.min()), float(values.max())


def _may_be_axis(span: tuple[float, float] | None, header: Header) -> bool:
    """True when numbers from low to high may be X in the unit that the header names."""
    if span is None:
        return False
    low, high = span
    unit = header.x_unit_name()
    if unit == "cm-1":
        return high > 200
    if unit == "um":
        return low > 0.1 and high < 1000
    return True


def _dots_group(body: bytes) -> bytes:
    """b'.' where points part thousands in a way that decimals cannot ("1.000.000")."""
    return b"." if re.search(rb"\d\.\d{3}\.\d{3}", body[:20_000]) else b""


def _groups_in_x(separator: bytes, body: bytes, comma: bytes) -> bytes:
    """The mark in X that parts thousands: 998, 1.000, 1.002 falls apart if it marks decimals."""
    ends = body.strip().partition(b"\n")[0], body.strip().rpartition(b"\n")[2]
    low, high = sorted(len(re.sub(rb"\d", b"", end.split(separator, 1)[0])) for end in ends)
    if low == high:  # an axis that crosses 1000 has the mark at one end only
        return b""
    head = body[:200_000]
    rows = (row.strip() for row in head.split(b"\n")[:-1])
    cells = [row.split(separator, 1)[0].strip() for row in rows if row]
    marks = [mark for mark in (b".", comma) if any(mark in cell for cell in cells)]
    if len(marks) != 1:
        return b""
    marked = _with_commas(cells, marks[0])
    if len(marked) == len(cells) or not all(map(_GROUPED.fullmatch, marked)):
        return b""
    plain = [cell.replace(marks[0], b",") for cell in cells]
    return marks[0] if _range(plain, b"") and not _range(plain, b".") else b""


def _refuse_unclear_commas(body: bytes, header: Header, line: int) -> None:
    """Refuse rows of digits and several commas, unless the header has as many names as cells."""
    if not _TWO_COMMAS.search(body):
        return
    rows = body[:100_000].split(b"\n")[:1000]
    commas = [row.rstrip(b", \t").count(b",") for row in rows if row.strip()]
    same = len(set(commas)) == 1
    named = header.count_of_names(b",") == commas[0] + 1
    if not (same and named) or _LEADING_ZERO.search(body):
        raise MalformedFileError(_BOTH, line=line)


def _unquoted(match: re.Match[bytes]) -> bytes:
    return match.group(1).replace(b",", _QUOTED_COMMA).replace(b" ", b"") or MISSING


def _plain(body: bytes, dialect: _Dialect) -> bytes:
    """``body`` with points before decimals, nothing between thousands, its separators kept."""
    if dialect.separator == b", ":
        body = _COMMA_AT_BLANK.sub(b"\t", body)
    if dialect.separator != b"," and _QUOTED_COMMA in body and dialect.decimal != _QUOTED_COMMA:
        body = body.replace(_QUOTED_COMMA, b",")
    if dialect.thousands:
        body = body.replace(dialect.thousands, b"")
    if dialect.separator in (b";", b"\t", b"|") and b" " in body and re.search(rb"\d \d", body):
        body = re.sub(rb"(?<=\d) (?=\d{3}(?:\D|$))", b"", body)  # "4 000"
    if dialect.decimal != b".":
        body = body.replace(dialect.decimal, b".")
    return body


def _mark(dialect: _Dialect) -> bytes:
    return b"\t" if dialect.separator == b", " else dialect.separator


def _spaced(plain: bytes, dialect: _Dialect) -> bytes:
    text = plain if dialect.separator == b" " else plain.replace(_mark(dialect), b" ")
    return text.replace(MISSING, b" nan ") if MISSING in text else text


def _has_empty_cells(plain: bytes, dialect: _Dialect) -> bool:
    mark = _mark(dialect)
    if mark == b" ":
        return False
    squeezed = plain.translate(None, b" " if mark == b"\t" else b" \t")
    return mark * 2 in squeezed or b"\n" + mark in squeezed or squeezed.startswith(mark)


def _with_empty_cells(plain: bytes, dialect: _Dialect, line: int) -> Floats:
    """Rows cut cell by cell: an empty cell is a missing value, an empty column no column."""
    mark = _mark(dialect)
    check_points(plain.count(b"\n"))
    rows, numbers = [], []
    for number, row in enumerate(plain.split(b"\n"), line):
        if row.strip(b" \t,;|"):
            rows.append([cell.strip() for cell in row.split(mark)])
            numbers.append(number)
    width = max(map(len, rows), default=0)
    check_total(width * len(rows) * 2 if width * len(rows) > MAX_POINTS_IN_FILE else 0)
    filled = [max((i for i, cell in enumerate(row) if cell), default=-1) for row in rows]
    last = max(filled, default=-1)
    ends = {len(row) for row in rows}
    for cells, number in zip(rows, numbers, strict=True):
        if len(cells) <= last:
            raise _uneven(len(cells), last + 1, number)
    used = [c for c in range(last + 1) if any(row[c] for row in rows)]
    if len(used) < 2 or (len(ends) > 2):
        raise MalformedFileError("empty cells between the numbers; fill or remove them", line=line)
    text = b"\n".join(b" ".join(row[c] or MISSING for c in used) for row in rows)
    found = fast_floats.read_table(text.replace(MISSING, b"nan"), line)
    if (wrong := found.per_line != len(used)).any():  # a blank inside of a cell
        at = int(np.argmax(wrong))
        raise _uneven(int(found.per_line[at]), len(used), numbers[at])
    return found.value.reshape(len(rows), -1)


def _uneven(found: int, due: int, line: int) -> MalformedFileError:
    return MalformedFileError(f"{found} numbers where {due} are expected", line=line)
