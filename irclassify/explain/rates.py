"""How many bands each vibration is expected to show, and what is believed of structures. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import compress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from irclassify.explain.bands import CLASSES, wider
from irclassify.explain.observed import WIDTHS, Floats, Observed
from irclassify.results.bands import Band

# A band may stand this far outside a range, with a probability that falls by e in EDGE.
TOLERANCE, EDGE = 10.0, 4.0
# Without any of its companions a vibration is so much less probable; they are bands of this height.
LONELY, COMPANION = 0.15, 0.02
# A structure is never more certain than this: the model errs, too.
MOST_CERTAIN = 0.995
# Evidence of several bands is not independent: so much of its logarithm counts.
_TEMPER = 0.7
# A vibration that can account for any number of bands counts for so many.
_SEVERAL = 4
# Bands of a vibration and share of a structure that nothing was measured for.
UNKNOWN_RATE, UNKNOWN_SHARE = 0.3, 0.01

INTENSITIES = ("strong", "medium", "weak", "variable")
PHASES = ("gas", "condensed")


def key(row: Band) -> str:
    """What names a row of the tables in matching.json.

    Examples
    --------
    >>> from irclassify.explain.bands import bands_of
    >>> key(bands_of("nitrile")[0])
    'nitrile|saturated|C≡N stretch|2235-2275|'
    """
    return f"{row.group}|{row.kind}|{row.vibration}|{row.low:g}-{row.high:g}|{row.phase}"


class Table:
    """The rows of the tables that can be names, as arrays. Safe to share.

    ``by_structure``: the rows of each structure of a group, as ``structures`` (structures, rows)
    too; ``families``: the rows that are the same vibration of the same group, whatever its kind,
    and ``family`` (rows,) where each belongs; ``classes``: what several groups share, with its
    rows, as ``class_members`` (classes, rows) too.
    """

    def __init__(self, rows: Sequence[Band], groups: Sequence[str]) -> None:
        """``groups``: the names of the model's own groups and details."""
        self.names = tuple(groups)
        self.groups = frozenset(groups)
        # A row whose structure is another group that has rows repeats that group's own row.
        owners = {row.group for row in rows}
        self.rows = [
            r for r in rows if not (r.structure in owners & self.groups and r.structure != r.group)
        ]
        self.low = np.array([r.low for r in self.rows])
        self.high = np.array([r.high for r in self.rows])
        self.intensity = np.array([INTENSITIES.index(r.intensity) for r in self.rows])
        self.width = np.array([WIDTHS.index(r.width) for r in self.rows])
        self.in_phase = np.array([[r.holds_in(phase) for r in self.rows] for phase in PHASES])
        self.overtone = np.array([r.vibration.startswith("overtone") for r in self.rows])
        self.families = _alike([(r.group, r.vibration) for r in self.rows])
        self.family = np.empty(len(self.rows), np.intp)
        for number, alike in enumerate(self.families):
            self.family[alike] = number
        self.by_structure = [
            own
            for own in _alike([(r.group, r.structure) for r in self.rows])
            if self.rows[own[0]].structure
        ]
        self.structures = _members(self.by_structure, len(self.rows))
        self.first_of_structure = np.array([own[0] for own in self.by_structure])
        self.most_of_structure = np.array([self._most_of(own) for own in self.by_structure])
        self._find_owners()
        ranges = [_ranges(r.companions) for r in self.rows]
        self._companions = np.array([span for each in ranges for span in each]).reshape(-1, 2)
        self._companion_of = np.repeat(np.arange(len(ranges)), [len(each) for each in ranges])
        self._has_companions = np.array([bool(each) for each in ranges])
        self.classes = [
            (each, np.flatnonzero([each.holds(r) for r in self.rows])) for each in CLASSES
        ]
        self.class_members = _members([own for _, own in self.classes], len(self.rows))

    def _find_owners(self) -> None:
        """What of the model's outputs a row needs, for ``belief``.

        ``owners`` (rows, 3): places in ``names``, the one after its end for none; ``group``
        (rows,): that of its group; ``unknown``: rows that need a group which the model does not
        know; ``shared``: rows that need more than that, with their key in ``Rates.shares``.
        """
        at = {name: i for i, name in enumerate(self.names)}
        none = len(at)
        self.owners = np.full((len(self.rows), 3), none)
        self.group = np.array([at.get(row.group, none) for row in self.rows])
        self.unknown, self.shared = np.zeros(len(self.rows), bool), list[tuple[int, str]]()
        for i, row in enumerate(self.rows):
            wanted = (row.group, wider().get(row.structure, ""), row.structure)
            known = [name for name in wanted if name in at]
            self.owners[i, : len(known)] = [at[name] for name in known]
            if row.structure and row.structure not in at:
                self.shared.append((i, f"{row.structure}|{known[-1] if known else ''}"))
            else:
                self.unknown[i] = not known

    def positions(self, cm1: Floats) -> Floats:
        """The density of a row's bands at each wavenumber, per cm-1: (bands, rows).

        Examples
        --------
        >>> from irclassify.explain.bands import bands_of
        >>> table = Table(bands_of("nitrile"), ["nitrile"])
        >>> (table.positions(np.array([2250.0, 1700.0])) > 0).any(axis=1).tolist()
        [True, False]
        """
        outside = np.maximum(self.low - cm1[:, None], cm1[:, None] - self.high)
        inside = np.exp(-np.maximum(outside, 0.0) / EDGE) * (outside <= TOLERANCE)
        density: Floats = inside / (self.high - self.low + 2 * EDGE)
        return density

    def _most_of(self, rows: NDArray[np.intp]) -> int:
        """How many bands some rows account for together: more say no more for their structure."""
        return sum(self.rows[i].most or _SEVERAL for i in rows)

    def lonely(self, bands: Observed) -> NDArray[np.bool_]:
        """Which rows (rows,) lack all of their companions.

        Examples
        --------
        >>> from irclassify.explain.bands import BANDS
        >>> table = Table(BANDS, ["alkyne"])
        >>> alone = Observed(np.array([2120.0]), np.array([0.3]), ("",))
        >>> bool(table.lonely(alone).any())
        True
        """
        places = bands.cm1[bands.height >= COMPANION][:, None]
        low, high = self._companions.T
        seen = ((places >= low) & (places <= high)).any(axis=0)
        lonely = self._has_companions.copy()
        lonely[self._companion_of[seen]] = False
        return lonely


