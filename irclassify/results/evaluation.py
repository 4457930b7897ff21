"""What ``evaluate`` hands to its renderers: plain values, None for what cannot be measured."""

from __future__ import annotations

from dataclasses import dataclass

# With fewer spectra with (or without) a group, its numbers say next to nothing.
FEW = 10
# With fewer answers, bins of equal mass are too small to tell miscalibration from chance.
ENOUGH_FOR_ECE = 300


@dataclass(frozen=True)
class Estimate:
    """A measure with its 95% bootstrap interval over spectra."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Rate:
    """``count`` of ``total`` with its exact 95% interval (Clopper-Pearson)."""

    count: int
    total: int
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class GroupMeasures:
    """One group over the spectra whose label says whether they have it.

    Precision, recall and F1 are of the yes-or-no answers (probability against the threshold); the
    rates are of the calls: ``missed`` is called absent among ``positives``, ``false_alarms`` called
    present among the others, ``decided`` not uncertain.
    """

    name: str
    n: int
    positives: int
    precision: float | None
    recall: float | None
    f1: float | None
    auc: float | None
    brier: float | None
    ece: float | None
    missed: Rate | None
    false_alarms: Rate | None
    decided: Rate | None

    @property
    def few(self) -> bool:
        """Fewer than FEW spectra with the group, or without it: its numbers say little.

        Examples
        --------
        >>> GroupMeasures("nitro", 100, 4, *[None] * 9).few
        True
        """
        return min(self.positives, self.n - self.positives) < FEW


@dataclass(frozen=True)
class Bin:
    """Answers of about one probability: the mean of those stated, and how many were true."""

    stated: float
    true: Rate


@dataclass(frozen=True)
class Calibration:
    """All answers of all groups. ``ece_by_chance`` is what a perfectly calibrated model would stay
    below in 95% of samples of this size; ``ece`` and it are None with too few answers."""

    n: int
    brier: float
    ece: float | None
    ece_by_chance: float | None
    bins: tuple[Bin, ...]


@dataclass(frozen=True)
class Confusion:
    """Of ``total`` spectra with ``group``, ``missed`` were answered no; ``instead`` counts the
    absent groups answered yes in those, most frequent first."""

    group: str
    total: int
    missed: int
    instead: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Mistake:
    """A group whose yes-or-no answer is wrong: ``present`` says what is true."""

    group: str
    present: bool
    probability: float
    call: str


@dataclass(frozen=True)
class FileScore:
    """One spectrum: ``loss`` is the sum over its labelled groups of -ln(probability of the truth).

    ``perfect``: every labelled group right.
    """

    file: str
    loss: float
    perfect: bool
    mistakes: tuple[Mistake, ...]
    domain: str | None = None


@dataclass(frozen=True)
class Verdict:
    """The spectra of one domain verdict."""

    verdict: str
    molecular_perfection: Rate
    molecular_f1: float | None


@dataclass(frozen=True)
class Evaluation:
    """The tool's answers against known structures.

    ``complete`` counts the spectra with every group labelled; molecular measures are over the
    labelled groups of each. ``files`` come worst first. The rates over all groups are shares of
    calls, with intervals over spectra. ``over_rate`` names (group, ``missed`` or ``false_alarms``)
    where the error rate is exceeded by more than chance, with one such remark in twenty evaluations
    expected of answers that keep it (Bonferroni).
    """

    model: str
    error_rate: float | None
    n: int
    complete: int
    molecular_perfection: Estimate | None
    molecular_f1: Estimate | None
    macro_f1: float | None
    missed: Estimate | None
    false_alarms: Estimate | None
    decided: Estimate | None
    over_rate: tuple[tuple[str, str], ...]
    groups: tuple[GroupMeasures, ...]
    calibration: Calibration
    confusion: tuple[Confusion, ...]
    verdicts: tuple[Verdict, ...]
    files: tuple[FileScore, ...]
    failed: tuple[tuple[str, str, str], ...] = ()  # file, code, message
    missing: tuple[str, ...] = ()
    unlabelled: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
