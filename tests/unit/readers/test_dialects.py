"""Two columns and wide tables, written in every way people write them, come back or are refused.

A wrong value is never an answer: a mark that may mean two things is refused by name.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from irclassify.errors import IrclassifyError
from irclassify.readers import read_spectra

POINTS = 60


@dataclass(frozen=True)
class Way:
    """How numbers are written: marks, digits behind the decimal mark of X and of Y, line end."""

    separator: str
    decimal: str
    thousands: str
    x_digits: int
    y_digits: int
    end: str
    heading: str
    percent: bool
    descending: bool
    quoted: bool

    def number(self, value: float, digits: int) -> str:
        """``value`` with so many digits, its thousands grouped."""
        text = f"{value:,.{digits}f}".replace(",", "\0").replace(".", self.decimal)
        text = text.replace("\0", self.thousands)
        return f'"{text}"' if self.quoted else text


HEADINGS = (
    "",
    "wavenumber (cm-1){s}absorbance",
    "cm-1{s}A",
    "Wellenzahl{s}Extinktion",
    "x{s}y",
    "Wavenumber{s}%T",
)
WAYS = st.builds(
    Way,
    separator=st.sampled_from([",", ";", "\t", " ", ", ", "; ", "  ", " \t", " , "]),
    decimal=st.sampled_from([".", ","]),
    thousands=st.sampled_from(["", "", ",", ".", " ", "'", "\u00a0", "\u202f"]),
    x_digits=st.integers(0, 6),
    y_digits=st.integers(0, 6),
    end=st.sampled_from(["\n", "\r\n", "\r", "\n\n"]),
    heading=st.sampled_from(HEADINGS),
    percent=st.booleans(),
    descending=st.booleans(),
    quoted=st.booleans(),
).filter(lambda way: way.decimal != way.thousands)


def spectrum(way: Way, steps: list[int], start: float) -> tuple[np.ndarray, np.ndarray]:
    """X from ``start`` upwards in uneven steps, and Y, both as rounded by what is written."""
    x = np.round(start + np.cumsum(np.resize(steps, POINTS)), way.x_digits)
    y = np.exp(-(((x - 1700) / 300) ** 2)) * 0.987654 + 0.15 + 0.1 * np.sin(x / 150)
    y = np.round(100 * 10**-y if way.percent else y, way.y_digits)
    return (x[::-1], y[::-1]) if way.descending else (x, y)


def came_back(text: str, x: np.ndarray, spectra: list[np.ndarray], *, percent: bool) -> bool:
    """False when ``text`` is refused. Raises AssertionError for any value that is not its own."""
    told = "percent-transmittance" if percent else "absorbance"
    try:
        found = read_spectra(text.encode(), "x.csv", x_unit="cm-1", y_unit=told)
    except IrclassifyError:
        return False
    order = np.argsort(x)
    for item, y in zip(found, spectra, strict=True):
        if isinstance(item, IrclassifyError):
            return False
        values = -np.log10(np.maximum(y / 100, 1e-4)) if percent else y
        at = np.isin(x[order], item.wavenumber)  # constant ends are cut off
        assert item.wavenumber.size == at.sum() >= 20
        np.testing.assert_allclose(item.wavenumber, x[order][at], rtol=1e-12)
        np.testing.assert_allclose(item.absorbance, values[order][at], rtol=1e-9, atol=1e-12)
    return True


@settings(max_examples=120, deadline=None, derandomize=True)
@given(WAYS, st.lists(st.integers(40, 60), min_size=1, max_size=5), st.floats(300, 900))
def test_two_columns_are_read_right_or_refused(way: Way, steps: list[int], start: float):
    x, y = spectrum(way, steps, start)
    rows = [
        way.number(a, way.x_digits) + way.separator + way.number(b, way.y_digits)
        for a, b in zip(x.tolist(), y.tolist(), strict=True)
    ]
    heading = [way.heading.format(s=way.separator)] if way.heading else []
    came_back(way.end.join([*heading, *rows, ""]), x, [y], percent=way.percent)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    WAYS.filter(lambda way: not way.quoted or way.separator != " "),
    st.integers(1, 4),
    st.integers(0, 3),
    st.integers(0, 3),
    st.integers(0, 3),
    st.booleans(),
)
def test_wide_tables_are_read_right_or_refused(
    way: Way, count: int, before: int, between: int, above: int, upright: bool
):
    """Spectra in rows or in columns, labels before and between, lines above."""
    x, y = spectrum(way, [53, 41], 450)
    spectra = [np.round(y * (1 + i / 3), way.y_digits) for i in range(count)]
    cells = [["cm-1", *(f"sample {i}" for i in range(count))]] if upright else []
    if upright:
        for at, value in enumerate(x.tolist()):
            row = [way.number(s[at], way.y_digits) for s in spectra]
            cells.append([way.number(value, way.x_digits), *row])
    else:
        labels = [f"label {i}" for i in range(before)]
        middle = [f"class {i}" for i in range(between)]
        head = [way.number(v, way.x_digits) for v in x.tolist()]
        cells.append([*labels, *head[:30], *middle, *head[30:]])
        for i, s in enumerate(spectra):
            row = [way.number(v, way.y_digits) for v in s.tolist()]
            words = [f"name {i}"] * before
            cells.append([*words, *row[:30], *["b"] * between, *row[30:]])
    lines = [f"# line {i} above" for i in range(above)]
    text = way.end.join([*lines, *(way.separator.join(row) for row in cells), ""])
    came_back(text, x, spectra, percent=way.percent)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("heading", HEADINGS)
@pytest.mark.parametrize(
    ("separator", "decimal"),
    [(",", "."), (";", "."), ("\t", "."), (" ", "."), (";", ","), ("\t", ","), ("  ", ",")],
)
def test_the_usual_ways_are_read(separator: str, decimal: str, heading: str, end: str):
    way = Way(separator, decimal, "", 2, 5, end, heading, "%" in heading, True, False)
    x, y = spectrum(way, [53, 41], 450)
    pairs = zip(x.tolist(), y.tolist(), strict=True)
    rows = [way.number(a, 2) + separator + way.number(b, 5) for a, b in pairs]
    lines = [heading.format(s=separator)] * bool(heading) + rows
    assert came_back(end.join(lines), x, [y], percent=way.percent)


@pytest.mark.parametrize("x_digits", [0, 1, 3])
@pytest.mark.parametrize("separator", [";", "\t", " ; "])
@pytest.mark.parametrize(
    ("thousands", "decimal"),
    [
        (",", "."),
        (".", ","),
        (" ", ","),
        ("\u00a0", ","),
        ("\u202f", ","),
        ("'", "."),
        ("\u2019", "."),
    ],
)
def test_thousands_marks_are_read(thousands: str, decimal: str, separator: str, x_digits: int):
    way = Way(separator, decimal, thousands, x_digits, 3, "\n", "", True, False, False)
    x, y = spectrum(way, [53, 41], 450)
    pairs = zip(x.tolist(), y.tolist(), strict=True)
    rows = [way.number(a, x_digits) + separator + way.number(b, 3) for a, b in pairs]
    text = "\n".join([f"Wavenumber (cm-1){separator}%T", *rows])
    assert came_back(text, x, [y], percent=True)
