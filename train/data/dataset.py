"""Stage ``dataset``: spectra and structures -> labelled vectors, and which spectra are left out.

Writes to the work folder ``records.csv`` (one row a usable spectrum), the labels by every reading
of the structures (see READINGS) and one ``<model>.npy`` per preprocessing, rows in the same order.
"""

from __future__ import annotations

import argparse
import csv
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rdkit import Chem

from irclassify.errors import IrclassifyError
from irclassify.model.preprocessing import to_grid
from irclassify.readers import read_spectrum
from irclassify.spectra.spectrum import Spectrum
from train.data import atr
from train.data.index import read_bytes, read_index, read_structures, write_folds
from train.data.records import Dataset, Record, Sample, covers_grid
from train.labels import groups as labels
from train.labels.details import Answers, answers_of, configuration_of
from train.labels.groups import GROUPS
from train.settings import SETTINGS, path, preprocessing

__all__ = ["READINGS", "Dataset", "Record", "Sample", "load", "paper_subset", "read_bytes"]

# How a structure becomes labels: as the index writes it, which is how the paper labels spectra;
# with its mobile hydrogens put right; or as PubChem writes it (those put right where it does not
# know the molecule), with the details below the groups and with what stays open.
READINGS: dict[str, Callable[[Sample], NDArray[Any]]] = {
    "index": lambda sample: (
        sample.answers[: len(GROUPS)] == 1 if sample.mol is None else labels.groups_of(sample.mol)
    ),
    "repaired": lambda sample: (
        sample.answers[: len(GROUPS)] == 1
        if sample.mol is None
        else labels.groups_of(labels.repaired(sample.mol))
    ),
    "structures": lambda sample: sample.answers,
}


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
    kept = [*_nist(options.spectra, options.index, funnel), *atr.samples(funnel)]
    _count_paper_selection([sample.record for sample in kept], funnel)
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
    answers = np.load(work / f"labels-{reading or SETTINGS[model]['labels']}.npy")
    vectors = np.load(work / f"{SETTINGS[model]['preprocessing']}.npy")
    data = Dataset(records, answers, vectors)
    return data.where(np.isin(data.column("collection"), SETTINGS[model]["collections"]))


def paper_subset(data: Dataset) -> Dataset:
    """The spectra the paper would use: gas phase, absorbance, structure known."""
    return data.where(data.column("in_paper").astype(bool))


def print_funnel(funnel: Counter[str]) -> None:
    """How many files fall out at each step and why."""
    width = max(map(len, funnel))
    for step, count in funnel.items():
        print(f"{step:<{width}}  {count:6d}")


def _nist(spectra: Path, index: Path, funnel: Counter[str]) -> Iterator[Sample]:
    rows, structures = read_index(index), read_structures()
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
        if not covers_grid(spectrum):
            funnel["  nothing absorbs inside the grid"] += 1
            continue
        record = _nist_record(row, spectrum, labels.is_single_organic(mol))
        funnel[f"  kept: {record.collection}, {record.phase}"] += 1
        yield Sample(record, spectrum, mol, _answers(mol, structures.get(name, "")))


def _answers(mol: Chem.Mol, written: str) -> Answers:
    """By the structure as PubChem writes it, or by the repaired one. The configuration of C=C is
    the index's: PubChem's is often missing."""
    repaired = labels.repaired(mol)
    better = labels.molecule(written)
    answers = answers_of(repaired if better is None else better)
    if better is not None:
        configuration_of(repaired, answers)
    return answers


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


def _write(kept: list[Sample], work: Path) -> None:
    work.mkdir(parents=True, exist_ok=True)
    names = [field.name for field in fields(Record)]
    with (work / "records.csv").open("w", newline="") as stream:
        writer = csv.DictWriter(stream, names)
        writer.writeheader()
        writer.writerows(asdict(sample.record) for sample in kept)
    paper = np.array([sample.record.in_paper for sample in kept])
    for reading, read in READINGS.items():
        answers = np.stack([read(sample) for sample in kept])
        np.save(work / f"labels-{reading}.npy", answers)
        shares = " ".join(f"{share:.2f}" for share in (answers[paper, :17] == 1).mean(0))
        print(f"shares in the paper's selection, {reading} structures: {shares}")
    for model in SETTINGS["preprocessing"]:
        how = preprocessing(model)
        np.save(work / f"{model}.npy", np.stack([to_grid(s.spectrum, how) for s in kept]))


def _record_from_row(row: dict[str, str]) -> Record:
    flags = {
        name: row[name] == "True" for name in ("formula_matches", "single_organic", "in_paper")
    }
    text = {f.name: row[f.name] for f in fields(Record) if f.name not in flags and f.name != "fold"}
    return Record(**text, **flags, fold=int(row["fold"]))
