"""``--excel``: a byte order mark and CRLF in every csv that a command writes."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import TINY, apart, irclassify, tiny

BOM = b"\xef\xbb\xbf"


def for_excel(plain: bytes) -> bytes:
    assert b"\r" not in plain
    assert not plain.startswith(BOM)
    return BOM + plain.replace(b"\n", b"\r\n")


@pytest.fixture
def points(tmp_path: Path) -> Path:
    file = tmp_path / "a b é.csv"
    rows = "cm-1,absorbance\n" + "".join(f"{400 + 8 * i},{i / 1000}\n" for i in range(400))
    file.write_text(rows, encoding="utf-8")
    return file


@pytest.mark.parametrize("form", ["csv", "tsv"])
def test_predict_writes_the_same_rows_for_excel(mixed: Path, tmp_path: Path, form: str) -> None:
    def written(name: str, *words: str) -> bytes:
        file = tmp_path / f"{name}.{form}"
        tiny("predict", mixed, "-q", "-o", file, *words)
        return file.read_bytes()

    assert written("excel", "--excel") == for_excel(written("plain"))


def test_predict_prints_csv_for_excel_to_a_pipe(mixed: Path) -> None:
    plain = tiny("predict", mixed, "-q", "--format", "csv").stdout
    assert tiny("predict", mixed, "-q", "--excel").stdout == for_excel(plain)
    assert apart("predict", mixed, "-q", "--excel", "-m", TINY).stdout == for_excel(plain)


def test_convert_writes_csv_for_excel_to_stdout_a_file_and_a_folder(
    points: Path, tmp_path: Path
) -> None:
    convert = ("convert", points, "--to", "csv")
    plain = irclassify(*convert).stdout
    assert plain.startswith(b"wavenumber (cm-1),absorbance\n400.0,0.0\n408.0,0.001\n")
    head = b"\xef\xbb\xbfwavenumber (cm-1),absorbance\r\n400.0,0.0\r\n408.0,0.001\r\n"
    assert irclassify(*convert, "--excel").stdout.startswith(head)
    irclassify(*convert, "--excel", "-o", tmp_path / "one.csv")
    for _ in range(2):  # the second time the file is there already, and the same
        again = irclassify(*convert, "--excel", "--folder", tmp_path / "many")
        assert again.returncode == 0
    for file in (tmp_path / "one.csv", tmp_path / "many" / points.name):
        assert file.read_bytes() == for_excel(plain)
        assert irclassify("convert", file, "--to", "csv").stdout == plain


def test_explain_writes_the_peaks_for_excel(mixed: Path, tmp_path: Path) -> None:
    def written(name: str, *words: str) -> bytes:
        file = tmp_path / name
        assert tiny("explain", mixed / "g1.jdx", "--peaks", file, *words).returncode == 0
        return file.read_bytes()

    assert written("excel.csv", "--excel") == for_excel(written("plain.csv"))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("predict", "{}", "--excel", "--format", "jsonl"), "not jsonl; say --format csv"),
        (("predict", "{}", "--excel", "-o", "x.parquet"), "not parquet"),
        (("convert", "{}", "--to", "jdx", "--excel"), "not jdx; say --to csv"),
        (("explain", "{}", "--excel"), "say --peaks FILE.csv"),
    ],
)
def test_excel_of_what_is_no_csv_is_a_wrong_usage(
    points: Path, words: tuple[str, ...], said: str
) -> None:
    found = irclassify(*(word.format(points) for word in words))
    assert found.returncode == 2
    assert said in found.stderr.decode()


@pytest.mark.parametrize("cut", [1, 2, 700, 5_000])
def test_a_run_for_excel_goes_on_where_it_was_cut(mixed: Path, tmp_path: Path, cut: int) -> None:
    whole, part = tmp_path / "whole.csv", tmp_path / "part.csv"
    tiny("predict", mixed, "-q", "--excel", "-o", whole)
    data = whole.read_bytes()
    part.write_bytes(data[:-cut] if cut < len(data) else b"")
    found = tiny("predict", mixed, "-q", "--excel", "-o", part, "--resume")
    assert found.returncode == 1, found.stderr  # some of the files are bad
    assert part.read_bytes() == data


@pytest.mark.parametrize("first", [(), ("--excel",)])
def test_a_run_goes_on_only_as_it_began(
    mixed: Path, tmp_path: Path, first: tuple[str, ...]
) -> None:
    file = tmp_path / "rows.csv"
    other = () if first else ("--excel",)
    tiny("predict", mixed, "-q", "-o", file, *first)
    before = file.read_bytes()
    found = tiny("predict", mixed, "-q", "-o", file, "--resume", *other)
    assert found.returncode == 2
    assert b"--excel" in found.stderr
    assert file.read_bytes() == before


def test_results_for_excel_may_be_written_anew(points: Path) -> None:
    file = points.parent / "answers.csv"
    for _ in range(2):  # the output of the first run lies in the folder of the second
        found = tiny("predict", points.parent, "-q", "--excel", "-o", file)
        assert found.returncode in (0, 1), found.stderr
    assert file.read_bytes().startswith(BOM + b"file,ok,")
