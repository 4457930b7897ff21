"""``python -m train.samples.score_samples [MODEL]``: how many samples a model gets right.

A demonstration, not a measure of accuracy: the samples are simulated and their molecules familiar.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

import numpy as np

import irclassify
from irclassify import samples
from irclassify.classifier import load
from irclassify.model.folder import DEFAULT_MODEL
from irclassify.model.preprocessing import to_grid
from irclassify.readers import read_spectrum
from irclassify.results.prediction import IN_DOMAIN, Prediction
from irclassify.spectra.phase import phase_of


@dataclass(frozen=True)
class Score:
    """A model's answer to one sample: groups found, missed and wrongly called, in its order."""

    file: str
    found: tuple[str, ...]
    missed: tuple[str, ...]
    false: tuple[str, ...]

    @property
    def right(self) -> bool:
        """Whether every group is right."""
        return not self.missed and not self.false


def scores(model_name: str) -> list[Score]:
    """One score a sample, by file name."""
    classifier = load(model_name, threads=1)
    files = samples.spectra()
    spectra = [read_spectrum(file.read_bytes(), file.name) for file in files]
    grids = np.stack([to_grid(spectrum, classifier.spec.preprocessing) for spectrum in spectra])
    phases = [phase_of(spectrum.state) for spectrum in spectra]
    found = classifier.predict_grids(grids, phase=phases).predictions()
    expected = samples.expected()
    return [_score(f.name, expected[f.name], a) for f, a in zip(files, found, strict=True) if a]


def _score(file: str, expected: frozenset[str], answer_of: Prediction) -> Score:
    called = {group.name for group in answer_of.groups if group.best_guess == "present"}
    return Score(
        file,
        found=tuple(g.name for g in answer_of.groups if g.name in called & expected),
        missed=tuple(g.name for g in answer_of.groups if g.name in expected - called),
        false=tuple(g.name for g in answer_of.groups if g.name in called - expected),
    )


def doubted(model_name: str) -> int:
    """How many samples the domain verdict finds unusual or outside."""
    classifier = irclassify.load(model_name)
    count = 0
    for file in samples.spectra():
        spectrum = read_spectrum(file.read_bytes(), file.name)
        phase = phase_of(spectrum.state)
        answer_of = classifier.predict(spectrum.wavenumber, spectrum.absorbance, phase=phase)
        count += sum(d is not None and d.verdict != IN_DOMAIN for d in answer_of.domains)
    return count


def main(model_name: str = DEFAULT_MODEL) -> None:
    """Print every sample, then the counts."""
    rows = scores(model_name)
    for row in rows:
        wrong = [f"missed {name}" for name in row.missed] + [f"false {name}" for name in row.false]
        verdict = "wrong: " + ", ".join(wrong) if wrong else "right"
        print(f"{row.file:<26}{', '.join(row.found):<42}{verdict}")
    found, missed = sum(len(r.found) for r in rows), sum(len(r.missed) for r in rows)
    print(f"\n{sum(r.right for r in rows)} of {len(rows)} samples with every group right")
    print(f"{found} of {found + missed} groups found, {sum(len(r.false) for r in rows)} false")
    print(f"unusual or outside: {doubted(model_name)}")


if __name__ == "__main__":
    main(*sys.argv[1:])
