"""Files that another program holds open, as only Windows has them.

What Windows raises is raised here for one path. The tests hold on Windows itself too.
"""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import synthetic
from command_line import irclassify, tiny

from irclassify.app.follow import Log
from irclassify.app.watcher import MOST_LOOKS, FolderWatcher, Stamp
from irclassify.batch.outputs.files import left_beside
from irclassify.results.prediction import Failed
from irclassify.sources import held
from irclassify.sources.paths import Source

FOR_EVER = 10**6


class Held:
    """One path that is refused so many times; what is read of it may stay allowed."""

    def __init__(self) -> None:
        self.path, self.refusals, self.reading = Path(), 0, False

    def __call__(self, path: Path, refusals: int = FOR_EVER, *, reading: bool = False) -> None:
        """Hold ``path`` from now on; ``reading``: it cannot be read either."""
        self.path, self.refusals, self.reading = path, refusals, reading

    def refuse(self, path: object, *, reading: bool, number: int | None = None) -> None:
        if isinstance(path, int) or os.fspath(path) != os.fspath(self.path):  # type: ignore[call-overload]
            return
        if self.refusals and (self.reading or not reading):
            self.refusals -= 1
            error = PermissionError(13, "Permission denied", str(path))
            error.winerror = number  # type: ignore[attr-defined]
            raise error


