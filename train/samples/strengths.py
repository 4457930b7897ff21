"""``python -m train.samples.strengths``: how high bands of each grade stand in measured spectra.

Non-negative least squares of a sample's bands, simulated one by one, to NIST's gas-phase spectrum
of its molecule; printed is the median over all molecules for each grade, which is where
``make_samples.STRENGTH`` is from.
"""

from __future__ import annotations

import zipfile
from pathlib import Path
from statistics import median

import numpy as np
from scipy.optimize import nnls

from irclassify.readers import read_spectrum
from train.samples.make_samples import SAMPLES, Sample, band_shape

LOW_CM1, HIGH_CM1, STEP_CM1 = 600.0, 3800.0, 2.0

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


if __name__ == "__main__":
    main()
