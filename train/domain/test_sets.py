"""What a domain detector is tested with: corrupted, synthetic, and real spectra of other kinds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from irclassify.errors import IrclassifyError
from irclassify.model.domain import spectrum_share
from irclassify.readers import read_spectra, read_spectrum
from irclassify.spectra.spectrum import Spectrum
from train.data.dataset import Dataset, read_bytes
from train.domain.corruptions import GRID, SYNTHETIC, natively, synthetic, vector
from train.settings import SETTINGS, path, preprocessing

HOW = preprocessing("default")
COUNT: int = SETTINGS["domain"]["tested"]
FOLDS: int = SETTINGS["default"]["folds"]

KNOWN = "known: gas and condensed, single organic molecules"

# Real spectra of the corpus, taken as if they were infrared absorbance against cm-1.
REAL = {
    "Raman, real (corpus)": (
        "text/OpenSpecy/raman_hdpe.csv",
        "jasco/JASCOFiles.jl/raman_test.csv",
        "jasco/JASCOFiles.jl/legacy_raman_pair.csv",
        "non_ir_jcamp/raman_spectra_tannic_acid.jdx",
    ),
    "UV-visible, real (corpus), nm read as cm-1": (
        "jasco/JASCOFiles.jl/uvvis_test.csv",
        "jasco/JASCOFiles.jl/uvvis_abs.txt",
        "non_ir_jcamp/uvvis_spectra_toluene.jdx",
    ),
}
POLYMERS = (
    "OpenSpecy/fitr_nitrocellulose.jdx",
    "text/OpenSpecy/ftir_pva_without_header.csv",
    "spc/hySpc.read.spc/POLYS.SPC",
    "spc/hySpc.read.spc/SINGLE_POLYMER_FILM.SPC",
)
NIST_POLYMERS = ("9002-88-4.jdx", "9003-53-6.jdx")  # polyethylene, polystyrene


@dataclass(frozen=True)
class UnknownSets:
    """Test sets by name: vectors (n, points), covered (n,), fold that may be tested on each (n,).

    ``gas`` (n,) is the phase of the spectrum that was corrupted; ``refused`` counts what the tool
    itself refuses to classify. ``corrupted`` names the sets made of known spectra. ``covered``
    (rows of the dataset,) is the measured share of every known spectrum, 1 for the others.
    """

    vectors: dict[str, NDArray[np.float32]]
    shares: dict[str, NDArray[np.float64]]
    folds: dict[str, NDArray[np.int_]]
    gas: dict[str, NDArray[np.bool_]]
    refused: dict[str, int]
    corrupted: set[str]
    covered: NDArray[np.float64]


def unknown_sets(data: Dataset, known: NDArray[np.bool_]) -> UnknownSets:
    """All test sets; the corrupted ones from COUNT known spectra of each phase."""
    made = UnknownSets({}, {}, {}, {}, {}, set(), np.ones(len(known)))
    rows = _sample(data, known)
    spectra, polymers = _read(data, known, rows, made.covered)
    folds = data.column("fold").astype(int)[rows]
    gas = data.column("phase")[rows] == "gas"
    for name, changed in natively(spectra, _partners(folds, gas)):
        _add(made, name, changed, folds, gas)
        made.corrupted.add(name)
    for name in SYNTHETIC:
        _add(made, name, synthetic(name, COUNT))
    for name, files in REAL.items():
        _add(made, name, [_two_columns(path("corpus") / file) for file in files])
    _add(made, "polymers, real (NIST, corpus)", [*polymers, *map(_corpus, POLYMERS)])
    return made


def of_fold(
    made: UnknownSets, fold: int
) -> Iterator[tuple[str, NDArray[np.float32], NDArray[np.float64]]]:
    """Name, vectors and covered shares of each set, as far as the fold may be tested on it."""
    for name, vectors in made.vectors.items():
        rows = made.folds[name] == fold
        if rows.any():
            yield name, vectors[rows], made.shares[name][rows]


def _add(
    made: UnknownSets,
    name: str,
    spectra: list[Spectrum] | list[Spectrum | None],
    folds: NDArray[np.int_] | None = None,
    gas: NDArray[np.bool_] | None = None,
) -> None:
    vectors = [vector(spectrum, HOW) for spectrum in spectra]
    kept = [i for i, v in enumerate(vectors) if v is not None]
    everywhere = np.arange(len(spectra)) % FOLDS if folds is None else folds
    made.vectors[name] = np.stack([v for v in vectors if v is not None])
    made.shares[name] = np.array([spectrum_share(s, GRID) for i in kept if (s := spectra[i])])
    made.folds[name] = everywhere[kept]
    made.gas[name] = (np.zeros(len(spectra), bool) if gas is None else gas)[kept]
    made.refused[name] = len(spectra) - len(kept)


def _partners(folds: NDArray[np.int_], gas: NDArray[np.bool_]) -> list[int]:
    """For each spectrum the next one of its fold and phase: no network has seen either."""
    group = folds * 2 + gas
    following = {}
    for g in np.unique(group):
        members = np.flatnonzero(group == g).tolist()
        following |= dict(zip(members, [*members[1:], members[0]], strict=True))
    return [following[i] for i in range(len(group))]


def _sample(data: Dataset, known: NDArray[np.bool_]) -> list[int]:
    random = np.random.default_rng(5)
    gas = data.column("phase") == "gas"
    return [
        int(row)
        for phase in (gas, ~gas)
        for row in np.sort(random.choice(np.flatnonzero(known & phase), COUNT, replace=False))
    ]


def _read(
    data: Dataset, known: NDArray[np.bool_], sample: list[int], covered: NDArray[np.float64]
) -> tuple[list[Spectrum], list[Spectrum]]:
    """The sampled spectra in order, and the polymers; fills in ``covered`` of every known one."""
    rows = {data.records[row].file: row for row in np.flatnonzero(known)}
    wanted: dict[int, Spectrum] = dict.fromkeys(sample)  # type: ignore[arg-type]
    polymers = []
    for name, content in read_bytes(path("spectra")):
        if name not in rows and name not in NIST_POLYMERS:
            continue
        if name in NIST_POLYMERS:
            polymers += [s for s in read_spectra(content, name) if isinstance(s, Spectrum)]
            continue
        spectrum = read_spectrum(content, name)
        row = rows[name]
        covered[row] = spectrum_share(spectrum, GRID)
        if row in wanted:
            wanted[row] = spectrum
    return list(wanted.values()), polymers


_NUMBER = r"[-+]?\d+\.?\d*(?:[eE][-+]?\d+)?"
_PAIR = re.compile(rf"^\s*({_NUMBER})\s*[,;\t ]\s*({_NUMBER})\s*$")


def _two_columns(file: Path) -> Spectrum | None:
    """Every line of two numbers, whatever the header says; None for a file without such lines."""
    found = [_PAIR.match(line) for line in file.read_text("latin-1").splitlines()]
    points = np.array([[float(m[1]), float(m[2])] for m in found if m]).reshape(-1, 2)
    if len(points) < 2:
        return None
    x, first = np.unique(points[:, 0], return_index=True)
    return Spectrum(x, points[first, 1])


def _corpus(file: str) -> Spectrum | None:
    try:
        found = read_spectra((path("corpus") / file).read_bytes(), file)[0]
    except IrclassifyError:
        return None
    return found if isinstance(found, Spectrum) else None
