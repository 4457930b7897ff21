"""README and docs: every link leads somewhere, every command runs as written."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from irclassify import samples

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]

# A block of commands, and the comment before it that says why a test cannot run them.
BLOCK = re.compile(r"(?:<!-- (not run: [^>]+|ci:\w+) -->\n)?```sh\n(.*?)```", re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def commands(page: Path) -> Iterator[str]:
    """The lines that begin with ``irclassify`` or hold it in a pipe, of blocks that can be run."""
    for marked, block in BLOCK.findall(page.read_text(encoding="utf-8")):
        if not marked:
            yield from (line for line in block.splitlines() if line.strip())


def test_every_page_is_listed_in_the_index() -> None:
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    linked = {(ROOT / "docs" / target).resolve() for target in LINK.findall(index)}
    pages = set((ROOT / "docs").rglob("*.md")) - {ROOT / "docs" / "index.md"}
    assert pages == linked & pages


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_every_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        if "://" in target or target.startswith("mailto:"):
            continue
        path, _, heading = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), f"{page.name}: {target}"
        assert not heading or heading in headings(file), f"{page.name}: {target}"


@cache
def headings(page: Path) -> frozenset[str]:
    """The anchors that a forge makes of a page's headings."""
    lines = page.read_text(encoding="utf-8").splitlines()
    titles = (line.lstrip("#").strip().lower() for line in lines if line.startswith("#"))
    return frozenset(re.sub(r"[^\w\- ]", "", title).replace(" ", "-") for title in titles)


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_every_command_runs_as_written(page: Path, tmp_path: Path) -> None:
    lines = list(commands(page))
    if not lines:
        return
    prepare(tmp_path)
    for line in lines:
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", line],
            cwd=tmp_path,
            env=environment(tmp_path),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, f"{line}\n{done.stderr}"
        assert "Traceback" not in done.stderr


def prepare(folder: Path) -> None:
    """What the pages assume: two folders of spectra, an archive, a table of labels."""
    for name in ("samples", "spectra"):
        (folder / name).mkdir()
        for spectrum in samples.spectra():
            (folder / name / spectrum.name).write_bytes(spectrum.read_bytes())
    shutil.make_archive(str(folder / "archive"), "zip", folder / "spectra")
    rows = ["file,groups", "ethanol.jdx,alkane;methyl;alcohol", "aniline.jdx,aromatic;amine"]
    (folder / "labels.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    command = folder / "bin" / "irclassify"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m irclassify "$@"\n')
    command.chmod(0o755)


def environment(folder: Path) -> dict[str, str]:
    """The command of this checkout comes first on the path."""
    paths = [str(folder / "bin"), os.environ["PATH"]]
    return os.environ | {"PATH": os.pathsep.join(paths), "PYTHONPATH": str(ROOT)}