def _members(sets: Sequence[NDArray[np.intp]], rows: int) -> Floats:
    """Which rows (sets, rows) each set holds: 1 or 0."""
    found = np.zeros((len(sets), rows))
    for at, own in enumerate(sets):
        found[at, own] = 1.0
    return found


def _alike(keys: Sequence[object]) -> list[NDArray[np.intp]]:
    """Where each key stands."""
    return [np.flatnonzero([own == key for own in keys]) for key in dict.fromkeys(keys)]


def _ranges(text: str) -> list[tuple[float, float]]:
    pairs = (piece.split("-") for piece in text.split(";") if piece)
    return [(float(low), float(high)) for low, high in pairs]


@dataclass(frozen=True)
class Rates:
    """What was measured on known structures, by phase (gas, condensed).

    ``rates`` (phases, rows): bands of a molecule with the structure; ``heights`` (phases,
    intensities, classes) and ``widths`` (phases, widths of rows, classes): how often;
    ``background`` (phases, regions): bands for each cm-1, with ``background_heights`` (phases,
    classes) and ``background_widths``. ``shares``: of each structure among molecules with an owner
    that a model may know, by phase; the key is ``structure|owner``, no owner for all molecules.

    Examples
    --------
    >>> from irclassify.explain.matching import tables
    >>> table, rates = tables(("nitrile",))
    >>> bands = Observed(np.array([2250.0]), np.array([1.0]), ("",))
    >>> found, ground = rates.densities(bands, table, 0)
    >>> found.shape == (1, len(table.rows)), ground.shape
    (True, (1,))
    >>> rates.expected(table, 0).shape == found[0].shape
    True
    """

    rates: Floats
    heights: Floats
    widths: Floats
    background: Floats
    background_heights: Floats
    background_widths: Floats
    shares: Mapping[str, Sequence[float]] = field(default_factory=dict)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any], rows: Sequence[Band]) -> Rates:
        """From matching.json; a row that it does not know has UNKNOWN_RATE.

        Examples
        --------
        >>> import json
        >>> from importlib.resources import files
        >>> from irclassify.explain.bands import bands_of
        >>> file = files("irclassify.explain").joinpath("matching.json")
        >>> stored = json.loads(file.read_text("utf-8"))
        >>> Rates.from_json(stored, bands_of("nitrile")).rates.shape[0]
        2
        """
        unknown = (UNKNOWN_RATE, UNKNOWN_RATE)
        rates = np.array([stored["rates"].get(key(row), unknown) for row in rows]).T
        names = ("heights", "widths", "background", "background_heights", "background_widths")
        arrays = {name: np.array(stored[name], float) for name in names}
        return cls(rates=rates, shares=stored["shares"], **arrays)

    def expected(self, table: Table, phase: int) -> Floats:
        """How many bands each row shows in a phase, if its structure is there: (rows,)."""
        number: Floats = self.rates[phase] * table.in_phase[phase]
        return number

    def densities(self, bands: Observed, table: Table, phase: int) -> tuple[Floats, Floats]:
        """The rate of each row at each band if its structure is there, and of the background.

        (bands, rows) and (bands,), per cm-1, for bands of that height and width. ``phase``: place
        in PHASES.
        """
        heights = self.heights[phase][table.intensity][:, bands.height_class].T
        widths = self.widths[phase][table.width][:, bands.width_class].T
        rates = np.where(table.lonely(bands), LONELY, 1.0) * self.expected(table, phase)
        found = table.positions(bands.cm1) * rates * heights * widths
        ground = (
            self.background[phase][bands.region]
            * self.background_heights[phase][bands.height_class]
            * self.background_widths[phase][bands.width_class]
        )
        return found, ground


