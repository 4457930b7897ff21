"""The numbers of a JCAMP-DX data table: AFFN, PAC, SQZ, DIF and DUP, in any mixture.

Source: McDonald and Wilks, "JCAMP-DX: A Standard Form for Exchange of Infrared Spectra in
Computer Readable Form", Appl. Spectrosc. 42 (1988) 151, section 5 and tables VII to IX.

Everything is done on whole tables with numpy: archives are read at the speed of the number
parser, and no input takes more than linear time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from irclassify.errors import MalformedFileError
from irclassify.limits import check_points
from irclassify.readers import fast_floats
from irclassify.readers.jcamp import second_opinion

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

_PLAIN = b"0123456789.+- \t\n"
_COMMENT = re.compile(rb"\$\$[^\n]*")
_EXPONENT = re.compile(rb"(?<=[0-9.])[eE](?=[+-]?[0-9]{1,3}(?:[\s+,;-]|$))")

_FORTRAN_EXPONENT = re.compile(rb"(?<=[0-9.])[dD](?=[-+][0-9]{2,3}(?:[\s+,;-]|$))")
_COMMA_APART = re.compile(rb",[ \t\n]+|,$")
_MARK_BETWEEN = re.compile(rb"[0-9][ \t;]+[-+0-9]")
_DECIMAL_COMMA = re.compile(r"[-+]?\d+,\d+(?:[eEdD][-+]?\d+)?")
_ALONE = re.compile(rb"^[ \t]*[^\s]+[ \t]*$", re.MULTILINE)

ABSOLUTE, DIFFERENCE, REPEAT = 1, 2, 3


def _codes() -> tuple[dict[int, bytes], NDArray[np.uint8]]:
    """Each pseudo-digit's plain spelling, and the kind of token each byte opens (0: none)."""
    spelling, kinds = {}, np.zeros(256, np.uint8)
    for kind, letters, first in (
        (ABSOLUTE, b"@ABCDEFGHI", 0),
        (ABSOLUTE, b"abcdefghi", -1),
        (DIFFERENCE, b"%JKLMNOPQR", 0),
        (DIFFERENCE, b"jklmnopqr", -1),
        (REPEAT, b"STUVWXYZs", 1),
    ):
        for i, letter in enumerate(letters):
            spelling[letter] = b" %d" % (first - i if first < 0 else first + i)
            kinds[letter] = kind
    spelling[ord("?")] = b" nan"
    kinds[[ord(c) for c in "?+-.0123456789"]] = ABSOLUTE
    return spelling, kinds


_SPELLING, _KIND = _codes()
_OPENS = np.isin(np.arange(256), list(_SPELLING))


class Rows(NamedTuple):
    """An (X++(Y..Y)) table. NaN in ``y`` (n,) stands for the standard's '?', a missing value.

    ``line_x`` (m,) are the X values that open the lines, ``line_start`` (m,) the index in ``y`` of
    the point each belongs to, ``line`` (m,) the line numbers in the file.
    """

    y: Floats
    line_x: Floats
    line_start: Indices
    line: Indices


class _Tokens(NamedTuple):
    """Numbers of a table with their kind (None: all ABSOLUTE), the first and line of each line.

    ``text`` is the table without comments, where ``kind`` is given.
    """

    value: Floats
    kind: NDArray[np.uint8] | None
    first: Indices
    line: Indices
    text: bytes = b""


def decode_rows(body: bytes, line: int, *, decimal_comma: bool = False) -> Rows:
    r"""Decode an (X++(Y..Y)) table whose first byte stands on ``line`` of the file.

    ``decimal_comma``: commas between digits mark decimals (``marks_decimals`` finds out).

    Raises MalformedFileError (with the line) for characters no form uses, a DIF check value that
    does not match, a repeat count or a difference with nothing before it; TooLargeError for more
    points than any spectrum has.

    Examples
    --------
    >>> rows = decode_rows(b"400 1 2 3\n403 4 5\n", line=10)
    >>> rows.y.tolist(), rows.line_x.tolist(), rows.line_start.tolist(), rows.line.tolist()
    ([1.0, 2.0, 3.0, 4.0, 5.0], [400.0, 403.0], [0, 3], [10, 11])
    """
    tokens = _tokenise(_with_points(body) if decimal_comma else body, line)
    if tokens.value.size == 0:
        none, nowhere = np.empty(0), np.empty(0, np.int64)
        return Rows(none, none, nowhere, nowhere)
    gaps = tokens.first[1:] - tokens.first[:-1]
    least = int(gaps[gaps.argmin()]) if gaps.size else 2
    if tokens.first[-1] == tokens.value.size - 1 or least < 2:
        raise _alone(tokens)
    if tokens.kind is None:
        start = tokens.first - np.arange(tokens.first.size)
        return Rows(_without_x(tokens, gaps), tokens.value[tokens.first], start, tokens.line)
    rows = _resolve(tokens)
    if not (tokens.kind == DIFFERENCE).any() and second_opinion.disagrees(tokens.text, rows.y):
        raise MalformedFileError("two decoders read this table differently", line=line)
    return rows


