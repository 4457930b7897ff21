"""Group frequencies from the literature: where a chemist looks for the groups. Pure data.

A range is where the band of an ordinary compound lies, in the phase it names or, without one, in
any. Vapours absorb some 20 to 30 cm-1 higher where the condensed phase associates (C=O) and up to
300 cm-1 higher, and sharp, where it forms hydrogen bonds (O-H, N-H). Books differ by some
wavenumbers at the edges of a range: these are rounded to 5 cm-1 and say whose they are.
The table of the model's groups is ``bands.csv``; ``other_bands.csv`` holds what is not one of them:
artefacts (air, water, mulls, solvents) and groups that no model knows. ``classes.csv`` holds what
several groups share: C=O stretches, say, of esters, ketones and amides.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from irclassify.results.bands import Band

SOURCES = {
    "Bellamy": "L. J. Bellamy, The Infrared Spectra of Complex Molecules, vol. 1, 3rd ed., 1975",
    "Colthup": "N. B. Colthup, L. H. Daly, S. E. Wiberley, Introduction to Infrared and Raman "
    "Spectroscopy, 3rd ed., 1990",
    "Herzberg": "G. Herzberg, Molecular Spectra and Molecular Structure II: Infrared and Raman "
    "Spectra of Polyatomic Molecules, 1945",
    "Nyquist": "R. A. Nyquist, The Interpretation of Vapor-Phase Infrared Spectra, 1984",
    "Silverstein": "R. M. Silverstein, F. X. Webster, D. J. Kiemle, Spectrometric Identification "
    "of Organic Compounds, 7th ed., 2005",
    "Socrates": "G. Socrates, Infrared and Raman Characteristic Group Frequencies, 3rd ed., 2001",
    "Welti": "D. Welti, Infrared Vapour Spectra, 1970",
}


def _read(name: str) -> tuple[Band, ...]:
    lines = files("irclassify.explain").joinpath(name).read_text(encoding="utf-8").splitlines()
    return tuple(
        Band(
            **row | {"low": float(row["low"]), "high": float(row["high"]), "most": int(row["most"])}  # type: ignore[arg-type]
        )
        for row in csv.DictReader(lines)
    )


BANDS = _read("bands.csv")
FOREIGN = _read("other_bands.csv")


@dataclass(frozen=True)
class VibrationClass:
    """What several groups share: a vibration of any of them, where it is open whose it is.

    ``starts``: how the names of the vibrations begin; ``structure``: what all molecules with one
    of them have, in structures.csv; ``group``: what is said in place of the group's name.

    Examples
    --------
    >>> carbonyl = next(each for each in CLASSES if each.group == "carbonyl")
    >>> carbonyl.holds(bands_of("ketone")[-1])
    False
    >>> carbonyl.named(1700, 1750).words
    'C=O stretch, carbonyl (which group is open)'
    """

    group: str
    structure: str
    vibration: str
    intensity: str
    starts: tuple[str, ...]
    source: str

    def holds(self, band: Band) -> bool:
        """Whether a row of the tables is one of them."""
        return band.vibration.startswith(self.starts)

    def named(self, low: float, high: float) -> Band:
        """The name of a band, with the range (cm-1) of the groups in question."""
        return Band(
            group=self.group,
            low=low,
            high=high,
            vibration=self.vibration,
            intensity=self.intensity,
            source=self.source,
            kind="which group is open",
            expect=OPEN,
            structure=self.structure,
        )


# ``expect`` of a name that leaves the group open.
OPEN = "open"


def _read_classes() -> tuple[VibrationClass, ...]:
    lines = files("irclassify.explain").joinpath("classes.csv").read_text(encoding="utf-8")
    return tuple(
        VibrationClass(**row | {"starts": tuple(row["starts"].split(";"))})
        for row in csv.DictReader(lines.splitlines())
    )


CLASSES = _read_classes()


@cache
def structures() -> dict[str, str]:
    """The SMARTS of the substructures that the tables name, by name.

    Examples
    --------
    >>> structures()["methyl_on_oxygen"]
    '[CH3][OX2]'
    """
    return {row["name"]: row["smarts"] for row in _structures()}


@cache
def wider() -> dict[str, str]:
    """A wider structure that every molecule with a structure has, where a model may know it.

    Examples
    --------
    >>> wider()["siloxane"]
    'organosilicon'
    """
    return {row["name"]: row["within"] for row in _structures() if row["within"]}


def detail_of(band: Band, details: Collection[str]) -> str | None:
    """The one of some ``details`` that a band is of, by its group or its structure; else None.

    Examples
    --------
    >>> (siloxane,) = [b for b in FOREIGN if b.group == "siloxane" and "asym" in b.vibration]
    >>> detail_of(siloxane, ["sulfonyl", "organosilicon"])
    'organosilicon'
    """
    known = (band.group, band.structure, wider().get(band.structure))
    return next((name for name in known if name in details), None)


@cache
def _structures() -> tuple[dict[str, str], ...]:
    lines = files("irclassify.explain").joinpath("structures.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(lines.splitlines()))


def is_kind_of(name: Band, band: Band) -> bool:
    """Whether a name that leaves the group open stands for a band of the tables, too.

    >>> carbonyl = next(each for each in CLASSES if each.group == "carbonyl").named(1700, 1750)
    >>> [is_kind_of(carbonyl, bands_of(group)[0]) for group in ("acyl_halide", "nitrile")]
    [True, False]
    """
    return any(each.group == name.group and each.holds(band) for each in CLASSES)


@cache
def stands_for(name: str) -> tuple[Band, ...]:
    """The bands of groups that a name which leaves the group open stands for; else none.

    Examples
    --------
    >>> sorted({band.group for band in stands_for("O-H or N-H")})
    ['alcohol', 'amide', 'amine', 'aromatic', 'carboxylic_acid']
    >>> stands_for("ester")
    ()
    """
    held = [each for each in CLASSES if each.group == name]
    return tuple(band for band in BANDS if any(each.holds(band) for each in held))


def bands_of(group: str) -> tuple[Band, ...]:
    """All bands of a group, from high to low wavenumber; none for an unknown group.

    Examples
    --------
    >>> [(band.vibration, band.low, band.high) for band in bands_of("nitrile")][:1]
    [('C≡N stretch', 2235.0, 2275.0)]
    """
    own = (band for band in BANDS if band.group == group)
    return tuple(sorted(own, key=lambda band: -band.high))


def bands_between(low: float, high: float, group: str | None = None) -> tuple[Band, ...]:
    """The bands that overlap ``low`` to ``high`` (cm-1), of one group or all; best fit first.

    Fit is the width of the overlap over the width of both together: a range as wide as the
    fingerprint region fits nothing well.

    Examples
    --------
    >>> bands_between(2200, 2260, "nitrile")[0].vibration
    'C≡N stretch'
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


