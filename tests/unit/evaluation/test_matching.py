"""Labels find their spectra: by path, by unique file name, by number in a file of several."""

from __future__ import annotations

import pytest

from irclassify.errors import UsageError
from irclassify.evaluation.labels import Label
from irclassify.evaluation.matching import Matched, match
from irclassify.sources.paths import Source

NAMES = ("data/a.jdx", "data/x/b.jdx", "data/y/b.jdx", "data/z.zip/m/c.jdx")


def matched(*files: str, names: tuple[str, ...] = NAMES, path: str = "data") -> Matched:
    """Labels of ``files`` against sources of some names; each truth holds its line."""
    rows = [Label(file, line, (bool(line),)) for line, file in enumerate(files, start=2)]
    return match(rows, [Source(name, name) for name in names], [path])


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("a.jdx", "data/a.jdx"),
        ("data/a.jdx", "data/a.jdx"),
        ("./data/a.jdx", "data/a.jdx"),
        ("x/b.jdx", "data/x/b.jdx"),
        ("x\\b.jdx", "data/x/b.jdx"),
        ("c.jdx", "data/z.zip/m/c.jdx"),
        ("z.zip/m/c.jdx", "data/z.zip/m/c.jdx"),
    ],
)
@pytest.mark.parametrize("path", ["data", "data/", "./data"])
def test_ways_to_name_a_file(file: str, name: str, path: str):
    found = matched(file, path=path)
    assert [source.name for source in found.sources] == [name]
    assert found.truth_of(name) == (True,)
    assert found.missing == ()
    assert set(found.unlabelled) == set(NAMES) - {name}


def test_members_of_an_archive_that_was_given():
    found = matched("m/c.jdx", names=("z.zip/m/c.jdx",), path="z.zip")
    assert [source.name for source in found.sources] == ["z.zip/m/c.jdx"]


def test_a_name_of_two_files_needs_its_path():
    with pytest.raises(UsageError, match=r"line 2: b\.jdx fits data/x/b\.jdx, data/y/b\.jdx"):
        matched("b.jdx")


def test_a_path_comes_before_a_file_name():
    found = matched("b.jdx", names=("data/b.jdx", "data/x/b.jdx"))
    assert [source.name for source in found.sources] == ["data/b.jdx"]
    assert found.unlabelled == ("data/x/b.jdx",)


def test_two_lines_for_one_spectrum_are_refused():
    with pytest.raises(UsageError, match=r"lines 2 and 4 are both about data/a\.jdx"):
        matched("a.jdx", "c.jdx", "data/a.jdx")


def test_names_without_a_file_are_missing():
    assert matched("a.jdx", "A.jdx", "gone.jdx").missing == ("A.jdx", "gone.jdx")


def test_a_label_of_a_file_is_of_all_its_spectra_unless_one_has_its_own():
    rows = [Label("a.jdx", 2, (True,)), Label("a.jdx#2", 3, (False,))]
    found = match(rows, [Source("data/a.jdx", "data/a.jdx")], ["data"])
    assert len(found.sources) == 1
    assert found.truth_of("data/a.jdx#1") == (True,)
    assert found.truth_of("data/a.jdx#2") == (False,)


def test_a_spectrum_of_several_that_is_not_there_is_seen_after_reading():
    found = matched("a.jdx#1", "a.jdx#7")
    assert found.truth_of("data/a.jdx#2") is None
    assert found.never_seen(["data/a.jdx#1", "data/a.jdx#2"]) == ("a.jdx#7",)
    assert found.never_seen(["data/a.jdx"]) == ()  # the whole file failed, which is said already


def test_a_file_may_have_a_number_sign_in_its_name():
    found = matched("a#1.jdx", "b#2", names=("data/a#1.jdx", "data/b#2"))
    assert [source.name for source in found.sources] == ["data/a#1.jdx", "data/b#2"]
    assert found.truth_of("data/b#2") == (True,)
