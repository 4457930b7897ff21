"""Coverage-guided fuzzing of one reader with atheris (development only, not a dependency).

    pip install atheris
    python tests/fuzz/fuzz_readers.py READER [libFuzzer options, such as -max_total_time=600]

READER is one of READERS. The committed seeds are the files in ``seeds`` whose suffix the reader
knows; they were made by ``make_seeds.py``, none is anybody's measurement. What libFuzzer finds new
is kept in a temporary folder. A run ends at the first input that gives anything but spectra or
IrclassifyErrors, or takes longer than 2 seconds.
"""

from __future__ import annotations

import io
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # where the tests' own helpers lie

import seeds

SEEDS = Path(__file__).with_name("seeds")
TEXT_SEEDS = (".jdx", ".csv", ".tsv", ".txt", ".asp")

# reader -> suffixes of its seeds
READERS: dict[str, tuple[str, ...]] = {
    "jcamp": (".jdx",),
    "text": (".csv", ".tsv", ".txt"),
    "agilent": (".asp",),
    "opus": (".0",),
    "omnic": (".spa", ".spg"),
    "spc": (".spc",),
    "perkinelmer": (".sp",),
    "jasco": (".jws",),
    "excel": (".sheet",),
    "any": (*TEXT_SEEDS, ".0", ".spa", ".spg", ".spc", ".sp", ".jws"),
}


def workbook(sheet: bytes) -> bytes:
    """An Excel workbook with one sheet of this XML: a damaged zip alone would hide the sheet."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as book:
        for name, content in seeds.WORKBOOK.items():
            book.writestr(name, content)
        book.writestr("xl/worksheets/sheet1.xml", sheet)
    return held.getvalue()


def target(reader: str) -> Callable[[bytes], None]:
    """The function to fuzz: bytes through one reader and the units layer."""
    from irclassify.errors import IrclassifyError
    from irclassify.readers import (
        agilent,
        encoding,
        excel,
        jasco,
        omnic,
        opus,
        perkinelmer,
        read_measurements,
        spc,
        text,
    )
    from irclassify.readers.jcamp import dx
    from irclassify.spectra.summary import inspect_spectrum
    from irclassify.spectra.units import to_spectrum

    read = {
        "jcamp": lambda data: dx.read(encoding.normalise(data)),
        "text": lambda data: text.read(encoding.normalise(data)),
        "agilent": lambda data: agilent.read(encoding.normalise(data)),
        "opus": opus.read,
        "omnic": omnic.read,
        "spc": lambda data: spc.read(data) if spc.looks_like(data) else [],
        "perkinelmer": perkinelmer.read,
        "jasco": jasco.read,
        "excel": lambda data: excel.read(workbook(data)),
        "any": read_measurements,
    }[reader]

    def one_input(data: bytes) -> None:
        try:
            found = read(data)
        except IrclassifyError:
            return
        for item in found:
            if isinstance(item, IrclassifyError):
                continue
            try:
                inspect_spectrum("x", to_spectrum(item))
            except IrclassifyError:
                continue

    return one_input


def main() -> None:
    """Fuzz until libFuzzer's options say stop."""
    import atheris

    reader, *options = sys.argv[1:]
    with atheris.instrument_imports(include=["irclassify"]):
        one_input = target(reader)
    with tempfile.TemporaryDirectory() as found:
        start = Path(found) / "seeds"
        start.mkdir()
        for path in SEEDS.iterdir():
            if path.suffix in READERS[reader]:
                (start / path.name).write_bytes(path.read_bytes())
        # The fuzzer's own memory grows with its corpus; test_hostile.py measures the readers'.
        limits = ["-timeout=2", "-rss_limit_mb=3000", "-max_len=16384"]
        limits += [f"-artifact_prefix={tempfile.gettempdir()}/{reader}-"]
        atheris.Setup([sys.argv[0], found, str(start), *limits, *options], one_input)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
