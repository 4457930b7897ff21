"""Does a spectrum fit a structure? What ``check`` says, as renderers get it: plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from irclassify.results.explanation import Peak
    from irclassify.results.prediction import Domain

SHOWN, MISSING, EXTRA, NOT_DECIDABLE = "shown", "missing", "not in the structure", "not decidable"
CONSISTENT, CONTRADICTED = "consistent", "contradicted"


@dataclass(frozen=True)
class GroupCheck:
    """A group that the structure has or that the spectrum shows.

    ``verdict``: ``shown`` (the structure has it, the spectrum shows it), ``missing`` (the structure
    has it, the spectrum lacks it), ``not in the structure`` (the spectrum shows it all the same)
    or ``not decidable``.
    """

    name: str
    in_structure: bool
    probability: float
    verdict: str


@dataclass(frozen=True)
class PeakCheck:
    """A strong band: ``explained`` when a vibration of the structure accounts for it."""

    peak: Peak
    explained: bool


@dataclass(frozen=True)
class Check:
    """Whether a spectrum fits a structure: ``verdict`` consistent, contradicted or not decidable.

    ``score`` is the evidence against the structure; it is contradicted from ``contradicted_from``
    on, which no more than ``false_alarms`` of the spectra of true structures reach, and consistent
    up to ``consistent_to``. ``limits_phase``: the phase whose limits these are. ``caught``: which
    share of some kinds of wrong structures is contradicted. These shares were measured on
    molecules that neither the model nor the limits had seen.
    ``reasons``: plain sentences, the weightiest first.
    """

    file: str
    model: str
    smiles: str
    phase: str | None
    limits_phase: str
    verdict: str
    score: float
    contradicted_from: float
    consistent_to: float
    reasons: tuple[str, ...]
    groups: tuple[GroupCheck, ...]
    peaks: tuple[PeakCheck, ...]
    false_alarms: float
    caught: tuple[tuple[str, float], ...] = ()
    warnings: tuple[str, ...] = ()
    domain: Domain | None = None

    @property
    def unexplained(self) -> tuple[PeakCheck, ...]:
        """The strong bands that the structure does not account for.

        Examples
        --------
        >>> from irclassify.results.explanation import Peak
        >>> peak = Peak(1, 1717.0, 0.9, 20.0, 0.8, 1.0, 1700.0, 1735.0, "")
        >>> found = Check(
        ...     "a.jdx", "default", "CCO", "gas", "gas", CONTRADICTED, 4.0, 3.1, 3.1, (), (),
        ...     peaks=(PeakCheck(peak, explained=False),), false_alarms=0.03,
        ... )
        >>> [each.peak.cm1 for each in found.unexplained]
        [1717.0]
        """
        return tuple(each for each in self.peaks if not each.explained)
