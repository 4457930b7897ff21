"""A console window that is closed."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from command_line import many, tiny

from irclassify.cli import closing
from irclassify.cli.work import predict

CTRL_C, CTRL_BREAK, CLOSE, LOGOFF, SHUTDOWN = 0, 1, 2, 5, 6


@pytest.mark.parametrize("event", [CLOSE, LOGOFF, SHUTDOWN])
def test_a_closed_window_ends_the_run_and_the_document_is_whole(
    event: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closing, "_SECONDS", 0.0)
    answer = predict.answer_sources

    def closed_after_some(*words: Any, **options: Any) -> Iterator[Any]:
        answers: Iterable[Any] = answer(*words, **options)
        for some in answers:
            yield some
            told = threading.Thread(target=closing.closed, args=[event])  # as Windows does
            told.start()
            told.join()

    monkeypatch.setattr(predict, "answer_sources", closed_after_some)
    out = tmp_path / "out.json"
    done = tiny("predict", many(tmp_path / "many", 2000), "-o", out)
    assert done.returncode == 130
    assert b"interrupted" in done.stderr
    assert 0 < len(json.loads(out.read_text(encoding="utf-8"))) < 2000


@pytest.mark.parametrize("event", [CTRL_C, CTRL_BREAK])
def test_keys_are_left_to_python(event: int) -> None:
    assert not closing.closed(event)
