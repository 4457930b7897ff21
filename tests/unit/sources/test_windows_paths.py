"""Paths and patterns as they are written on Windows: drives, shares, long paths, backslashes."""

from __future__ import annotations

import ntpath
import os
import zipfile
from collections.abc import Callable
from pathlib import Path, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irclassify.cli.names import safe_stem
from irclassify.cli.work.convert import _stem
from irclassify.evaluation.labels import Label
from irclassify.evaluation.matching import match
from irclassify.readers.tables.table import told_axis
from irclassify.sources.paths import Source, expand
from irclassify.sources.patterns import _split

ROOTS = ("", ".\\", "C:", "C:\\", "c:/", "\\", "\\\\server\\share\\", "\\\\?\\C:\\", "..\\")
LONG = ("\\\\?\\UNC\\server\\share\\",)
FULL = [root for root in (*ROOTS, *LONG) if root != "C:"]  # from the current folder of a drive
NAMES = st.from_regex(r"[A-Za-z0-9_ ()é-]{1,8}", fullmatch=True).map(lambda name: f"n{name}n")
FOLDERS = st.lists(NAMES, max_size=3).map("\\".join)


@pytest.mark.parametrize(
    ("pattern", "head", "rest"),
    [
        ("C:\\data\\**\\*.jdx", "C:\\data", "*.jdx"),
        ("C:\\**\\*.jdx", "C:\\", "*.jdx"),
        ("\\\\server\\share\\**\\x.spa", "\\\\server\\share", "x.spa"),
        ("**\\*.jdx", "", "*.jdx"),
        ("C:/data\\a/**/*.jdx", "C:/data\\a", "*.jdx"),
    ],
)
def test_backslashes_separate_folders(pattern: str, head: str, rest: str) -> None:
    assert _split(pattern, "\\") == (head, True, rest)


@given(st.sampled_from(FULL), FOLDERS, FOLDERS)
def test_the_parts_of_a_pattern_are_those_that_windows_sees(
    root: str, before: str, after: str
) -> None:
    pattern = root + "\\".join(filter(None, (before, "**", after, "*.spa")))
    head, deep, rest = _split(pattern, "\\")
    assert deep
    assert PureWindowsPath(head, "**", rest) == PureWindowsPath(pattern)
    assert PureWindowsPath(head).anchor == PureWindowsPath(pattern).anchor


@given(st.sampled_from(FULL), FOLDERS, NAMES, st.sampled_from(["", "#2"]))
def test_a_converted_file_is_named_after_the_last_part_of_its_path(
    root: str, folder: str, name: str, number: str
) -> None:
    path = "\\".join(filter(None, (folder, f"{name}.spa")))
    stem = _stem(f"{root}{path}{number}")
    assert stem == ntpath.splitext(ntpath.basename(path))[0] + number.replace("#", "_")
    assert not set(safe_stem(stem)) & set('\\/:*?"<>|')


@given(st.sampled_from((*ROOTS, *LONG)), FOLDERS, NAMES)
def test_a_label_finds_its_spectrum_by_path_and_by_name(root: str, folder: str, name: str) -> None:
    file = f"{root}run\\{folder}\\{name}.spa" if folder else f"{root}run\\{name}.spa"
    inner = "/".join(filter(None, (folder.replace("\\", "/"), f"{name}.spa")))
    for said in (file, file.replace("\\", "/"), inner, inner.replace("/", "\\"), f"{name}.spa"):
        found = match([Label(said, 2, (True,))], [Source(file, file)], [f"{root}run"])
        assert [source.name for source in found.sources] == [file], said


@pytest.fixture(scope="module")
def url_of() -> Callable[[str], str | None]:
    """Imported before examples are timed: fsspec, of the extra dask, takes a while."""
    remote = pytest.importorskip("irclassify.sources.remote", exc_type=ImportError)
    return remote.url_of  # type: ignore[no-any-return]


@given(root=st.sampled_from([root for root in (*ROOTS, *LONG) if root]), folder=FOLDERS, name=NAMES)
def test_a_windows_path_is_no_url(
    url_of: Callable[[str], str | None], root: str, folder: str, name: str
) -> None:
    assert url_of(f"{root}{folder}\\{name}.jdx") is None


def test_the_drive_of_an_axis_file_is_no_first_wavenumber() -> None:
    with pytest.raises(Exception, match="neither FIRST:LAST nor a file of numbers"):
        told_axis("C:\\data\\axis.npy", 3)
    assert told_axis("4000:400", 3).tolist() == [4000, 2200, 400]


def test_a_path_into_an_archive_may_have_the_separators_of_the_system(tmp_path: Path) -> None:
    archive = tmp_path / "run.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("a/b/film.csv", "400,0.1")
        packed.writestr("a/c/film.csv", "400,0.2")
    for inner in (os.path.join("a", "b", "film.csv"), os.path.join("a", "b"), "a/b"):  # noqa: PTH118
        (source,) = expand([f"{archive}{os.sep}{inner}"])
        assert source.read() == b"400,0.1"


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ('C:\\my spectra" -o rows.csv', "leave out the backslash before the closing"),
        ("file:///C:/spectra/film.jdx", "save what is at the address, and give the file"),
        ("https://example.org/film.jdx", "save what is at the address, and give the file"),
    ],
)
def test_a_path_that_a_console_or_browser_spoilt_is_explained(path: str, said: str) -> None:
    (source,) = expand([path])
    with pytest.raises(Exception, match=said):
        source.read()
