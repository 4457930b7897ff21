"""Stage ``dataset``: spectra and structures -> labelled vectors, and which spectra are left out.

Writes to the work folder ``records.csv`` (one row a usable spectrum), the labels by every reading
of the structures (see READINGS) and one ``<model>.npy`` per preprocessing, rows in the same order.
"""

from __future__ import annotations

import argparse
import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rdkit import Chem

from irclassify.model.preprocessing import to_grid
from irclassify.spectra.spectrum import Spectrum
from train.data import atr
from train.data.index import Row, read_bytes, read_index, readable
from train.data.records import Dataset, Record, Sample
from train.labels.details import answers_of, configuration_of
from train.labels.groups import GROUPS, groups_of, is_single_organic, molecule, repaired
from train.settings import SETTINGS, path, preprocessing, read_table

# How a structure becomes labels: as the index writes it, which is how the paper labels spectra;
# with its mobile hydrogens put right; or as PubChem writes it (those put right where it does not
# know the molecule), with the details below the groups and with what stays open.
READINGS = ("index", "repaired", "structures")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``python -m train dataset``: which spectra, which structures."""
    parser.add_argument("--spectra", type=Path, default=path("spectra"), help="zip or folder")
    parser.add_argument(
        "--index", type=Path, default=path("index"), help="structures: index, or fetch's manifest"
    )


def run(options: argparse.Namespace) -> int:
    """Read everything, print the funnel, write the caches."""
    funnel: Counter[str] = Counter()
    kept = list(samples(funnel, options.spectra, options.index))
    gas = [sample.record.in_paper for sample in kept if sample.record.phase == "gas"]
    funnel["Kept, gas phase"] = len(gas)
    funnel["  transmittance, not absorbance against cm-1"] = len(gas) - sum(gas)
    funnel["  the paper's selection"] = sum(gas)
    width = max(map(len, funnel))
    for step, count in funnel.items():
        print(f"{step:<{width}}  {count:6d}")
    _write(kept, path("work"))
    return 0


def load(model: str, reading: str | None = None) -> Dataset:
    """The cached data for a model: its vectors, and labels by its own or another reading.

    Run the dataset stage first.
    """
    work, own = path("work"), SETTINGS[model]
    records = [_record(row) for row in read_table(work / "records.csv")]
    answers = np.load(work / f"labels-{reading or own['labels']}.npy")
    data = Dataset(records, answers, np.load(work / f"{own['preprocessing']}.npy"))
    return data.where(np.isin(data.column("collection"), own["collections"]))


def _record(row: Row) -> Record:
    own = {field.name: row[field.name] for field in fields(Record)}
    flags = {n: own[n] == "True" for n in ("formula_matches", "single_organic", "in_paper")}
    return Record(**{**own, **flags, "fold": int(own["fold"])})  # type: ignore[arg-type]


def paper_subset(data: Dataset) -> Dataset:
    """The spectra the paper would use: gas phase, absorbance, structure known."""
    return data.where(data.column("in_paper"))


def samples(
    funnel: Counter[str], spectra: Path | None = None, index: Path | None = None
) -> Iterator[Sample]:
    """Every spectrum of known structure, NIST's first; counts in ``funnel`` what is left out."""
    yield from _nist(spectra or path("spectra"), index or path("index"), funnel)
    yield from atr.samples(funnel)


def _nist(spectra: Path, index: Path, funnel: Counter[str]) -> Iterator[Sample]:
    rows = read_index(index)
    written = {row["file"]: row["smiles"] for row in read_table(path("structures"))}
    first, last = SETTINGS["grid"]["first_cm1"], SETTINGS["grid"]["last_cm1"]

    def counted() -> Iterator[tuple[str, bytes]]:
        for each in read_bytes(spectra):
            funnel["NIST files"] += 1
            yield each

    for name, spectrum in readable(counted(), funnel, ""):
        row = rows.get(name)
        mol = molecule(row["smiles"]) if row else None
        inside = (spectrum.wavenumber >= first) & (spectrum.wavenumber <= last)
        if row is None or mol is None:
            funnel["  no structure known"] += 1
        elif not (spectrum.absorbance[inside] > 0).any():
            funnel["  nothing absorbs inside the grid"] += 1
        else:
            record = _nist_record(row, spectrum, is_single_organic(mol))
            funnel[f"  kept: {record.collection}, {record.phase}"] += 1
            yield _sample(record, spectrum, mol, molecule(written.get(name, "")))


def _sample(record: Record, spectrum: Spectrum, mol: Chem.Mol, better: Chem.Mol | None) -> Sample:
    """Answered by the structure as PubChem writes it (``better``), or by the repaired one. The
    configuration of C=C is the index's: PubChem's is often missing."""
    structure = repaired(mol) if better is None else better
    answers = answers_of(structure)
    if better is not None:
        configuration_of(repaired(mol), answers)
    return Sample(record, spectrum, answers, mol, structure)


def _nist_record(row: Row, spectrum: Spectrum, single_organic: bool) -> Record:
    gas = (spectrum.state or "").lower().startswith("gas")
    return Record(
        file=row["file"],
        cas=row["cas"],
        molecule=row["inchikey"].split("-")[0],
        smiles=row["smiles"],
        fold=int(row["fold"]),
        collection=spectrum.header.get("$NIST SOURCE", ""),
        phase="gas" if gas else "condensed",
        origin=spectrum.header.get("ORIGIN", ""),
        formula_matches=row["formula_matches"] == "True",
        single_organic=single_organic,
        in_paper=gas and spectrum.y_unit == "absorbance" and spectrum.x_unit == "cm-1",
    )


def _labels(sample: Sample, reading: str) -> NDArray[Any]:
    if reading == "structures":
        return sample.answers
    if sample.mol is None:
        return sample.answers[: len(GROUPS)] == 1
    return groups_of(sample.mol if reading == "index" else repaired(sample.mol))


def _write(kept: list[Sample], work: Path) -> None:
    work.mkdir(parents=True, exist_ok=True)
    with (work / "records.csv").open("w", newline="") as stream:
        writer = csv.DictWriter(stream, [field.name for field in fields(Record)])
        writer.writeheader()
        writer.writerows(asdict(sample.record) for sample in kept)
    paper = np.array([sample.record.in_paper for sample in kept])
    for reading in READINGS:
        answers = np.stack([_labels(sample, reading) for sample in kept])
        np.save(work / f"labels-{reading}.npy", answers)
        shares = (answers[paper, : len(GROUPS)] == 1).mean(0)
        said = " ".join(f"{share:.2f}" for share in shares)
        print(f"shares in the paper's selection, {reading} structures: {said}")
    for model in SETTINGS["preprocessing"]:
        how = preprocessing(model)
        np.save(work / f"{model}.npy", np.stack([to_grid(s.spectrum, how) for s in kept]))