@dataclass(frozen=True)
class Belief:
    """How probably each row's structure is there, each (rows,): ``owner`` times ``share``.

    ``owner``: of what the model knows, the row's group or a structure; 1 where it knows neither.
    ``share``: of the structure among molecules with the owner; 1 where the model knows it, or where
    the row needs no more than its group. ``group``: of the row's group; 0 where it is not the
    model's. ``before``: the product of owner and share before any band was seen.
    """

    owner: Floats
    share: Floats
    group: Floats
    before: Floats

    @property
    def there(self) -> Floats:
        """The product of both.

        Examples
        --------
        >>> half = np.array([0.5])
        >>> Belief(half, half, half, half).there.tolist()
        [0.25]
        """
        return self.owner * self.share

    def of_any(self, rows: NDArray[np.intp]) -> float:
        """How probably a structure of any of these rows is there, at most: their sum.

        Examples
        --------
        >>> there = np.array([0.3, 0.4])
        >>> round(Belief(there, np.ones(2), there, there).of_any(np.array([0, 1])), 3)
        0.7
        """
        return float(np.maximum(self.before, self.there)[rows].sum())

    def sharpened(self, table: Table, found: Floats, ground: Floats, rates: Floats) -> Belief:
        """The same after the bands were seen: the shares, for the model has seen them already.

        Bands that a structure expects make it more probable, those it expects and that are not
        there less: a likelihood ratio of Poisson processes. ``found``, ``ground``: of
        ``Rates.densities``; ``rates`` (rows,).

        Examples
        --------
        >>> from irclassify.explain.matching import tables
        >>> table, rates = tables(("nitrile",))
        >>> believed = belief(table, {"nitrile": 0.9}, rates.shares, phase=0)
        >>> bands = Observed(np.array([2250.0]), np.array([1.0]), ("",))
        >>> found, ground = rates.densities(bands, table, 0)
        >>> after = believed.sharpened(table, found, ground, rates.expected(table, 0))
        >>> bool((after.share <= 1).all())
        True
        """
        expected = found * self.there
        total = expected.sum(1) + ground
        structures = table.structures
        # Without a structure the others account for the bands: (bands, structures).
        rest = np.maximum(total[:, None] - expected @ structures.T, 1e-12)
        seen = np.log1p((found * self.owner) @ structures.T / rest)
        summed = np.cumsum(-np.sort(-seen, axis=0), axis=0)
        last = np.minimum(table.most_of_structure, len(total)) - 1
        evidence = summed[last, np.arange(len(structures))] - structures @ (rates * self.owner)
        before = self.share[table.first_of_structure]
        open_ = before < 1
        odds = np.log(before / np.where(open_, 1 - before, 1.0)) + _TEMPER * evidence
        after = np.minimum(1 / (1 + np.exp(-np.clip(odds, -30, 30))), MOST_CERTAIN)
        share = self.share.copy()
        for rows, value in zip(compress(table.by_structure, open_), after[open_], strict=True):
            share[rows] = value
        return replace(self, share=share)


def belief(
    table: Table,
    probabilities: Mapping[str, float],
    shares: Mapping[str, Sequence[float]],
    phase: int,
) -> Belief:
    """What is believed of a spectrum; ``probabilities``: of the model's groups and details.

    Examples
    --------
    >>> from irclassify.explain.matching import tables
    >>> table, rates = tables(("nitrile",))
    >>> believed = belief(table, {"nitrile": 0.9}, rates.shares, phase=0)
    >>> float(believed.group.max()), bool((believed.there <= believed.owner).all())
    (0.9, True)
    """

    known = np.array([*(probabilities[name] for name in table.names), MOST_CERTAIN])
    owner = np.minimum(known[table.owners].min(1), MOST_CERTAIN)
    owner[table.unknown] = 0.0
    share = np.ones(len(owner))
    for row, name in table.shared:
        share[row] = min(shares.get(name, (UNKNOWN_SHARE, UNKNOWN_SHARE))[phase], MOST_CERTAIN)
    group = np.minimum(np.append(known[:-1], 0.0)[table.group], MOST_CERTAIN)
    return Belief(owner, share, group, owner * share)
