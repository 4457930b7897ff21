"""The package's sample spectra, simulated from published band positions: none is a measurement.

``python -m train.samples.make_samples`` writes ``irclassify/samples/*.jdx`` and ``expected.csv``,
always the same bytes. The bands, as published, are in bands.toml. The simulation adds to them:

- Strength: the grades (VS, S, M, W, VW) become peak absorbances on one scale, ``STRENGTH``: about
  the median height that bands of a grade have in NIST's gas-phase spectra of the molecules. Films
  of liquids are thicker: their scale, ``STRENGTH_OF_LIQUIDS``, is about the height that as large a
  share of the bands exceeds in NIST's condensed spectra as a grade's height in its vapour spectra.
  Both were measured once (``train.samples.strengths`` of commit c4cd3df). Grades are rough: expect
  a factor of two. Those
  of N,N-dimethylacetamide, published of the liquid, are one lower or higher where NIST's
  vapour spectrum shows it.
- Contour: P and R branches of a rigid rotor at ``TEMPERATURE_K``, |d| exp(-d^2 / 2 s^2) at distance
  d from the band origin, with maxima 2 s apart. The distance follows from the rotational constants
  (W. A. Seth-Paul and G. Dijkstra, Spectrochim. Acta A 23, 2861 (1967)); a Q branch stands between
  them for transition moments along the axis of least (A) or greatest (C) inertia, none for B
  (G. Herzberg, Infrared and Raman Spectra of Polyatomic Molecules (1945), ch. IV.4). ``-`` is
  a Gaussian without structure: overlapping transitions, hybrid bands. A number is the full width
  (cm-1) of a band of a liquid: half Gaussian, half Lorentzian, without rotation.
- Width: every contour is broadened by a Lorentzian, for resolution, hot bands and conformers. Of
  the two widths used, 14 cm-1 gives carbonyl bands of 32 cm-1 (median full width at half maximum),
  the median of NIST's gas-phase collection; 18 is for molecules with many conformers. Nothing but
  these averages was taken from measured spectra.
- Noise: white, ``NOISE`` of the strongest band; no measured spectrum is without.

The molecules are ordinary ones, of a size the models were trained on. A first choice, the smallest
of each class (acetone, acetic acid, nitromethane, ...), was recognised worse, as their measured
spectra are. How many samples a model gets right is therefore no measure of its accuracy.

Left out: resolved rotational structure, isotopologues, most overtones and combinations, baseline,
water and carbon dioxide.
"""

from __future__ import annotations

import csv
import io
import textwrap
import tomllib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from train.arrays import Floats

FOLDER = Path(__file__).resolve().parents[2] / "irclassify" / "samples"
EXPECTED = "expected.csv"

FIRST_CM1, LAST_CM1, STEP_CM1 = 450, 3966, 4
TEMPERATURE_K = 298.15
BOLTZMANN_CM1_PER_K = 0.695035  # k / hc
STRENGTH = {"VS": 0.9, "S": 0.33, "M": 0.16, "W": 0.05, "VW": 0.015}
STRENGTH_OF_LIQUIDS = {"VS": 0.9, "S": 0.5, "M": 0.3, "W": 0.13, "VW": 0.05}
PEAK_ABSORBANCE = 1.0
RESOLUTION_OF_Y = 1e-4
PER_LINE = 10  # numbers of the table
NOISE = 0.002  # standard deviation, in parts of the strongest band


# Share of the Q branch, and P-R distance relative to type A. C is 1.5 times as wide as A: T. Ueda
# and T. Shimanouchi, J. Mol. Spectrosc. 28, 350 (1968).
CONTOURS = {"A": (0.2, 1.0), "B": (0.0, 1.0), "C": (0.4, 1.5)}


@dataclass(frozen=True)
class Band:
    """One absorption: origin (cm-1), grade, contour (A, B, C, - or a width) and what vibrates."""

    position_cm1: float
    strength: str
    contour: str
    assignment: str


@dataclass(frozen=True)
class Sample:
    """A molecule, its bands, and where they are published: a table of bands.toml."""

    file: str
    title: str
    cas: str
    formula: str
    smiles: str
    groups: str
    rotational_cm1: tuple[float, float, float]
    width_cm1: float
    source: str
    bands: tuple[Band, ...]
    state: str = "gas"


def _samples() -> tuple[Sample, ...]:
    tables = tomllib.loads((Path(__file__).parent / "bands.toml").read_text("utf-8"))["samples"]
    return tuple(Sample(**{**table, "bands": _bands(table["bands"])}) for table in tables)


def _bands(table: str) -> tuple[Band, ...]:
    rows = (line.split(maxsplit=3) for line in table.strip().splitlines())
    return tuple(Band(float(x), strength, contour, what) for x, strength, contour, what in rows)


SAMPLES = _samples()


def absorbance(sample: Sample) -> tuple[Floats, Floats]:
    """Wavenumbers (cm-1, ascending) and absorbances, the largest ``PEAK_ABSORBANCE``.

    Computed every 1 cm-1, with a margin so that nothing is cut off, then thinned to ``STEP_CM1``.
    """
    margin = 300
    fine = np.arange(FIRST_CM1 - margin, LAST_CM1 + margin + 1, dtype=np.float64)
    total = np.zeros_like(fine)
    strength = STRENGTH if sample.state == "gas" else STRENGTH_OF_LIQUIDS
    for band in sample.bands:
        total += strength[band.strength] * band_shape(fine, sample, band)
    kept = slice(margin, -margin, STEP_CM1)
    seen = total[kept]
    random = np.random.default_rng(int(sample.cas.replace("-", "")))
    seen = seen + NOISE * seen.max() * random.standard_normal(seen.size)
    return fine[kept], seen / seen.max() * PEAK_ABSORBANCE


