"""JCAMP-DX: every form written and read back, checks that catch damage, files as they are."""

from __future__ import annotations

import jcamp_forms
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from irclassify.errors import IrclassifyError, MalformedFileError, NoDataError
from irclassify.readers import read_measurements, read_spectra, read_spectrum
from irclassify.readers.fast_floats import read_table
from irclassify.readers.jcamp import second_opinion
from irclassify.spectra.phase import phase_of

VALUES = st.lists(
    st.one_of(st.integers(-20, 20), st.integers(-(10**9), 10**9)), min_size=2, max_size=120
)
X = [4000.0 - 12.0 * i for i in range(300)]
Y = [int(v) for v in 40 + 900 * np.exp(-(((np.arange(300) - 150) / 20) ** 2))]
Y = [v + (i * 7919) % 11 for i, v in enumerate(Y)]


def x_for(y: list[int]) -> list[float]:
    return np.linspace(4000.0, 400.0, len(y)).tolist()


def one(text: str | bytes):
    """The only measurement of a file."""
    data = text.encode() if isinstance(text, str) else text
    (found,) = read_measurements(data, "x.jdx")
    if isinstance(found, IrclassifyError):
        raise found
    return found


@given(VALUES, st.sampled_from(jcamp_forms.FORMS), st.integers(1, 30))
def test_every_form_reads_back_equal(y: list[int], form: str, per_line: int):
    x = x_for(y)
    found = one(jcamp_forms.document(x, y, form, per_line=per_line, y_factor=0.25))
    np.testing.assert_array_equal(found.y, np.array(y) * 0.25)
    np.testing.assert_allclose(found.x, x, rtol=1e-12)
    assert found.warnings == ()


@given(VALUES, st.sampled_from(("AFFN", "XYPOINTS")))
def test_floats_with_exponents_read_back_equal(y: list[int], form: str):
    values = [v * 1.7e-7 for v in y]
    found = one(jcamp_forms.document(x_for(y), values, form, y_factor=1.0))  # type: ignore[arg-type]
    np.testing.assert_array_equal(found.y, values)


@given(
    st.lists(
        st.one_of(
            st.floats(allow_nan=False, allow_infinity=False).map(repr),
            st.decimals(-(10**7), 10**7, allow_nan=False, places=4).map(str),
            st.integers(-(10**18), 10**18).map(str),
            st.from_regex(r"[+-]?[0-9]{0,9}\.[0-9]{1,9}", fullmatch=True),
        ),
        min_size=1,
    ),
    st.sampled_from((" ", "\n", " \n ", "\t")),
)
def test_bulk_parsing_gives_what_float_gives(tokens: list[str], separator: str):
    found = read_table(separator.join(tokens).encode(), 1)
    np.testing.assert_array_equal(found.value, [float(t) for t in tokens])


@pytest.mark.parametrize(
    "token", [".", "-", "+", "1.2.3", "1-2", "--1", "1e", "0x1", "1_0", "/", "1/2"]
)
def test_what_is_no_number_is_named_with_its_line(token: str):
    with pytest.raises(MalformedFileError, match="line 8") as error:
        read_table(f"1 2\n\n3 {token} 4".encode(), 6)
    assert repr(token) in str(error.value)


@given(st.data(), st.sampled_from(("DIF", "DIFDUP")))
def test_a_changed_character_in_differences_is_never_read_over(data: st.DataObject, form: str):
    """The check values of DIF lines and NPOINTS catch any one character among the Y values.

    But for one: a repeat at the end of a line that becomes a plain value. After a plain value the
    next line opens with no check value, so that is a valid table, of as many other values.
    """
    text = jcamp_forms.document(X, Y, form, per_line=25)
    body = text.index("(X++(Y..Y))") + 12
    places = [
        i
        for i in range(body, text.index("##END"))
        if text[i].isalpha() or (text[i].isdigit() and not _in_x(text, i)) or text[i] in "%@"
    ]
    at = data.draw(st.sampled_from(places))
    new = data.draw(st.sampled_from("0123456789@ABCDEFGHIabcdefghi%JKLMNOPQRjklmnopqrSTUVWXYZs"))
    assume(not (text[at] in "TUVWXYZs" and text[at + 1] == "\n" and new in "@ABCDEFGHIabcdefghi"))
    try:
        found = one(text[:at] + new + text[at + 1 :])
    except IrclassifyError:
        return
    np.testing.assert_array_equal(found.y, np.array(Y) * 0.001)


