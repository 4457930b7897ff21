"""Files that another program holds open."""

from __future__ import annotations

from pathlib import Path

import pytest

from irclassify.batch.outputs.files import whole_file
from irclassify.errors import OutputError, UnreadableFileError
from irclassify.sources import held, paths
from irclassify.sources.paths import Source


class Held:
    """Refuses access so many times."""

    def __init__(self, refusals: int) -> None:
        self.left = refusals

    def __call__(self, *_arguments: object) -> bytes:
        if self.left:
            self.left -= 1
            raise PermissionError(13, "Permission denied")
        return b"read"


@pytest.fixture(autouse=True)
def on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held, "WAITS", (0.0, 0.0))


def test_a_file_that_is_let_go_soon_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "_read_file", Held(2))
    assert Source("x.spa", "x.spa").read() == b"read"


def test_a_file_that_stays_held_is_an_unreadable_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "_read_file", Held(3))
    with pytest.raises(UnreadableFileError, match="cannot be read: Permission denied"):
        Source("x.spa", "x.spa").read()


def test_an_output_that_a_viewer_holds_is_kept_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(b"old")
    replace = Path.replace

    def refuse(self: Path, target: Path) -> Path:
        if target == page:
            raise PermissionError(13, "Permission denied")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(OutputError, match=r"page\.html.*the new one is .*page\.new\.html"):  # noqa: SIM117
        with whole_file(page) as stream:
            stream.write(b"new")
    assert page.read_bytes() == b"old"
    assert (tmp_path / "page.new.html").read_bytes() == b"new"
    assert len(list(tmp_path.iterdir())) == 2