def band_shape(axis: Floats, sample: Sample, band: Band) -> Floats:
    """One band of a sample at the wavenumbers of ``axis`` (cm-1), its top at 1."""
    if band.contour.isdecimal():
        distance = 2 * (axis - band.position_cm1) / float(band.contour)
        return np.asarray(0.5 * np.exp(-np.log(2) * distance**2) + 0.5 / (1 + distance**2))
    reach = np.arange(-600.0, 601.0)
    lorentzian = 1 / (1 + (2 * reach[300:-300] / sample.width_cm1) ** 2)
    shape = np.convolve(_contour(reach, band.contour, sample.rotational_cm1), lorentzian, "same")
    return np.interp(axis - band.position_cm1, reach, shape / shape.max())


def branch_distance_cm1(rotational: tuple[float, float, float]) -> float:
    """Distance between the maxima of the P and R branches of a type A band (Seth-Paul, Dijkstra).

    sqrt(8 B kT/hc) S(b) with log10 S = 0.721 / (b + 4)^1.13 and b = A/B - 1, where B is the mean
    of the two smaller constants.
    """
    a, b, c = rotational
    mean = (b + c) / 2
    widening = 10 ** (0.721 / (a / mean + 3) ** 1.13)
    return float(np.sqrt(8 * mean * BOLTZMANN_CM1_PER_K * TEMPERATURE_K) * widening)


def _contour(distance: Floats, kind: str, rotational: tuple[float, float, float]) -> Floats:
    """Area 1 on a grid of 1 cm-1, ``distance`` from the band origin in cm-1, before broadening."""
    s = branch_distance_cm1(rotational) / 2
    if kind == "-":
        shape = np.exp(-0.5 * (distance / s) ** 2)
        return _unit(shape)
    q_share, stretch = CONTOURS[kind]
    s *= stretch
    branches = np.abs(distance) * np.exp(-0.5 * (distance / s) ** 2)
    q_branch = np.maximum(0, 1 - np.abs(distance))
    return (1 - q_share) * _unit(branches) + q_share * _unit(q_branch)


def _unit(shape: Floats) -> Floats:
    total = shape.sum()
    scaled: Floats = shape / total if total > 0 else shape
    return scaled


def jcamp(sample: Sample) -> str:
    """The spectrum as JCAMP-DX 4.24, AFFN, with source and bands in the header."""
    x, y = absorbance(sample)
    counts = np.rint(y / RESOLUTION_OF_Y).astype(int)
    header = {
        "TITLE": f"{sample.title} (simulated)",
        "JCAMP-DX": "4.24",
        "DATA TYPE": "INFRARED SPECTRUM",
        "ORIGIN": "simulated by irclassify from published band positions, not a measurement",
        "OWNER": "the irclassify developers, MIT License",
        "SOURCE REFERENCE": sample.source,
        "CAS REGISTRY NO": sample.cas,
        "MOLFORM": sample.formula,
        "STATE": sample.state,
        "XUNITS": "1/CM",
        "YUNITS": "ABSORBANCE",
        "XFACTOR": "1.0",
        "YFACTOR": f"{RESOLUTION_OF_Y:g}",
        "DELTAX": f"{STEP_CM1:.1f}",
        "FIRSTX": f"{x[0]:.1f}",
        "LASTX": f"{x[-1]:.1f}",
        "FIRSTY": f"{counts[0] * RESOLUTION_OF_Y:.4f}",
        "MAXX": f"{x.max():.1f}",
        "MINX": f"{x.min():.1f}",
        "MAXY": f"{counts.max() * RESOLUTION_OF_Y:.4f}",
        "MINY": f"{counts.min() * RESOLUTION_OF_Y:.4f}",
        "NPOINTS": str(x.size),
        "XYDATA": "(X++(Y..Y))",
    }
    bands = [
        "$$ Bands (cm-1), strength, contour, assignment; not reference data:",
        *(
            f"$$ {b.position_cm1:4.0f} {b.strength:2} {b.contour} {b.assignment}"
            for b in sample.bands
        ),
    ]
    labels = [line for label, value in header.items() for line in _label(label, value)]
    rows = (slice(i, i + PER_LINE) for i in range(0, x.size, PER_LINE))
    table = [f"{x[row][0]:.1f} " + " ".join(map(str, counts[row])) for row in rows]
    return "\n".join([*labels[:-1], *bands, labels[-1], *table, "##END=", ""])


def _label(label: str, value: str) -> list[str]:
    """A labelled record, in lines of at most 80 characters."""
    return textwrap.wrap(f"##{label}={value}", 80, break_on_hyphens=False)


def expected() -> str:
    """The table of right answers, CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["file", "smiles", "groups"])
    writer.writerows([s.file, s.smiles, s.groups] for s in sorted(SAMPLES, key=lambda s: s.file))
    return text.getvalue()


def contents() -> dict[str, bytes]:
    """Every generated file of ``irclassify/samples`` by name."""
    files = {sample.file: jcamp(sample).encode("ascii") for sample in SAMPLES}
    return files | {EXPECTED: expected().encode("ascii")}


def main() -> None:
    """Write them all."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, content in contents().items():
        (FOLDER / name).write_bytes(content)
        print(FOLDER / name)


if __name__ == "__main__":
    main()
