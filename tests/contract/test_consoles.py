"""Every screen on a console of 80 columns that lacks most characters, as Windows has them."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest
from command_line import apart

from irclassify.cli import fallback
from irclassify.cli.main import COMMANDS, run

ESCAPE = re.compile(r"\\u[0-9a-f]{4}|\\x[0-9a-f]{2}")
COLOUR = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")
TABLE = ("--format", "table")
SCREENS = {
    "predict": [("FOLDER", *TABLE), ("FOLDER", "--all", *TABLE)],
    "explain": [("FILE", *TABLE), ("FILE", "-v", *TABLE), ("FILE", "OTHER", *TABLE)],
    "report": [("FILE", "-o", "OUT.html")],
    "app": [("--help",)],
    "watch": [("--help",)],
    "check": [("FILE", "--smiles", "CCO", *TABLE)],
    "evaluate": [("FOLDER", "--labels", "LABELS", *TABLE)],
    "inspect": [("FOLDER", *TABLE)],
    "convert": [("--help",)],
    "weights": [("nitrile", *TABLE)],
    "patterns": [TABLE],
    "groups": [(), TABLE],
    "models": [TABLE],
    "demo": [()],
    "samples": [("OUT",)],
}


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the words in capitals stand for."""
    root = tmp_path_factory.mktemp("console")
    folder = root / "spectra"
    assert run(["samples", str(folder)]) == 0
    (folder / "broken.jdx").write_text("##TITLE=x\n##END=\n", encoding="utf-8")
    (root / "labels.csv").write_text("file,groups\nethanol.jdx,alkane;methyl;alcohol\n")
    names = {"FILE": folder / "ethanol.jdx", "OTHER": folder / "aniline.jdx", "FOLDER": folder}
    names |= {"LABELS": root / "labels.csv", "OUT": root / "out", "OUT.html": root / "out.html"}
    return {word: str(path) for word, path in names.items()}


class Console(io.TextIOWrapper):
    """A terminal in memory."""

    def isatty(self) -> bool:
        return True


def printed(words: list[str], encoding: str) -> str:
    """What a command prints on a console of this encoding, colours taken out."""
    stream = Console(io.BytesIO(), encoding=encoding, errors=fallback.NAME)
    with contextlib.redirect_stdout(stream), contextlib.redirect_stderr(stream):
        assert run(words) in (0, 1), words
        stream.flush()
        return COLOUR.sub("", stream.buffer.getvalue().decode(encoding))  # type: ignore[attr-defined]


def test_every_command_has_a_screen_here() -> None:
    assert set(SCREENS) == set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_poor_console_shows_no_escapes_and_no_table_is_too_wide(
    command: str, places: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sentences are longer: the console breaks them."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(Path(places["FOLDER"]).parent)
    here = {word: str(Path(path).relative_to(Path.cwd())) for word, path in places.items()}
    for screen in SCREENS[command]:
        words = [command, *(here.get(word, word) for word in screen)]
        for encoding in ("cp1252", "ascii"):
            text = printed(words, encoding)
            assert not ESCAPE.search(text), (words, encoding, ESCAPE.findall(text))
            lines = re.split(r"[\r\n]+", text)
            long = [line for line in lines if len(line) > 80 and not line.endswith(".")]
            assert not long, (words, encoding, long)


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "ascii:strict"])
def test_the_command_sets_its_console_up(encoding: str, places: dict[str, str]) -> None:
    found = apart("inspect", places["FOLDER"], *TABLE, PYTHONIOENCODING=encoding, COLUMNS="80")
    assert found.returncode == 1
    assert b"Traceback" not in found.stderr
    assert not ESCAPE.search((found.stdout + found.stderr).decode("cp1252"))
    assert b"_" in found.stdout


def test_what_a_console_lacks_has_a_fallback_and_letters_become_escapes() -> None:
    def on(encoding: str, text: str) -> str:
        return text.encode(encoding, fallback.NAME).decode(encoding)

    assert on("ascii", "1715 cm⁻¹ ≥ C≡N ▁█") == "1715 cm-1 >= C#N _#"
    assert on("cp1252", "1715 cm⁻¹") == "1715 cm-1"
    assert on("cp1252", "\u03b1-pinène.jdx") == "\\u03b1-pinène.jdx"
