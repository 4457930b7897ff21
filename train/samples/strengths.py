"""``python -m train.samples.strengths``: how high bands of each grade stand in measured spectra.

Non-negative least squares of a sample's bands, simulated one by one, to NIST's gas-phase spectrum
of its molecule; printed is the median over all molecules for each grade, which is where
``make_samples.STRENGTH`` is from. Then, for liquids, the height that as large a share of the bands
exceeds in condensed spectra of small molecules of C, H and O as a grade's height in vapour spectra.
"""

from __future__ import annotations

import zipfile
from pathlib import Path
from statistics import median

import numpy as np
from rdkit import Chem
from scipy.optimize import nnls

from irclassify.readers import read_spectrum
from train.assignments.known import known_spectra
from train.samples.make_samples import SAMPLES, STRENGTH, Sample, band_shape

LOW_CM1, HIGH_CM1, STEP_CM1 = 600.0, 3800.0, 2.0

SMALL = 10  # atoms other than hydrogen

ARCHIVE = Path(__file__).resolve().parents[3] / "shared" / "data" / "nist_ir.zip"


def heights(sample: Sample, content: bytes) -> list[tuple[str, float]]:
    """Grade and fitted height of each band within the range, in parts of the highest point."""
    spectrum = read_spectrum(content, sample.file)
    axis = np.arange(LOW_CM1, HIGH_CM1, STEP_CM1)
    measured = np.interp(axis, spectrum.wavenumber, spectrum.absorbance)
    measured = measured - np.percentile(measured, 10)
    shapes = np.array([band_shape(axis, sample, band) for band in sample.bands]).T
    fitted, _ = nnls(shapes, measured / measured.max())
    fitted = fitted / (shapes @ fitted).max()
    rows = zip(sample.bands, fitted, strict=True)
    return [(band.strength, float(h)) for band, h in rows if band.position_cm1 > LOW_CM1]


def of_liquids() -> dict[str, float]:
    """Heights in condensed spectra that rank as those of STRENGTH do in vapour spectra."""
    found: dict[str, list[np.ndarray]] = {"gas": [], "condensed": []}
    for each in known_spectra():
        mol = Chem.MolFromSmiles(each.smiles)
        small = mol.GetNumHeavyAtoms() <= SMALL
        if each.phase in found and small and {a.GetSymbol() for a in mol.GetAtoms()} <= set("CO"):
            found[each.phase].append(each.bands.height)
    gas, condensed = (np.concatenate(own) for own in found.values())
    return {
        grade: float(np.quantile(condensed, (gas < height).mean()))
        for grade, height in STRENGTH.items()
    }


def main() -> None:
    """Print a line for each grade."""
    found: dict[str, list[float]] = {}
    with zipfile.ZipFile(ARCHIVE) as archive:
        names = set(archive.namelist())
        for sample in SAMPLES:
            name = f"nist_ir/{sample.cas}.jdx"
            if name in names and sample.state == "gas":
                for grade, height in heights(sample, archive.read(name)):
                    found.setdefault(grade, []).append(height)
    for grade, values in found.items():
        print(f"{grade:<3}{len(values):>4} bands, median height {median(values):.3f}")
    for grade, height in of_liquids().items():
        print(f"{grade:<3} of a liquid: {height:.3f}")


if __name__ == "__main__":
    main()
