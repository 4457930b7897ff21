"""The package's sample spectra, simulated from published band positions: none is a measurement.

``python -m train.samples.make_samples`` writes ``irclassify/samples/*.jdx`` and ``expected.csv``,
always the same bytes. Every band is one line of a table below: position (cm-1) and grade of
strength as published (of the vapour unless the source says otherwise), contour, assignment. The
simulation adds to the tables:

- Strength: the grades (VS, S, M, W, VW) become peak absorbances on one scale, ``STRENGTH``, each
  half of the one before or less. Grades are rough: expect a factor of two.
- Contour: P and R branches of a rigid rotor at ``TEMPERATURE_K``, |d| exp(-d^2 / 2 s^2) at distance
  d from the band origin, with maxima 2 s apart. The distance follows from the rotational constants
  (W. A. Seth-Paul and G. Dijkstra, Spectrochim. Acta A 23, 2861 (1967)); a Q branch stands between
  them for transition moments along the axis of least (A) or greatest (C) inertia, none for B
  (G. Herzberg, Infrared and Raman Spectra of Polyatomic Molecules (1945), ch. IV.4). ``-`` is
  a Gaussian without structure: overlapping transitions, hybrid bands.
- Width: every contour is broadened by a Lorentzian, for resolution, hot bands and conformers. Of
  the two widths used, 14 cm-1 gives carbonyl bands of 32 cm-1 (median full width at half maximum),
  the median of NIST's gas-phase collection; 18 is for molecules with many conformers. Nothing else
  was taken from measured spectra.
- Noise: white, ``NOISE`` of the strongest band; no measured spectrum is without.

The tables were written down from memory of the works they cite, without the works at hand; acetic
acid was afterwards found equal to Shimanouchi's values in NIST's CCCBDB (SRD 101). They are good
enough to show what the tool does and are no reference data: single positions may be off by some
cm-1, weak bands may be missing.

The molecules are ordinary ones, of a size the models were trained on. A first choice, the smallest
of each class (acetone, acetaldehyde, nitromethane, ...), was recognised worse, as their measured
spectra are. How many samples a model gets right is therefore no measure of its accuracy.

Left out: resolved rotational structure, isotopologues, most overtones and combinations, baseline,
water and carbon dioxide.
"""

from __future__ import annotations

import csv
import io
import textwrap
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FOLDER = Path(__file__).resolve().parents[2] / "irclassify" / "samples"
EXPECTED = "expected.csv"

FIRST_CM1, LAST_CM1, STEP_CM1 = 450, 3966, 4
TEMPERATURE_K = 298.15
BOLTZMANN_CM1_PER_K = 0.695035  # k / hc
STRENGTH = {"VS": 1.0, "S": 0.5, "M": 0.25, "W": 0.1, "VW": 0.03}
PEAK_ABSORBANCE = 1.0
RESOLUTION_OF_Y = 1e-4
NOISE = 0.002  # standard deviation, in parts of the strongest band

Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Contour:
    """Shape of a band: share of the Q branch, and P-R distance relative to type A."""

    q_share: float
    stretch: float


# C is 1.5 times as wide as A: T. Ueda and T. Shimanouchi, J. Mol. Spectrosc. 28, 350 (1968).
CONTOURS = {"A": Contour(0.2, 1.0), "B": Contour(0.0, 1.0), "C": Contour(0.4, 1.5)}


@dataclass(frozen=True)
class Band:
    """One absorption: origin (cm-1), grade, contour (A, B, C or -) and what vibrates."""

    position_cm1: float
    strength: str
    contour: str
    assignment: str


@dataclass(frozen=True)
class Sample:
    """A molecule, its bands, and where they are published.

    ``rotational``: A, B, C in cm-1, rounded, microwave values unless the source says otherwise.
    ``width_cm1``: full width at half maximum of the Lorentzian.
    ``groups``: by the SMARTS of train/labels.py.
    """

    file: str
    title: str
    cas: str
    formula: str
    smiles: str
    groups: str
    rotational: tuple[float, float, float]
    width_cm1: float
    source: str
    table: str

    @property
    def bands(self) -> list[Band]:
        """The table, parsed."""
        rows = (line.split(maxsplit=3) for line in self.table.strip().splitlines())
        return [Band(float(x), strength, contour, what) for x, strength, contour, what in rows]