def bands_at(
    wavenumber: float, bands: Iterable[Band], phase: str | None, tolerance: float = 0.0
) -> tuple[Band, ...]:
    """Those of ``bands`` that hold in ``phase`` and at a wavenumber (cm-1); best fit first.

    Within the range comes before beside it (up to ``tolerance``), what holds for the whole group
    before a kind of it (no substitution is claimed that is not needed), narrow before wide.

    Examples
    --------
    >>> bands_at(1745.0, bands_of("ester"), "condensed")[0].words
    'C=O stretch, ester (saturated)'
    """
    found = (b for b in bands if b.holds_in(phase) and b.distance(wavenumber) <= tolerance)
    return tuple(
        sorted(found, key=lambda b: (b.distance(wavenumber), b.kind != "", b.high - b.low))
    )


def bands_for_region(
    group: str, low: float, high: float, *, absorption_counts_against: bool, most: int = 2
) -> tuple[Band, ...]:
    """The ``most`` bands of the literature that fit ``low`` to ``high`` (cm-1) best.

    Bands of the group itself; where absorption counts against it, bands of the other groups.

    Examples
    --------
    >>> found = bands_for_region("ester", 1730, 1760, absorption_counts_against=False)
    >>> [band.vibration for band in found]
    ['C=O stretch', 'C=O stretch']
    """
    if absorption_counts_against:
        return tuple(b for b in bands_between(low, high) if b.group != group)[:most]
    return bands_between(low, high, group)[:most]
