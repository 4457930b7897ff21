"""Workbooks: sheets of two columns, of wide tables, of notes; damaged and hostile ones."""

from __future__ import annotations

import io
import zipfile

import numpy as np
import pytest

from irclassify.errors import IrclassifyError
from irclassify.readers import read_spectra

pytest.importorskip("python_calamine")

X = np.linspace(4000.0, 400.0, 181)
Y = 0.02 + np.exp(-(((X - 1715) / 40) ** 2)) + 0.01 * np.sin(X / 300)
_PLAIN = "http://schemas.openxmlformats.org"
_REL = f"{_PLAIN}/officeDocument/2006/relationships"
Sheet = list[list[object]]


def workbook(*sheets: Sheet, far: str = "") -> bytes:
    """An .xlsx with these sheets (ECMA-376), texts inline; ``far`` names one more cell."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        types, names, links = "", "", ""
        for i, rows in enumerate(sheets, start=1):
            part = f"xl/worksheets/sheet{i}.xml"
            kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
            types += f'<Override PartName="/{part}" ContentType="{kind}"/>'
            names += f'<sheet name="s{i}" sheetId="{i}" r:id="rId{i}"/>'
            links += f'<Relationship Id="rId{i}" Type="{_REL}/worksheet" Target="{part[3:]}"/>'
            lines = "".join(f"<row>{''.join(map(cell, row))}</row>" for row in rows)
            lines += f'<row><c r="{far}"><v>1</v></c></row>' if far else ""
            archive.writestr(
                part,
                f'<worksheet xmlns="{_PLAIN}/spreadsheetml/2006/main"><sheetData>{lines}'
                "</sheetData></worksheet>",
            )
        book = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
        types += f'<Override PartName="/xl/workbook.xml" ContentType="{book}"/>'
        root = f"{_PLAIN}/package/2006"
        archive.writestr(
            "[Content_Types].xml", f'<Types xmlns="{root}/content-types">{types}</Types>'
        )
        top = f'<Relationship Id="rId1" Type="{_REL}/officeDocument" Target="xl/workbook.xml"/>'
        for name, inside in (("_rels/.rels", top), ("xl/_rels/workbook.xml.rels", links)):
            archive.writestr(
                name, f'<Relationships xmlns="{root}/relationships">{inside}</Relationships>'
            )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{_PLAIN}/spreadsheetml/2006/main" '
            f'xmlns:r="{_REL}"><sheets>{names}</sheets></workbook>',
        )
    return held.getvalue()


def cell(value: object) -> str:
    """A number, a text, or an empty cell."""
    if value is None:
        return "<c/>"
    if isinstance(value, str):
        return f'<c t="inlineStr"><is><t>{value}</t></is></c>'
    return f"<c><v>{float(value)!r}</v></c>"  # type: ignore[arg-type]


def two_columns() -> Sheet:
    return [["cm-1", "Absorbance"], *([a, b] for a, b in zip(X, Y, strict=True))]


def values(data: bytes) -> list[np.ndarray]:
    found = []
    for item in read_spectra(data, "x.xlsx"):
        assert not isinstance(item, IrclassifyError), item
        np.testing.assert_allclose(item.wavenumber, X[::-1])
        found.append(item.absorbance[::-1])
    return found


def test_two_columns_come_back_exactly_and_notes_are_left_out():
    (found,) = values(workbook([["Notes"], ["measured on Monday"]], two_columns()))
    np.testing.assert_array_equal(found, Y)


def test_every_sheet_is_read_in_order():
    found = values(
        workbook(two_columns(), [["cm-1", "A"], *([a, 2 * b] for a, b in zip(X, Y, strict=True))])
    )
    assert [round(y.max() / Y.max()) for y in found] == [1, 2]


def test_spectra_in_rows_beside_labels():
    rows: Sheet = [["sample", *X], ["a", *Y], ["b", *(3 * Y)]]
    assert [round(y.max() / Y.max()) for y in values(workbook(rows))] == [1, 3]


def test_an_empty_cell_is_a_missing_value():
    rows = two_columns()
    rows[50][1] = None
    (found,) = read_spectra(workbook(rows), "x.xlsx")
    assert len(found) == 180  # type: ignore[arg-type]
    assert "1 points have no value" in " ".join(found.warnings)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (workbook([["only", "words"]]), "unknown_format"),
        (workbook(two_columns(), far="XFD1048576"), "too_large"),
        (workbook(two_columns())[:-200], "malformed"),
        (workbook([["x" * 70_000_000]]), "too_large"),
    ],
)
def test_what_holds_no_spectrum_or_too_much_is_refused_in_one_line(data: bytes, code: str):
    with pytest.raises(IrclassifyError) as error:
        read_spectra(data, "x.xlsx")
    assert error.value.code == code


def test_damaged_workbooks_are_an_answer_or_one_line():
    data, chance = workbook(two_columns()), np.random.default_rng(1)
    for _ in range(60):
        changed = bytearray(data)
        for at in chance.integers(0, len(data), 4):
            changed[at] = chance.integers(256)
        try:
            read_spectra(bytes(changed), "x.xlsx")
        except IrclassifyError as error:
            assert "\n" not in str(error)