SHIMANOUCHI = "T. Shimanouchi, Tables of Molecular Vibrational Frequencies I, NSRDS-NBS 39 (1972)"
NYQUIST = "R. A. Nyquist, The Interpretation of Vapor-Phase Infrared Spectra (Sadtler, 1984)"

SAMPLES = (
    Sample(
        "acetic_acid.jdx",
        "Acetic acid, monomer",
        "64-19-7",
        "C2 H4 O2",
        "CC(=O)O",
        "methyl alcohol carboxylic_acid",
        (0.378, 0.316, 0.178),
        14,
        SHIMANOUCHI,
        """
        3583 S  A  OH stretch
        3051 VW -  CH3 asymmetric stretch
        2996 VW -  CH3 asymmetric stretch
        2944 VW -  CH3 symmetric stretch
        1788 VS A  C=O stretch
        1430 W  -  CH3 asymmetric deformation
        1382 S  A  CH3 symmetric deformation
        1264 M  A  OH bend and C-O stretch
        1182 VS A  C-O stretch and OH bend
        1048 W  -  CH3 rock
         989 M  A  CH3 rock
         847 W  A  C-C stretch
         657 S  A  OCO bend
         642 S  C  OH torsion
         534 M  C  C=O out-of-plane bend
        """,
    ),
    Sample(
        "acetophenone.jdx",
        "Acetophenone",
        "98-86-2",
        "C8 H8 O",
        "CC(=O)c1ccccc1",
        "methyl aromatic ketone",
        (0.123, 0.0405, 0.0307),
        14,
        "A. Gambi, S. Giorgianni, A. Passerini, R. Visinoni and S. Ghersetti, "
        f"Spectrochim. Acta A 36, 871 (1980); C=O: {NYQUIST}",
        """
        3090 W  -  ring CH stretch
        3069 M  -  ring CH stretch
        3035 W  -  ring CH stretch
        3010 W  -  CH3 asymmetric stretch
        2930 W  -  CH3 symmetric stretch
        1960 VW -  ring CH out-of-plane combinations
        1900 VW -  ring CH out-of-plane combinations
        1815 VW -  ring CH out-of-plane combinations
        1709 VS A  C=O stretch
        1600 M  A  ring stretch
        1584 W  B  ring stretch
        1450 M  -  ring stretch
        1430 M  -  CH3 asymmetric deformation
        1360 S  -  CH3 symmetric deformation
        1302 W  -  ring stretch
        1264 VS A  C-C(=O) stretch
        1180 M  -  ring CH in-plane bend
        1160 VW -  ring CH in-plane bend
        1078 W  -  ring CH in-plane bend
        1024 W  -  CH3 rock and ring CH in-plane bend
        1000 VW A  ring breathing
         955 M  -  CH3 rock and C-C stretch
         757 S  C  ring CH out-of-plane bend
         730 W  -  C-C stretch
         690 S  C  ring puckering
         588 M  -  C=O in-plane bend
        """,
    ),
    Sample(
        "aniline.jdx",
        "Aniline",
        "62-53-3",
        "C6 H7 N",
        "Nc1ccccc1",
        "amine aromatic",
        (0.187, 0.0865, 0.0593),
        14,
        "J. C. Evans, Spectrochim. Acta 16, 428 (1960)",
        """
        3500 W  -  NH2 asymmetric stretch
        3418 W  A  NH2 symmetric stretch
        3094 W  -  ring CH stretch
        3050 M  -  ring CH stretch
        1930 VW -  ring CH out-of-plane combinations
        1830 VW -  ring CH out-of-plane combinations
        1619 VS A  NH2 scissors
        1603 S  A  ring stretch
        1501 VS A  ring stretch
        1468 W  B  ring stretch
        1330 W  B  ring stretch
        1278 VS A  C-N stretch
        1173 M  A  ring CH in-plane bend
        1152 VW B  ring CH in-plane bend
        1115 W  B  ring CH in-plane bend and NH2 rock
        1054 VW B  ring CH in-plane bend
        1028 W  A  ring CH in-plane bend
         996 W  A  ring breathing
         874 W  C  ring CH out-of-plane bend
         823 W  A  ring breathing and C-N stretch
         747 VS C  ring CH out-of-plane bend
         690 S  C  ring puckering
         655 S  -  NH2 inversion
         501 M  C  ring and C-N out-of-plane bend
        """,
    ),
    Sample(
        "benzaldehyde.jdx",
        "Benzaldehyde",
        "100-52-7",
        "C7 H6 O",
        "O=Cc1ccccc1",
        "aromatic aldehyde",
        (0.175, 0.0522, 0.0402),
        14,
        "J. H. S. Green and D. J. Harrison, Spectrochim. Acta A 32, 1265 (1976)",
        """
        3085 W  -  ring CH stretch
        3070 M  -  ring CH stretch
        3030 W  -  ring CH stretch
        2810 M  -  aldehyde CH stretch
        2725 M  -  overtone of the aldehyde CH bend in Fermi resonance with stretch
        1728 VS A  C=O stretch
        1605 M  A  ring stretch
        1589 W  B  ring stretch
        1458 M  -  ring stretch
        1390 W  A  aldehyde CH in-plane bend
        1312 W  -  ring stretch
        1203 S  A  C-C(=O) stretch
        1168 M  -  ring CH in-plane bend
        1075 W  -  ring CH in-plane bend
        1025 W  -  ring CH in-plane bend
        1005 VW -  aldehyde CH out-of-plane bend
         827 S  A  ring breathing and C-C stretch
         741 S  C  ring CH out-of-plane bend
         688 M  C  ring puckering
         649 M  A  ring in-plane bend
        """,
    ),
    Sample(
        "benzoyl_chloride.jdx",
        "Benzoyl chloride",
        "98-88-4",
        "C7 H5 Cl O",
        "O=C(Cl)c1ccccc1",
        "aromatic alkyl_halide acyl_halide",
        (0.11, 0.035, 0.027),
        14,
        "J. H. S. Green and D. J. Harrison, Spectrochim. Acta A 33, 583 (1977); "
        f"C=O: {NYQUIST}; rotational constants estimated",
        """
        3075 W  -  ring CH stretch
        1792 VS A  C=O stretch
        1745 M  A  overtone of the C-Cl stretch, in Fermi resonance with C=O
        1597 M  A  ring stretch
        1584 W  B  ring stretch
        1452 M  -  ring stretch
        1315 W  -  ring stretch
        1200 S  A  C-C(=O) stretch
        1174 S  -  ring CH in-plane bend
        1078 W  -  ring CH in-plane bend
        1027 W  -  ring CH in-plane bend
        1000 W  A  ring breathing
         872 VS A  C-Cl stretch and ring
         776 S  C  ring CH out-of-plane bend
         673 S  C  ring puckering
         645 S  A  C-Cl stretch and ring bend
         507 W  -  C=O in-plane bend
        """,
    ),
    Sample(
        "chloroethane.jdx",
        "Chloroethane",
        "75-00-3",
        "C2 H5 Cl",
        "CCCl",
        "alkane methyl alkyl_halide",
        (1.045, 0.183, 0.166),
        14,
        SHIMANOUCHI,
        """
        3014 S  -  CH2 asymmetric stretch
        2986 VS -  CH3 asymmetric stretch
        2967 S  -  CH2 symmetric stretch
        2946 M  -  CH3 symmetric stretch
        2881 M  A  overtone of the CH3 deformation
        1463 M  -  CH2 scissors
        1448 M  -  CH3 asymmetric deformation
        1385 M  A  CH3 symmetric deformation
        1289 VS A  CH2 wag
        1251 W  -  CH2 twist
        1081 W  -  CH3 rock
         974 S  A  C-C stretch
         786 M  C  CH2 rock
         677 VS A  C-Cl stretch
        """,
    ),
    Sample(
        "diethyl_ether.jdx",
        "Diethyl ether",
        "60-29-7",
        "C4 H10 O",
        "CCOCC",
        "alkane methyl ether",
        (0.587, 0.0748, 0.0701),
        18,
        "H. Wieser, W. G. Laidlaw, P. J. Krueger and H. Fuhrer, "
        "Spectrochim. Acta A 24, 1055 (1968)",
        """
        2984 VS -  CH3 asymmetric stretch
        2940 M  -  CH3 symmetric stretch
        2900 M  -  CH2 asymmetric stretch
        2868 VS -  CH2 symmetric stretch
        2800 W  -  overtone of the CH2 scissors
        1490 W  -  OCH2 scissors
        1453 M  -  CH3 asymmetric deformation
        1385 S  -  CH3 symmetric deformation
        1351 M  -  CH2 wag
        1280 W  -  CH2 twist
        1150 M  -  CH3 rock
        1126 VS A  C-O-C asymmetric stretch
        1077 M  -  C-C stretch
        1043 W  -  C-O-C symmetric stretch, gauche
         935 W  -  C-C stretch
         845 W  A  C-O-C symmetric stretch
         500 VW -  CCO bend
        """,
    ),
    Sample(
        "ethanol.jdx",
        "Ethanol",
        "64-17-5",
        "C2 H6 O",
        "CCO",
        "alkane methyl alcohol",
        (1.164, 0.312, 0.271),
        14,
        "J.-P. Perchard and M.-L. Josien, J. Chim. Phys. 65, 1834 (1968); "
        "A. J. Barnes and H. E. Hallam, Trans. Faraday Soc. 66, 1932 (1970)",
        """
        3676 M  A  OH stretch, trans
        3659 W  -  OH stretch, gauche
        2989 VS -  CH3 asymmetric stretch
        2943 S  -  CH2 asymmetric stretch
        2900 S  -  CH2 symmetric stretch
        2880 S  -  CH3 symmetric stretch
        1456 W  -  CH3 asymmetric deformation
        1394 M  -  CH3 symmetric deformation
        1371 W  -  CH2 wag
        1242 M  A  OH bend
        1089 S  -  CH3 rock
        1066 VS -  C-O stretch
        1033 S  -  C-C stretch
         887 M  A  CCO symmetric stretch
         801 VW -  CH2 rock
        """,
    ),
    Sample(
        "ethyl_acetate.jdx",
        "Ethyl acetate",
        "141-78-6",
        "C4 H8 O2",
        "CCOC(C)=O",
        "alkane methyl ester ether",
        (0.282, 0.0698, 0.0578),
        18,
        f"{NYQUIST}; L. J. Bellamy, The Infra-red Spectra of Complex Molecules (3rd ed., 1975)",
        """
        2990 M  -  CH3 asymmetric stretch
        2945 W  -  CH3 symmetric and CH2 stretch
        2910 W  -  CH2 symmetric stretch
        1767 VS A  C=O stretch
        1455 W  -  CH3 asymmetric deformation
        1375 S  -  CH3 symmetric deformation
        1301 W  -  CH2 twist
        1241 VS -  C-C(=O)-O asymmetric stretch
        1160 W  -  CH3 rock
        1098 W  -  O-CH2 twist and rock
        1055 S  A  O-C-C asymmetric stretch
        1005 W  -  CH3 rock
         938 W  -  C-C stretch
         847 W  -  C-O symmetric stretch
         634 W  A  OCO bend
         607 W  C  C=O out-of-plane bend
        """,
    ),
    Sample(
        "n_n_dimethylacetamide.jdx",
        "N,N-Dimethylacetamide",
        "127-19-5",
        "C4 H9 N O",
        "CC(=O)N(C)C",
        "methyl amide",
        (0.19, 0.11, 0.072),
        14,
        "T. C. Jao, I. Scott and D. Steele, J. Mol. Spectrosc. 92, 1 (1982), liquid; "
        f"C=O of the vapour: {NYQUIST}; rotational constants estimated",
        """
        3010 W  -  CH3 asymmetric stretch
        2935 M  -  CH3 stretch
        2870 W  -  N-CH3 symmetric stretch
        1690 VS A  C=O stretch
        1505 M  -  N-CH3 asymmetric deformation
        1455 W  -  CH3 asymmetric deformation
        1415 M  -  N-CH3 symmetric deformation
        1393 S  A  C-N stretch and CH3 deformation
        1355 M  -  C-CH3 symmetric deformation
        1262 M  -  C-N asymmetric stretch
        1187 M  -  N-CH3 rock
        1060 W  -  N-CH3 rock
        1034 W  -  C-CH3 rock
        1013 M  -  C-CH3 rock
         960 W  -  C-C and C-N stretch
         738 VW -  C-N symmetric stretch
         590 M  -  C=O in-plane bend
         475 W  -  CCN bend
        """,
    ),
    Sample(
        "nitrobenzene.jdx",
        "Nitrobenzene",
        "98-95-3",
        "C6 H5 N O2",
        "O=[N+]([O-])c1ccccc1",
        "aromatic nitro",
        (0.132, 0.0429, 0.0324),
        14,
        "J. H. S. Green and H. A. Lauwers, Spectrochim. Acta A 27, 817 (1971); "
        f"NO2 stretches of the vapour: {NYQUIST}",
        """
        3090 W  -  ring CH stretch
        1960 VW -  ring CH out-of-plane combinations
        1800 VW -  ring CH out-of-plane combinations
        1610 W  A  ring stretch
        1588 W  B  ring stretch
        1553 VS B  NO2 asymmetric stretch
        1483 W  A  ring stretch
        1351 VS A  NO2 symmetric stretch
        1316 W  B  ring stretch
        1174 W  A  ring CH in-plane bend
        1108 W  A  C-N stretch and ring
        1070 W  B  ring CH in-plane bend
        1022 W  A  ring CH in-plane bend
         935 W  C  ring CH out-of-plane bend
         852 S  A  NO2 scissors
         793 M  C  ring CH out-of-plane bend
         704 VS C  ring CH out-of-plane bend and NO2 wag
         677 W  A  ring in-plane bend
         532 W  B  NO2 rock
        """,
    ),
    Sample(
        "propanenitrile.jdx",
        "Propanenitrile",
        "107-12-0",
        "C3 H5 N",
        "CCC#N",
        "alkane methyl nitrile",
        (0.924, 0.157, 0.141),
        14,
        "N. E. Duncan and G. J. Janz, J. Chem. Phys. 23, 434 (1955); "
        "P. Klaboe and J. Grundnes, Spectrochim. Acta A 24, 1905 (1968)",
        """
        3001 VS -  CH3 asymmetric stretch
        2955 S  -  CH2 and CH3 stretch
        2900 S  -  CH3 symmetric stretch
        2254 M  A  C#N stretch
        1465 S  -  CH3 asymmetric deformation
        1433 M  -  CH2 scissors
        1387 W  -  CH3 symmetric deformation
        1319 M  -  CH2 wag
        1265 VW -  CH2 twist
        1077 M  -  C-C stretch
        1005 W  -  C-C stretch
         836 W  -  C-C-N stretch
         786 M  C  CH2 rock
         545 W  A  CCC bend
        """,
    ),
    Sample(
        "1_hexene.jdx",
        "1-Hexene",
        "592-41-6",
        "C6 H12",
        "C=CCCCC",
        "alkane methyl alkene",
        (0.6, 0.045, 0.043),
        18,
        "W. J. Potts and R. A. Nyquist, Spectrochim. Acta 15, 679 (1959); "
        f"{NYQUIST}; rotational constants estimated",
        """
        3084 M  -  =CH2 asymmetric stretch
        3000 M  -  =CH stretch
        2968 VS -  CH3 asymmetric stretch
        2938 VS -  CH2 asymmetric stretch
        2880 S  -  CH3 and CH2 symmetric stretch
        1825 W  -  overtone of the =CH2 wag
        1642 M  A  C=C stretch
        1465 M  -  CH2 scissors and CH3 asymmetric deformation
        1440 W  -  CH2 scissors beside C=C
        1418 VW -  =CH2 scissors
        1383 W  -  CH3 symmetric deformation
        1298 VW -  =CH rock
         994 M  C  trans CH=CH wag
         912 S  C  =CH2 wag
         738 VW -  CH2 rock
         633 W  C  =CH2 torsion
        """,
    ),
    Sample(
        "1_hexyne.jdx",
        "1-Hexyne",
        "693-02-7",
        "C6 H10",
        "CCCCC#C",
        "alkane methyl alkyne",
        (0.6, 0.045, 0.043),
        18,
        "R. A. Nyquist and W. J. Potts, Spectrochim. Acta 16, 419 (1960); "
        f"{NYQUIST}; rotational constants estimated",
        """
        3332 VS A  #CH stretch
        2970 VS -  CH3 asymmetric stretch
        2942 VS -  CH2 asymmetric stretch
        2885 S  -  CH3 and CH2 symmetric stretch
        2125 W  A  C#C stretch
        1465 M  -  CH2 scissors and CH3 asymmetric deformation
        1435 M  -  CH2 scissors beside C#C
        1385 W  -  CH3 symmetric deformation
        1330 W  -  CH2 wag
        1245 M  -  overtone of the #CH bend
        1107 VW -  C-C stretch
         935 VW -  CH3 rock
         740 VW -  CH2 rock
         630 VS C  #CH bend
        """,
    ),
)


