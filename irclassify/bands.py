"""Group frequencies from the literature: where a chemist looks for the groups. Pure data.

A range is where the band of an ordinary compound lies, in the condensed phase unless the note says
otherwise; vapours absorb up to about 30 cm-1 higher where the condensed phase associates (C=O) and
up to 300 cm-1 higher, and sharp, where it forms hydrogen bonds (O-H, N-H). Books differ by some
wavenumbers at the edges of a range: these are rounded to 5 cm-1 and say whose they are.
"""

from __future__ import annotations

from dataclasses import dataclass

SOURCES = {
    "Bellamy": "L. J. Bellamy, The Infrared Spectra of Complex Molecules, vol. 1, 3rd ed., 1975",
    "Colthup": "N. B. Colthup, L. H. Daly, S. E. Wiberley, Introduction to Infrared and Raman "
    "Spectroscopy, 3rd ed., 1990",
    "Lin-Vien": "D. Lin-Vien, N. B. Colthup, W. G. Fateley, J. G. Grasselli, The Handbook of "
    "Infrared and Raman Characteristic Frequencies of Organic Molecules, 1991",
    "Silverstein": "R. M. Silverstein, F. X. Webster, D. J. Kiemle, Spectrometric Identification "
    "of Organic Compounds, 7th ed., 2005",
    "Socrates": "G. Socrates, Infrared and Raman Characteristic Group Frequencies, 3rd ed., 2001",
}


@dataclass(frozen=True)
class Band:
    """A group's band: ``low`` to ``high`` in cm-1, what vibrates, and who says so.

    ``intensity`` is strong, medium, weak or variable. ``kind`` narrows the group (``aryl``,
    ``terminal``); empty for all of it. ``note`` is what changes with phase or neighbours.
    """

    group: str
    low: float
    high: float
    vibration: str
    intensity: str
    source: str
    kind: str = ""
    note: str = ""

    def overlap(self, low: float, high: float) -> float:
        """Width in cm-1 shared with the range ``low`` to ``high``; 0 without any."""
        return max(0.0, min(self.high, high) - max(self.low, low))

    @property
    def label(self) -> str:
        """``C=O stretch, saturated`` or ``C≡N stretch``."""
        return f"{self.vibration}, {self.kind}" if self.kind else self.vibration


def bands_of(group: str) -> tuple[Band, ...]:
    """All bands of a group, from high to low wavenumber; none for an unknown group."""
    own = (band for band in BANDS if band.group == group)
    return tuple(sorted(own, key=lambda band: -band.high))


def bands_between(low: float, high: float, group: str | None = None) -> tuple[Band, ...]:
    """The bands that overlap ``low`` to ``high`` (cm-1), of one group or all; best fit first.

    Fit is the width of the overlap over the width of both together: a range as wide as the
    fingerprint region fits nothing well.
    """
    found = [
        band
        for band in BANDS
        if band.overlap(low, high) > 0 and (group is None or band.group == group)
    ]
    return tuple(
        sorted(
            found,
            key=lambda b: -b.overlap(low, high) / (max(b.high, high) - min(b.low, low)),
        )
    )


_C2 = "Colthup 1990, ch. 5; Socrates 2001, ch. 2"
_ALKENE = "Colthup 1990, ch. 7; Socrates 2001, ch. 3"
_TRIPLE = "Colthup 1990, ch. 6; Socrates 2001, ch. 4"
_OH = "Colthup 1990, ch. 10; Socrates 2001, ch. 6"
_ETHER = "Colthup 1990, ch. 10; Socrates 2001, ch. 7"
_AMINE = "Colthup 1990, ch. 11; Socrates 2001, ch. 9"
_CARBONYL = "Colthup 1990, ch. 9; Socrates 2001, ch. 10"
_AROMATIC = "Colthup 1990, ch. 8; Socrates 2001, ch. 11"
_NITRO = "Colthup 1990, ch. 11; Socrates 2001, ch. 14"
_HALOGEN = "Colthup 1990, ch. 12; Socrates 2001, ch. 15"
_SILVERSTEIN = "Silverstein 2005, ch. 2"

