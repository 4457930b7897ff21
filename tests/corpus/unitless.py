"""How often the unit of Y is guessed, and how often wrongly, on real spectra without their units.

    python -m tests.corpus.unitless [SPECTRA]

Every SPECTRA-th part of the spectra of ../shared/data (500 in all, unless told) is written as two
columns of numbers in absorbance (A), transmittance (T) and percent (%T), and read back.
"""

from __future__ import annotations

import csv
import io
import lzma
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from irclassify.errors import AmbiguousUnitError, IrclassifyError
from irclassify.readers import read_spectra
from irclassify.spectra.constant_ends import measured_part
from irclassify.spectra.spectrum import Spectrum

DATA = Path(__file__).parents[3] / "shared" / "data"
UNITS = {"A": "absorbance", "T": "transmittance", "%T": "percent transmittance"}
XY = tuple[np.ndarray, np.ndarray]


def spectra() -> Iterator[tuple[str, XY]]:
    """Source and (wavenumber, absorbance) of every real spectrum with a known unit."""
    for name in ("nist_ir", "atr_benzenes"):
        with zipfile.ZipFile(DATA / f"{name}.zip") as archive:
            for member in archive.namelist():
                if member.endswith((".jdx", ".txt")):
                    yield from ((name, xy) for xy in _read(archive.read(member), member))
    for path in sorted((DATA / "atr_drugs").glob("*-*.csv")):
        yield from (("atr_drugs", xy) for xy in _read(path.read_bytes(), path.name))
    yield from (("frond_2021", xy) for xy in _columns("frond_2021", percent=True))
    yield from (("kedzierski_2019", xy) for xy in _columns("kedzierski_2019", percent=False))


def _read(data: bytes, name: str) -> Iterator[XY]:
    try:
        found = read_spectra(data, name)
    except IrclassifyError:
        return
    for item in found:
        if isinstance(item, Spectrum):
            yield item.wavenumber, item.absorbance


def _columns(name: str, *, percent: bool) -> Iterator[XY]:
    """Spectra of plastics, one a row: % transmittance, or absorbance times 100."""
    packed = (DATA / "polymers" / f"{name}.csv.xz").read_bytes()
    head, *rows = csv.reader(io.StringIO(lzma.decompress(packed).decode()))
    at = [i for i, cell in enumerate(head) if cell.replace(".", "", 1).isdigit()]
    x = np.array([float(head[i]) for i in at])
    order = np.argsort(x)
    for row in rows:
        y = np.array([float(row[i] or "nan") for i in at])[order]
        known = np.isfinite(y)
        wavenumber, y = x[order][known], y[known]
        part = measured_part(wavenumber, y)
        y = y[part] / 100
        yield wavenumber[part], -np.log10(np.maximum(y, 1e-4)) if percent else y


def written(x: np.ndarray, absorbance: np.ndarray, unit: str) -> bytes:
    """Two columns without a header."""
    y = {"A": absorbance, "T": 10**-absorbance, "%T": 100 * 10**-absorbance}[unit]
    return "\n".join(f"{a:.3f},{b:.6g}" for a, b in zip(x, y, strict=True)).encode()


def outcome(x: np.ndarray, absorbance: np.ndarray, unit: str) -> str:
    """``right``, ``wrong``, ``refused`` for its unit, or ``unfit`` for another reason."""
    try:
        (item,) = read_spectra(written(x, absorbance, unit), "x.csv", x_unit="cm-1")
    except IrclassifyError as error:
        item = error
    if isinstance(item, AmbiguousUnitError):
        return "refused"
    if isinstance(item, IrclassifyError):
        return "unfit"
    return "right" if item.y_unit == UNITS[unit] else "wrong"


def measure(count: int) -> dict[tuple[str, str], Counter[str]]:
    """Outcomes by source and unit of ``count`` spectra, chosen evenly."""
    everything = list(spectra())
    counts: dict[tuple[str, str], Counter[str]] = {}
    for at in np.linspace(0, len(everything) - 1, min(count, len(everything))).astype(int):
        source, (x, absorbance) = everything[at]
        if x.size < 50 or absorbance.min() < -0.2:  # transmittance above 158 % is no measurement
            source = "(negative bands)"
        for unit in UNITS:
            counts.setdefault((source, unit), Counter())[outcome(x, absorbance, unit)] += 1
    return counts


def main() -> None:
    """Print the table."""
    counts = measure(int(sys.argv[1]) if len(sys.argv) > 1 else 500)
    total: dict[str, Counter[str]] = {unit: Counter() for unit in UNITS}
    print(f"{'source':18s}{'as':4s}{'spectra':>8s}{'right':>8s}{'refused':>8s}{'wrong':>8s}")
    for (source, unit), found in sorted(counts.items()):
        total[unit].update(found)
        _line(source, unit, found)
    for unit, found in total.items():
        _line("all", unit, found)


def _line(source: str, unit: str, found: Counter[str]) -> None:
    n = found.total() - found["unfit"]
    print(f"{source:18s}{unit:4s}{n:8d}{found['right']:8d}{found['refused']:8d}{found['wrong']:8d}")


if __name__ == "__main__":
    main()
