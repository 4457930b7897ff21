"""Stage ``dataset``: spectra and structures -> labelled vectors, and which spectra are left out.

Writes to the work folder ``records.csv`` (one row a usable spectrum), the labels by both readings
of the structures (see READINGS) and one ``<model>.npy`` per preprocessing, rows in the same order.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rdkit import Chem

from irclassify.errors import IrclassifyError
from irclassify.model.preprocessing import to_grid
from irclassify.readers import read_spectrum
from irclassify.spectra.spectrum import Spectrum
from train.data.index import read_index, write_folds
from train.labels import groups as labels
from train.settings import SETTINGS, path, preprocessing

# How a structure becomes labels: as the index writes it, which is how the paper's labels came
# about, or with its imidic acids read as the amides they are.
READINGS = {
    "index": labels.groups_of,
    "repaired": lambda mol: labels.groups_of(labels.repaired(mol)),
}


@dataclass(frozen=True)
class Record:
    """What is known of one spectrum. ``fold`` is -1 for spectra outside the cross-validation."""

    file: str
    cas: str
    molecule: str  # InChIKey skeleton: the unit that is never shared between folds
    smiles: str
    fold: int
    collection: str  # MSDC-IR, COBLENTZ, ..., ATR
    phase: str  # gas, condensed, atr
    origin: str
    spacing: str
    formula_matches: bool
    single_organic: bool
    in_paper: bool  # gas phase, absorbance against cm-1, structure known


@dataclass(frozen=True)
class Dataset:
    """Records with their labels (n, 17) bool and vectors (n, points) float32, row by row."""

    records: list[Record]
    labels: NDArray[np.bool_]
    vectors: NDArray[np.float32]

    def where(self, chosen: NDArray[np.bool_]) -> Dataset:
        """The rows for which ``chosen`` (n,) is true."""
        rows = np.flatnonzero(chosen)
        return Dataset([self.records[i] for i in rows], self.labels[rows], self.vectors[rows])

    def column(self, name: str) -> NDArray[np.generic]:
        """One attribute of every record, shape (n,)."""
        return np.array([getattr(record, name) for record in self.records])

    @property
    def fingerprint(self) -> str:
        """sha256 over files, labels and vectors: which data a model was trained on."""
        digest = hashlib.sha256()
        digest.update("\n".join(record.file for record in self.records).encode())
        digest.update(np.packbits(self.labels).tobytes())
        digest.update(np.ascontiguousarray(self.vectors).tobytes())
        return digest.hexdigest()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``python -m train dataset``: which spectra, which structures, where the caches go."""
    parser.add_argument("--spectra", type=Path, default=path("spectra"), help="zip or folder")
    parser.add_argument(
        "--index",
        type=Path,
        default=path("index"),
        help="structures: the index, or fetch's manifest",
    )
    parser.add_argument(
        "--write-folds", action="store_true", help="store the index's folds in train/data/folds.csv"
    )
    parser.add_argument("--to", type=Path, default=path("work"), help="folder for the caches")


def run(options: argparse.Namespace) -> int:
    """Read everything, print the funnel, write the caches."""
    if options.write_folds:
        write_folds(read_index(options.index).values())
    funnel: Counter[str] = Counter()
    kept = list(_nist(options.spectra, options.index, funnel))
    if path("atr_index").exists():
        kept += _atr(funnel)
    _count_paper_selection([record for record, _, _ in kept], funnel)
    print_funnel(funnel)
    _write(kept, options.to)
    return 0


def _count_paper_selection(records: list[Record], funnel: Counter[str]) -> None:
    gas = [record for record in records if record.phase == "gas"]
    funnel["Kept, gas phase"] = len(gas)
    funnel["  transmittance, not absorbance against cm-1"] = sum(not r.in_paper for r in gas)
    funnel["  the paper's selection"] = sum(r.in_paper for r in gas)