def _in_x(text: str, at: int) -> bool:
    """True inside the X value that opens a line."""
    return all(c in "0123456789." for c in text[text.rfind("\n", 0, at) + 1 : at])


def test_a_lost_line_is_found_by_the_x_values():
    lines = jcamp_forms.document(X, Y).split("\n")
    del lines[20]
    with pytest.raises(MalformedFileError, match="missing or doubled"):
        one("\n".join(lines))


def test_a_file_cut_off_is_refused():
    text = jcamp_forms.document(X, Y)
    with pytest.raises(MalformedFileError, match="cut off"):
        one(text[: len(text) // 2].rsplit("\n", 1)[0])


def test_a_lost_point_is_found():
    lines = jcamp_forms.document(X, Y).split("\n")
    lines[25] = lines[25].rsplit(" ", 1)[0]
    with pytest.raises(MalformedFileError):
        one("\n".join(lines))


@pytest.mark.parametrize(
    "labels",
    [
        {"LASTX": X[0], "FIRSTX": X[-1]},
        {"FIRSTX": None},
        {"LASTX": None},
        {"LASTX": None, "DELTAX": -12.0},
        {"FIRSTX": None, "LASTX": None},
        {"NPOINTS": None},
        {"NPOINTS": ""},
        {"NPOINTS": 1},
        {"NPOINTS": 280},
        {"NPOINTS": 3_000_000_000},
        {"FIRSTX": "nan"},
        {"FIRSTX": 1e300},
        {"DELTAX": 17},
        {"XFACTOR": 0.5},
        {"YFACTOR": "0,001"},
        {"NPOINTS": "300 $$ a comment"},
    ],
)
def test_headers_that_lie_are_overruled_by_the_lines(labels: dict[str, object]):
    found = one(jcamp_forms.document(X, Y, labels=labels))
    np.testing.assert_allclose(found.x, X)
    np.testing.assert_allclose(found.y, np.array(Y) * 0.001)


@pytest.mark.parametrize("factor", ["0", "nan", "inf", "x"])
def test_a_scale_factor_that_is_none_is_refused(factor: str):
    with pytest.raises(MalformedFileError, match="YFACTOR"):
        one(jcamp_forms.document(X, Y, labels={"YFACTOR": factor}))


@pytest.mark.parametrize(
    "change",
    [
        lambda t: t.replace("\n", "\r\n"),
        lambda t: t.replace("\n", "\r"),
        lambda t: "\ufeff" + t,
        lambda t: t.replace("##END=\n", ""),
        lambda t: t + "\x1a",
        lambda t: "$$ first a comment\n\n" + t,
        lambda t: t.replace("##", "  ##"),
        lambda t: t.replace("##DATA TYPE", "##data_type").replace("##XYDATA", "##xydata"),
        lambda t: t.replace("(X++(Y..Y))", "( x++ (y..y) ) $$ form"),
        lambda t: t.replace("(X++(Y..Y))", "(X++(Y..Y)), XYDATA"),
        lambda t: t.replace("\n39", " $$ = ## 1 2 3\n39"),
        lambda t: t.replace("##XYDATA", "$$ between\n##OWNER=me\nand\nmore\n##XYDATA"),
        lambda t: t[:240] + t[240:].replace(" ", ", "),
        lambda t: t[:240] + t[240:].replace(" ", "\t"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_line_ends_comments_labels_and_encodings(change, encoding: str):
    found = one(change(jcamp_forms.document(X, Y)).encode(encoding))
    np.testing.assert_array_equal(found.y, np.array(Y) * 0.001)
    assert found.data_type == "INFRARED SPECTRUM"


def test_latin_1_and_utf_8_titles():
    text = jcamp_forms.document(X, Y, labels={"TITLE": "5 µm filter, Grüße"})
    for encoding in ("latin-1", "utf-8"):
        assert one(text.encode(encoding)).title == "5 µm filter, Grüße"


def test_micrometres_by_any_name():
    x = np.linspace(2.5, 16, len(Y)).tolist()
    for name in ("MICROMETERS", "µm", "μm", "um", "Microns", "micrometres"):
        for encoding in ("utf-8", "utf-16"):
            text = jcamp_forms.document(x, Y, labels={"XUNITS": name})
            found = read_spectrum(text.encode(encoding))
            assert found.x_unit == "um"
            np.testing.assert_allclose(found.wavenumber, 1e4 / np.array(x)[::-1])


def test_missing_values_are_left_out():
    text = jcamp_forms.document(X, Y)
    lines = text.split("\n")
    lines[20] = lines[20].split(" ")[0] + " ?" * 8
    found = one("\n".join(lines))
    assert found.y.size == len(Y) - 8
    assert "8 points are marked as missing" in found.warnings[0]


def test_missing_values_in_compressed_form():
    text = jcamp_forms.document(X, Y, "SQZ").replace("\n3616.0", "\n3616.0?", 1)
    lines = text.split("\n")
    row = next(i for i, line in enumerate(lines) if line.startswith("3616.0?"))
    lines[row] = "3616.0" + "?" * 3 + "".join(map(jcamp_forms.squeezed, Y[35:40]))
    found = one("\n".join(lines))
    np.testing.assert_allclose(found.y, np.delete(Y, [32, 33, 34]) * 0.001)


def test_blocks_become_rows_and_a_bad_one_costs_no_other():
    good = jcamp_forms.document(X, Y)
    bad = good.replace(" 40 ", " foo ", 1) if " 40 " in good else good.replace("3904.0", "39x04.0")
    mass = good.replace("INFRARED", "MASS")
    link = (
        "##TITLE=all\n##DATA TYPE=LINK $$ c\n##BLOCKS=4\n" + good + bad + mass + good + "##END=\n"
    )
    found = read_spectra(link.encode(), "x.jdx")
    codes = [item.code if isinstance(item, IrclassifyError) else "ok" for item in found]
    assert codes == ["ok", "malformed", "not_infrared", "ok"]
    assert len(read_spectra(link.encode(), "x.jdx", block=4)) == 1
    with pytest.raises(IrclassifyError, match="--block 5: the file has 4"):
        read_spectra(link.encode(), "x.jdx", block=5)
    with pytest.raises(IrclassifyError, match="choose one with --block"):
        read_spectrum(link.encode(), "x.jdx")


def test_ntuples_pages_are_spectra():
    rows = jcamp_forms.table(X, Y, "AFFN", 8)
    text = (
        "##TITLE=two pages\n##JCAMP-DX=5.01\n##DATA TYPE=INFRARED SPECTRUM\n"
        "##NTUPLES=INFRARED SPECTRUM\n##VAR_NAME=WAVENUMBER, ABSORBANCE, TIME\n"
        "##SYMBOL=X, A, N\n##VAR_TYPE=INDEPENDENT, DEPENDENT, PAGE\n"
        f"##VAR_DIM={len(Y)}, {len(Y)}, 2\n##UNITS=1/CM, ABSORBANCE, SECONDS\n"
        f"##FIRST={X[0]}, 0, 1\n##LAST={X[-1]}, 0, 2\n##FACTOR=1, 0.001, 1\n"
        f"##PAGE=N=1\n##DATA TABLE=(X++(A..A)), XYDATA\n{rows}\n"
        f"##PAGE=N=2\n##DATA TABLE=(X++(A..A)), XYDATA\n{rows}\n##END NTUPLES=\n##END=\n"
    )
    found = read_spectra(text.encode())
    assert [len(s) for s in found] == [300, 300]  # type: ignore[arg-type]
    np.testing.assert_allclose(found[1].absorbance, np.array(Y[::-1]) * 0.001)  # type: ignore[union-attr]


def test_a_header_alone_is_no_data():
    with pytest.raises(NoDataError, match="ONLY SCANNED IMAGE"):
        read_measurements(
            b"##TITLE=x\n##JCAMP-DX=4.24\n##DATA TYPE=INFRARED SPECTRUM\n"
            b"##DATA PROCESSING=(NO SPECTRUM, ONLY SCANNED IMAGE IS AVAILABLE)\n##END=\n"
        )


def test_peak_tables_are_refused_but_a_curve_called_so_is_read():
    peaks = "##TITLE=x\n##DATA TYPE=INFRARED PEAK TABLE\n##PEAK TABLE=(XY..XY)\n"
    few = (
        peaks + "\n".join(f"{x},{y}" for x, y in ((1715, 90), (2960, 40), (2900, 30))) + "\n##END="
    )
    with pytest.raises(IrclassifyError, match="a peak table, not a spectrum"):
        one(few)
    curve = peaks + jcamp_forms.table(X, Y, "XYPOINTS", 1) + "\n##END="
    assert one(curve).y.size == 300


def test_wrong_extremes_are_said():
    found = one(jcamp_forms.document(X, Y, labels={"MAXY": 17.0}))
    assert "MAXY=17" in found.warnings[0]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (" 40 ", " 4o0 ", "line"),
        ("3904.0 ", "3904.0\n", "X value without Y"),
        ("(X++(Y..Y))", "(X++(R..I))", "form"),
        ("(X++(Y..Y))", "(XYM)", "form"),
    ],
)
def test_damage_has_one_line_that_says_where(old: str, new: str, said: str):
    y = [40, *Y[1:]]
    y[1] = 40
    text = jcamp_forms.document(X, y)
    assert old in text
    found = [*read_measurements(text.replace(old, new, 1).encode())]
    (error,) = (f for f in found if isinstance(f, IrclassifyError)) if found else (None,)
    assert error is not None
    assert error.code == "malformed"
    assert said in str(error)
    assert "\n" not in str(error)


def test_the_second_opinion_agrees_and_would_object():
    y = [v for v in Y if "5" not in str(v)[0]]
    table = jcamp_forms.table(x_for(y), y, "SQZ", 8).encode()
    assert b"E" not in table
    assert not second_opinion.disagrees(table, np.array(y, float))
    assert second_opinion.disagrees(table, np.array(y, float) + 1)
    assert not second_opinion.disagrees(b"4000A5T3", np.zeros(1)), "not asked about DUP"


def comma(text: str) -> str:
    return text.replace(".", ",")


def document(form: str, body: str, head: str = "") -> str:
    return (
        "##TITLE=x\n##DATA TYPE=INFRARED SPECTRUM\n##XUNITS=1/CM\n##YUNITS=ABSORBANCE\n"
        f"{head}##NPOINTS={len(X)}\n{form}\n{body}\n##END=\n"
    )


@pytest.mark.parametrize("decimals", [1, 4])
@pytest.mark.parametrize(
    "ends", ["##FIRSTX=4000,0\n##LASTX=412,0\n", "##FIRSTX=4000\n##LASTX=412\n"]
)
def test_decimal_commas_in_ordinates(decimals: int, ends: str):
    values = [f"{v / 10**decimals:.{decimals}f}" for v in Y]
    lines = [f"{X[i]:.1f} " + " ".join(values[i : i + 8]) for i in range(0, len(X), 8)]
    found = one(document("##XYDATA=(X++(Y..Y))", comma("\n".join(lines)), ends))
    np.testing.assert_allclose(found.y, np.array(Y) / 10**decimals)
    np.testing.assert_allclose(found.x, X)


@pytest.mark.parametrize("between", ["; ", ", ", " ", "\t"])
def test_decimal_commas_in_pairs(between: str):
    lines = [f"{x:.1f}{between}{y / 1000:.4f}" for x, y in zip(X, Y, strict=True)]
    found = one(
        document("##XYPOINTS=(XY..XY)", "\n".join(lines).replace(".", ","), "##FIRSTX=4000,0\n")
    )
    np.testing.assert_allclose(found.y, np.array(Y) / 1000)
    np.testing.assert_allclose(found.x, X)


@pytest.mark.parametrize(
    ("form", "right"),
    [
        ("##XYDATA=(X++(Y...Y))", True),
        ("##XYDATA=(X++(Y..Y))", True),
        ("##XYDATA=(X++(Y…Y))", True),
        ("##XYDATA=(X--(Y..Y))", False),
    ],
)
def test_three_dots_are_two(form: str, right: bool):
    body = jcamp_forms.table(X, Y, "AFFN", 8)
    ends = "##FIRSTX=4000\n##LASTX=412\n"
    if right:
        np.testing.assert_array_equal(one(document(form, body, ends)).y, Y)
    else:
        with pytest.raises(IrclassifyError, match="form"):
            one(document(form, body, ends))


@pytest.mark.parametrize("letter", "dD")
def test_fortran_exponents(letter: str):
    lines = [f"{x:.4E} {y / 1000:.6E}".replace("E", letter) for x, y in zip(X, Y, strict=True)]
    ends = f"##YFACTOR=1.0{letter}+00\n"
    found = one(document("##XYPOINTS=(XY..XY)", "\n".join(lines), ends))
    np.testing.assert_allclose(found.y, np.array(Y) / 1000)


@pytest.mark.parametrize("above", ["exported by a program\n\n", "a: b\nc, d\n", "\n \n", "$$ x\n"])
def test_text_above_the_labels_is_passed_over(above: str):
    text = document("##XYDATA=(X++(Y..Y))", jcamp_forms.table(X, Y, "SQZ", 8))
    ends = "##FIRSTX=4000\n##LASTX=412\n##XYDATA"
    text = text.replace("##XYDATA", ends)
    np.testing.assert_array_equal(one(above + text).y, Y)
    np.testing.assert_array_equal(one(above + text.replace("##TITLE=x\n", "")).y, Y)


@pytest.mark.parametrize("form", ["AFFN", "SQZ", "DIF", "DIFDUP"])
def test_a_closing_line_is_no_point(form: str):
    body = jcamp_forms.table(X, Y, form, 8) + "\n31999@"
    ends = "##FIRSTX=4000\n##LASTX=412\n"
    np.testing.assert_array_equal(one(document("##XYDATA=(X++(Y..Y))", body, ends)).y, Y)


def test_a_single_line_that_contradicts_the_header_is_refused():
    body = "400.0 " + " ".join(map(str, Y))
    with pytest.raises(MalformedFileError, match="FIRSTX"):
        one(document("##XYDATA=(X++(Y..Y))", body, "##FIRSTX=4000\n##LASTX=412\n"))


def test_lines_that_drift_by_rounding_are_no_fault():
    """OMNIC prints line X from a rounded step; FIRSTX, LASTX, DELTAX and NPOINTS agree."""
    x = np.linspace(4000.0, 400.0, 1868)
    step = x[1] - x[0]
    lines = [
        f"{4000.0 + round(step, 3) * i:.2f} " + " ".join(["100"] * len(x[i : i + 10]))
        for i in range(0, x.size, 10)
    ]
    head = f"##FIRSTX=4000\n##LASTX=400\n##DELTAX={step:.6f}\n##NPOINTS=1868\n"
    found = one(document("##XYDATA=(X++(Y..Y))", "\n".join(lines), head))
    np.testing.assert_allclose(found.x, x)
    assert found.warnings == ()


@pytest.mark.parametrize(
    ("label", "words", "phase"),
    [
        ("SAMPLING PROCEDURE", "ATR", "atr"),
        ("SAMPLING PROCEDURE", "diamond ATR, 1 reflection", "atr"),
        ("SAMPLING PROCEDURE", "KBr pellet", "condensed"),
        ("SAMPLING PROCEDURE", "Nujol", "condensed"),
        ("SAMPLING PROCEDURE", "gas cell 10 cm", "gas"),
        ("SAMPLING PROCEDURE", "TRANSMISSION", None),
        ("STATE", "solid", "condensed"),
    ],
)
def test_the_phase_is_found_in_the_sampling_procedure(label: str, words: str, phase: str | None):
    body = jcamp_forms.table(X, Y, "AFFN", 8)
    head = f"##FIRSTX=4000\n##LASTX=412\n##{label}={words}\n"
    assert phase_of(one(document("##XYDATA=(X++(Y..Y))", body, head)).state) == phase


@pytest.mark.parametrize("digits", [0, 1])
@pytest.mark.parametrize("decimal", [".", ","])
@pytest.mark.parametrize("between", [", ", ";", " ", "\t", "; ", " , "])
@pytest.mark.parametrize("pairs", ["\n", ";", "; ", " ", "\t"])
def test_pairs_are_read_whatever_parts_them(digits: int, decimal: str, between: str, pairs: str):
    x, y = np.linspace(400, 4000, 601), 0.02 + np.sin(np.arange(601) / 40) ** 2
    said = [f"{a:.{digits}f}\0{b:.5f}".replace(".", decimal) for a, b in zip(x, y, strict=True)]
    lines = [pairs.join(said[at : at + 4]) for at in range(0, len(said), 4)]
    text = "##TITLE=t\n##XUNITS=1/CM\n##YUNITS=ABSORBANCE\n##NPOINTS=601\n##XYPOINTS=(XY..XY)\n"
    (found,) = read_spectra((text + "\n".join(lines)).replace("\0", between).encode())
    np.testing.assert_allclose(found.wavenumber, x, atol=1e-9)  # type: ignore[union-attr]
    np.testing.assert_allclose(found.absorbance, y, atol=1e-5)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "form", ["(XY..XY)", "XY..XY", "(X,Y)", "\n(XY..XY)", "(XY...XY) $$ pairs", "(xy..xy)"]
)
def test_the_form_of_a_table_may_be_written_in_other_ways(form: str):
    rows = "\n".join(f"({x}, {1 / (x - 300):.6f})" for x in range(400, 4000, 4))
    (found,) = read_spectra(f"##TITLE=t\n##YUNITS=A\n##XYDATA={form}\n{rows}\n##END=".encode())
    assert found.absorbance[0] == 0.01  # type: ignore[union-attr]


def test_a_list_of_peaks_beside_the_curve_is_left_out():
    rows = "\n".join(f"{x}, {1 / (x - 300):.6f}" for x in range(400, 4000, 4))
    peaks = "##PEAK TABLE=(XY..XY)\n1743,0.8 1240,0.9\n"
    text = f"##TITLE=t\n##YUNITS=A\n##NPOINTS=900\n{peaks}##XYDATA=(XY..XY)\n{rows}\n##END="
    (found,) = read_spectra(text.encode())
    assert len(found) == 900  # type: ignore[arg-type]


@pytest.mark.parametrize(("unit", "of_one"), [("1/M", 100.0), ("THZ", 0.0299792458)])
def test_axes_proportional_to_the_wavenumber_are_converted(unit: str, of_one: float):
    rows = "\n".join(f"{x * of_one!r}, {1 / (x - 300):.6f}" for x in range(400, 4000, 4))
    text = f"##TITLE=t\n##XUNITS={unit}\n##YUNITS=A\n##XYDATA=(XY..XY)\n{rows}\n##END="
    (found,) = read_spectra(text.encode())
    np.testing.assert_allclose(found.wavenumber, range(400, 4000, 4))  # type: ignore[union-attr]
