"""Damaged tables of every format through the command: every file must have its row.

    python tests/fuzz/fuzz_tables.py [--seconds 600] [--seed 1]

Tables are mutated as bytes, a folder at a time, and ``predict`` runs on the folder. It prints what
went wrong (a traceback, a lost row, an error ``internal``, a wrong exit code) with the folder that
shows it, and how many mutants were tried with which answers. Exit code 1 when anything went wrong.
"""

from __future__ import annotations

import argparse
import csv
import io
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # where the tests' own helpers lie

from command_line import TINY, apart
from whole_tables import TABLES

IN_A_FOLDER = 24
SIDECARS = {"npy": "t.axis.npy", "envi": "t.dat"}


def originals(folder: Path) -> list[tuple[str, Path]]:
    """A whole table of every format, each in a folder of its own."""
    found = []
    for write in TABLES:
        (folder / write.__name__).mkdir(parents=True)
        found.append((write.__name__, write(folder / write.__name__)))
    return found


def mutant(data: bytes, chance: random.Random) -> bytes:
    """The bytes cut, a stretch lost or repeated, or some changed, often near the ends."""
    at = chance.randrange(len(data))
    kind = chance.randrange(5)
    if kind == 0:
        return data[:at]
    if kind == 1:
        return data[:at] + data[at + chance.randrange(1, 64) :]
    if kind == 2:
        return data[:at] + data[at : at + 200] * chance.randrange(2, 20) + data[at:]
    changed = bytearray(data)
    for _ in range(chance.choice([1, 3, 30, 300])):
        near = chance.randrange(min(len(data), 400))
        at = chance.choice([near, -1 - near, chance.randrange(len(data))])
        changed[at] = chance.choice([chance.randrange(256), 0, 255, 127, 45, 57])
    return bytes(changed)


def fill(folder: Path, tables: list[tuple[str, Path]], chance: random.Random) -> set[str]:
    """Write mutants with what belongs beside them; their names."""
    names = set()
    for number in range(IN_A_FOLDER):
        form, path = chance.choice(tables)
        name = f"m{number}{path.suffix}"
        (folder / name).write_bytes(mutant(path.read_bytes(), chance))
        if form in SIDECARS:
            beside = path.with_name(SIDECARS[form])
            shutil.copy(beside, folder / beside.name.replace("t", f"m{number}", 1))
        names.add(name)
    return names


def answers(folder: Path, names: set[str]) -> tuple[Counter[str], list[str]]:
    """What ``predict`` says of a folder: how often each error or "ok", and what is wrong."""
    try:
        done = apart("predict", folder, "--model", TINY, "--format", "csv", "--quiet")
    except subprocess.TimeoutExpired as late:
        return Counter(), [f"no end after {late.timeout:.0f} s"]
    rows = list(csv.DictReader(io.StringIO(done.stdout.decode("utf-8", "replace"))))
    told = {Path(row["file"]).name.partition("#")[0] for row in rows}
    wrong = [f"no row of {name}" for name in sorted(names - told)]
    wrong += [
        f"internal: {row['file']}: {row['message']}" for row in rows if row["error"] == "internal"
    ]
    if done.returncode not in (0, 1) or b"Traceback" in done.stderr:
        wrong.append(f"exit code {done.returncode}: {done.stderr[-300:].decode(errors='replace')}")
    return Counter(row["error"] or "ok" for row in rows), wrong


def main() -> int:
    """Fuzz until the time is over."""
    parser = argparse.ArgumentParser(description="Damaged tables through the command.")
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance, until = random.Random(options.seed), time.monotonic() + options.seconds
    root = Path(tempfile.mkdtemp(prefix="fuzz_tables_"))
    tables, counted, tried, faults = originals(root / "whole"), Counter[str](), 0, 0
    while time.monotonic() < until:
        folder = root / f"run{tried}"
        folder.mkdir()
        names = fill(folder, tables, chance)
        found, wrong = answers(folder, names)
        counted, tried, faults = counted + found, tried + len(names), faults + bool(wrong)
        for line in wrong:
            print(f"{folder}: {line}", flush=True)
        if not wrong:
            shutil.rmtree(folder)
    print(f"{tried} mutants, {faults} folders with a fault; answers: {dict(counted)}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
