"""``python -m tests.benchmarks [NAME ...]``: every speed and memory figure in one run.

The names are those of the ``bench_*.py`` modules; without any, all run. Each has a process of its
own, so that none finds memory, threads or imported modules of the one before. A figure is printed
as soon as it is known, beside its target where it has one. Exit code 1 when a target is missed or
a benchmark came to no end.
Figures depend on the machine and on what else it does: quote them with the environment printed.
Ratios to a baseline of the same run depend on it less: ``--record`` adds them to history.csv.
"""

from __future__ import annotations

import argparse
import ast
import csv
import datetime
import json
import os
import platform
import subprocess
import sys
import time
from dataclasses import asdict
from importlib import metadata
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # where the tests' own helpers lie

from tests.benchmarks.apart import figures_of
from tests.benchmarks.figures import ROOT, Figure

HERE = Path(__file__).parent
HISTORY = HERE / "history.csv"


def names() -> list[str]:
    """The benchmarks there are."""
    return sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py"))


def environment() -> dict[str, str]:
    """What the figures depend on."""
    command = ["git", "describe", "--always", "--dirty"]
    asked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    cpu = next(
        (
            line.split(":", 1)[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    packages = ("numpy", "onnxruntime", "jcamp", "typer", "rich")
    return {
        "when": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "commit": asked.stdout.strip() or "unknown",
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "processor": f"{cpu}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}",
        "python": f"{platform.python_version()} ({sys.executable})",
        "packages": ", ".join(f"{name} {metadata.version(name)}" for name in packages),
    }


def record(where: dict[str, str], stored: dict[str, list[Figure]]) -> None:
    """Add the ratios of this run to the history: a later change shows."""
    ratios = [(name, f) for name, figures in stored.items() for f in figures if f.unit == "x"]
    with HISTORY.open("a", newline="") as stream:
        rows = csv.writer(stream, lineterminator="\n")
        if not stream.tell():
            rows.writerow(("when", "commit", "machine", "benchmark", "ratio", "value"))
        for name, figure in ratios:
            about = (where["when"], where["commit"], where["processor"])
            rows.writerow((*about, name, figure.what, f"{figure.value:.3g}"))


def line(figure: Figure) -> str:
    """A figure for a person."""
    value = f"{figure.value:,.0f}" if abs(figure.value) >= 1000 else f"{figure.value:.3g}"
    text = f"  {figure.what:<58} {value:>9} {figure.unit:<10}"
    if figure.target is not None:
        bound = "at least" if figure.at_least else "at most"
        verdict = "ok" if figure.met else "MISSED"
        text += f" {verdict:<6} ({bound} {figure.target:,g})"
    return f"{text}  {figure.note}".rstrip()


def title(name: str) -> str:
    """The first line of a benchmark's docstring."""
    text = (HERE / f"bench_{name}.py").read_text(encoding="utf-8")
    return (ast.get_docstring(ast.parse(text)) or "").partition("\n")[0]


def measured(names: list[str], *, quick: bool) -> dict[str, list[Figure]]:
    """Run and print."""
    stored: dict[str, list[Figure]] = {}
    start = time.monotonic()
    for name in names:
        began = time.monotonic()
        print(f"\n{name}: {title(name)}", flush=True)
        for figure in figures_of(name, quick=quick):
            print(line(figure), flush=True)
            stored.setdefault(name, []).append(figure)
        print(f"  took {time.monotonic() - began:.0f} s")
    print(f"\nall took {time.monotonic() - start:.0f} s", flush=True)
    return stored


def main() -> int:
    """Run and print; 1 when a target is missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(names()))
    parser.add_argument("--quick", action="store_true", help="a smaller piece of the same work")
    parser.add_argument("--record", action="store_true", help=f"add ratios to {HISTORY.name}")
    parser.add_argument("--json", type=Path, help="write the figures here as well")
    chosen = parser.parse_args()
    if unknown := set(chosen.names) - set(names()):
        parser.error(f"no benchmark {sorted(unknown)}: there are {', '.join(names())}")
    if chosen.quick and chosen.record:
        parser.error("--record: ratios of a smaller piece of work are not recorded")
    where = environment()
    for key, value in where.items():
        print(f"{key:<10} {value}")
    stored = measured(chosen.names or names(), quick=chosen.quick)
    if chosen.record:
        record(where, stored)
    if chosen.json:
        figures = {name: [asdict(f) for f in found] for name, found in stored.items()}
        chosen.json.write_text(json.dumps({"environment": where, "figures": figures}, indent=1))
    return 0 if all(f.met for found in stored.values() for f in found) else 1


if __name__ == "__main__":
    raise SystemExit(main())
