"""Whatever ``predict`` reads, every other command reads: the same spectra under the same names."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import seeds
from command_line import irclassify, tiny
from whole_tables import COUNT, TABLES


def seed(name: str) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        (folder / name).write_bytes(seeds.SEEDS[name])
        return folder / name

    write.__name__ = name
    return write


FILES = tuple(map(seed, ("affn.jdx", "link.jdx", "film.0", "group.spg", "multi.spc", "one.csv")))


@pytest.mark.parametrize("write", [*TABLES, *FILES], ids=lambda write: write.__name__)
def test_every_command_reads_every_format(tmp_path: Path, write: Callable[[Path], Path]):
    (tmp_path / "in").mkdir()
    path = write(tmp_path / "in")
    done = tiny("predict", tmp_path / "in", "-f", "jsonl")
    said = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.returncode, len(said)) == (0, COUNT if write in TABLES else len(said))
    names = [row["file"] for row in said]
    done = irclassify("inspect", tmp_path / "in", "-f", "jsonl")
    assert [json.loads(line)["file"] for line in done.stdout.splitlines()] == names
    done = irclassify("convert", tmp_path / "in", "--to", "csv", "--folder", tmp_path / "out")
    assert (done.returncode, len(list((tmp_path / "out").iterdir()))) == (0, len(names))
    done = tiny("report", tmp_path / "in", "-o", tmp_path / "r.html")
    assert (done.returncode, done.stderr.split()[1]) == (0, b"%d" % len(names))
    last = ("--row", len(names)) if len(names) > 1 else ()
    done = tiny("explain", path, *last)
    explained = json.loads(done.stdout)
    assert done.returncode == 0
    (alone,) = (
        json.loads(line) for line in tiny("predict", path, *last, "-f", "jsonl").stdout.splitlines()
    )
    for row in (explained, alone):
        found = [group["probability"] for group in row["groups"]]
        expected = [group["probability"] for group in said[-1]["groups"]]
        assert found == pytest.approx(expected, abs=1e-4)
    done = tiny("predict", path, "--row", len(names) + 1, "-f", "json")
    told = done.stdout + done.stderr
    assert (done.returncode, b"--block" in told) == (1, True)
