"""The calls of many spectra as JSON, straight from arrays: no object is made for a single call.

A spectrum of a model with details has some seventy calls, and to make an object of each, round its
probability and encode it takes longer than the network (``python -m tests.benchmarks folders``).
Here the text of all calls of a row is a template of bytes; numbers and words are laid into fields
as wide as their longest value, and what is left of a field is taken out of all rows at once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from irclassify.results.prediction import GroupCall

_EMPTY = b"\0"  # JSON writes a control character as an escape: none is in the text
_MARK = "?"
_FIELD = re.compile(rb'(?<="probability": )0\.5|(?<="call": )"\?"|(?<="best_guess": )"\?"')

# Probabilities keep so many decimals; a number so near to the middle of two is rounded by Python.
_MILLION, _HALF_WAY = 1_000_000, 1e-6

_Bytes = NDArray[np.uint8]


def marked(call: GroupCall) -> GroupCall:
    """The same output with marks for its values: what a template for ``CallText`` is made of.

    Examples
    --------
    >>> marked(GroupCall("ketone", 0.97, "present", 3.5, "present")).probability
    0.5
    """
    return call._replace(probability=0.5, call=_MARK, best_guess=_MARK)


class CallText:
    """Arrays -> for each row the JSON array of its calls; the outputs are those of a template."""

    def __init__(self, template: str) -> None:
        """``template``: the JSON text of ``marked`` calls, one an output."""
        text = template.encode()
        fields = list(_FIELD.finditer(text))
        row, at = [], 0
        self._probability: list[int] = []
        self._call: list[int] = []
        self._guess: list[int] = []
        starts = {b"0.5": self._probability, b'"call": ': self._call}
        for field in fields:
            row.append(text[at : field.start()])
            kind = field[0] if field[0] == b"0.5" else text[field.start() - 8 : field.start()]
            starts.get(kind, self._guess).append(sum(map(len, row)))
            row.append(_EMPTY * _WIDTH)
            at = field.end()
        row += [text[at:], b"\n"]
        self._row = np.frombuffer(b"".join(row), np.uint8)

    def __call__(
        self, probabilities: NDArray[np.float64], calls: NDArray[np.int8], guesses: NDArray[Any]
    ) -> list[str]:
        """A text for each of n rows, all arrays being (n, outputs).

        ``calls``: -1 absent, 0 uncertain, 1 present; ``guesses``: True for present. Raises
        ValueError for a number that JSON has not.
        """
        rows = np.tile(self._row, (len(probabilities), 1))
        for starts, values in (
            (self._probability, _decimals(probabilities)),
            (self._call, _WORDS[calls + 1]),
            (self._guess, _WORDS[np.where(guesses, 2, 0)]),
        ):
            for output, start in enumerate(starts):
                rows[:, start : start + _WIDTH] = values[:, output]
        return rows.tobytes().translate(None, _EMPTY).decode().split("\n")[:-1]


_WIDTH = len('"uncertain"')


def _fields(values: Sequence[str]) -> _Bytes:
    """(values, _WIDTH): each text in a field of its own."""
    return np.array([list(v.encode().ljust(_WIDTH, _EMPTY)) for v in values], np.uint8)


_WORDS = _fields(['"absent"', '"uncertain"', '"present"'])


def _decimals(values: NDArray[np.float64]) -> _Bytes:
    """(n, outputs, _WIDTH): the text of Python's ``round(value, 6)`` of numbers from 0 to 1."""
    if not ((values >= 0) & (values <= 1)).all():
        raise ValueError("a probability is not between 0 and 1")
    scaled = values * _MILLION
    millionths = np.rint(scaled)
    close = np.abs(np.abs(scaled - millionths) - 0.5) < _HALF_WAY
    for at in zip(*np.nonzero(close), strict=True):
        millionths[at] = np.rint(round(float(values[at]), 6) * _MILLION)
    whole = millionths.astype(np.int32)
    head = whole // 1000  # in a tenth of divmod's time
    tail = whole - 1000 * head
    leading, middle, last, small = _digits()
    found = np.zeros((*values.shape, _WIDTH), np.uint8)
    found[..., :5] = np.where((tail == 0)[..., None], leading[head], middle[head])
    found[..., 5:8] = last[tail]
    tiny = np.nonzero(whole < len(small))
    found[tiny] = small[whole[tiny]]
    return found


@cache
def _digits() -> tuple[_Bytes, _Bytes, _Bytes, _Bytes]:
    """Thousandths alone and before more digits, these digits, and numbers below a ten thousandth.

    (1001, 5), (1001, 5), (1000, 3) and (100, _WIDTH): zeros at the end are left out, and Python
    writes the smallest with an exponent.
    """
    alone = [f"{k / 1000!r}" for k in range(1001)]
    before = [f"0.{k:03}" for k in range(1000)] + ["1.0"]
    rest = [f"{k:03}".rstrip("0") for k in range(1000)]
    small = [f"{k / _MILLION!r}" for k in range(100)]
    return _fields(alone)[:, :5], _fields(before)[:, :5], _fields(rest)[:, :3], _fields(small)
