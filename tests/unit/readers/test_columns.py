"""Columns in the order and under the names that R, pandas, Excel and people give them."""

from __future__ import annotations

import numpy as np
import pytest

from irclassify.errors import IrclassifyError
from irclassify.readers import read_spectra

X = np.arange(400.0, 4001.0, 4.0)
A = 0.02 + sum(np.exp(-(((X - at) / 15) ** 2)) for at in (1050, 1240, 1740, 2950))
B = 0.02 + sum(np.exp(-(((X - at) / 20) ** 2)) for at in (900, 1170, 1710, 3400))
LATER = X + 1
COUNT = np.arange(X.size) + 1.0


def text(head: str, *columns: np.ndarray, mark: str = ",", quoted: int = 0) -> bytes:
    """Rows below ``head``, the first ``quoted`` cells of each in quotes."""
    rows = [[f"{value:.8g}" for value in row] for row in zip(*columns, strict=True)]
    cells = ([f'"{c}"' for c in row[:quoted]] + row[quoted:] for row in rows)
    return "\n".join(([head] if head else []) + [mark.join(row) for row in cells]).encode()


def gone_through(data: bytes, *expected: tuple[np.ndarray, np.ndarray]) -> None:
    """Assert that ``data`` holds these spectra and no others."""
    found = read_spectra(data, "x.csv")
    for item, (x, y) in zip(found, expected, strict=True):
        assert not isinstance(item, IrclassifyError), item
        order = np.argsort(x)
        np.testing.assert_allclose(item.wavenumber, x[order], atol=1e-3)
        np.testing.assert_allclose(item.absorbance, y[order], atol=1e-5)


@pytest.mark.parametrize(
    ("head", "mark", "quoted"),
    [
        ('"wavenumber" "absorbance"', " ", 1),
        ('"wavenumber" "absorbance"', " ", 3),
        ('"V1" "V2"', " ", 1),
        ("", " ", 1),
        ('"","wavenumber","absorbance"', ",", 1),
        ('"Wavenumber (cm-1)"\t"Absorbance"', "\t", 1),
        ("X,wavenumber,absorbance", ",", 0),
        ("Unnamed: 0,wavenumber,absorbance", ",", 0),
        ("idx,Wavenumber (cm-1),A", ",", 0),
        ("lfd. Nr.;Wellenzahl;Extinktion", ";", 0),
        ("Data Point,cm-1,Abs", ",", 0),
    ],
)
def test_row_numbers_are_left_out(head: str, mark: str, quoted: int):
    gone_through(text(head, COUNT, X, A, mark=mark, quoted=quoted), (X, A))


def test_row_numbers_without_a_name_may_have_gaps_and_run_down():
    for numbers in (COUNT[::-1], 2 * COUNT + 5, COUNT + COUNT // 7):
        gone_through(text(",wavenumber,absorbance", numbers, X, A), (X, A))


@pytest.mark.parametrize("head", ["", "x1,y1,x2,y2", "PS,,PE,", ",PS,,PE", "cm-1,A,cm-1,A"])
@pytest.mark.parametrize("down", [1, -1])
def test_pairs_of_columns_keep_their_own_x(head: str, down: int):
    gone_through(text(head, X, A, LATER[::down], B[::down]), (X, A), (LATER, B))


def test_x_may_stand_last_or_behind_another_axis():
    gone_through(text("", A, X), (X, A))
    gone_through(text("s1,s2,Wavenumber (cm-1)", A, B, X), (X, A), (X, B))
    gone_through(text("Wavelength (um),Wavenumber (cm-1),s1", 1e4 / X, X, A), (X, A))
    gone_through(text("time (s),wavenumber,absorbance", COUNT / 9, X, A), (X, A))


@pytest.mark.parametrize(
    ("head", "columns"),
    [
        ("x1,x2,y1,y2", (X, LATER, A, B)),
        ("Index,Absorbance", (COUNT, A)),
        ("", (X, A, B)),
        ("stage,wavenumber,s1", (A, X, B)),
    ],
)
def test_what_the_names_leave_open_is_refused(head: str, columns: tuple[np.ndarray, ...]):
    with pytest.raises(IrclassifyError) as error:
        read_spectra(text(head, *columns), "x.csv")
    assert error.value.code == "unfit"


def rows(x: np.ndarray, y: np.ndarray) -> str:
    return "".join(f"{a:.8g}\t{b:.8g}\n" for a, b in zip(x, y, strict=True))


@pytest.mark.parametrize("between", ["", "\n", "cm-1\tA\n", "\f\ncm-1\tA\n"])
@pytest.mark.parametrize("overlap", [0, 1, 30])
@pytest.mark.parametrize("turned", [False, True])
def test_pieces_of_one_spectrum_are_joined(between: str, overlap: int, turned: bool):
    pieces = [rows(X[: 400 + overlap], A[: 400 + overlap]), rows(X[400:], A[400:])]
    gone_through(f"cm-1\tA\n{between.join(pieces[::-1] if turned else pieces)}".encode(), (X, A))


@pytest.mark.parametrize(
    ("x", "y"),
    [(X[300:], A[300:] + 0.3), (X[::-1], B[::-1]), (X[600::-1], A[:601]), (X[100:], A[100:])],
)
@pytest.mark.parametrize("first", [450, X.size])
def test_pieces_that_differ_or_go_back_are_refused(x: np.ndarray, y: np.ndarray, first: int):
    (found,) = read_spectra(f"cm-1\tA\n{rows(X[:first], A[:first])}{rows(x, y)}".encode())
    assert isinstance(found, IrclassifyError)
    assert found.code == "malformed"


def test_spectra_below_one_another_need_no_text_between():
    gone_through(f"cm-1\tA\n{rows(X, A)}{rows(X, B)}".encode(), (X, A), (X, B))


@pytest.mark.parametrize("gap", ["inf", "-Inf", "OVER", "n.d.", "k.A.", "ERROR", "-9999", "<0"])
@pytest.mark.parametrize("where", [slice(0, 30), slice(400, 404)])
def test_words_and_numbers_for_what_was_not_measured_are_left_out(gap: str, where: slice):
    said = [f"{value:.8g}" for value in A]
    said[where] = [gap] * len(said[where])
    data = "cm-1;A\n" + "".join(f"{a:g};{b}\n" for a, b in zip(X, said, strict=True))
    gone_through(data.encode(), (np.delete(X, where), np.delete(A, where)))


@pytest.mark.parametrize(
    "names",
    ["transmission oil,motor oil", "reflective film,matte film", "50% RH,80% RH", "PET,ABS"],
)
def test_a_word_for_a_unit_inside_of_a_sample_s_name_is_no_unit(names: str):
    gone_through(text(f"Wavenumber (cm-1),{names}", X, A, B), (X, A), (X, B))
