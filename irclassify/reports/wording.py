"""What terminal, page and figure say of explanations and evaluations, in the same words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from irclassify.reports.text import likely, plural
from irclassify.results.bands import Band, merged
from irclassify.results.evaluation import (
    ENOUGH_FOR_ECE,
    FEW,
    Calibration,
    Estimate,
    Evaluation,
    FileScore,
    GroupMeasures,
    Rate,
)
from irclassify.results.explanation import GroupExplanation, Missing, Peak, Unexplained
from irclassify.results.nouns import spoken
from irclassify.results.prediction import IN_DOMAIN, OUTSIDE, UNUSUAL

_NO_CANDIDATE = "no band of the tables fits"
NONE = "-"
_FEW_MARK = "*"
FEW_NOTE = (
    f"{_FEW_MARK} fewer than {FEW} spectra with the group, or without it: too few to say much"
)
LOSS_NOTE = "loss: sum over the groups of -ln(probability given to the truth); 0 is best"
SHOWN_NAMES = 5
VERDICTS = {IN_DOMAIN: "in domain", UNUSUAL: "unusual", OUTSIDE: "outside what the model knows"}
UNCERTAIN_NOTE = "? is an uncertain call"


QUALITY = {"A": "good", "B": "usable", "C": "poor", "D": "very poor"}


def data_quality(grade: str) -> str:
    """The grade (A to D) in a word.

    Examples
    --------
    >>> data_quality("A")
    'good'
    """
    return QUALITY[grade]


def not_explained(bands: Sequence[Unexplained]) -> list[Unexplained]:
    """Those that are of no present detail either; data list them all.

    Examples
    --------
    >>> from irclassify.results.explanation import Peak
    >>> peak = Peak(1, 2040.0, 0.9, 12.0, 0.8, 1.0, 2020.0, 2060.0, "sharp")
    >>> not_explained([Unexplained(peak, detail="isothiocyanate")])
    []
    """
    return [odd for odd in bands if odd.detail is None]


def unexplained(odd: Unexplained) -> str:
    """``1260 cm⁻¹ (height 80%): no group found explains it; could be ...``.

    Examples
    --------
    >>> from irclassify.results.explanation import Peak
    >>> peak = Peak(1, 2250.0, 0.9, 12.0, 0.8, 1.0, 2230.0, 2270.0, "sharp")
    >>> unexplained(Unexplained(peak))
    '2250 cm⁻¹ (height 100%): no group found explains it'
    """
    text = f"{odd.peak.cm1:.0f} cm⁻¹ (height {odd.peak.height:.0%}): no group found explains it"
    return text + (f"; could be {candidates(odd)}" if odd.candidates else "")


def textbook_range(peak: Peak) -> str | None:
    """``1715-1740``, where the textbook has the band; ``near ...`` for a peak outside of it.

    Examples
    --------
    >>> from irclassify.results.explanation import Peak
    >>> peak = Peak(1, 2250.0, 0.9, 12.0, 0.8, 1.0, 2230.0, 2270.0, "sharp")
    >>> textbook_range(peak) is None  # not assigned
    True
    """
    band = peak.assignment
    if band is None:
        return None
    near = "near " if band.distance(peak.cm1) > 0 else ""
    return f"{near}{band.low:.0f}-{band.high:.0f}"


def missing(group: GroupExplanation) -> list[str]:
    """``expected but missing: C-O stretch at 1300-1000 cm⁻¹``, a sentence for each vibration.

    What ``contradicts`` says already is not said again.

    Examples
    --------
    >>> band = Band("nitrile", 2210.0, 2260.0, "C≡N stretch", "medium", "Socrates 2001")
    >>> lack = Missing("C≡N stretch", (band,))
    >>> missing(GroupExplanation("nitrile", 0.9, "present", 2.2, -2.0, missing=(lack,)))
    ['expected but missing: C≡N stretch at 2260-2210 cm⁻¹']
    """
    told = (m for m in group.missing if m.bands[0].expect != "defining" or not group.contradicts)
    return [_lack(lack) for lack in told]


def _lack(lack: Missing) -> str:
    places = ", ".join(f"{high:.0f}-{low:.0f}" for low, high in merged(lack.bands))
    notes = "; ".join(dict.fromkeys(band.note for band in lack.bands if band.note))
    text = f"expected but missing: {lack.vibration} at {places} cm⁻¹"
    return text + (f" ({notes})" if notes else "")


def contradictions(group: GroupExplanation) -> list[str]:
    """``contradicts the textbook: ...``, a sentence each.

    Examples
    --------
    >>> said = ("its C≡N stretch is not there",)
    >>> contradictions(GroupExplanation("nitrile", 0.9, "present", 2.2, -2.0, contradicts=said))
    ['contradicts the textbook: its C≡N stretch is not there']
    """
    return [f"contradicts the textbook: {sentence}" for sentence in group.contradicts]


def candidates(odd: Unexplained) -> str:
    """What an unexplained peak could be.

    Examples
    --------
    >>> from irclassify.results.explanation import Peak
    >>> band = Band("nitrile", 2210.0, 2260.0, "C≡N stretch", "medium", "Socrates 2001")
    >>> peak = Peak(1, 2250.0, 0.9, 12.0, 0.8, 1.0, 2230.0, 2270.0, "sharp")
    >>> candidates(Unexplained(peak, (band,)))
    'nitrile (C≡N stretch)'
    """
    return "; ".join(map(_candidate, odd.candidates)) or _NO_CANDIDATE


def _candidate(band: Band) -> str:
    return f"{band.owner} ({band.vibration})"


# --- evaluations ---


def number(value: float | None) -> str:
    """Two decimals, or a dash for what cannot be measured.

    Examples
    --------
    >>> number(0.5), number(None)
    ('0.50', '-')
    """
    return NONE if value is None else f"{value:.2f}"


def with_interval(found: Estimate | Rate | None) -> str:
    """``0.03 (0.01-0.07)``.

    Examples
    --------
    >>> with_interval(Estimate(0.03, 0.01, 0.07))
    '0.03 (0.01-0.07)'
    """
    return NONE if found is None else f"{found.value:.2f} ({found.low:.2f}-{found.high:.2f})"


_Column = tuple[str, Callable[[GroupMeasures], str], bool]  # title, cell, also in a narrow terminal


def _with(group: GroupMeasures) -> str:
    return f"{group.positives}{_FEW_MARK if group.few else ' '}"


GROUP_COLUMNS: tuple[_Column, ...] = (
    ("With ", _with, True),
    ("Of", lambda g: str(g.n), False),
    ("Precision", lambda g: number(g.precision), False),
    ("Recall", lambda g: number(g.recall), False),
    ("F1", lambda g: number(g.f1), True),
    ("AUC", lambda g: number(g.auc), False),
    ("ECE", lambda g: number(g.ece), False),
    ("Missed", lambda g: with_interval(g.missed), True),
    ("False alarms", lambda g: with_interval(g.false_alarms), True),
    ("Decided", lambda g: number(g.decided.value if g.decided else None), True),
)


def headline(found: Evaluation) -> Iterator[tuple[str, str, str]]:
    """Name, value and meaning of the measures over all groups.

    Examples
    --------
    >>> from irclassify.evaluation.scores import _example, evaluate
    >>> found = evaluate(_example(), model="default@2.0.0", error_rate=0.05)
    >>> [(name, value) for name, value, _ in headline(found)][2]
    ('macro F1', '1.00')
    """
    judged = sum(1 for group in found.groups if group.positives)
    perfection, f1 = found.molecular_perfection, found.molecular_f1
    yield "molecular perfection", with_interval(perfection), "spectra with every group right"
    yield "molecular F1", with_interval(f1), "mean over spectra of the F1 of each"
    yield "macro F1", number(found.macro_f1), f"mean over the {plural(judged, 'group')} that occur"
    yield "missed", with_interval(found.missed), "groups of the molecule that were called absent"
    yield "false alarms", with_interval(found.false_alarms), "other groups that were called present"
    yield "decided", with_interval(found.decided), "calls that are not uncertain"


def remarks(found: Evaluation) -> Iterator[str]:
    """What to know before believing the numbers.

    Examples
    --------
    >>> from irclassify.evaluation.scores import _example, evaluate
    >>> found = evaluate(_example(), model="default@2.0.0", error_rate=0.05)
    >>> list(remarks(found))
    ['2 spectra: too few for a firm result']
    """
    if found.complete < found.n:
        yield (
            f"{found.n - found.complete:,} of {plural(found.n, 'spectrum')} have groups that are "
            "not labelled: molecular measures use the labelled groups only, so they look better"
        )
    if found.n < 10 * FEW:
        yield f"{plural(found.n, 'spectrum')}: too few for a firm result"
    for rate, words in (("missed", "missed"), ("false_alarms", "falsely called present")):
        over = [group for group, which in found.over_rate if which == rate]
        if over and found.error_rate is not None:
            yield (
                f"{words} more often than the error rate of {found.error_rate:g} allows, beyond "
                f"chance: {', '.join(map(spoken, over))}"
            )
    yield from found.notes


def calibration_verdict(found: Calibration) -> str:
    """Whether the probabilities mean what they say, as far as the answers can tell.

    Examples
    --------
    >>> calibration_verdict(Calibration(12, None, None, None, ()))
    '12 answers: too few to judge it (from 300)'
    """
    if found.ece is None or found.ece_by_chance is None:
        return f"{plural(found.n, 'answer')}: too few to judge it (from {ENOUGH_FOR_ECE})"
    text = (
        f"expected calibration error {found.ece:.3f}, Brier score {found.brier:.3f}, "
        f"{plural(found.n, 'answer')}"
    )
    limit = f"{found.ece_by_chance:.3f}"
    if found.ece <= found.ece_by_chance:
        return f"{text}: within the {limit} that chance gives perfect probabilities"
    return f"{text}: above the {limit} that chance gives perfect probabilities"


def mistakes(score: FileScore) -> Iterator[tuple[str, str]]:
    """``("missed", "ester 0.03, ketone 0.30?")`` and ``("not there", ...)``; ``?``: uncertain.

    Examples
    --------
    >>> from irclassify.results.evaluation import Mistake
    >>> acid = Mistake("carboxylic_acid", True, 0.03, "absent")
    >>> ester = Mistake("ester", False, 0.6, "uncertain")
    >>> list(mistakes(FileScore("a.jdx", 3.5, False, (acid, ester))))
    [('missed', 'carboxylic acid 0.03'), ('wrong', 'ester 0.60?')]
    """
    for word, present in (("missed", True), ("wrong", False)):
        named = [
            f"{spoken(m.group)} {likely(m.probability)}{'?' if m.call == 'uncertain' else ''}"
            for m in score.mistakes
            if m.present == present
        ]
        if named:
            yield word, ", ".join(named)


def left_out(found: Evaluation) -> Iterator[tuple[str, Sequence[str]]]:
    """What was not judged, and why.

    Examples
    --------
    >>> from irclassify.evaluation.scores import _example, evaluate
    >>> found = evaluate(_example(), model="default@2.0.0", error_rate=0.05)
    >>> from dataclasses import replace
    >>> list(left_out(replace(found, unlabelled=("b.jdx",))))
    [('without a label', ('b.jdx',))]
    """
    if found.failed:
        yield "could not be read", [f"{file}: {code}: {said}" for file, code, said in found.failed]
    if found.missing:
        yield "in the table, but no such file", found.missing
    if found.unlabelled:
        yield "without a label", found.unlabelled