@pytest.fixture
def hold(monkeypatch: pytest.MonkeyPatch) -> Iterator[Held]:
    """Hold a path, as a program on Windows does: it is neither opened to write nor replaced."""
    holding = Held()
    real_open, real_os_open, real_replace = io.open, os.open, os.replace

    def opened(file: Any, mode: str = "r", *rest: Any, **options: Any) -> Any:
        if "x" not in mode:  # which says that the file is there
            holding.refuse(file, reading=not set(mode) & set("wa+"))
        return real_open(file, mode, *rest, **options)

    def os_opened(file: Any, flags: int, *rest: Any, **options: Any) -> int:
        holding.refuse(file, reading=not flags & (os.O_WRONLY | os.O_RDWR))
        return real_os_open(file, flags, *rest, **options)

    def replaced(part: Any, target: Any, **options: Any) -> None:
        holding.refuse(target, reading=False, number=32)
        real_replace(part, target, **options)

    monkeypatch.setattr(held, "WAITS", (0.0, 0.0))
    monkeypatch.setattr(io, "open", opened)
    monkeypatch.setattr("builtins.open", opened)
    monkeypatch.setattr(os, "open", os_opened)
    monkeypatch.setattr(os, "replace", replaced)
    yield holding
    holding.refusals = 0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of one file, one archive, and one table."""
    spectra = tmp_path / "spectra"
    spectra.mkdir()
    (spectra / "film.jdx").write_text(synthetic.jdx(synthetic.ESTER), encoding="utf-8")
    with zipfile.ZipFile(spectra / "run.zip", "w") as archive:
        archive.writestr("inner.jdx", synthetic.jdx(synthetic.KETONE))
    found = synthetic.spectrum(synthetic.ESTER)
    rows = [found.wavenumber, *([found.absorbance] * 3)]
    text = "\n".join(";".join(f"{value:.5g}" for value in row) for row in rows)
    (spectra / "table.csv").write_text(text, encoding="utf-8")
    return spectra


# --- inputs ---


@pytest.mark.parametrize("name", ["film.jdx", "run.zip", "table.csv"])
def test_a_file_that_is_let_go_soon_is_read(hold: Held, folder: Path, name: str) -> None:
    def rows() -> bytes:
        return tiny("predict", folder / name, "-q", "--format", "csv").stdout

    free = rows()
    assert b",true," in free
    hold(folder / name, 2, reading=True)
    assert rows() == free
    assert not hold.refusals


@pytest.mark.parametrize("name", ["film.jdx", "run.zip", "table.csv"])
@pytest.mark.parametrize("command", ["predict", "inspect", "convert", "report"])
def test_a_file_that_stays_held_is_a_row_and_the_run_goes_on(
    hold: Held, folder: Path, tmp_path: Path, name: str, command: str
) -> None:
    hold(folder / name, reading=True)
    asked = {
        "predict": ("--format", "jsonl"),
        "inspect": ("--format", "jsonl"),
        "convert": ("--to", "csv", "--folder", tmp_path / "out"),
        "report": ("-o", tmp_path / "page.html"),
    }[command]
    done = tiny(command, folder, *asked) if command in MODEL else plain(command, folder, *asked)
    assert done.returncode == 1
    told = done.stdout + done.stderr
    if command == "report":
        told = (tmp_path / "page.html").read_bytes()
    assert b"cannot be read: Permission denied" in told
    assert b"Traceback" not in done.stderr
    others = [line for line in done.stdout.splitlines() if b'"ok": true' in line]
    assert command not in ("predict", "inspect") or others


MODEL = ("predict", "report", "explain", "evaluate")


def plain(command: str, *words: object) -> Any:
    return irclassify(command, *words)


def test_a_held_source_says_why(hold: Held, folder: Path) -> None:
    file = folder / "film.jdx"
    hold(file, reading=True)
    with pytest.raises(Exception, match="cannot be read: Permission denied"):
        Source(str(file), str(file)).read()


# --- outputs ---

OUTPUTS: dict[str, tuple[str, Callable[[Path, Path], tuple[object, ...]]]] = {
    "predict csv": ("out.csv", lambda s, o: ("predict", s, "-o", o)),
    "predict tsv": ("out.tsv", lambda s, o: ("predict", s, "-o", o)),
    "predict json": ("out.json", lambda s, o: ("predict", s, "-o", o)),
    "predict jsonl": ("out.jsonl", lambda s, o: ("predict", s, "-o", o)),
    "predict Parquet": ("out.parquet", lambda s, o: ("predict", s, "-o", o)),
    "predict Arrow": ("out.arrow", lambda s, o: ("predict", s, "-o", o)),
    "predict npy": ("out.npy", lambda s, o: ("predict", s / "table.csv", "-o", o)),
    "predict npy, its names": (
        "out.about.npz",
        lambda s, o: ("predict", s / "table.csv", "-o", o.with_name("out.npy")),
    ),
    "explain": ("out.json", lambda s, o: ("explain", s / "film.jdx", "-o", o)),
    "explain --peaks": ("out.csv", lambda s, o: ("explain", s / "film.jdx", "--peaks", o)),
    "explain --plot": ("out.svg", lambda s, o: ("explain", s / "film.jdx", "--plot", o)),
    "report": ("out.html", lambda s, o: ("report", s, "-o", o)),
    "evaluate": (
        "out.json",
        lambda s, o: ("evaluate", s, "--labels", s.parent / "labels.csv", "-o", o),
    ),
}


@pytest.mark.parametrize("name", OUTPUTS)
def test_an_output_that_a_viewer_holds_stays_and_the_new_one_lies_beside_it(
    hold: Held, folder: Path, tmp_path: Path, name: str
) -> None:
    if "P" in name or "A" in name:
        pytest.importorskip("pyarrow")
    if "plot" in name:
        pytest.importorskip("matplotlib")
    (tmp_path / "labels.csv").write_text("file,groups\nfilm.jdx,ester\n", encoding="utf-8")
    file, words = OUTPUTS[name]
    output = tmp_path / "results" / file
    output.parent.mkdir()
    beside = output.with_name(f"{output.stem}.new{output.suffix}")

    def run() -> Any:
        command, *rest = words(folder, output)
        return tiny(str(command), *rest)

    assert run().returncode == 0
    written = output.read_bytes()
    usual = set(output.parent.iterdir())
    output.write_bytes(b"old")
    hold(output)
    done = run()
    assert done.returncode == 1, done.stderr
    assert output.read_bytes() == b"old"
    assert same(beside.read_bytes(), written)
    assert f"{output}: another program holds it open; the new one is {beside}" in (
        done.stderr.decode()
    )
    assert set(output.parent.iterdir()) == usual | {beside}
    hold.refusals = 0
    assert run().returncode == 0
    assert same(output.read_bytes(), written)


def same(data: bytes, other: bytes) -> bool:
    """Equal but for times, which SVG and archives of numpy state."""
    return data == other or data.startswith((b"<?xml", b"PK", b"<!doctype"))


def test_an_output_that_is_let_go_meanwhile_takes_its_name(
    hold: Held, folder: Path, tmp_path: Path
) -> None:
    output = tmp_path / "out.jsonl"
    output.write_bytes(b"old")
    hold(output, 3)  # while it is opened; when the run ends it is free
    done = tiny("predict", folder, "-o", output)
    assert done.returncode == 0, done.stderr
    assert all(json.loads(line)["ok"] for line in output.read_bytes().splitlines())
    assert not (tmp_path / "out.new.jsonl").exists()


def test_pictures_of_a_map_that_a_viewer_holds_lie_beside_it(hold: Held, tmp_path: Path) -> None:
    found = synthetic.spectrum(synthetic.ESTER)
    np.save(tmp_path / "map.npy", np.tile(found.absorbance, (2, 3, 1)))
    np.save(tmp_path / "map.axis.npy", found.wavenumber)
    words = ("predict", tmp_path / "map.npy", "-q", "--png", tmp_path / "png")
    assert tiny(*words, "-o", tmp_path / "out.npy").returncode == 0
    picture = next((tmp_path / "png").iterdir())
    count = len(list((tmp_path / "png").iterdir()))
    hold(picture)
    done = tiny(*words, "-o", tmp_path / "out.npy")
    assert done.returncode == 1
    assert picture.name.encode() in done.stderr
    assert picture.with_name(f"{picture.stem}.new.png").read_bytes() == picture.read_bytes()
    assert len(list((tmp_path / "png").iterdir())) == count + 1


def test_a_run_does_not_go_on_in_a_file_that_is_held(
    hold: Held, folder: Path, tmp_path: Path
) -> None:
    output = tmp_path / "out.jsonl"
    (folder / "table.csv").unlink()
    assert tiny("predict", folder, "-o", output).returncode == 0
    before = output.read_bytes()
    hold(output)
    done = tiny("predict", folder, "-o", output, "--resume")
    assert done.returncode == 2
    assert b"another program holds it open; close it there and try again" in done.stderr
    assert output.read_bytes() == before
    assert not (tmp_path / "out.new.jsonl").exists()


def test_a_converted_file_that_is_there_and_held_is_one_line_and_the_others_are_written(
    hold: Held, folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    assert plain("convert", folder, "--to", "csv", "--folder", out).returncode == 0
    there = sorted(out.iterdir())
    there[-1].unlink()
    hold(there[0], reading=True)
    done = plain("convert", folder, "--to", "csv", "--folder", out)
    assert done.returncode == 1
    assert there[0].name.encode() in done.stderr
    assert sorted(out.iterdir()) == there


def test_samples_are_written_beside_those_that_a_viewer_holds(hold: Held, tmp_path: Path) -> None:
    assert plain("samples", tmp_path).returncode == 0
    sample = tmp_path / "ethanol.jdx"
    sample.write_bytes(b"old")
    hold(sample)
    done = plain("samples", tmp_path, "--force")
    assert done.returncode == 1
    assert sample.read_bytes() == b"old"
    assert b"##TITLE" in (tmp_path / "ethanol.new.jdx").read_bytes()


def test_a_read_only_output_is_said_to_be_so(tmp_path: Path, folder: Path) -> None:
    """A refusal that no program causes is final: nothing is written beside the file."""
    output = tmp_path / "out.jsonl"
    output.mkdir()
    done = tiny("predict", folder, "-o", output)
    assert done.returncode == 2
    assert b"cannot be written" in done.stderr
    assert not (tmp_path / "out.new.jsonl").exists()


def test_where_nothing_may_be_written_beside_it_either_the_output_is_named(
    hold: Held, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "out.jsonl"
    output.write_bytes(b"old")
    hold(output)
    refuse = hold.refuse

    def refuse_both(path: object, **how: Any) -> None:
        refuse(output if str(path) == str(tmp_path / "out.new.jsonl") else path, **how)

    monkeypatch.setattr(hold, "refuse", refuse_both)
    done = tiny("predict", folder, "-o", output)
    assert done.returncode == 2
    assert f"-o {output}: cannot be written, nor can" in done.stderr.decode()
    assert output.read_bytes() == b"old"


# --- a folder that is watched ---


def answered(names: list[str], log: Log) -> None:
    for name in names:
        log.append(Failed(name, "empty", "the file is empty"))


def files_in(log: Path) -> list[str]:
    return [json.loads(line)["file"] for line in log.read_bytes().splitlines()]


def test_lines_wait_while_a_viewer_holds_the_log(hold: Held, tmp_path: Path) -> None:
    log = Log(tmp_path / "log.jsonl")
    answered(["a"], log)
    hold(log.file, 6)  # two lines, three tries each
    answered(["b", "c"], log)
    assert files_in(log.file) == ["a"]
    answered(["d"], log)
    log.close()
    assert files_in(log.file) == ["a", "b", "c", "d"]
    assert len(list(tmp_path.iterdir())) == 1


def test_lines_that_wait_at_the_end_are_kept_beside_the_log(hold: Held, tmp_path: Path) -> None:
    log = Log(tmp_path / "log.jsonl")
    answered(["a"], log)
    hold(log.file)
    answered(["b", "c"], log)
    log.close()
    assert files_in(log.file) == ["a"]
    assert files_in(tmp_path / "log.new.jsonl") == ["b", "c"]
    assert "its last lines are in" in left_beside()[0]


def test_a_file_that_an_instrument_holds_is_waited_for(hold: Held, folder: Path) -> None:
    watcher = FolderWatcher(folder, lambda name: name.endswith(".jdx"))
    hold(folder / "film.jdx", 3, reading=True)
    assert [len(watcher.poll()) for _ in range(6)] == [0, 0, 0, 0, 1, 0]


def test_a_file_that_is_held_for_a_minute_is_reported_all_the_same(
    hold: Held, folder: Path
) -> None:
    watcher = FolderWatcher(folder, lambda name: name.endswith(".jdx"))
    hold(folder / "film.jdx", reading=True)
    assert [len(watcher.poll()) for _ in range(MOST_LOOKS + 2)] == [0] * (MOST_LOOKS + 1) + [1]


def test_a_file_that_is_larger_than_its_folder_says_is_still_written(
    hold: Held, folder: Path
) -> None:
    """On Windows a folder learns of a file's size when the file is closed."""
    file = folder / "film.jdx"
    told = Stamp(file.stat().st_size - 10, 1)
    watcher = FolderWatcher(folder, lambda _: True)
    hold(folder / "another file")
    looks = [[(str(file), told)]] * 3 + [[(str(file), told._replace(size=told.size + 10))]] * 2
    found = []
    for look in looks:
        watcher._look = lambda look=look: iter(look)  # type: ignore[method-assign,misc]
        found.append(len(watcher.poll()))
    assert found == [0, 0, 0, 0, 1]
