"""Whatever the bytes, an answer within 2 seconds and 500 MB; never another exception."""

from __future__ import annotations

import json
import os
import re
import struct
import subprocess
import sys
import time
from pathlib import Path

import pytest
import seeds
from hypothesis import given, settings
from hypothesis import strategies as st

from irclassify.errors import IrclassifyError
from irclassify.readers import read_spectra
from irclassify.spectra.summary import inspect_spectrum

HEAD = b"##TITLE=x\n##DATA TYPE=INFRARED SPECTRUM\n##XUNITS=1/CM\n##YUNITS=ABSORBANCE\n"
ROWS = HEAD + b"##FIRSTX=4000\n##LASTX=400\n##NPOINTS=3000000000\n##XYDATA=(X++(Y..Y))\n"
MB = 2**20


def answer(data: bytes, name: str) -> None:
    """Read as the tool does; anything but an answer or an IrclassifyError is a fault."""
    try:
        found = read_spectra(data, name)
    except IrclassifyError as error:
        assert "\n" not in str(error)
        return
    assert found
    for item in found:
        if not isinstance(item, IrclassifyError):
            inspect_spectrum(name, item)


NAMES = st.sampled_from([*seeds.SEEDS, "x", "x.jws", "x.dmt", "x.spc", ".", "a/b.0"])


@given(st.binary(max_size=3000), NAMES)
def test_any_bytes(data: bytes, name: str):
    answer(data, name)


@given(st.text(max_size=2000), NAMES)
def test_any_text(text: str, name: str):
    answer(text.encode("utf-8", "replace"), name)
    answer(HEAD + b"##XYDATA=(X++(Y..Y))\n" + text.encode("utf-8", "replace"), name)


@settings(max_examples=300)
@given(st.data(), st.sampled_from(list(seeds.SEEDS)))
def test_damaged_files(data: st.DataObject, name: str):
    """Bytes changed, cut out, doubled and put in."""
    content = bytearray(seeds.SEEDS[name])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, max(len(content) - 1, 0)))
        new = data.draw(st.binary(max_size=8))
        cut = data.draw(st.integers(0, 12))
        content[at : at + cut] = new
    answer(bytes(content), name)


@settings(max_examples=200)
@given(st.data(), st.sampled_from(["film.0", "one.spa", "group.spg", "multi.spc", "one.sp"]))
def test_extreme_fields_in_binary_headers(data: st.DataObject, name: str):
    content = bytearray(seeds.SEEDS[name])
    at = data.draw(st.integers(0, min(len(content), 700) - 8))
    value = data.draw(st.sampled_from([0, 1, -1, 2**31 - 1, -(2**31), 2**16, 255]))
    content[at : at + 4] = struct.pack("<i", value)
    answer(bytes(content), name)


def spg_of_one_spectrum_many_times() -> bytes:
    """32,000 entries that all point to the same megabyte."""
    values = 200_000
    entry = struct.pack("<HII6x", 2, 600_000, 140) + struct.pack("<HII6x", 3, 601_000, 4 * values)
    head = b"Spectral Data File".ljust(294, b"\0") + struct.pack("<H8x", 36_000) + entry * 18_000
    header = struct.pack("<4xI B3x B3x 2f", values, 1, 17, 4000.0, 400.0)
    return (head.ljust(600_000, b"\0") + header).ljust(601_000 + 4 * values, b"\1")


