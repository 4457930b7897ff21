"""``python tests/frozen/record.py``: store what every command prints and writes, to be compared.

The stored files hold the whole behaviour of the command line: a change that is meant to change
nothing leaves them as they are. After a change that is meant, record again and read the
difference before committing it. Names of cases choose some of them; ``--model default`` chooses
those that depend on that shipped model.
"""

from __future__ import annotations

import argparse
import base64
import gzip
import hashlib
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import tomllib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import workspace

from irclassify.cli.main import COMMANDS

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
STORED = HERE / "stored"
OPTIONS, JSON_KEYS, MACHINE = HERE / "options.txt", HERE / "json_keys.txt", HERE / "machine.txt"
LONG = 6_000  # characters; what is longer is stored compressed
HASHED = {".html", ".svg", ".png", ".npy", ".parquet", ".arrow"}
GROUPS = {
    g["name"]
    for g in json.loads((workspace.TINY / "model.json").read_text(encoding="utf-8"))["groups"]
}
Case = dict[str, Any]
Outcome = list[Any]


def cases() -> dict[str, Case]:
    """Every case by name, its words split."""
    stored = tomllib.loads((HERE / "commands.toml").read_text(encoding="utf-8"))["cases"]
    return {name: case | {"words": _words(case["words"])} for name, case in stored.items()}


def _words(line: str) -> list[str]:
    return line.replace("TINY", "--model tiny_model").split()


def outcomes(chosen: list[Case]) -> list[Outcome]:
    """Run the cases in a fresh workspace."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder).resolve()
        workspace.build(work, lambda: _run([{"words": ["samples", "samples"]}], work))
        found = _run(chosen, work)
        return [json.loads(_unplaced(json.dumps(o), work)) for o in found]


def _run(chosen: list[Case], work: Path, width: int = 100) -> list[Outcome]:
    keep = {k: os.environ[k] for k in ("PATH", "VIRTUAL_ENV", "LD_LIBRARY_PATH") if k in os.environ}
    environment = keep | {
        "COLUMNS": str(width),
        "HOME": str(work),
        "LANG": "C.UTF-8",
        "MPLCONFIGDIR": str(work),
        "NO_COLOR": "1",
        "OMP_NUM_THREADS": "1",
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
        "SOURCE_DATE_EPOCH": "0",
        "TERM": "xterm",
        "TZ": "UTC",
    }
    command = [sys.executable, str(HERE / "runner.py"), str(work)]
    done = subprocess.run(
        command, input=json.dumps(chosen), env=environment, stdout=-1, text=True, check=True
    )
    found: list[Outcome] = json.loads(done.stdout)
    return found


def _unplaced(text: str, work: Path) -> str:
    """Without the places of this checkout and of the workspace."""
    return text.replace(str(work), "WORK").replace(str(ROOT), "ROOT")


def tool_version(found: Outcome) -> str:
    """What ``irclassify --version`` calls the tool's version."""
    return str(found[1].split()[1].rstrip(","))


def masked(text: str, tool: str) -> str:
    """Without dates, durations and the tool's version (a model's stands behind an @)."""
    text = re.sub(rf"(?<![@.\d]){re.escape(tool)}(?![.\d])", "VERSION", text)
    text = re.sub(r"\b20\d\d-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?)?", "DATE", text)
    return re.sub(r"\b\d+(\.\d+)? (s|ms|seconds)\b|\b\d+(\.\d+)?/s\b", "TIME", text)


def record(case: Case, outcome: Outcome, tool: str) -> str:
    """What is stored of one case."""
    code, out, err, files = outcome
    parts = [f"$ irclassify {' '.join(case['words'])}\nexit code {code}\n"]
    parts += [f"--- {name}\n{text}" for name, text in (("stdout", out), ("stderr", err)) if text]
    parts += [f"--- files {' '.join(files)}\n"] if files else []
    for name in case.get("writes", ()):
        parts.append(f"--- out/{name}\n{_content(name, files.get(name), tool)}")
    return masked("".join(parts), tool)


def _content(name: str, coded: str | None, tool: str) -> str:
    if coded is None:
        return "not written\n"
    content = base64.b64decode(coded)
    if Path(name).suffix not in HASHED:
        return content.decode()
    if Path(name).suffix in {".html", ".svg"}:
        content = masked(_unplaced(content.decode(), Path("/nowhere")), tool).encode()
    return f"sha256 {hashlib.sha256(content).hexdigest()}\n"


def stored(name: str) -> str:
    """What was stored of a case; raises FileNotFoundError where nothing was."""
    packed = STORED / f"{name}.txt.gz"
    content = gzip.decompress(packed.read_bytes()) if packed.exists() else None
    return (content or (STORED / f"{name}.txt").read_bytes()).decode()


