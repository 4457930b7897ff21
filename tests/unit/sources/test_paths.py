"""What a PATH stands for, in which order, and what hostile archives get."""

from __future__ import annotations

import glob
import io
import os
import pickle
import re
import struct
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irclassify.errors import IrclassifyError, TooLargeError, UnreadableFileError
from irclassify.sources import archives, paths
from irclassify.sources.paths import Source, expand, natural_key


def names(*paths: object) -> list[str]:
    return [source.name for source in expand([str(path) for path in paths])]


def problem(source: Source) -> IrclassifyError:
    with pytest.raises(IrclassifyError) as caught:
        source.read()
    return caught.value


def only(path: object) -> Source:
    (source,) = expand([str(path)])
    return source


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in ("run10.jdx", "run2.JDX", "a/b.csv", "a/.c.csv", ".d/e.jdx", "f.md", "opus.0"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    return tmp_path


def test_folders_are_searched_in_natural_order_for_known_suffixes(tree: Path):
    expected = ["a/b.csv", "opus.0", "run2.JDX", "run10.jdx"]
    assert names(tree) == [str(tree / name) for name in expected]
    assert len(list(expand([str(tree)]))) == 4


def test_named_files_are_taken_whatever_their_suffix(tree: Path):
    assert only(tree / "f.md").read() == b"f.md"
    assert only(tree / "a/.c.csv").read() == b"a/.c.csv"


def test_paths_keep_the_order_given(tree: Path):
    assert names(tree / "run10.jdx", tree / "a") == [
        str(tree / "run10.jdx"),
        str(tree / "a/b.csv"),
    ]


def test_globs_the_shell_left_alone(tree: Path):
    assert names(tree / "run*") == [str(tree / "run2.JDX"), str(tree / "run10.jdx")]
    assert names(tree / "**/*.csv") == [str(tree / "a/b.csv")]
    assert problem(only(tree / "x*.jdx")).code == "unreadable"


def test_a_file_whose_name_looks_like_a_pattern_is_that_file(tree: Path):
    (tree / "[x].jdx").write_text("brackets")
    assert only(tree / "[x].jdx").read() == b"brackets"


def test_a_missing_path_says_so(tree: Path):
    assert str(problem(only(tree / "nope.jdx"))) == "no such file or folder"


def test_a_folder_without_spectra_says_so(tmp_path: Path):
    assert "no file with a known suffix" in str(problem(only(tmp_path)))


def test_a_dangling_link_is_a_row_and_a_loop_ends(tree: Path):
    (tree / "gone.jdx").symlink_to(tree / "nowhere")
    (tree / "a/loop").symlink_to(tree)
    assert str(tree / "gone.jdx") in names(tree)
    assert len(names(tree)) == 5
    assert problem(only(tree / "gone.jdx")).code == "unreadable"


@pytest.mark.skipif(getattr(os, "geteuid", int)() == 0, reason="root reads everything")
def test_a_forbidden_file_is_a_row(tree: Path):
    (tree / "run2.JDX").chmod(0)
    assert "Permission denied" in str(problem(only(tree / "run2.JDX")))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_a_row_and_never_opened_however_it_is_named(tree: Path):
    pipe = tree / "pipe.jdx"
    os.mkfifo(pipe)
    for path in (tree, tree / "*.jdx", tree / "**/*.jdx", pipe):
        (source,) = (source for source in expand([str(path)]) if source.name == str(pipe))
        assert "a pipe" in str(problem(source))
        assert problem(source).code == "unreadable"


def test_a_link_to_itself_is_a_row(tree: Path):
    (tree / "self.jdx").symlink_to("self.jdx")
    for path in (tree, tree / "self.jdx", tree / "*.jdx"):
        found = [source for source in expand([str(path)]) if source.name.endswith("self.jdx")]
        assert [problem(source).code for source in found] == ["unreadable"]


def test_each_real_file_is_read_once_in_a_folder_and_for_a_pattern(tree: Path):
    """Links to files, to folders and back up, which a plain pattern would follow 40 times."""
    (tree / "a/up").symlink_to(tree)
    (tree / "b").symlink_to(tree / "a")
    (tree / "copy.csv").symlink_to(tree / "a/b.csv")
    assert names(tree / "**/*.csv") == [str(tree / "a/b.csv")]
    deep = names(tree / "**/*")
    assert len(deep) == len({os.path.realpath(name) for name in deep})
    once = names(tree)
    assert len(once) == len({os.path.realpath(name) for name in once})


def test_a_file_named_twice_is_read_twice(tree: Path):
    path = str(tree / "run10.jdx")
    assert [source.name for source in expand([path, path])] == [path, path]


@pytest.mark.parametrize("pattern", ["**/*.csv", "./**/*.csv", "a/**", "**/b.csv", "*/**/*.csv"])
def test_deep_patterns_name_files_as_glob_does(tree: Path, monkeypatch, pattern: str):
    monkeypatch.chdir(tree)
    found = glob.glob(pattern, recursive=True)  # noqa: PTH207 - what is compared with
    expected = [path for path in found if not Path(path).is_dir()]
    assert sorted(names(pattern)) == sorted(expected)


def test_closed_standard_input_is_a_row(monkeypatch):
    monkeypatch.setattr(sys, "stdin", None)
    assert problem(only("-")).code == "unreadable"


def test_standard_input_is_read_once_it_is_needed(monkeypatch):
    stdin = io.TextIOWrapper(io.BytesIO(b"bytes"))
    monkeypatch.setattr(sys, "stdin", stdin)
    assert len(list(expand(["-"]))) == 1
    source = only("-").here()
    assert pickle.loads(pickle.dumps(source)).read() == b"bytes"


def test_files_over_the_limit_are_refused_unread(tree: Path, monkeypatch):
    monkeypatch.setattr(paths, "MAX_FILE_BYTES", 5)
    assert problem(only(tree / "run10.jdx")).code == "too_large"
    assert "a device" in str(problem(only("/dev/zero")))


@given(st.lists(st.text("0129aA.-/ü²", max_size=8), max_size=8))
def test_natural_order_is_one_order(found: list[str]):
    backwards = found[::-1]
    assert sorted(found, key=natural_key) == sorted(backwards, key=natural_key)


@given(st.lists(st.text("aB1209-ß", max_size=8), max_size=12))
def test_natural_order_compares_texts_and_numbers_in_turn(found: list[str]):
    def slowly(name: str) -> tuple[list[tuple[str, int, str]], str]:
        parts = re.split(r"(\d+)", name.casefold())
        numbers = [number.lstrip("0") for number in parts[1::2]] + [""]
        return [(t, len(n), n) for t, n in zip(parts[::2], numbers, strict=True)], name

    assert sorted(found, key=natural_key) == sorted(found, key=slowly)


def test_natural_order_puts_2_before_10():
    assert sorted(["a10", "a2", "a02b", "A1"], key=natural_key) == ["A1", "a2", "a02b", "a10"]


def test_huge_numbers_in_names_are_no_trouble():
    assert natural_key("9" * 10_000) > natural_key("9" * 9_999)


# --- archives ---


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    path = tmp_path / "archive.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("r10.jdx", "r2.jdx", "in/x.csv", "in/r.md", ".h.jdx", "__MACOSX/r.jdx"):
            archive.writestr(name, name.encode())
        archive.writestr("../../etc/evil.jdx", b"label only")
        archive.writestr("folder.jdx/", b"")
    return path


def test_archives_are_read_in_place_in_natural_order(packed: Path):
    expected = ["in/x.csv", "r2.jdx", "r10.jdx"]
    found = names(packed)
    assert [n for n in found if ".." not in n] == [f"{packed}/{name}" for name in expected]
    assert {s.name: s.read() for s in expand([str(packed)])}[f"{packed}/r2.jdx"] == b"r2.jdx"


def test_climbing_names_are_only_labels(packed: Path, tmp_path: Path):
    climbing = next(s for s in expand([str(packed)]) if "evil" in s.name)
    assert climbing.read() == b"label only"
    assert list(tmp_path.iterdir()) == [packed]


def test_paths_lead_into_archives(packed: Path):
    assert only(f"{packed}/in/x.csv").read() == b"in/x.csv"
    assert only(f"{packed}/in/r.md").read() == b"in/r.md"
    assert names(f"{packed}/in") == [f"{packed}/in/x.csv"]
    assert problem(only(f"{packed}/nope")).code == "no_data"


def test_archives_inside_folders_are_read_too(packed: Path):
    assert f"{packed}/r2.jdx" in names(packed.parent)


def test_sources_of_archives_are_small_and_picklable(packed: Path):
    source = next(expand([str(packed)]))
    assert len(pickle.dumps(source)) < 1000
    assert pickle.loads(pickle.dumps(source)).read() == source.read()


def test_two_members_of_one_name_are_two_sources(tmp_path: Path):
    path = tmp_path / "twice.zip"
    with zipfile.ZipFile(path, "w") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("a.jdx", b"first")
        archive.writestr("a.jdx", b"second")
    assert [s.read() for s in expand([str(path)])] == [b"first", b"second"]


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x05\x06", b"PK\x03\x04" * 50])
def test_what_is_no_archive_is_one_row(tmp_path: Path, content: bytes):
    (tmp_path / "x.zip").write_bytes(content)
    assert problem(only(tmp_path / "x.zip")).code == "unreadable"


def test_an_archive_in_an_archive_is_named_and_refused(packed: Path, tmp_path: Path):
    outer = tmp_path / "outer.zip"
    with zipfile.ZipFile(outer, "w") as archive:
        archive.write(packed, "inner.zip")
    assert problem(only(outer)).code == "unsupported_format"


def bomb(path: Path, size: int) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros.jdx", bytes(size))
    return path


def test_what_shrank_too_much_is_refused_before_it_is_inflated(tmp_path: Path):
    found = problem(only(bomb(tmp_path / "b.zip", 5 * 2**20)))
    assert isinstance(found, TooLargeError)
    assert "times" in str(found)


def test_what_is_too_large_is_refused(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(archives, "MAX_FILE_BYTES", 1000)
    assert "unpacked" in str(problem(only(bomb(tmp_path / "b.zip", 2000))))


def test_a_member_that_lies_about_its_size_is_not_inflated_beyond_it(tmp_path: Path):
    path = bomb(tmp_path / "b.zip", 50 * 2**20)
    content = path.read_bytes().replace(struct.pack("<L", 50 * 2**20), struct.pack("<L", 100))
    path.write_bytes(content)
    assert problem(only(path)).code == "unreadable"


def test_overlapping_members_are_refused(tmp_path: Path):
    path = tmp_path / "o.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.jdx", os.urandom(1000))
        for i in range(5):
            again = zipfile.ZipInfo(f"a{i}.jdx")
            again.compress_size = again.file_size = 1000
            again.CRC = again.header_offset = 0
            archive.filelist.append(again)
        archive._didModify = True
    assert isinstance(problem(only(path)), TooLargeError)


def test_a_table_of_contents_without_end_is_refused(packed: Path, monkeypatch):
    monkeypatch.setattr(archives, "MAX_INDEX_BYTES", 100)
    assert isinstance(problem(only(packed)), TooLargeError)


def test_encrypted_members_are_refused(packed: Path):
    content = bytearray(packed.read_bytes())
    at = content.rfind(b"PK\x01\x02")
    while at >= 0:  # set the flag in every entry of the table of contents
        content[at + 8] |= 1
        at = content.rfind(b"PK\x01\x02", 0, at)
    packed.write_bytes(content)
    assert {problem(s).code for s in expand([str(packed)])} == {"unsupported_format"}


def test_damaged_members_are_rows_of_their_own(packed: Path):
    content = packed.read_bytes().replace(b"r2.jdx", b"r2.jdX", 1)
    packed.write_bytes(content)
    outcomes = []
    for source in expand([str(packed)]):
        try:
            outcomes.append(source.read())
        except UnreadableFileError:
            outcomes.append(None)
    assert outcomes.count(None) == 1


@given(st.binary(max_size=300))
def test_any_bytes_named_zip_are_rows(tmp_path_factory: pytest.TempPathFactory, content: bytes):
    path = tmp_path_factory.mktemp("z") / "x.zip"
    path.write_bytes(b"PK\x03\x04" + content + b"PK\x05\x06" + content[:20])
    for source in expand([str(path)]):
        problem(source)


def test_the_lists_of_a_bagit_archive_are_no_spectra():
    archive = Path(__file__).parents[2] / "cases" / "readers" / "bag.zip"
    assert [source.name.rpartition("bag.zip/")[2] for source in expand([str(archive)])] == [
        "data/x.jdx"
    ]