def _without_x(tokens: _Tokens, gaps: Indices) -> Floats:
    """The ordinates of a plain table, (n,); lines of equal length, as most are, are cut at once."""
    value, last = tokens.value, int(tokens.first[-1])
    if gaps.size and gaps[gaps.argmin()] == gaps[gaps.argmax()]:
        return np.concatenate([value[:last].reshape(-1, gaps[0])[:, 1:].ravel(), value[last + 1 :]])
    is_y = np.ones(value.size, bool)
    is_y[tokens.first] = False
    return value[is_y]


def _alone(tokens: _Tokens) -> MalformedFileError:
    alone = np.diff(tokens.first, append=tokens.value.size) < 2
    return MalformedFileError(
        "an X value without Y values; the table is damaged", line=int(tokens.line[alone][0])
    )


def decode_pairs(body: bytes, line: int) -> tuple[Floats, Floats]:
    r"""Decode an (XY..XY) table into x and y, each of shape (n,); missing values are NaN.

    The standard's comma stands between X and Y. Where X goes no one way so, and does with commas
    that mark decimals ("400,5;0,0122"), they mark decimals.

    Raises MalformedFileError for what is no table of pairs.

    Examples
    --------
    >>> x, y = decode_pairs(b"400,0.1\n402,0.2\n", line=10)
    >>> x.tolist(), y.tolist()
    ([400.0, 402.0], [0.1, 0.2])
    """
    if b"(" in body:  # each pair in brackets
        body = _COMMENT.sub(b"", body).replace(b"(", b" ").replace(b")", b" ")
    if b"," not in body or b"." in _COMMENT.sub(b"", body):
        return _pairs(body, line)
    try:
        found, error = _pairs(body, line), None
    except MalformedFileError as damage:
        found, error = None, damage
    if found is None or not _one_way(found[0]):
        with suppress(MalformedFileError):
            other = _pairs(_with_points(body), line)
            if _one_way(other[0]):
                return other
    if found is None:
        assert error is not None
        raise error
    return found


def _pairs(body: bytes, line: int) -> tuple[Floats, Floats]:
    tokens = _tokenise(body, line)
    if tokens.kind is not None:
        raise MalformedFileError("compressed digits in an (XY..XY) table", line=line)
    if tokens.value.size % 2:
        raise MalformedFileError(
            f"{tokens.value.size} numbers in an (XY..XY) table: an X or a Y is missing", line=line
        )
    return tokens.value[::2], tokens.value[1::2]


def _one_way(x: Floats) -> bool:
    step = np.diff(x)
    return bool((step > 0).all() or (step < 0).all())


def marks_decimals(body: bytes, said: Iterable[str]) -> bool:
    r"""True when the commas of an (X++(Y..Y)) table mark decimals; the standard parts numbers so.

    ``said``: the values of labels that are numbers; one with a comma tells. Without one, commas
    inside of numbers that other marks part tell, or commas of both kinds ("400, 0,0122").

    Examples
    --------
    >>> marks_decimals(b"400,5 0,1\n402,5 0,2\n", ["4000,5"])
    True
    """
    if b"," not in body or b"." in _COMMENT.sub(b"", body):
        return False
    if any(_DECIMAL_COMMA.fullmatch(text.strip()) for text in said):
        return True
    apart = len(_COMMA_APART.findall(body))
    if apart:
        return apart < body.count(b",")
    return bool(_MARK_BETWEEN.search(body))


def _with_points(body: bytes) -> bytes:
    """Points for the commas that mark decimals, blanks for those beside a blank."""
    return _COMMA_APART.sub(b" ", body).replace(b",", b".")


def _tokenise(body: bytes, line: int) -> _Tokens:
    """Plain numbers at once; whatever is not that is looked at more closely."""
    if b"E" not in body and b"e" not in body:
        try:
            table = fast_floats.read_table(_space_signs(body), line)
            return _Tokens(table.value, None, table.first, table.line + line)
        except MalformedFileError:
            pass
    return _tokenise_any(body, line)


def _tokenise_any(body: bytes, line: int) -> _Tokens:
    text = _COMMENT.sub(b"", body).rstrip(b"\x1a\n\t ")  # DOS ends text files with Ctrl-Z
    text = text.replace(b",", b" ").replace(b";", b" ")
    letters = text.translate(None, _PLAIN)
    exponents = not letters.strip(b"dD")  # or they are the digits 4 of SQZ
    if letters and exponents and len(_FORTRAN_EXPONENT.findall(text)) == len(letters):
        text = _FORTRAN_EXPONENT.sub(b"E", text)
        letters = text.translate(None, _PLAIN)
    check_points(len(letters) / 2)
    codes = letters.replace(b"?", b"")
    if codes and _only_exponents(text, codes):
        text, letters, codes = (
            _space_signs(text, exponents=True),
            letters.translate(None, b"eE"),
            b"",
        )
    elif codes:
        _refuse_unknown(text, codes, line)
        text = _space_signs(text)
    else:
        text = _space_signs(text)
    table = fast_floats.read_table(_spell_out(text, letters), line)
    kind = _kinds(text) if codes else None
    if kind is not None and kind.size != table.value.size:
        raise MalformedFileError("the table's numbers cannot be told apart", line=line)
    check_points(table.value.size / (1 if codes else 2))
    return _Tokens(table.value, kind, table.first, table.line + line, text if codes else b"")


