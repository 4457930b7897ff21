"""A short run of the fuzzers: with atheris where it is installed, with the seeds anyway."""

from __future__ import annotations

import importlib.util
import random
import subprocess
import sys
from pathlib import Path

import pytest
from fuzz import fuzz_readers, fuzz_tables

HERE = Path(__file__).parent
# The same inputs in every run, so that a change is judged by what it changed; new inputs are for
# the long runs by hand.
ALWAYS_THE_SAME = ("-seed=20261126", "-runs=4000")


@pytest.mark.parametrize("reader", fuzz_readers.READERS)
def test_seeds_and_their_mutations(reader: str):
    """Every reader gets every seed, also those of other formats, whole and damaged."""
    one_input = fuzz_readers.target(reader)
    chance = random.Random(reader)
    for path in sorted(fuzz_readers.SEEDS.iterdir()):
        data = path.read_bytes()
        one_input(data)
        for _ in range(10):
            one_input(mutated(data, chance))


def mutated(data: bytes, chance: random.Random) -> bytes:
    """``data`` with some bytes changed, a stretch doubled or lost."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    start = chance.randrange(len(changed))
    stretch = changed[start : start + chance.randint(0, 40)]
    if chance.random() < 0.5:
        changed[start:start] = stretch
    else:
        del changed[start : start + len(stretch)]
    return bytes(changed)


def test_every_damaged_table_has_its_row(tmp_path: Path):
    chance = random.Random(1)
    folder = tmp_path / "damaged"
    folder.mkdir()
    names = fuzz_tables.fill(folder, fuzz_tables.originals(tmp_path / "whole"), chance)
    assert fuzz_tables.answers(folder, names)[1] == []


def test_seeds_are_those_the_tests_make():
    import seeds

    committed = {path.name: path.read_bytes() for path in fuzz_readers.SEEDS.iterdir()}
    assert committed == seeds.SEEDS | seeds.PARTS, "run python tests/fuzz/make_seeds.py"


@pytest.mark.skipif(not importlib.util.find_spec("atheris"), reason="pip install atheris")
@pytest.mark.parametrize("reader", fuzz_readers.READERS)
def test_a_short_guided_run(reader: str):
    done = subprocess.run(
        [sys.executable, HERE / "fuzz_readers.py", reader, *ALWAYS_THE_SAME],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