HOSTILE = {
    "numbers": lambda: ROWS + b"4000 1 2 3 4 5 6 7 8 9\n" * (15 * MB // 23),
    "single digits": lambda: ROWS + b"1 " * (15 * MB // 2),
    "short lines": lambda: ROWS + b"1 2\n" * (15 * MB // 4),
    "exponents": lambda: ROWS + b"1E5 1E5\n" * (15 * MB // 8),
    "long numbers": lambda: ROWS + b"4000 12345678901234567890 1\n" * (15 * MB // 28),
    "one long number": lambda: ROWS + b"4000 " + b"9" * (15 * MB),
    "differences": lambda: ROWS + b"4000A" + b"J" * (15 * MB),
    "repeats": lambda: ROWS + b"4000A" + b"JT" * (7 * MB),
    "100k repeats on a line": lambda: ROWS + b"4000A" + b"S" * 100_000,
    "a huge repeat": lambda: ROWS + b"4000AS999999999999999999\n",
    "many huge repeats": lambda: ROWS + b"4000AS9999999\n" * 100_000,
    "tables of huge repeats": lambda: (ROWS + b"4000AS1000000\n##END=\n") * 900,
    "question marks": lambda: ROWS + b"4000" + b"?" * (15 * MB),
    "comments": lambda: ROWS + b"$$ x\n" * (3 * MB),
    "hashes": lambda: HEAD + b"#" * (15 * MB),
    "labels": lambda: HEAD + b"##A=\n" * (3 * MB),
    "labels without equals": lambda: HEAD + b"##\n" * (5 * MB),
    "titles": lambda: b"##TITLE=\n" * MB,
    "blocks": lambda: b"##TITLE=\n##XYDATA=(X++(Y..Y))\n1 2\n" * 400_000,
    "indented labels": lambda: HEAD + (b" " * 70 + b"##") * 200_000,
    "pairs": lambda: HEAD + b"##XYPOINTS=(XY..XY)\n" + b"1,2;" * (15 * MB // 4),
    "blanks": lambda: b" " * (15 * MB),
    "blank lines": lambda: ROWS + b"\n" * (15 * MB),
    "ntuples symbols": lambda: (
        HEAD + b"##SYMBOL=" + b"X," * MB + b"\n##DATA TABLE=(X++(Y..Y))\n1 2"
    ),
    "columns": lambda: b"1,2\n" * (15 * MB // 4),
    "one row of many": lambda: (b"1," * (7 * MB) + b"\n") * 2,
    "many columns": lambda: b"cm-1" + b",a" * 900 + b"\n" + (b"1" + b",1" * 900 + b"\n") * 9000,
    "header without rows": lambda: b"word,word\n" * MB,
    "long header line": lambda: b"a" * (15 * MB),
    "almost a number": lambda: (b"1" * 99_000 + b"x\n") * 150,
    "commas": lambda: b"1,1,1,1,1,1,1,1\n" * MB,
    "quotes": lambda: b'"' * (15 * MB),
    "utf-16": lambda: ROWS.decode().encode("utf-16") + "4000 1 2 3\n".encode("utf-16-le") * 600_000,
    "utf-32": lambda: b"\xff\xfe\0\0" + b"\xff" * (15 * MB),
    "asp": lambda: b"8000000\n4000\n400\n1\n1\n1\n" + b"1\n" * (7 * MB),
    "spg": spg_of_one_spectrum_many_times,
    "spc count": lambda: seeds.spc()[:4] + struct.pack("<i", 2**31 - 1) + seeds.spc()[8:],
    "spc spectra": lambda: seeds.spc()[:24] + struct.pack("<i", 2**31 - 1) + seeds.spc()[28:],
    "opus directory": lambda: seeds.opus()[:20] + struct.pack("<i", 2**31 - 1) + seeds.opus()[24:],
    "repeats up to the limit": lambda: (
        HEAD + b"##FIRSTX=4000\n##LASTX=400\n##XYDATA=(X++(Y..Y))\n4000A5J9%Z90000\n"
    ),
    "as many points as are read": lambda: (
        HEAD
        + b"##XYPOINTS=(XY..XY)\n"
        + b"\n".join(b"%.3f,%d" % (4000 - 0.0036 * i, i % 7) for i in range(990_000))
    ),
    "as many spectra as are read": lambda: seeds.jdx("DIFDUP") * 990,
    "zeros": lambda: bytes(64 * MB),
    "too large": lambda: b"1" * (65 * MB),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_input_in_2_seconds_and_500_megabytes(name: str):
    """In a process of its own, so that its memory can be measured."""
    done = subprocess.run(
        [sys.executable, __file__, name],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    used = json.loads(done.stdout)
    assert used["seconds"] < 2, used
    assert used["megabytes"] < 500, used


def peak_megabytes() -> float:
    """Of this process since it started; getrusage would count what came before its start too."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(re.search(r"VmHWM:\s*(\d+) kB", status.read_text())[1]) / 1024  # type: ignore[index]
    resource = pytest.importorskip("resource")
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(name: str) -> None:
    """Read one hostile input; CPU time, because the machine may be busy with other things."""
    data = HOSTILE[name]()
    start = time.process_time()
    answer(data, "x")
    seconds = time.process_time() - start
    print(json.dumps({"seconds": round(seconds, 2), "megabytes": round(peak_megabytes())}))


if __name__ == "__main__":
    main(sys.argv[1])
