"""Our JCAMP-DX reader against the package ``jcamp``, both merely parsing, on one core.

Every file is in memory first; both parsers then see the same bytes, 200 files in turn, so that
whatever else the machine does falls on both. Ours includes every check the reader makes.
"""

from __future__ import annotations

import contextlib
import io
import time
import zipfile
from collections.abc import Iterator

import jcamp

from irclassify.errors import IrclassifyError
from irclassify.readers import read_measurements
from tests.benchmarks.figures import ZIP, Figure

CHUNK = 200


def load(every: int) -> list[bytes]:
    """The bytes of every ``every``-th file of NIST's archive, in the order of names."""
    with zipfile.ZipFile(ZIP) as archive:
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


def measure(quick: bool) -> Iterator[Figure]:
    """Seconds of the processor, and their ratio."""
    files = load(40 if quick else 4)
    seconds, points = [0.0, 0.0], [0, 0]
    for at in range(0, len(files), CHUNK):
        for i, parse in enumerate((ours, theirs)):
            start = time.process_time()
            points[i] += sum(map(parse, files[at : at + CHUNK]))
            seconds[i] += time.process_time() - start
    megabytes = sum(map(len, files)) / 1e6
    for who, took, read in zip(("irclassify", "jcamp"), seconds, points, strict=True):
        note = f"{len(files)} files, {megabytes:.0f} MB, {read} points"
        yield Figure(f"{who} parses", megabytes / took, "MB/s", note=note)
    yield Figure("irclassify's parser is faster than jcamp's by", seconds[1] / seconds[0])
