"""How many times faster our JCAMP-DX reader is than the package ``jcamp``, in one run.

    python tests/benchmarks/bench_readers.py [FOLDER or ZIP] [--every N]

Every file is in memory first; both parsers then see the same bytes, 200 files in turn, so that
whatever else the machine does falls on both. Ours includes every check the reader makes.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import time
import zipfile
from pathlib import Path

import jcamp

from irclassify.errors import IrclassifyError
from irclassify.readers import read_measurements

CHUNK = 200
DEFAULT = Path(__file__).parents[3] / "shared" / "data" / "nist_ir.zip"


def load(path: Path, every: int) -> list[bytes]:
    """The bytes of every ``every``-th file of a folder or archive, in the order of names."""
    if path.is_dir():
        return [p.read_bytes() for p in sorted(path.glob("*.jdx"))[::every]]
    with zipfile.ZipFile(path) as archive:
        names = sorted(n for n in archive.namelist() if n.endswith(".jdx"))
        return [archive.read(name) for name in names[::every]]


def ours(data: bytes) -> int:
    """Points read by us; a refusal counts as none."""
    try:
        found = read_measurements(data)
    except IrclassifyError:
        return 0
    return sum(m.y.size for m in found if not isinstance(m, IrclassifyError))


def theirs(data: bytes) -> int:
    """Points read by the package; LINK blocks stand below ``children``."""
    with contextlib.redirect_stdout(io.StringIO()):
        try:
            found = jcamp.read(io.BytesIO(data))
        except Exception:  # noqa: BLE001 - whatever it raises, it has not read the file
            return 0
    return sum(len(block.get("y", ())) for block in [found, *found.get("children", ())])


def main() -> None:
    """Print times, points and the ratio."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("path", nargs="?", type=Path, default=DEFAULT)
    arguments.add_argument("--every", type=int, default=1, help="only every N-th file")
    options = arguments.parse_args()
    files = load(options.path, options.every)
    seconds, points = [0.0, 0.0], [0, 0]
    for at in range(0, len(files), CHUNK):
        for i, parse in enumerate((ours, theirs)):
            start = time.process_time()
            points[i] += sum(map(parse, files[at : at + CHUNK]))
            seconds[i] += time.process_time() - start
    megabytes = sum(map(len, files)) / 1e6
    print(f"{len(files)} files, {megabytes:.0f} MB")
    print(f"irclassify {seconds[0]:7.2f} s  {points[0]} points  {megabytes / seconds[0]:.0f} MB/s")
    print(f"jcamp      {seconds[1]:7.2f} s  {points[1]} points  {megabytes / seconds[1]:.0f} MB/s")
    print(f"ratio      {seconds[1] / seconds[0]:7.1f}")


if __name__ == "__main__":
    main()