def absorbance(sample: Sample) -> tuple[Vector, Vector]:
    """Wavenumbers (cm-1, ascending) and absorbances, the largest ``PEAK_ABSORBANCE``.

    Computed every 1 cm-1, with a margin so that nothing is cut off, then thinned to ``STEP_CM1``.
    """
    margin = 300
    fine = np.arange(FIRST_CM1 - margin, LAST_CM1 + margin + 1, dtype=np.float64)
    total = np.zeros_like(fine)
    distances = np.arange(-margin, margin + 1, dtype=np.float64)
    lorentzian = 1 / (1 + (2 * distances / sample.width_cm1) ** 2)
    for band in sample.bands:
        shape = np.convolve(
            _contour(fine - band.position_cm1, band.contour, sample.rotational), lorentzian, "same"
        )
        total += STRENGTH[band.strength] * shape / shape.max()
    kept = slice(margin, -margin, STEP_CM1)
    seen = total[kept]
    random = np.random.default_rng(int(sample.cas.replace("-", "")))
    seen = seen + NOISE * seen.max() * random.standard_normal(seen.size)
    return fine[kept], seen / seen.max() * PEAK_ABSORBANCE


def branch_distance_cm1(rotational: tuple[float, float, float]) -> float:
    """Distance between the maxima of the P and R branches of a type A band (Seth-Paul, Dijkstra).

    sqrt(8 B kT/hc) S(b) with log10 S = 0.721 / (b + 4)^1.13 and b = A/B - 1, where B is the mean
    of the two smaller constants.
    """
    a, b, c = rotational
    mean = (b + c) / 2
    widening = 10 ** (0.721 / (a / mean + 3) ** 1.13)
    return float(np.sqrt(8 * mean * BOLTZMANN_CM1_PER_K * TEMPERATURE_K) * widening)


