"""A text of many numbers -> float64, exactly, and many times faster than one by one.

Numbers of up to eight characters are read as one 64-bit word each, longer ones as two, all at
once: the eight bytes of "0.8470" become "00008470" and 4, and a few multiplications add up the
digits of all bytes (D. Lemire, "Number parsing at a gigabyte per second", Software: Practice and
Experience 51 (2021) 1700, section 7). Digits and power of ten are exact in float64, so their
quotient is the number a correct parser gives. All else (exponents, more digits) goes through
``float``.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from irclassify.errors import MalformedFileError
from irclassify.limits import MAX_POINTS, check_points

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
Words = NDArray[np.uint64]

_U = np.uint64
_PART = 100_000
_BLANKS = re.compile(rb"[ \t]{2,}")


def _word(value: int) -> Words:
    """A constant as an array without dimensions: of a scalar, each operation would make one."""
    return np.array(value, _U)


def _each_byte(value: int) -> Words:
    return _word(int.from_bytes(bytes([value]) * 8, "little"))


_BLANK, _LINE_FEED = np.array(ord(" "), np.uint8), np.array(ord("\n"), np.uint8)
_ONE, _EIGHT = np.array(1), np.array(8)
_U1, _U4, _U7, _U8, _U10, _U16, _U32, _U56 = map(_word, (1, 4, 7, 8, 10, 16, 32, 56))

# Bytes are looked at as c ^ '0': a digit is its own value then, and a dot is 0x1E.
_ZEROS, _ONES, _SIXES, _UPPER = (_each_byte(b) for b in (0x30, 0x01, 0x06, 0xF0))
_DOT, _BYTE = _word(ord("0") ^ ord(".")), _word(0xFF)
_DECIMALS = _word(0x0706050403020100)  # behind a dot in each of the bytes
# Lemire's factors: tens of pairs of digits, of four and of eight are added up in two products.
_PAIRS, _FIRST, _SECOND = map(_word, (0x000000FF000000FF, (1000000 << 32) + 100, (10000 << 32) + 1))
_LAST = np.array([0] + [(2**64 - 1) >> 8 * (8 - n) << 8 * (8 - n) for n in range(1, 9)], _U)
_POWERS = np.array([float(10**n) for n in range(23)])


class Table(NamedTuple):
    r"""Numbers (n,) of a text; for each line that has any, its first's index and 0-based line.

    Examples
    --------
    >>> read_table(b"400 0.1\n402 0.2\n404\n", 1).per_line.tolist()
    [2, 2, 1]
    """

    value: Floats
    first: Indices
    line: Indices

    @property
    def per_line(self) -> Indices:
        """How many numbers each of the lines holds."""
        return np.diff(self.first, append=self.value.size)


def read_table(text: bytes, line: int) -> Table:
    r"""The white-space separated numbers of ``text``, whose first line is number ``line``.

    Raises MalformedFileError with the line of the first token that is no number.

    Examples
    --------
    >>> table = read_table(b"400 0.1\n402 0.2\n", 1)
    >>> table.value.tolist(), table.first.tolist(), table.line.tolist()
    ([400.0, 0.1, 402.0, 0.2], [0, 2], [0, 1])
    """
    if len(text) > 2**20:
        text = _bounded(text)
    padded = b"".join((b" " * 16, text, b"\n"))
    codes = np.frombuffer(padded, np.uint8)
    blank = (codes <= _BLANK).nonzero()[0][15:]
    end = blank[1:]
    length = end - blank[:-1]
    length -= _ONE
    if length.size and length.min() < 1:
        end, length = end[length > 0], length[length > 0]
    value, rest = _plain_numbers(padded, codes, end, length)
    for part in range(0, rest.size, _PART):  # Python's numbers take ten times the memory
        some = rest[part : part + _PART]
        spans = zip((end - length)[some].tolist(), end[some].tolist(), strict=True)
        value[some] = _one_by_one(padded, list(spans), line)
    upto = end.searchsorted((codes == _LINE_FEED).nonzero()[0], side="right")
    count = upto.copy()
    count[1:] -= upto[:-1]
    filled = count.nonzero()[0]
    return Table(value, upto[filled] - count[filled], filled)


def _plain_numbers(
    padded: bytes, codes: NDArray[np.uint8], end: Indices, length: Indices
) -> tuple[Floats, Indices]:
    """Values of the tokens that end before ``end``, and which of them have to be read again."""
    negative = None
    if b"-" in padded or b"+" in padded:
        sign = codes[end - length]
        negative = sign == ord("-")
        length = length - (negative | (sign == ord("+")))
    long = (length > _EIGHT).nonzero()[0]
    n = end.size
    words = _Words.of(
        padded,
        np.concatenate([end, end[long] - 8]) if long.size else end,
        np.concatenate([length, length[long] - 8]) if long.size else length,
    )
    value = words.number[:n].astype(float)
    value /= _POWERS.take(words.decimals[:n])
    strange = words.strange[:n] | (length <= words.dotted[:n])
    if long.size:
        value[long], odd = words.joined(long, n)
        strange[long] |= odd | (length[long] > 16)
    if negative is not None:
        np.negative(value, out=value, where=negative)
    return value, strange.nonzero()[0]


class _Words(NamedTuple):
    """Up to eight characters each as a ``number`` without its dot, and where the dot was."""

    number: Words
    decimals: Indices
    dotted: NDArray[np.bool_]
    strange: NDArray[np.bool_]

    @classmethod
    def of(cls, padded: bytes, end: Indices, length: Indices) -> _Words:
        """The last eight of the ``length`` characters that end before ``end``.

        In place throughout: fresh arrays at each step would cost more than the steps.
        """
        anywhere = np.ndarray((len(padded) - 7,), "<u8", padded, strides=(1,))
        digits = anywhere[end - _EIGHT]
        digits ^= _ZEROS
        digits &= _LAST[np.minimum(length, _EIGHT)]
        dot = digits >> _U4
        dot &= _ONES  # 1 in the byte of the dot
        left = dot - _U1  # all ones without a dot
        strange = left & dot  # a second dot
        left &= digits
        digits ^= left
        digits ^= dot * _DOT
        strange |= digits & (dot * _BYTE)  # not a dot
        dotted = dot != 0
        left <<= dotted * _U8
        digits |= left
        np.add(digits, _SIXES, out=left)
        left |= digits
        left &= _UPPER  # not a digit
        strange |= left
        dot *= _DECIMALS
        dot >>= _U56
        dot &= _U7  # two dots would give more
        return cls(_add_digits(digits), dot.view(np.int64), dotted, strange != 0)

    def joined(self, low: Indices, high: int) -> tuple[Floats, NDArray[np.bool_]]:
        """Values of tokens of two words: ``low`` and those from ``high`` on; which are strange."""
        dot_low, dot_high = self.dotted[low], self.dotted[high:]
        shift = np.where(dot_low, _U(10**7), _U(10**8))
        number = self.number[high:] * shift + self.number[low]
        decimals = self.decimals[low] + dot_high * (self.decimals[high:] + 8)
        strange = self.strange[high:] | (dot_low & dot_high) | (number > _U(2**53))
        return number / _POWERS.take(decimals), strange


def _add_digits(digits: Words) -> Words:
    """The number that eight digits, the first in the lowest byte, stand for; in place."""
    pairs = digits >> _U8
    digits *= _U10
    digits += pairs
    np.right_shift(digits, _U16, out=pairs)
    pairs &= _PAIRS
    pairs *= _SECOND
    digits &= _PAIRS
    digits *= _FIRST
    digits += pairs
    digits >>= _U32
    return digits


def _bounded(text: bytes) -> bytes:
    """A large text with single blanks; raises TooLargeError before its tokens fill the memory."""
    blanks = len(text) - len(text.translate(None, b" \t\n"))
    if blanks > 2 * MAX_POINTS:
        text = _BLANKS.sub(b" ", text)
    check_points((text.count(b" ") + text.count(b"\t") + text.count(b"\n")) / 2)
    return text


def _one_by_one(padded: bytes, spans: list[tuple[int, int]], line: int) -> list[float]:
    """The numbers between the given positions of ``padded``."""
    try:
        if b"_" in padded:  # Python's own way to write numbers, nobody else's
            raise ValueError
        return [float(padded[start:end]) for start, end in spans]
    except ValueError:
        start, end = next(s for s in spans if not _is_number(padded[slice(*s)]))
        raise MalformedFileError(
            f"{padded[start:end][:20].decode('latin-1')!r} is not a number;  "
            "repair or export the file again",
            line=line + padded.count(b"\n", 0, start),
        ) from None


def _is_number(token: bytes) -> bool:
    try:
        return b"_" not in token and float(token) is not None
    except ValueError:
        return False
