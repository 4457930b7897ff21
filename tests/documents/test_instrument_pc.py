"""The page for the PC with Windows: its commands have the options that they are given there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from command_line import irclassify

from irclassify.cli.main import COMMANDS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/how-to/on-the-instrument-pc.md").read_text(encoding="utf-8")
NOT_RUN = re.findall(r"<!-- not run: [^>]+-->\n```sh\n(.*?)```", PAGE, re.DOTALL)
LINES = [line for block in NOT_RUN for line in block.splitlines()]
# In quotes, a line that another program is to run.
OURS = [line for line in LINES if line.startswith("irclassify ")]
OURS += [found for line in LINES for found in re.findall(r'"(irclassify [^"]+)"', line)]


def test_the_page_has_commands_of_ours() -> None:
    assert {line.split()[1] for line in OURS} == {"app", "watch"}


@pytest.mark.parametrize("line", OURS)
def test_a_command_of_the_page_has_its_options(line: str) -> None:
    _, command, *words = shlex.split(line, posix=False)
    assert command in COMMANDS
    text = irclassify(command, "--help").stdout.decode()
    for word in words:
        assert not word.startswith("-") or re.search(rf"{re.escape(word)}\b", text), word
        assert word.startswith("-") or re.fullmatch(r"C:(\\[\w.]+)+", word), word


@pytest.mark.parametrize("line", [line for line in LINES if line.startswith("py ")])
def test_a_command_of_python_installs_this_tool_with_pipx(line: str) -> None:
    words = shlex.split(line)
    assert words[:2] == ["py", "-m"]
    assert words[2] in ("pip", "pipx")
    assert words[-1] == "ensurepath" or {"install", "download"} & set(words)


def test_every_format_that_the_page_calls_read_is_in_the_list_of_formats() -> None:
    listed = (ROOT / "docs/reference/file-formats.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| [A-Z][^|]+\|([^|]+)\|", PAGE, re.MULTILINE)
    suffixes = {suffix for row in rows for suffix in re.findall(r"`(\.[a-z]+)`", row)}
    assert suffixes >= {".spa", ".sp", ".asp", ".jws"}
    assert all(f"`{suffix}`" in listed for suffix in suffixes)