def _contour(distance: Vector, kind: str, rotational: tuple[float, float, float]) -> Vector:
    """Area 1 on a grid of 1 cm-1, ``distance`` from the band origin in cm-1, before broadening."""
    s = branch_distance_cm1(rotational) / 2
    if kind == "-":
        shape = np.exp(-0.5 * (distance / s) ** 2)
        return _unit(shape)
    contour = CONTOURS[kind]
    s *= contour.stretch
    branches = np.abs(distance) * np.exp(-0.5 * (distance / s) ** 2)
    q_branch = np.maximum(0, 1 - np.abs(distance))
    return (1 - contour.q_share) * _unit(branches) + contour.q_share * _unit(q_branch)


def _unit(shape: Vector) -> Vector:
    total = shape.sum()
    scaled: Vector = shape / total if total > 0 else shape
    return scaled


def jcamp(sample: Sample) -> str:
    """The spectrum as JCAMP-DX 4.24, AFFN, its source and its bands told in the header."""
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
        "STATE": "gas",
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
    told = [
        "$$ Bands (cm-1), strength, contour, assignment; not reference data:",
        *(
            f"$$ {b.position_cm1:4.0f} {b.strength:2} {b.contour} {b.assignment}"
            for b in sample.bands
        ),
    ]
    labels = [line for label, value in header.items() for line in _label(label, value)]
    return "\n".join([*labels[:-1], *told, labels[-1], *_table(x, counts), "##END=", ""])


def _label(label: str, value: str) -> list[str]:
    """A labelled record, in lines of at most 80 characters."""
    return textwrap.wrap(f"##{label}={value}", 80, break_on_hyphens=False)


def _table(x: Vector, counts: NDArray[np.int_], per_line: int = 10) -> list[str]:
    rows = range(0, x.size, per_line)
    return [f"{x[i]:.1f} " + " ".join(map(str, counts[i : i + per_line])) for i in rows]


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