BANDS = (
    # alkane: CH2 and CH between other atoms
    Band("alkane", 2840, 3000, "C-H stretch", "strong", _C2),
    Band("alkane", 1440, 1485, "CH2 scissoring", "medium", _C2),
    Band("alkane", 720, 725, "CH2 rocking", "weak", _C2, "four or more CH2 in a row"),
    # methyl
    Band("methyl", 2950, 2975, "CH3 asymmetric stretch", "strong", _C2),
    Band("methyl", 2860, 2885, "CH3 symmetric stretch", "medium", _C2),
    Band("methyl", 2810, 2850, "CH3 stretch", "medium", _C2, "on O or N"),
    Band("methyl", 1440, 1470, "CH3 asymmetric bend", "medium", _C2),
    Band("methyl", 1365, 1390, "CH3 symmetric bend", "medium", _C2),
    Band("methyl", 1350, 1370, "CH3 symmetric bend", "strong", _CARBONYL, "next to C=O"),
    # alkene
    Band("alkene", 3000, 3100, "=C-H stretch", "medium", _ALKENE),
    Band("alkene", 1800, 1860, "overtone of =CH2 wagging", "weak", _ALKENE, "terminal"),
    Band(
        "alkene",
        1600,
        1680,
        "C=C stretch",
        "variable",
        _ALKENE,
        note="absent in symmetric trans alkenes; lower and stronger when conjugated",
    ),
    Band("alkene", 1405, 1420, "=CH2 scissoring", "weak", _ALKENE, "terminal"),
    Band("alkene", 985, 995, "=C-H wagging", "strong", _ALKENE, "vinyl"),
    Band("alkene", 960, 975, "=C-H wagging", "strong", _ALKENE, "trans"),
    Band("alkene", 905, 915, "=CH2 wagging", "strong", _ALKENE, "vinyl"),
    Band("alkene", 885, 895, "=CH2 wagging", "strong", _ALKENE, "vinylidene"),
    Band("alkene", 790, 840, "=C-H wagging", "medium", _ALKENE, "trisubstituted"),
    Band("alkene", 665, 730, "=C-H wagging", "medium", _ALKENE, "cis"),
    # alkyne
    Band("alkyne", 3260, 3340, "≡C-H stretch", "strong", _TRIPLE, "terminal"),
    Band("alkyne", 2190, 2260, "C≡C stretch", "variable", _TRIPLE, "internal"),
    Band("alkyne", 2100, 2140, "C≡C stretch", "weak", _TRIPLE, "terminal"),
    Band("alkyne", 1220, 1370, "overtone of ≡C-H bend", "weak", _TRIPLE, "terminal"),
    Band("alkyne", 600, 700, "≡C-H bend", "strong", _TRIPLE, "terminal"),
    # alcohol, phenol
    Band(
        "alcohol",
        3580,
        3670,
        "O-H stretch",
        "medium",
        _OH,
        "free",
        "sharp; vapour, dilute solution",
    ),
    Band(
        "alcohol", 3200, 3550, "O-H stretch", "strong", _OH, "hydrogen-bonded", "broad; condensed"
    ),
    Band("alcohol", 1260, 1440, "O-H in-plane bend", "medium", _OH),
    Band("alcohol", 1180, 1260, "C-O stretch", "strong", _OH, "phenol"),
    Band("alcohol", 1100, 1205, "C-O stretch", "strong", _OH, "tertiary, secondary"),
    Band("alcohol", 1000, 1085, "C-O stretch", "strong", _OH, "primary"),
    # amine, primary and secondary
    Band(
        "amine",
        3300,
        3550,
        "N-H stretch",
        "weak",
        _AMINE,
        note="two bands for NH2, one for NH; aliphatic vapours very weak",
    ),
    Band("amine", 1580, 1650, "NH2 scissoring", "strong", _AMINE, "primary"),
    Band("amine", 1490, 1580, "N-H bend", "weak", _AMINE, "secondary"),
    Band("amine", 1250, 1360, "C-N stretch", "strong", _AMINE, "aryl"),
    Band("amine", 1020, 1250, "C-N stretch", "medium", _AMINE, "alkyl"),
    Band("amine", 665, 910, "N-H wagging", "strong", _AMINE, note="broad in liquids"),
    # nitrile
    Band("nitrile", 2240, 2260, "C≡N stretch", "medium", _TRIPLE, "saturated"),
    Band(
        "nitrile",
        2215,
        2240,
        "C≡N stretch",
        "variable",
        _TRIPLE,
        "conjugated",
        "weak where the carbon beside it carries O or Cl",
    ),
    # aromatic
    Band("aromatic", 3000, 3105, "=C-H stretch", "medium", _AROMATIC),
    Band("aromatic", 1660, 2000, "overtones and combinations of C-H wagging", "weak", _AROMATIC),
    Band("aromatic", 1575, 1625, "ring stretch", "variable", _AROMATIC),
    Band("aromatic", 1430, 1525, "ring stretch", "medium", _AROMATIC),
    Band("aromatic", 1000, 1300, "C-H in-plane bend", "weak", _AROMATIC),
    Band("aromatic", 670, 900, "C-H wagging", "strong", _AROMATIC),
    # alkyl and aryl halides
    Band("alkyl_halide", 1000, 1400, "C-F stretch", "strong", _HALOGEN, "fluoride"),
    Band("alkyl_halide", 1030, 1100, "C-X stretch", "medium", _HALOGEN, "aryl chloride, bromide"),
    Band("alkyl_halide", 1220, 1300, "CH2-X wagging", "medium", _HALOGEN, "chloride, bromide"),
    Band("alkyl_halide", 550, 830, "C-Cl stretch", "strong", _HALOGEN, "chloride"),
    Band("alkyl_halide", 500, 680, "C-Br stretch", "strong", _HALOGEN, "bromide"),
    Band("alkyl_halide", 485, 610, "C-I stretch", "strong", _HALOGEN, "iodide"),
    # ester
    Band("ester", 1735, 1765, "C=O stretch", "strong", _CARBONYL, "saturated"),
    Band("ester", 1715, 1735, "C=O stretch", "strong", _CARBONYL, "conjugated, aryl"),
    Band("ester", 1765, 1800, "C=O stretch", "strong", _CARBONYL, "vinyl, phenyl, gamma-lactone"),
    Band("ester", 1150, 1310, "C-C(=O)-O stretch", "strong", _CARBONYL),
    Band("ester", 1000, 1150, "O-C-C stretch", "strong", _CARBONYL),
    # ketone
    Band(
        "ketone",
        1705,
        1740,
        "C=O stretch",
        "strong",
        _CARBONYL,
        "saturated",
        "near 1740 in the vapour",
    ),
    Band("ketone", 1740, 1790, "C=O stretch", "strong", _CARBONYL, "four- and five-membered ring"),
    Band("ketone", 1640, 1705, "C=O stretch", "strong", _CARBONYL, "conjugated, aryl, quinone"),
    Band("ketone", 3400, 3480, "overtone of C=O stretch", "weak", _SILVERSTEIN),
    Band("ketone", 1100, 1300, "C-C(=O)-C stretch", "medium", _CARBONYL),
    # aldehyde
    Band(
        "aldehyde",
        2695,
        2830,
        "C-H stretch, Fermi resonance with the C-H bend",
        "medium",
        _CARBONYL,
        note="often a pair",
    ),
    Band("aldehyde", 1715, 1740, "C=O stretch", "strong", _CARBONYL, "saturated"),
    Band("aldehyde", 1660, 1715, "C=O stretch", "strong", _CARBONYL, "conjugated, aryl"),
    Band("aldehyde", 1380, 1400, "C-H in-plane bend", "medium", _CARBONYL),
    # carboxylic acid
    Band(
        "carboxylic_acid",
        3500,
        3590,
        "O-H stretch",
        "medium",
        _CARBONYL,
        "monomer",
        "vapour; sharp",
    ),
    Band("carboxylic_acid", 2500, 3300, "O-H stretch", "strong", _CARBONYL, "dimer", "very broad"),
    Band("carboxylic_acid", 1740, 1800, "C=O stretch", "strong", _CARBONYL, "monomer", "vapour"),
    Band("carboxylic_acid", 1680, 1725, "C=O stretch", "strong", _CARBONYL, "dimer", "condensed"),
    Band("carboxylic_acid", 1210, 1440, "C-O stretch with O-H bend", "medium", _CARBONYL, "dimer"),
    Band("carboxylic_acid", 1050, 1200, "C-O stretch", "strong", _CARBONYL, "monomer", "vapour"),
    Band("carboxylic_acid", 870, 960, "O-H wagging", "medium", _CARBONYL, "dimer", "broad"),
    # ether
    Band("ether", 1085, 1150, "C-O-C asymmetric stretch", "strong", _ETHER, "alkyl"),
    Band("ether", 1200, 1275, "=C-O stretch", "strong", _ETHER, "aryl, vinyl"),
    Band("ether", 1020, 1075, "C-O stretch", "strong", _ETHER, "alkyl side of aryl, vinyl"),
    Band("ether", 800, 950, "ring stretch", "variable", _ETHER, "cyclic, epoxide"),
    # acyl halide
    Band("acyl_halide", 1770, 1820, "C=O stretch", "strong", _CARBONYL, "chloride, bromide"),
    Band("acyl_halide", 1815, 1900, "C=O stretch", "strong", _CARBONYL, "fluoride"),
    Band("acyl_halide", 870, 1000, "C-C stretch", "strong", _CARBONYL),
    Band("acyl_halide", 560, 780, "C-Cl stretch", "strong", _CARBONYL, "chloride"),
    # amide
    Band(
        "amide",
        3400,
        3540,
        "N-H stretch",
        "medium",
        _CARBONYL,
        "free",
        "vapour, dilute solution",
    ),
    Band("amide", 3050, 3400, "N-H stretch", "strong", _CARBONYL, "hydrogen-bonded", "condensed"),
    Band(
        "amide",
        1630,
        1690,
        "C=O stretch (amide I)",
        "strong",
        _CARBONYL,
        note="to about 1730 in the vapour",
    ),
    Band("amide", 1580, 1655, "NH2 bend (amide II)", "strong", _CARBONYL, "primary"),
    Band(
        "amide",
        1480,
        1570,
        "N-H bend with C-N stretch (amide II)",
        "strong",
        _CARBONYL,
        "secondary",
    ),
    Band("amide", 1200, 1430, "C-N stretch (amide III)", "medium", _CARBONYL),
    # nitro
    Band("nitro", 1540, 1590, "NO2 asymmetric stretch", "strong", _NITRO, "alkyl"),
    Band("nitro", 1500, 1550, "NO2 asymmetric stretch", "strong", _NITRO, "aryl"),
    Band("nitro", 1320, 1390, "NO2 symmetric stretch", "strong", _NITRO),
    Band("nitro", 830, 920, "C-N stretch", "medium", _NITRO),
)