def load(model: str, reading: str | None = None) -> Dataset:
    """The cached data for a model: its vectors, and labels by its own or another reading.

    Run the dataset stage first.
    """
    work = path("work")
    with (work / "records.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    records = [_record_from_row(row) for row in rows]
    known = np.load(work / f"labels-{reading or SETTINGS[model]['labels']}.npy")
    return Dataset(records, known, np.load(work / f"{model}.npy"))


def paper_subset(data: Dataset) -> Dataset:
    """The spectra the paper would use: gas phase, absorbance, structure known."""
    return data.where(data.column("in_paper").astype(bool))


def print_funnel(funnel: Counter[str]) -> None:
    """How many files fall out at each step and why."""
    width = max(map(len, funnel))
    for step, count in funnel.items():
        print(f"{step:<{width}}  {count:6d}")


def read_bytes(spectra: Path) -> Iterator[tuple[str, bytes]]:
    """(file name, content) of every spectrum in a zip or a folder, sorted by name."""
    if spectra.is_dir():
        for file in sorted(spectra.rglob("*.jdx")):
            yield file.name, file.read_bytes()
        return
    with zipfile.ZipFile(spectra) as archive:
        for member in sorted(archive.namelist()):
            if not member.endswith("/"):
                yield Path(member).name, archive.read(member)


def _nist(
    spectra: Path, index: Path, funnel: Counter[str]
) -> Iterator[tuple[Record, Spectrum, Chem.Mol]]:
    rows = read_index(index)
    for name, content in read_bytes(spectra):
        funnel["NIST files"] += 1
        try:
            spectrum = read_spectrum(content, name)
        except IrclassifyError as error:
            funnel[f"  refused by the reader: {error.code}"] += 1
            continue
        row = rows.get(name)
        mol = labels.molecule(row["smiles"]) if row else None
        if row is None or mol is None:
            funnel["  no structure known"] += 1
            continue
        if not _covers_grid(spectrum):
            funnel["  nothing absorbs inside the grid"] += 1
            continue
        record = _nist_record(row, spectrum, labels.is_single_organic(mol))
        funnel[f"  kept: {record.collection}, {record.phase}"] += 1
        yield record, spectrum, mol


def _nist_record(row: dict[str, str], spectrum: Spectrum, single_organic: bool) -> Record:
    collection = spectrum.header.get("$NIST SOURCE", "")
    gas = (spectrum.state or "").lower().startswith("gas")
    return Record(
        file=row["file"],
        cas=row["cas"],
        molecule=row["inchikey"].split("-")[0],
        smiles=row["smiles"],
        fold=int(row["fold"]),
        collection=collection,
        phase="gas" if gas else "condensed",
        origin=spectrum.header.get("ORIGIN", ""),
        spacing=spectrum.header.get("DELTAX", ""),
        formula_matches=row["formula_matches"] == "True",
        single_organic=single_organic,
        in_paper=gas and spectrum.y_unit == "absorbance" and spectrum.x_unit == "cm-1",
    )


def _atr(funnel: Counter[str]) -> Iterator[tuple[Record, Spectrum, Chem.Mol]]:
    """The ATR spectra: never in a fold, so that nothing is trained on them."""
    with path("atr_index").open(newline="") as stream:
        rows = {row["file"]: row for row in csv.DictReader(stream)}
    for name, content in read_bytes(path("atr_spectra")):
        funnel["ATR files"] += 1
        try:
            spectrum = read_spectrum(content, name)
        except IrclassifyError as error:
            funnel[f"  ATR refused by the reader: {error.code}"] += 1
            continue
        mol = labels.molecule(rows[name]["smiles"])
        if mol is None:
            funnel["  ATR without a single structure"] += 1
            continue
        record = Record(
            file=name,
            cas="",
            molecule=labels.skeleton(mol),
            smiles=rows[name]["smiles"],
            fold=-1,
            collection="ATR",
            phase="atr",
            origin="",
            spacing="",
            formula_matches=True,
            single_organic=labels.is_single_organic(mol),
            in_paper=False,
        )
        yield record, spectrum, mol


def _write(kept: list[tuple[Record, Spectrum, Chem.Mol]], work: Path) -> None:
    work.mkdir(parents=True, exist_ok=True)
    names = [field.name for field in fields(Record)]
    with (work / "records.csv").open("w", newline="") as stream:
        writer = csv.DictWriter(stream, names)
        writer.writeheader()
        writer.writerows(asdict(record) for record, _, _ in kept)
    paper = np.array([record.in_paper for record, _, _ in kept])
    for reading, groups_of in READINGS.items():
        known = np.stack([groups_of(mol) for _, _, mol in kept])
        np.save(work / f"labels-{reading}.npy", known)
        shares = " ".join(f"{share:.2f}" for share in known[paper].mean(0))
        print(f"shares in the paper's selection, {reading} structures: {shares}")
    for model in SETTINGS["preprocessing"]:
        how = preprocessing(model)
        np.save(work / f"{model}.npy", np.stack([to_grid(s, how) for _, s, _ in kept]))


def _covers_grid(spectrum: Spectrum) -> bool:
    """Whether anything absorbs inside the grid (to_grid would refuse it otherwise)."""
    inside = (spectrum.wavenumber >= SETTINGS["grid"]["first_cm1"]) & (
        spectrum.wavenumber <= SETTINGS["grid"]["last_cm1"]
    )
    return bool(inside.any() and spectrum.absorbance[inside].max() > 0)


def _record_from_row(row: dict[str, str]) -> Record:
    flags = {
        name: row[name] == "True" for name in ("formula_matches", "single_organic", "in_paper")
    }
    text = {f.name: row[f.name] for f in fields(Record) if f.name not in flags and f.name != "fold"}
    return Record(**text, **flags, fold=int(row["fold"]))
