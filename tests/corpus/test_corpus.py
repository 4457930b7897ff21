"""Every file of ../shared/corpus, and every NIST file, against what we know they hold.

``expected.csv`` was written by reasoning: points and range from the file's own header by an
independent few lines of regular expressions, the rest from what each file is (last column).
"""

from __future__ import annotations

import csv
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from irclassify.errors import IrclassifyError
from irclassify.readers import read_spectra
from irclassify.spectra.spectrum import Spectrum

SHARED = Path(__file__).parents[3] / "shared"
CORPUS = SHARED / "corpus"
NIST = SHARED / "data" / "nist_ir.zip"
ATR = SHARED / "data" / "atr_benzenes.zip"
EXPECTED = Path(__file__).with_name("expected.csv")

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(
        not SHARED.is_dir(), reason="../shared, with its copyrighted spectra, is not here"
    ),
]

CUT = "the constant end was cut off"
Item = Spectrum | IrclassifyError


def read(data: bytes, name: str) -> list[Item]:
    """The spectra of a file; a refusal of the whole file is its one row."""
    try:
        return read_spectra(data, name)
    except IrclassifyError as error:
        return [error]


def found_in_corpus() -> dict[str, Item]:
    found: dict[str, Item] = {}
    for path in sorted(p for p in CORPUS.rglob("*") if p.is_file()):
        name = path.relative_to(CORPUS).as_posix()
        items = read(path.read_bytes(), path.name)
        for i, item in enumerate(items, start=1):
            found[f"{name}#{i}" if len(items) > 1 else name] = item
    return found


def test_every_corpus_file_is_read_or_refused_as_it_should_be():
    expected = {row["file"]: row for row in csv.DictReader(EXPECTED.open(encoding="utf-8"))}
    found = found_in_corpus()
    assert found.keys() == expected.keys()
    wrong = [
        difference for name in expected if (difference := differs(found[name], expected[name]))
    ]
    assert not wrong, "\n".join(wrong)


def differs(item: Item, expected: dict[str, str]) -> str:
    """What is wrong with ``item``, '' when nothing is."""
    outcome = item.code if isinstance(item, IrclassifyError) else "ok"
    if outcome != expected["outcome"]:
        return f"{expected['file']}: {outcome} ({item}), expected {expected['outcome']}"
    if isinstance(item, IrclassifyError):
        return "" if str(item) and "\n" not in str(item) else f"{expected['file']}: message"
    same = (
        len(item) == int(expected["n_points"])
        and abs(item.wavenumber[0] - float(expected["first_cm1"])) < 0.01
        and abs(item.wavenumber[-1] - float(expected["last_cm1"])) < 0.01
        and item.y_unit == expected["y_unit"]
    )
    return (
        "" if same else f"{expected['file']}: {len(item)} {item.wavenumber[[0, -1]]} {item.y_unit}"
    )


def test_synthetic_files_hold_the_truth():
    truth = np.loadtxt(CORPUS / "synthetic" / "_truth.csv", delimiter=",")[::-1]
    other = ("MICROMETERS", "__missing", "_truth")
    compared = 0
    for path in sorted((CORPUS / "synthetic").glob("*.jdx")):
        for item in read(path.read_bytes(), path.name):
            if isinstance(item, Spectrum) and not path.name.startswith(other):
                np.testing.assert_allclose(item.wavenumber, truth[:, 0], atol=1e-5)
                np.testing.assert_allclose(item.absorbance, truth[:, 1], atol=1e-9)
                compared += 1
    assert compared >= 35


def nist_files() -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(NIST) as archive:
        for name in archive.namelist():
            if name.endswith(".jdx"):
                yield Path(name).name, archive.read(name)


def test_all_nist_files():
    """Counts by outcome; every point count as the header says; values by an independent parser."""
    counts: Counter[str] = Counter()
    files = cut = 0
    for files, (name, data) in enumerate(nist_files(), start=1):
        items = read(data, name)
        counts.update(i.code if isinstance(i, IrclassifyError) else "ok" for i in items)
        stated = [int(n) for n in re.findall(rb"^##NPOINTS=(\d+)", data, re.MULTILINE)]
        for item, points in zip(items, stated, strict=len(items) > 1):
            if isinstance(item, Spectrum) and any(CUT in word for word in item.warnings):
                cut += 1
            elif isinstance(item, Spectrum):
                assert len(item) == points, name
        uncut = isinstance(items[0], Spectrum) and CUT not in str(items[0].warnings)
        if files % 25 == 0 and len(items) == 1 and uncut:
            check_independently(items[0], data)
    assert files == 12_665
    assert 0 < cut < 60
    assert counts == {"ok": 12_229, "no_data": 429, "unfit": 22, "unsupported_unit": 18}


def check_independently(spectrum: Spectrum, data: bytes) -> None:
    """Values and axis by a slow, plain reading of the same file."""
    text = data.decode("latin-1")
    label = dict(re.findall(r"^##([^=\n]+)=([^\r\n]*)", text, re.MULTILINE))
    body = text.split("(X++(Y..Y))")[1].split("##")[0].strip().replace("-", " -").replace("+", " ")
    y = np.array([float(v) for row in body.splitlines() for v in row.split()[1:]])
    y = y * float(label["YFACTOR"])
    x = np.linspace(float(label["FIRSTX"]), float(label["LASTX"]), y.size)
    if label["XUNITS"] == "MICROMETERS":
        x = 10_000 / x
    if label["YUNITS"] == "TRANSMITTANCE":
        y = np.array([-np.log10(t) if t > 1e-4 else 4.0 for t in y])
    if label["YUNITS"] in ("TRANSMITTANCE", "ABSORBANCE"):
        order = np.argsort(x)
        np.testing.assert_allclose(spectrum.wavenumber, x[order], rtol=1e-12)
        np.testing.assert_allclose(spectrum.absorbance, y[order], rtol=1e-9, atol=1e-12)


def test_warnings_do_not_nag():
    """No one warning fires on more than a twentieth of the NIST files (every fifth is tried)."""
    fired: Counter[str] = Counter()
    total = 0
    for i, (name, data) in enumerate(nist_files()):
        if i % 5 == 0:
            for item in read(data, name):
                if isinstance(item, Spectrum):
                    total += 1
                    fired.update({re.sub(r"[-\d.,%]+", "N", w)[:25] for w in item.warnings})
    assert max(fired.values()) < total / 20, fired.most_common(3)


def test_all_atr_files():
    """155 spectra of percent transmittance in two columns under JCAMP-DX labels."""
    with zipfile.ZipFile(ATR) as archive:
        names = [n for n in archive.namelist() if n.endswith(".txt")]
        items = [item for n in names for item in read(archive.read(n), n)]
    assert len(items) == 155
    for item in items:
        assert isinstance(item, Spectrum), item
        assert (len(item), item.y_unit) == (10_077, "percent transmittance")
        assert abs(item.wavenumber[0] - 399.826) < 0.001
        assert abs(item.wavenumber[-1] - 4000.05) < 0.001
