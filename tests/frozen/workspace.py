"""The files that the frozen commands read: samples, bad files, other units, a table, a map."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

TINY = Path(__file__).resolve().parents[1] / "tiny_model"
WRONG = b"##TITLE=broken\n##JCAMP-DX=4.24\n##XYDATA=(X++(Y..Y))\nnonsense\n##END=\n"
LABELS = {
    "1_hexene.jdx": "alkane;methyl;alkene",
    "1_hexyne.jdx": "alkane;methyl;alkyne",
    "acetophenone.jdx": "methyl;ketone;aromatic",
    "aniline.jdx": "amine;aromatic",
    "benzaldehyde.jdx": "aldehyde;aromatic",
    "chloroethane.jdx": "alkane;methyl;alkyl_halide",
    "diethyl_ether.jdx": "alkane;methyl;ether",
    "ethanol.jdx": "alkane;methyl;alcohol",
    "ethyl_acetate.jdx": "alkane;methyl;ester",
    "nitrobenzene.jdx": "nitro;aromatic",
    "propanenitrile.jdx": "none",
    "propanoic_acid.jdx": "alkane;methyl;carboxylic_acid",
}


def build(folder: Path, write_samples: Callable[[], None]) -> None:
    """Make every input below ``folder``; ``write_samples`` fills ``folder/samples``."""
    write_samples()
    shutil.copytree(TINY, folder / "tiny_model")
    for name in ("bad", "empty", "out", "units"):
        (folder / name).mkdir()
    _bad_files(folder / "bad")
    _other_units(folder / "units")
    _labels(folder)
    _tables(folder)
    samples = sorted((folder / "samples").glob("*.jdx"))
    with zipfile.ZipFile(folder / "archive.zip", "w") as archive:
        for file in samples[:4]:
            archive.writestr(zipfile.ZipInfo(f"spectra/{file.name}"), file.read_bytes())
        archive.writestr(zipfile.ZipInfo("spectra/broken.jdx"), WRONG)
    two = (folder / "samples/ethanol.jdx", folder / "samples/aniline.jdx")
    (folder / "two_blocks.jdx").write_bytes(
        b"##TITLE=two\n##JCAMP-DX=5.01\n##DATA TYPE=LINK\n##BLOCKS=2\n"
        + b"".join(file.read_bytes() for file in two)
        + b"##END=\n"
    )


def _bad_files(folder: Path) -> None:
    (folder / "broken.jdx").write_bytes(WRONG)
    (folder / "empty.jdx").write_bytes(b"")
    (folder / "binary.spa").write_bytes(bytes(range(256)) * 4)
    (folder / "words.csv").write_text("one,two\nthree,four\n", encoding="utf-8")
    (folder / "short.csv").write_text("1000,0.1\n1001,0.2\n", encoding="utf-8")
    flat = "".join(f"{x},1.0\n" for x in range(600, 3801, 4))
    (folder / "flat.csv").write_text(flat, encoding="utf-8")


def _bands(x: np.ndarray, *centres: int) -> np.ndarray:
    """Triangles 60 cm-1 wide: sums that every processor rounds alike."""
    return sum(np.maximum(0.0, 1.0 - np.abs(x - c) / 30.0) for c in centres) + np.zeros(len(x))


def _other_units(folder: Path) -> None:
    x = np.arange(600.0, 3801.0, 4.0)
    y = _bands(x, 1744, 1240, 2960)
    rows = [f"{1e4 / a:.6f},{1.0 - 0.9 * b:.6f}" for a, b in zip(x, y, strict=True)]
    (folder / "microns.csv").write_text("um,transmittance\n" + "\n".join(rows) + "\n", "utf-8")
    rows = [f"{a:.1f};{100 - 90 * b:.3f}".replace(".", ",") for a, b in zip(x, y, strict=True)]
    (folder / "percent.csv").write_text("cm-1;%T\n" + "\n".join(rows) + "\n", "utf-8")
    rows = [f"{a:.1f}\t{b:.5f}" for a, b in zip(x, y, strict=True)]
    (folder / "bare.txt").write_text("\n".join(rows[::-1]) + "\n", "utf-8")


def _labels(folder: Path) -> None:
    rows = [f"{file},{groups}" for file, groups in LABELS.items()]
    (folder / "labels.csv").write_text("file,groups\n" + "\n".join(rows) + "\n", "utf-8")
    columns = ("alcohol", "ester", "aromatic")
    rows = [
        ";".join([file, *(str(int(c in groups.split(";"))) for c in columns)])
        for file, groups in LABELS.items()
    ]
    header = ";".join(["file", *columns])
    (folder / "columns.csv").write_text(header + "\n" + "\n".join(rows) + "\n", "utf-8")
    (folder / "wrong_labels.csv").write_text("file,groups\nethanol.jdx,alkohol\n", "utf-8")


def _tables(folder: Path) -> None:
    """Eight spectra, the fourth with a hole and the fifth flat; and a map of 2 x 3 spectra."""
    x = np.arange(600.0, 3801.0, 4.0)
    kinds = ((1715, 2965), (1745, 1240, 2965), (3650, 1050))
    rows = np.array([_bands(x, *kinds[i % 3]) * (1 + i % 4) for i in range(8)], np.float32)
    np.save(folder / "map.npy", rows[:6].reshape(2, 3, -1))
    rows[3, 100] = np.nan
    rows[4] = 1.0
    np.save(folder / "table.npy", rows)
    np.save(folder / "table.axis.npy", x)
    lines = [",".join(["name", *(f"{a:g}" for a in x)])]
    lines += [",".join([f"s{i}", *(f"{v:.4f}" for v in rows[i])]) for i in range(3)]
    (folder / "wide.csv").write_text("\n".join(lines) + "\n", "utf-8")
