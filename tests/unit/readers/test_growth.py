"""No text takes more than linear time: four times the length takes about four times as long.

``python tests/unit/readers/test_growth.py`` prints the time and the ratio of every text.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress

import pytest

from irclassify.errors import IrclassifyError
from irclassify.readers import read_spectra

SIZE = 65_536
# Quadratic time gives 16. Timing on a busy machine and the caches of its processor give up to 8.
MOST = 10
JCAMP = b"##TITLE=\n##XYDATA=(X++(Y..Y))\n"

TEXTS: dict[str, Callable[[int], bytes]] = {
    "integers joined by commas, then a word": lambda n: (b"0," * (n // 2) + b"label\n") * 2,
    "cm and blanks": lambda n: b"cm" + b" " * n + b",A\n1 2\n3 4\n",
    "blanks between rows": lambda n: b"1 2\n" + b" " * n + b"x\n1 2\n",
    "quotes": lambda n: b'"' * n + b"\n1 2\n3 4\n",
    "stars": lambda n: b"1," + b"*" * n + b"\n2,3\n3,4\n",
    "dashes": lambda n: b"1," + b"-" * n + b"\n2,3\n3,4\n",
    "digits": lambda n: b"1" * n + b"\n1 2\n",
    "commas": lambda n: b"1" + b"," * n + b"\n1,2\n2,3\n",
    "semicolons": lambda n: (b"1;" + b";" * n + b"\n") * 2,
    "hashes": lambda n: b"1 " + b"#" * n + b"\n1 2\n2 3\n",
    "tabs": lambda n: b"a" + b"\t" * n + b"\n1 2\n2 3\n",
    "equals signs": lambda n: b"=" * n + b"\n1 2\n2 3\n",
    "letters D": lambda n: b"1 1" + b"D" * n + b"\n1 2\n",
    "thousands": lambda n: (b"1,000" * (n // 5) + b"\t2\n") * 2,
    "JCAMP zeros": lambda n: b"##TITLE=\n##NPOINTS=5\n##XYDATA=(X++(Y..Y))\n1" + b"@" * n,
    "JCAMP commas": lambda n: JCAMP + b"1" + b", " * (n // 2),
    "JCAMP labels": lambda n: b"##A=\n" * (n // 5),
    "JCAMP unit and blanks": lambda n: (
        b"##TITLE=\n##XUNITS=CM" + b" " * n + b"\n" + JCAMP + b"1 2 3\n"
    ),
    "JCAMP hashes": lambda n: JCAMP + b"#" * n,
}


def seconds(data: bytes) -> float:
    """The least processor time of three readings."""
    taken = []
    for _ in range(3):
        start = time.process_time()
        with suppress(IrclassifyError):
            read_spectra(data, "x.csv")
        taken.append(time.process_time() - start)
    return min(taken)


def growth(name: str) -> tuple[float, float]:
    """Seconds of the shorter text, and how many times as long one of four times its size takes."""
    short, long = seconds(TEXTS[name](SIZE)), seconds(TEXTS[name](4 * SIZE))
    return short, long / max(short, 1e-3)


@pytest.mark.parametrize("name", TEXTS)
def test_time_grows_with_the_length_and_no_faster(name: str):
    assert growth(name)[1] < MOST


if __name__ == "__main__":
    for text in TEXTS:
        least, ratio = growth(text)
        print(f"{text:40s} {1000 * least:8.1f} ms  ratio {ratio:4.1f} (linear: 4)")