def _kinds(text: bytes) -> NDArray[np.uint8]:
    """The kind of every token: they start at a code, a sign, or a digit after white space."""
    codes = np.frombuffer(text, np.uint8)
    blank = codes <= 32
    start = ~blank
    start[1:] &= blank[:-1]
    return _KIND[codes[start | _OPENS[codes]]]


def _only_exponents(text: bytes, codes: bytes) -> bool:
    """True when every letter is the E of a number such as 1.5E-3, not SQZ's digit 5.

    A line such as 4000E12 would be an X without Y, so there it is the digit.
    """
    if codes.strip(b"eE") or len(_EXPONENT.findall(text)) != len(codes):
        return False
    return not _ALONE.search(_space_signs(text, exponents=True))


def _refuse_unknown(text: bytes, letters: bytes, line: int) -> None:
    unknown = letters.translate(None, bytes(_SPELLING))
    if unknown:
        at = text.index(unknown[:1])
        raise MalformedFileError(
            f"{unknown[:1].decode('latin-1')!r} inside the data table is not a number;  "
            "repair or export the file again",
            line=line + text.count(b"\n", 0, at),
        )


def _space_signs(text: bytes, exponents: bool = False) -> bytes:
    """Part numbers that only their signs part (PAC), leaving the signs of exponents alone."""
    for sign in (b"+", b"-"):
        if sign in text:
            text = text.replace(sign, b" " + sign)
            if exponents:
                text = text.replace(b"E " + sign, b"E" + sign).replace(b"e " + sign, b"e" + sign)
    return text


def _spell_out(text: bytes, letters: bytes) -> bytes:
    for letter in set(letters) & set(_SPELLING):
        text = text.replace(bytes([letter]), _SPELLING[letter])
    return text


def _resolve(tokens: _Tokens) -> Rows:
    """Repeat what DUP repeats, add up what DIF differs, check and drop the check values."""
    value, kind, is_x, line = _repeat(tokens)
    y, is_difference = value[~is_x], (kind == DIFFERENCE)[~is_x]
    start = np.flatnonzero(is_x) - np.arange(line.size)
    if is_difference[start].any():
        raise MalformedFileError(
            "a difference (DIF) with no value before it", line=int(line[is_difference[start]][0])
        )
    y = _add_up(y, is_difference)
    checks = 1 + np.flatnonzero(is_difference[start[1:] - 1])
    found, expected = y[start[checks]], y[start[checks] - 1]
    wrong = ~np.isclose(found, expected, rtol=1e-9, atol=1e-9) & np.isfinite(found + expected)
    if wrong.any():
        i = np.flatnonzero(wrong)[0]
        raise MalformedFileError(
            f"the DIF check value is {found[i]:g} but the line before ends at {expected[i]:g}; "
            "a character was lost or altered",
            line=int(line[checks[i]]),
        )
    dropped = np.zeros(line.size, np.int64)
    dropped[checks] = 1
    return Rows(
        np.delete(y, start[checks]),
        value[is_x],
        start - np.cumsum(dropped),
        line,
    )


def _repeat(
    tokens: _Tokens,
) -> tuple[Floats, NDArray[np.uint8], NDArray[np.bool_], Indices]:
    """Carry out DUP: value, kind and is_x of every number, and the line number of every X."""
    assert tokens.kind is not None
    is_x = np.zeros(tokens.value.size, bool)
    is_x[tokens.first] = True
    dup = np.flatnonzero(tokens.kind == REPEAT)
    count = tokens.value[dup]
    bad = (dup == 0) | is_x[dup] | is_x[dup - 1] | (tokens.kind[dup - 1] == REPEAT)
    bad |= (count < 1) | (count != np.floor(count))
    bad_x = tokens.kind[tokens.first] != ABSOLUTE
    if bad.any() or bad_x.any():
        at = dup[bad][0] if bad.any() else tokens.first[bad_x][0]
        row = np.searchsorted(tokens.first, at, side="right") - 1
        raise MalformedFileError(
            "a repeat count (DUP) or a difference (DIF) with no value before it",
            line=int(tokens.line[row]),
        )
    check_points(float(count.sum()))
    times = np.ones(tokens.value.size, np.int64)
    times[dup - 1] = count
    times[dup] = 0
    each = np.repeat(np.arange(times.size), times)
    return tokens.value[each], tokens.kind[each], is_x[each], tokens.line


def _add_up(y: Floats, is_difference: NDArray[np.bool_]) -> Floats:
    """Values from values and differences: each run is summed from its own absolute value."""
    base = np.maximum.accumulate(np.where(is_difference, 0, np.arange(y.size)))
    with np.errstate(all="ignore"):
        total = np.cumsum(np.where(is_difference, y, 0.0))
        summed: Floats = y[base] + total - total[base]
    return summed
