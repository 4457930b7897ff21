"""``python tests/frozen/archive.py FOLDER``: predict every spectrum of ../shared, for comparison.

Run it on the commit before a change and on the commit after it, then compare the two folders with
``cmp``. It prints the sha256 of each file that it writes. It takes about a minute and is run by
hand: the spectra are not part of the repository.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path("../shared")
RUNS = {
    "corpus.predict.jsonl": ("predict", SHARED / "corpus"),
    "corpus.inspect.jsonl": ("inspect", SHARED / "corpus"),
    "nist_ir.predict.jsonl": ("predict", SHARED / "data" / "nist_ir.zip"),
    "atr_benzenes.predict.jsonl": ("predict", SHARED / "data" / "atr_benzenes.zip"),
    "atr_drugs.predict.jsonl": ("predict", SHARED / "data" / "atr_drugs"),
}


def write(file: Path, command: str, spectra: Path) -> int:
    """Run one command over ``spectra`` into ``file``; its exit code (1: some file failed)."""
    words = [sys.executable, "-m", "irclassify", command, str(spectra), "--format", "jsonl"]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    with file.open("wb") as stream:
        return subprocess.run(
            words, cwd=ROOT, env=environment, stdout=stream, check=False
        ).returncode


def main() -> None:
    """Write every file and print its exit code, length and sha256."""
    folder = Path(sys.argv[1]).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    for name, (command, spectra) in RUNS.items():
        file = folder / name
        code = write(file, command, spectra)
        content = file.read_bytes()
        lines = content.count(b"\n")
        digest = hashlib.sha256(content).hexdigest()
        print(f"{digest}  {name}  {lines} lines, exit code {code}", flush=True)


if __name__ == "__main__":
    main()
