"""A library that crashes or never comes back ends its own process, not the run."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np
import pytest

from irclassify.errors import MalformedFileError, TooSlowError, UsageError
from irclassify.options import TableOptions
from irclassify.readers.tables import apart
from irclassify.readers.tables.apart import open_apart
from irclassify.readers.tables.table import Table

X = np.linspace(400.0, 4000.0, 5)


def good(path: Path, _options: TableOptions) -> Table:
    print("a library says something")
    return Table(path.name, X, 3, lambda first, end: np.full((end - first, 5), first * 1.0))


def aborting(_path: Path, _options: TableOptions) -> Table:
    os.abort()


def aborting_later(path: Path, _options: TableOptions) -> Table:
    return Table(path.name, X, 3, lambda _first, _end: os.abort())


def endless(_path: Path, _options: TableOptions) -> Table:
    while True:
        pass


def refusing(_path: Path, _options: TableOptions) -> Table:
    raise UsageError("say --dataset NAME")


def surprised(_path: Path, _options: TableOptions) -> Table:
    raise IndexError("7")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "t.h5").write_bytes(b"x")
    return tmp_path / "t.h5"


def test_rows_come_back_as_they_are(path: Path):
    table = open_apart(f"{__name__}:good", path, TableOptions())
    np.testing.assert_array_equal(table.x, X)
    np.testing.assert_array_equal(table.read(1, 3), np.ones((2, 5)))


def test_a_crash_is_an_error_of_one_line(path: Path):
    with pytest.raises(MalformedFileError, match="it is damaged"):
        open_apart(f"{__name__}:aborting", path, TableOptions())
    table = open_apart(f"{__name__}:aborting_later", path, TableOptions())
    for _ in range(2):
        with pytest.raises(MalformedFileError, match="it is damaged"):
            table.read(0, 1)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit of processor time")
def test_a_library_that_never_comes_back_is_stopped(path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(apart, "seconds_for", lambda _size: 1.0)
    with pytest.raises(TooSlowError, match="more than 1 s of processor time"):
        open_apart(f"{__name__}:endless", path, TableOptions())


def test_what_the_opener_raises_is_raised_here(path: Path):
    with pytest.raises(UsageError, match="say --dataset NAME"):
        open_apart(f"{__name__}:refusing", path, TableOptions())
    with pytest.raises(MalformedFileError, match="cannot be read: 7"):
        open_apart(f"{__name__}:surprised", path, TableOptions())


def test_without_a_second_process_the_table_is_opened_in_this_one(
    path: Path, monkeypatch: pytest.MonkeyPatch
):
    def refused(*_words: object, **_options: object) -> None:
        raise OSError("too many open files")

    monkeypatch.setattr(apart.subprocess, "Popen", refused)
    assert open_apart(f"{__name__}:good", path, TableOptions()).count == 3


def test_an_error_that_is_kept_keeps_no_process(path: Path, monkeypatch: pytest.MonkeyPatch):
    started = []
    begin = apart._Reader.__init__

    def noted(self: apart._Reader, seconds: float) -> None:
        begin(self, seconds)
        started.append(self._process)

    monkeypatch.setattr(apart._Reader, "__init__", noted)
    with pytest.raises(UsageError) as kept:
        open_apart(f"{__name__}:refusing", path, TableOptions())
    assert [process.poll() is not None for process in started] == [True]
    assert kept.value is not None