def store(name: str, text: str) -> None:
    """Write one case, compressed where it is long."""
    plain, packed = STORED / f"{name}.txt", STORED / f"{name}.txt.gz"
    plain.unlink(missing_ok=True)
    packed.unlink(missing_ok=True)
    if len(text) > LONG:
        packed.write_bytes(gzip.compress(text.encode(), mtime=0))
    else:
        plain.write_bytes(text.encode())


def machine() -> str:
    """What the last digit of an answer depends on: the processor and the libraries."""
    lines = [f"processor {platform.machine()} {_processor()}"]
    for name in ("numpy", "onnxruntime", "scipy", "typer", "rich", "matplotlib", "pyarrow"):
        try:
            lines.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            lines.append(f"{name} none")
    return "\n".join(lines) + "\n"


def _processor() -> str:
    about = Path("/proc/cpuinfo")
    text = about.read_text(encoding="utf-8") if about.exists() else ""
    found = re.search(r"^model name\s*:\s*(.*)$", text, re.MULTILINE)
    return found[1] if found else platform.processor()


_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?")


def alike(before: str, now: str) -> bool:
    """Equal but for rounding on another processor: the same words, numbers within 0.5 %."""
    before, now = (re.sub(r"(?m)^sha256 .*$", "sha256", text) for text in (before, now))
    before, now = (re.sub(r"[\s\u2581-\u258f\u2500]+", " ", text) for text in (before, now))
    if _NUMBER.sub("0", before) != _NUMBER.sub("0", now):
        return False
    pairs = zip(_NUMBER.findall(before), _NUMBER.findall(now), strict=True)
    return all(abs(float(a) - float(b)) <= 0.002 + 0.005 * abs(float(a)) for a, b in pairs)


def option_names() -> str:
    """Names of commands, options and choices: the words of every help page that are typed."""
    pages = [{"words": [command, "--help"]} for command in ("", *COMMANDS)]
    pages[0] = {"words": ["--help"]}
    with tempfile.TemporaryDirectory() as folder:
        found = _run(pages, Path(folder), width=200)
    lines = []
    for case, (_, text, _, _) in zip(pages, found, strict=True):
        lines.append(" ".join(["irclassify", *case["words"][:-1]]))
        if len(case["words"]) == 1:
            lines += [f"  command {command}" for command in COMMANDS]
        row = r"^│ +\*? *(--[\w,-]+) +(-\w)? +(\S+)"
        for long, short, kind in sorted(re.findall(row, text, re.MULTILINE)):
            choices = kind if "|" in kind and kind.startswith("<") else ""
            lines.append("  " + " ".join(w for w in (long, short, choices) if w))
    return "\n".join(lines) + "\n"


def json_keys(found: dict[str, Outcome], tool: str) -> str:
    """Every key of each JSON output, in order of first appearance.

    List items are [], names of groups {group}; an output with the keys of an earlier one says so.
    """
    lines, seen = [], {}
    for name, (_, out, _, files) in found.items():
        texts = [out] + [
            base64.b64decode(f).decode() for n, f in files.items() if Path(n).suffix in _JSON
        ]
        keys: dict[str, None] = {}
        for text in texts:
            for value in _values(text):
                keys |= dict.fromkeys(_paths(value, ""))
        if keys:
            first = seen.setdefault(tuple(keys), name)
            lines += (
                [name, *(f"  {key}" for key in keys)] if first == name else [f"{name} = {first}"]
            )
    return masked("\n".join(lines) + "\n", tool)


_JSON = {".json", ".jsonl"}


def _values(text: str) -> list[Any]:
    """The JSON values of a text: one document or one a line; none when it is no JSON."""
    if not text.startswith(("{", "[")):
        return []
    try:
        return [json.loads(text)]
    except ValueError:
        try:
            return [json.loads(line) for line in text.splitlines()]
        except ValueError:
            return []


def _paths(value: Any, path: str) -> list[str]:
    if isinstance(value, dict):
        named = {k: f"{path}.{{group}}" if k in GROUPS else f"{path}.{k}" for k in value}
        return [p for k, v in value.items() for p in (named[k], *_paths(v, named[k]))]
    if isinstance(value, list):
        return [p for v in value for p in _paths(v, f"{path}[]")]
    return []


def main() -> None:
    """Store the cases that are chosen, and with all of them the names and keys."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="cases; all if none is named")
    parser.add_argument("--model", help="the cases that depend on this shipped model")
    asked = parser.parse_args()
    every = cases()
    found = dict(zip(every, outcomes(list(every.values())), strict=True))
    tool = tool_version(found["version"])
    STORED.mkdir(exist_ok=True)
    for name, case in every.items():
        if (not asked.names or name in asked.names) and asked.model in (None, case.get("model")):
            store(name, record(case, found[name], tool))
    for file in STORED.iterdir():
        if file.name.partition(".")[0] not in every:
            file.unlink()
    OPTIONS.write_text(option_names(), encoding="utf-8")
    JSON_KEYS.write_text(json_keys(found, tool), encoding="utf-8")
    MACHINE.write_text(machine(), encoding="utf-8")


if __name__ == "__main__":
    main()
