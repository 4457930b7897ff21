"""Tables with spectra in rows or columns, in any dialect, come back with their labels."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from irclassify.errors import IrclassifyError
from irclassify.options import TableOptions
from irclassify.readers import read_measurements, read_spectra
from irclassify.readers.tables import is_table, open_table
from irclassify.readers.tables.text import is_matrix

X = np.linspace(400.0, 4000.0, 181)
Y = np.array(
    [
        0.02 + np.exp(-(((X - centre) / 30) ** 2)) + 0.01 * np.sin(X / 50)
        for centre in (1715, 1240, 2950)
    ]
)
ABOVE = ["", "instrument: own\ndate: today\n", "a table of spectra\n\n"]
LABELS = ["name", "class", "pH", "köln"]

DIALECT = st.fixed_dictionaries(
    {
        "separator": st.sampled_from([",", ";", "\t"]),
        "comma": st.booleans(),
        "prefix": st.sampled_from(["", "X", "wn_"]),
        "above": st.sampled_from(ABOVE),
        "places": st.lists(st.sampled_from([0, 60, 181]), max_size=4),
        "descending": st.booleans(),
        "quoted": st.booleans(),
        "encoding": st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    }
)


def table(dialect: dict) -> tuple[bytes, dict[str, list[str]], np.ndarray]:
    """A table with spectra in rows, its labels, and its wavenumbers in order."""
    separator = dialect["separator"]
    order = slice(None, None, -1) if dialect["descending"] else slice(None)
    mark = "," if dialect["comma"] and separator != "," else "."

    def number(value: float, form: str) -> str:
        return format(value, form).replace(".", mark)

    lines = [[dialect["prefix"] + number(x, ".1f") for x in X[order]]]
    lines += [[number(y, ".6f") for y in row[order]] for row in Y]
    labels = {}
    for i, place in enumerate(sorted(dialect["places"], reverse=True)):
        name, words = LABELS[i], [f"{LABELS[i]} {row}" for row in range(len(Y))]
        for line, word in zip(lines, [name, *words], strict=True):
            line.insert(place, f'"{word}"' if dialect["quoted"] else word)
        labels[name] = words
    text = dialect["above"] + "\n".join(separator.join(line) for line in lines) + "\n"
    return text.encode(dialect["encoding"]), labels, X[order]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(DIALECT)
def test_rows_come_back_with_their_labels(tmp_path: Path, dialect: dict):
    data, labels, x = table(dialect)
    path = tmp_path / "t.csv"
    path.write_bytes(data)
    assert is_table(str(path))
    found = open_table(str(path), TableOptions())
    np.testing.assert_allclose(found.x, x)
    np.testing.assert_allclose(np.sort(found.read(0, 3), axis=1), np.sort(Y, axis=1), atol=1e-6)
    assert {name: list(words) for name, words in found.labels.items()} == labels
    spectra = read_measurements(data, "t.csv")
    for item, y in zip(spectra, Y, strict=True):
        assert not isinstance(item, IrclassifyError)
        np.testing.assert_allclose(item.x, x)
        np.testing.assert_allclose(np.sort(item.y), np.sort(y), atol=1e-6)


@pytest.mark.parametrize("heading", ["Wellenzahl", "sample", "", "cm-1", "anything at all"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("above", ABOVE)
def test_columns_under_any_heading(heading: str, separator: str, above: str):
    names = [heading, "first", "50% RH", "trans-stilbene"]
    rows = [
        separator.join([f"{x:.1f}", *(f"{y:.6f}" for y in ys)])
        for x, *ys in zip(X, *Y, strict=True)
    ]
    text = above + separator.join(names) + "\n" + "\n".join(rows)
    if separator != ",":
        text = text.replace(".", ",")
    found = read_measurements(text.encode(), "t.csv")
    assert [item.title for item in found] == names[1:]  # type: ignore[union-attr]
    for item, y in zip(found, Y, strict=True):
        assert not isinstance(item, IrclassifyError)
        np.testing.assert_allclose(item.x, X)
        np.testing.assert_allclose(item.y, y, atol=1e-6)


def test_a_row_that_is_none_is_nan_and_a_gap_is_left_out(tmp_path: Path):
    data, _, _ = table(
        {
            "separator": ",",
            "comma": False,
            "prefix": "",
            "above": "",
            "places": [0],
            "descending": False,
            "quoted": False,
            "encoding": "utf-8",
        }
    )
    lines = data.decode().split("\n")
    cells = lines[1].split(",")
    lines[1] = ",".join([*cells[:90], "", *cells[91:]])
    lines[2] = "b,only,three"
    (tmp_path / "t.csv").write_text("\n".join(lines))
    values = open_table(str(tmp_path / "t.csv"), TableOptions()).read(0, 3)
    assert np.isnan(values[0]).sum() == 1
    assert np.isnan(values[1]).all()
    first, second, third = read_measurements("\n".join(lines).encode(), "t.csv")
    assert first.y.size == 180  # type: ignore[union-attr]
    assert isinstance(second, IrclassifyError)
    assert third.y.size == 181  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("above", "corner", "label", "code"),
    [
        ("Emissivity\n", "sample", "film", "unsupported_unit"),
        ("Raman intensity\n", "sample", "film", "not_infrared"),
        ("", "Raman shift (cm-1)", "film", "not_infrared"),
        ("", "Wavenumber", "Emissivity", "unsupported_unit"),
        ("ln(I0/I)\n", "sample", "film", "napierian absorbance"),
        ("", "Wavenumber", "Absorbance", "absorbance"),
    ],
)
def test_what_a_line_above_or_a_label_says_of_the_values_counts(
    above: str, corner: str, label: str, code: str
):
    x = np.arange(400, 4000, 4)
    y = 0.02 + np.exp(-(((x - 1740) / 15) ** 2)) + np.exp(-(((x - 1240) / 15) ** 2))
    head = ",".join([corner, *map(str, x.tolist())])
    row = ",".join([label, *map(str, y.tolist())])
    (found,) = read_spectra(f"{above}{head}\n{row}\n".encode(), "t.csv")
    assert (found.code if isinstance(found, IrclassifyError) else found.y_unit) == code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("rows", [1, 400])
def test_a_table_is_known_by_its_first_lines_whatever_its_size(
    tmp_path: Path, encoding: str, end: str, rows: int
):
    """A small file is read at once, a large one (from 64 KiB on) line by line."""
    axis = ",".join(str(cm1) for cm1 in range(400, 800, 4))
    lines = ["measured today", *[""] * 57, f"film,{axis}", *["a" + ",0.1" * 100] * rows]
    file = tmp_path / "films.csv"
    file.write_bytes(end.join([*lines, ""]).encode(encoding))
    assert is_matrix(file)
    file.write_bytes(end.join([*lines[:2], "", "", *lines[2:], ""]).encode(encoding))
    assert not is_matrix(file)  # the 61st line
