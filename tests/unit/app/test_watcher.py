"""The folder watcher: each complete file once, and nothing that is still being written."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from irclassify.app.watcher import FolderWatcher


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "instrument"
    path.mkdir()
    return path


def watching(folder: Path) -> FolderWatcher:
    return FolderWatcher(folder, lambda path: path.endswith(".jdx"))


def names(paths: list[str]) -> list[str]:
    return [Path(path).name for path in paths]


def test_a_file_is_reported_once_it_no_longer_grows(folder: Path) -> None:
    watcher = watching(folder)
    file = folder / "a.jdx"
    file.write_text("first part")
    assert watcher.poll() == []
    file.write_text("first part, second part")
    assert watcher.poll() == []
    assert names(watcher.poll()) == ["a.jdx"]
    assert watcher.poll() == []


def test_a_changed_file_is_reported_again(folder: Path) -> None:
    watcher = watching(folder)
    file = folder / "a.jdx"
    file.write_text("one")
    assert watcher.poll() == []
    assert names(watcher.poll()) == ["a.jdx"]
    file.write_text("two, longer")
    assert watcher.poll() == []
    assert names(watcher.poll()) == ["a.jdx"]


def test_an_empty_file_is_waited_for(folder: Path) -> None:
    watcher = watching(folder)
    (folder / "a.jdx").touch()
    assert [watcher.poll() for _ in range(3)] == [[], [], []]


def test_hidden_files_and_other_suffixes_are_left_out(folder: Path) -> None:
    watcher = watching(folder)
    for name in (".part.jdx", "notes.md", "deep/er/a.jdx", ".hidden/b.jdx"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    watcher.poll()
    assert names(watcher.poll()) == ["a.jdx"]


def test_a_folder_that_vanishes_and_comes_back_reports_new_files_only(folder: Path) -> None:
    watcher = watching(folder)
    (folder / "a.jdx").write_text("x")
    watcher.poll()
    assert names(watcher.poll()) == ["a.jdx"]
    away = folder.with_name("away")
    folder.rename(away)
    assert watcher.poll() == []
    assert not watcher.available
    away.rename(folder)
    (folder / "b.jdx").write_text("x")
    assert watcher.poll() == []
    assert names(watcher.poll()) == ["b.jdx"]
    assert watcher.available


def test_a_link_that_leads_to_itself_is_left_out(folder: Path) -> None:
    watcher = watching(folder)
    (folder / "loop.jdx").symlink_to(folder / "loop.jdx")
    (folder / "circle").symlink_to(folder)
    (folder / "a.jdx").write_text("x")
    watcher.poll()
    assert names(watcher.poll()) == ["a.jdx"]


def test_files_of_an_earlier_run_are_skipped_unless_they_changed_since(folder: Path) -> None:
    for name in ("old.jdx", "changed.jdx", "new.jdx"):
        (folder / name).write_text("x")
        os.utime(folder / name, ns=(1000, 1000))
    os.utime(folder / "changed.jdx", ns=(3000, 3000))
    watcher = watching(folder)
    watcher.skip([str(folder / "old.jdx"), str(folder / "changed.jdx")], until=2000)
    watcher.poll()
    assert names(watcher.poll()) == ["new.jdx", "changed.jdx"]


def test_a_file_that_is_renamed_into_place_or_replaced_is_reported(folder: Path) -> None:
    watcher = watching(folder)
    (folder / "a.tmp").write_text("one")
    assert [watcher.poll(), watcher.poll()] == [[], []]
    (folder / "a.tmp").rename(folder / "a.jdx")
    watcher.poll()
    assert names(watcher.poll()) == ["a.jdx"]
    (folder / "a.tmp").write_text("two, another length")
    (folder / "a.tmp").replace(folder / "a.jdx")
    watcher.poll()
    assert names(watcher.poll()) == ["a.jdx"]


def test_a_file_that_is_deleted_while_it_grows_is_not_reported(folder: Path) -> None:
    watcher = watching(folder)
    (folder / "a.jdx").write_text("x")
    watcher.poll()
    (folder / "a.jdx").unlink()
    assert [watcher.poll(), watcher.poll()] == [[], []]


def test_a_folder_that_vanishes_while_a_file_grows_reports_the_whole_file_later(
    folder: Path,
) -> None:
    watcher = watching(folder)
    (folder / "a.jdx").write_text("part")
    watcher.poll()
    away = folder.with_name("away")
    folder.rename(away)
    watcher.poll()
    (away / "a.jdx").write_text("part and the rest")
    away.rename(folder)
    assert watcher.poll() == []
    assert names(watcher.poll()) == ["a.jdx"]
