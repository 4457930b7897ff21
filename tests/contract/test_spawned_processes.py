"""Worker processes that are spawned, as on Windows and macOS, answer what forked ones do."""

from __future__ import annotations

import multiprocessing
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import Any, NoReturn

import pytest
from command_line import TINY, many

from irclassify.batch import explanations, files, workers
from irclassify.cli.main import run


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let every process be spawned; the ways that were asked for are recorded."""
    asked: list[str] = []
    real = multiprocessing.get_context

    def spawned(method: str | None = None) -> BaseContext:
        asked.append(str(method))
        return real("spawn")

    monkeypatch.setattr(multiprocessing, "get_context", spawned)
    return asked


def test_spawned_processes_give_the_same_answers(
    tmp_path: Path, started: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = many(tmp_path / "spectra", 40)
    (folder / "broken.jdx").write_text("##TITLE=x\n##END=\n", encoding="utf-8")

    def printed(workers: int) -> str:
        words = ["predict", str(folder), "-m", str(TINY), "-q", "--format", "json"]
        assert run([*words, "--workers", str(workers)]) == 1
        return capsys.readouterr().out

    alone = printed(1)
    assert not started
    assert printed(2) == alone
    assert started


def test_spawned_processes_explain_for_the_report(
    tmp_path: Path, started: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(explanations, "WORTH_WORKERS", 1)
    monkeypatch.setattr(files, "usable_cores", lambda: 2)
    folder = many(tmp_path / "spectra", 3)
    page = tmp_path / "page.html"
    assert run(["report", str(folder), "-m", str(TINY), "-q", "-o", str(page)]) == 0
    assert started
    assert 'id="r3"' in page.read_text(encoding="utf-8")


def test_no_more_processes_are_asked_for_than_windows_waits_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[int] = []
    told: list[str] = []

    def refuse(count: int, *_rest: Any, **_options: Any) -> NoReturn:
        asked.append(count)
        raise OSError("no processes here")

    monkeypatch.setattr(workers, "MOST", 61)
    monkeypatch.setattr(workers, "ProcessPoolExecutor", refuse)
    assert list(workers.ordered_map(str, range(5), 70, warn=told.append)) == list("01234")
    assert asked == [61]
    assert "61 could not be started" in told[0]
