"""Answers and known structures -> how good the answers are. The measures are in metrics.py."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from irclassify.evaluation.metrics import (
    Bools,
    brier,
    calibration_error,
    exact_interval,
    group_scores,
    interval,
    molecular_f1,
    own_f1s,
    perfections,
    share,
)
from irclassify.results.evaluation import (
    ENOUGH_FOR_ECE,
    Bin,
    Calibration,
    Confusion,
    Estimate,
    Evaluation,
    FileScore,
    GroupMeasures,
    Mistake,
    Rate,
    Verdict,
)
from irclassify.results.prediction import IN_DOMAIN, OUTSIDE, UNUSUAL, Ok

YES, UNKNOWN, NO = 1, 0, -1
_CALLS = {"present": YES, "uncertain": UNKNOWN, "absent": NO}
_VERDICTS = (IN_DOMAIN, UNUSUAL, OUTSIDE)
_SIMULATIONS = 200
_CHANCE = 0.05
_SMALLEST = 1e-6  # as printed, a probability is never closer to 0 or 1

_Signs = NDArray[np.int8]


@dataclass(frozen=True)
class Judged:
    """n spectra by groups: ``truth`` and ``calls`` are YES, UNKNOWN (a call: uncertain) or NO."""

    files: tuple[str, ...]
    groups: tuple[str, ...]
    truth: _Signs
    calls: _Signs
    probability: NDArray[np.float64]
    answered: Bools  # the best guesses: probability against the group's threshold

    @cached_property
    def has(self) -> Bools:
        """(n, groups): known to have the group.

        Examples
        --------
        >>> _example().has.tolist()
        [[True], [False]]
        """
        return np.asarray(self.truth == YES)

    @cached_property
    def known(self) -> Bools:
        """(n, groups): known to have it or not to have it.

        Examples
        --------
        >>> _example().known.tolist()
        [[True], [True]]
        """
        return np.asarray(self.truth != UNKNOWN)

    @cached_property
    def says(self) -> Bools:
        """(n, groups): answered yes, where the truth is known.

        Examples
        --------
        >>> _example().says.tolist()
        [[True], [False]]
        """
        return self.answered & self.known

    def __getitem__(self, rows: Bools) -> Judged:
        """Some of the spectra."""
        files = tuple(file for file, chosen in zip(self.files, rows, strict=True) if chosen)
        return Judged(
            files,
            self.groups,
            self.truth[rows],
            self.calls[rows],
            self.probability[rows],
            self.answered[rows],
        )


def _example() -> Judged:
    """Two spectra and one group, for the examples in docstrings."""
    truth, probability = np.array([[YES], [NO]], np.int8), np.array([[0.9], [0.2]])
    return Judged(("a.jdx", "b.jdx"), ("ketone",), truth, truth, probability, probability > 0.5)


def judged(results: Sequence[Ok], truths: Sequence[Sequence[bool | None]]) -> Judged:
    """Put results beside their known structures.

    Parameters
    ----------
    results : sequence of n >= 1 Ok
    truths : sequence of n
        One value a group, in the model's order: True, False, or None where it is not known.

    Examples
    --------
    >>> from irclassify.results.prediction import GroupCall, Prediction
    >>> call = GroupCall("ketone", 0.98, "present", 3.9, "present")
    >>> judged([Ok("film.csv", Prediction("default@2.0.0", (call,)))], [(True,)]).truth.tolist()
    [[1]]
    """
    sign = {True: YES, False: NO, None: UNKNOWN}
    rows = [result.prediction.groups for result in results]
    return Judged(
        files=tuple(result.file for result in results),
        groups=tuple(group.name for group in rows[0]),
        truth=np.array([[sign[t] for t in truth] for truth in truths], np.int8),
        calls=np.array([[_CALLS[g.call] for g in row] for row in rows], np.int8),
        probability=np.array([[g.probability for g in row] for row in rows], float),
        answered=np.array([[g.best_guess == "present" for g in row] for row in rows], bool),
    )


def evaluate(
    data: Judged, *, model: str, error_rate: float | None, verdicts: Sequence[str | None] = ()
) -> Evaluation:
    """All measures of at least one spectrum, each with a group that is known.

    Parameters
    ----------
    data : Judged
    model : str
        ``name@version``.
    error_rate : float or None
        The share of wrong calls that was allowed.
    verdicts : sequence of n, optional
        The domain verdict of each spectrum.

    Examples
    --------
    >>> found = evaluate(_example(), model="default@2.0.0", error_rate=0.05)
    >>> found.n, found.groups[0].name, found.groups[0].recall
    (2, 'ketone', 1.0)
    """
    domain = verdicts or [None] * len(data.files)
    has, lacks = data.has, data.truth == NO
    groups = tuple(_group(data, i) for i in range(len(data.groups)))
    f1 = [g.f1 for g in groups if g.positives and g.f1 is not None]
    return Evaluation(
        model=model,
        error_rate=error_rate,
        n=len(data.files),
        complete=int(data.known.all(1).sum()),
        molecular_perfection=_estimate(*perfections(data.has, data.says)),
        molecular_f1=_estimate(*own_f1s(data.has, data.says)),
        macro_f1=sum(f1) / len(f1) if f1 else None,
        missed=_estimate((has & (data.calls == NO)).sum(1), has.sum(1)),
        false_alarms=_estimate((lacks & (data.calls == YES)).sum(1), lacks.sum(1)),
        decided=_estimate((data.known & (data.calls != UNKNOWN)).sum(1), data.known.sum(1)),
        over_rate=_over_rate(groups, error_rate),
        groups=groups,
        calibration=_calibration(data),
        confusion=tuple(_confusion(data, i) for i in range(len(data.groups))),
        verdicts=_verdicts(data, domain),
        files=_files(data, domain),
    )


def _group(data: Judged, i: int) -> GroupMeasures:
    known = data.known[:, i]
    truth, calls = data.truth[known, i], data.calls[known, i]
    probability, says = data.probability[known, i], data.answered[known, i]
    has = truth == YES
    n, positives, yes = truth.size, int(has.sum()), int(says.sum())
    (f1,), (auc,), _, (precision,), (recall,) = group_scores(
        has[:, None], says[:, None], probability[:, None]
    ).values()
    return GroupMeasures(
        name=data.groups[i],
        n=n,
        positives=positives,
        precision=float(precision) if yes else None,
        recall=float(recall) if positives else None,
        f1=float(f1) if positives else None,
        auc=float(auc) if 0 < positives < n else None,
        brier=brier(has, probability) if n else None,
        ece=calibration_error(has, probability) if n >= ENOUGH_FOR_ECE else None,
        missed=_rate(calls[has] == NO),
        false_alarms=_rate(calls[~has] == YES),
        decided=_rate(calls != UNKNOWN),
    )


def _over_rate(
    groups: Sequence[GroupMeasures], error_rate: float | None
) -> tuple[tuple[str, str], ...]:
    if error_rate is None:
        return ()
    rates = [
        (g.name, name, rate)
        for g in groups
        for name, rate in (("missed", g.missed), ("false_alarms", g.false_alarms))
        if rate
    ]
    level = 1 - 2 * _CHANCE / max(len(rates), 1)  # one-sided
    return tuple(
        (group, name)
        for group, name, rate in rates
        if exact_interval(rate.count, rate.total, level)[0] > error_rate
    )


def _rate(hits: Bools) -> Rate | None:
    if not hits.size:
        return None
    count = int(hits.sum())
    return Rate(count, hits.size, count / hits.size, *exact_interval(count, hits.size))


def _estimate(hits: NDArray[Any], totals: NDArray[Any]) -> Estimate | None:
    """The share with its interval; None when it is over nothing."""
    return Estimate(*interval(share, hits, totals)) if totals.sum() else None


def _calibration(data: Judged) -> Calibration:
    truth, probability = data.has[data.known], data.probability[data.known]
    enough = truth.size >= ENOUGH_FOR_ECE
    return Calibration(
        n=truth.size,
        brier=brier(truth, probability),
        ece=calibration_error(truth, probability) if enough else None,
        ece_by_chance=_ece_by_chance(probability) if enough else None,
        bins=_bins(truth, probability) if enough else (),
    )


def _bins(truth: Bools, probability: NDArray[np.float64]) -> tuple[Bin, ...]:
    """Most answers are a clear no: bins of equal width show what equal mass would hide."""
    place = np.minimum((probability * 10).astype(int), 9)
    parts = [place == i for i in range(10)]
    return tuple(
        Bin(float(probability[here].mean()), rate) for here in parts if (rate := _rate(truth[here]))
    )


def _ece_by_chance(probability: NDArray[np.float64]) -> float:
    """The 95th percentile of the error when each answer is true with its own probability."""
    random = np.random.default_rng(0)
    probability = np.sort(probability)  # once, not for every draw
    draws = (random.random(probability.size) < probability for _ in range(_SIMULATIONS))
    return float(np.percentile([calibration_error(draw, probability) for draw in draws], 95))


def _confusion(data: Judged, i: int) -> Confusion:
    has = data.has[:, i]
    missed = has & ~data.answered[:, i]
    extra = (data.says & ~data.has)[missed].sum(0).tolist()
    counts = sorted(zip(data.groups, extra, strict=True), key=lambda pair: -pair[1])
    instead = tuple((name, count) for name, count in counts if count)
    return Confusion(data.groups[i], int(has.sum()), int(missed.sum()), instead)


def _verdicts(data: Judged, verdicts: Sequence[str | None]) -> tuple[Verdict, ...]:
    rows = []
    for verdict in _VERDICTS:
        part = data[np.array([said == verdict for said in verdicts], bool)]
        perfection = _rate(perfections(part.has, part.says)[0]) if part.files else None
        if perfection:
            f1 = molecular_f1(part.has, part.says)
            rows.append(Verdict(verdict, perfection, None if np.isnan(f1) else f1))
    return tuple(rows)


def _files(data: Judged, verdicts: Sequence[str | None]) -> tuple[FileScore, ...]:
    """Worst first; of equal ones the order stays."""
    right = np.where(data.has, data.probability, 1 - data.probability)
    losses = -np.where(data.known, np.log(np.maximum(right, _SMALLEST)), 0).sum(1)
    wrong = data.known & (data.has != data.answered)
    scores = [
        FileScore(file, float(losses[row]), not wrong[row].any(), _mistakes(data, row, wrong), said)
        for row, (file, said) in enumerate(zip(data.files, verdicts, strict=True))
    ]
    return tuple(sorted(scores, key=lambda score: -score.loss))


def _mistakes(data: Judged, row: int, wrong: Bools) -> tuple[Mistake, ...]:
    words = {value: word for word, value in _CALLS.items()}
    return tuple(
        Mistake(
            group=data.groups[i],
            present=bool(data.has[row, i]),
            probability=float(data.probability[row, i]),
            call=words[int(data.calls[row, i])],
        )
        for i in np.flatnonzero(wrong[row])
    )
