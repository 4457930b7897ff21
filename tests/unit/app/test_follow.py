"""Watching a folder: every complete spectrum is one line, also after an interruption."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import synthetic
from command_line import TINY

import irclassify
from irclassify.app import follow
from irclassify.app.follow import Log, folder_watcher, new_results
from irclassify.batch.in_words import IN_WORDS
from irclassify.errors import UsageError
from irclassify.options import ReadOptions
from irclassify.results.prediction import Ok, Result


@pytest.fixture(autouse=True)
def _look_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follow, "LOOK_EVERY_S", 0.01)


def write(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).write_text(synthetic.jdx(synthetic.ESTER), encoding="utf-8")


def watch(folder: Path, count: int, log: Log | None = None) -> list[Result]:
    """The next ``count`` answers."""
    watcher = folder_watcher(folder)
    if log:
        log.resume(watcher)
    stop = threading.Event()
    threading.Timer(20, stop.set).start()
    found: list[Result] = []
    for result in _results(watcher, stop):
        found.append(result)
        if log:
            log.append(result)
        if len(found) == count:
            stop.set()
    return found


def _results(watcher: follow.FolderWatcher, stop: threading.Event) -> Iterator[Result]:
    return new_results(watcher, irclassify.load(str(TINY)), ReadOptions(), stop)


def test_good_and_bad_files_are_answered(tmp_path: Path) -> None:
    write(tmp_path, "a.jdx")
    (tmp_path / "b.jdx").write_text("##TITLE=x\n##END=\n")
    found = watch(tmp_path, 2)
    assert {Path(result.file).name: isinstance(result, Ok) for result in found} == {
        "a.jdx": True,
        "b.jdx": False,
    }


def test_a_watch_goes_on_where_it_ended(tmp_path: Path) -> None:
    folder = tmp_path / "instrument"
    folder.mkdir()
    log = Log(tmp_path / "log.jsonl")
    write(folder, "a.jdx", "b.jdx")
    watch(folder, 2, log)
    write(folder, "c.jdx")
    assert [Path(result.file).name for result in watch(folder, 1, log)] == ["c.jdx"]
    lines = log.file.read_text().splitlines()
    assert [Path(json.loads(line)["file"]).name for line in lines] == ["a.jdx", "b.jdx", "c.jdx"]


def test_a_line_that_was_cut_off_is_written_again(tmp_path: Path) -> None:
    folder = tmp_path / "instrument"
    folder.mkdir()
    log = Log(tmp_path / "log.jsonl")
    write(folder, "a.jdx")
    watch(folder, 1, log)
    whole = log.file.read_bytes()
    log.file.write_bytes(whole[:-20])
    watch(folder, 1, log)
    assert log.file.read_bytes() == whole


@pytest.mark.parametrize(
    "content", ["file,ok\n", "[]\n", "null\n", '{"ok": true}\n', "[" * 5000 + "\n"]
)
def test_a_file_that_is_not_a_log_is_refused(tmp_path: Path, content: str) -> None:
    log = Log(tmp_path / "log.jsonl")
    log.file.write_text(content)
    with pytest.raises(UsageError, match="not a log"):
        log.resume(folder_watcher(tmp_path))
    assert log.file.read_text() == content


def test_a_folder_that_vanishes_is_told_once(tmp_path: Path) -> None:
    folder = tmp_path / "instrument"
    folder.mkdir()
    write(folder, "a.jdx")
    watcher = folder_watcher(folder)
    told: list[str] = []
    stop = threading.Event()
    classifier = irclassify.load(str(TINY))
    results = new_results(watcher, classifier, ReadOptions(), stop, said=told.append)
    next(results)
    folder.rename(tmp_path / "away")
    timer = threading.Timer(0.2, stop.set)
    timer.start()
    assert list(results) == []
    assert len(told) == 1
    assert "waiting" in told[0]


def test_a_file_that_is_completed_now_is_not_behind_the_old_ones(tmp_path: Path) -> None:
    write(tmp_path, *(f"old{i:03}.jdx" for i in range(100)))
    files = follow.new_files(folder_watcher(tmp_path), threading.Event())
    first = next(files)
    write(tmp_path, "new.jdx")
    found = [len(first)]
    for some in files:
        found.append(len(some))
        time.sleep(0.02)  # as if they were answered
        if any(path.endswith("new.jdx") for path in some):
            break
    assert sum(found) < 100


def test_old_files_can_come_from_the_newest_to_the_oldest(tmp_path: Path) -> None:
    write(tmp_path, *"abc")
    for at, name in enumerate("bca"):
        (tmp_path / name).rename(tmp_path / f"{name}.jdx")
        os.utime(tmp_path / f"{name}.jdx", (at, at))
    files = follow.new_files(folder_watcher(tmp_path), threading.Event(), newest_first=True)
    assert [Path(path).name for path in next(files)] == ["a.jdx", "c.jdx", "b.jdx"]


def test_a_file_that_changes_while_it_waits_is_answered_once(tmp_path: Path) -> None:
    write(tmp_path, *(f"old{i:03}.jdx" for i in range(40)))
    stop = threading.Event()
    files = follow.new_files(folder_watcher(tmp_path), stop)
    found = list(next(files))
    (tmp_path / "old039.jdx").write_text("changed")
    for some in files:
        found += some
        time.sleep(0.02)
        if len(found) >= 40:
            stop.set()
    assert len(found) == len(set(found)) == 40


def test_answers_are_put_in_words_where_they_are_asked_for(tmp_path: Path) -> None:
    write(tmp_path, "a.jdx")
    results = new_results(
        folder_watcher(tmp_path),
        irclassify.load(str(TINY)),
        ReadOptions(),
        threading.Event(),
        in_words=IN_WORDS,
    )
    said = next(results)
    assert isinstance(said, Ok)
    assert said.summary
    assert said.summary.endswith(".")


def test_a_resumed_log_gains_what_changed_or_came_meanwhile(tmp_path: Path) -> None:
    folder = tmp_path / "instrument"
    folder.mkdir()
    log = Log(tmp_path / "log.jsonl")
    write(folder, "same.jdx", "changed.jdx", "deleted.jdx")
    watch(folder, 3, log)
    later = log.file.stat().st_mtime + 10
    write(folder, "changed.jdx", "part")
    os.utime(folder / "changed.jdx", (later, later))
    (folder / "part").rename(folder / "renamed.jdx")  # as programs do that write beside
    (folder / "deleted.jdx").unlink()
    found = watch(folder, 2, log)
    assert {Path(each.file).name for each in found} == {"changed.jdx", "renamed.jdx"}
    assert log.file.read_text().count("\n") == 5
