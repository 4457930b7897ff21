"""What a domain detector is tested with: corrupted, synthetic, and real spectra of other kinds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from irclassify.errors import IrclassifyError
from irclassify.model.domain import spectrum_share
from irclassify.readers import read_spectra
from irclassify.spectra.spectrum import Spectrum
from train.arrays import Bools, Floats, Ints, Singles
from train.data.index import nist_spectra, read_bytes
from train.data.records import Dataset
from train.domain.corruptions import GRID, SYNTHETIC, natively, synthetic, vector
from train.settings import SETTINGS, path, preprocessing

HOW = preprocessing("default")
COUNT: int = SETTINGS["domain"]["tested"]
FOLDS: int = SETTINGS["default"]["folds"]

KNOWN = "known: gas and condensed, single organic molecules"

# Real spectra, taken as if they were infrared absorbance against cm-1: set -> files of the corpus.
REAL: dict[str, list[str]] = SETTINGS["domain"]["real"]
POLYMERS: list[str] = SETTINGS["domain"]["polymers"]
NIST_POLYMERS: list[str] = SETTINGS["domain"]["nist_polymers"]


@dataclass(frozen=True)
class UnknownSet:
    """Spectra that the detector should notice.

    ``vectors`` (n, points); ``covered`` (n,): the measured share of the range; ``folds`` (n,): the
    fold whose networks may be tested on each; ``gas`` (n,): the phase of the known spectra that
    were corrupted, None for other spectra; ``refused``: how many the tool refuses to classify.
    """

    vectors: Singles
    covered: Floats
    folds: Ints
    gas: Bools | None
    refused: int


def unknown_sets(data: Dataset, known: Bools) -> tuple[dict[str, UnknownSet], Floats]:
    """All test sets by name, and the measured share (n,) of every known spectrum, 1 for others.

    The corrupted ones are made from COUNT known spectra of each phase.
    """
    covered = np.ones(len(known))
    rows = _sample(data, known)
    spectra = _read(data, known, rows, covered)
    folds = data.column("fold")[rows]
    gas = data.column("phase")[rows] == "gas"
    made = {
        name: _set(changed, folds, gas)
        for name, changed in natively(spectra, _partners(folds, gas))
    }
    others: dict[str, list[Spectrum] | list[Spectrum | None]] = {
        **{name: synthetic(name, COUNT) for name in SYNTHETIC},
        **{n: [_two_columns(path("corpus") / f) for f in files] for n, files in REAL.items()},
        "polymers, real (NIST, corpus)": [*_nist_polymers(), *map(_corpus, POLYMERS)],
    }
    made |= {name: _set(own, np.arange(len(own)) % FOLDS) for name, own in others.items()}
    return made, covered


def _set(
    spectra: list[Spectrum] | list[Spectrum | None], folds: Ints, gas: Bools | None = None
) -> UnknownSet:
    vectors = [vector(spectrum, HOW) for spectrum in spectra]
    kept = [i for i, v in enumerate(vectors) if v is not None]
    return UnknownSet(
        np.stack([v for v in vectors if v is not None]),
        np.array([spectrum_share(s, GRID) for i in kept if (s := spectra[i])]),
        folds[kept],
        None if gas is None else gas[kept],
        len(spectra) - len(kept),
    )


def _partners(folds: Ints, gas: Bools) -> list[int]:
    """For each spectrum the next one of its fold and phase: no network has seen either."""
    group = folds * 2 + gas
    following = {}
    for g in np.unique(group):
        members = np.flatnonzero(group == g).tolist()
        following |= dict(zip(members, [*members[1:], members[0]], strict=True))
    return [following[i] for i in range(len(group))]


def _sample(data: Dataset, known: Bools) -> list[int]:
    random = np.random.default_rng(5)
    gas = data.column("phase") == "gas"
    return [
        int(row)
        for phase in (gas, ~gas)
        for row in np.sort(random.choice(np.flatnonzero(known & phase), COUNT, replace=False))
    ]


def _read(data: Dataset, known: Bools, sample: list[int], covered: Floats) -> list[Spectrum]:
    """The sampled spectra in order; fills in ``covered`` of every known one."""
    rows = {data.records[row].file: row for row in np.flatnonzero(known)}
    wanted: dict[int, Spectrum] = {}
    for name, spectrum in nist_spectra():
        if name in rows:
            covered[rows[name]] = spectrum_share(spectrum, GRID)
            wanted[rows[name]] = spectrum
    return [wanted[row] for row in sample]


def _nist_polymers() -> Iterator[Spectrum]:
    """Their files hold more than one spectrum."""
    for name, content in read_bytes(path("spectra")):
        if name in NIST_POLYMERS:
            yield from (s for s in read_spectra(content, name) if isinstance(s, Spectrum))


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
