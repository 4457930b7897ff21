"""What the bands of a spectrum are, and what each of them adds to each group. Pure.

``interpret`` names the bands and sums up the answer: a few milliseconds, no model is asked.
``explain_groups`` accounts for each logit by these bands and asks the model for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from irclassify.explain.account import Account
from irclassify.explain.assignment import Measured, contradictions, missing, unexplained
from irclassify.explain.by_peak import (
    Run,
    between_bands,
    nearest,
    peak_pairs,
    straighten,
    straightened,
)
from irclassify.explain.matching import Match, match
from irclassify.explain.observed import Observed
from irclassify.explain.peaks import Curve, Extent, extents
from irclassify.explain.summary import Said, summary
from irclassify.model.calibration import probabilities
from irclassify.model.folder import ModelSpec
from irclassify.results.explanation import GroupExplanation, Peak, PeakShare, Unexplained
from irclassify.results.prediction import GroupCall, Prediction
from irclassify.spectra.spectrum import Spectrum


@dataclass(frozen=True)
class Interpretation:
    """The peaks of a spectrum with their assignments, and the answer in words.

    ``found``: how far each peak reaches, in the order of ``peaks``.
    """

    measured: Measured
    found: tuple[Extent, ...]
    peaks: tuple[Peak, ...]
    unexplained: tuple[Unexplained, ...]
    summary: str


def interpret(spectrum: Spectrum, said: Prediction) -> Interpretation:
    """Name the bands of a spectrum by what a model says of it.

    Parameters
    ----------
    spectrum
        Wavenumbers in cm-1, decadic absorbance.
    said
        Probabilities of groups and details, and the phase that they hold for.
    """
    curve = Curve.of(spectrum)
    found = extents(curve)[::-1]
    calls = [Said(each.name, each.probability, each.call) for each in (*said.groups, *said.details)]
    matches = match(
        Observed.of(found, curve),
        {each.name: each.probability for each in calls},
        said.phase,
        spectrum.state or "",
    )
    peaks = peaks_of(found, curve, matches)
    maxima = tuple(each.band for each in found if each.band.prominence)
    measured = Measured(spectrum, maxima, said.phase)
    likely = sorted(said.groups, key=lambda group: -group.probability)
    called = [group.name for group in likely if group.call == "present"]
    names = [group.name for group in likely]
    odd = unexplained(peaks, measured.height, said.phase, called, names)
    return Interpretation(measured, found, peaks, odd, summary(calls, peaks))


def peaks_of(found: Sequence[Extent], curve: Curve, matches: Sequence[Match]) -> tuple[Peak, ...]:
    """Numbered peaks from high to low wavenumber; ``found`` comes in that order."""
    span = curve.span or 1.0
    return tuple(
        Peak(
            number=number,
            cm1=each.band.cm1,
            absorbance=each.band.absorbance,
            width_cm1=each.band.width_cm1,
            prominence=each.band.prominence,
            height=min(max((each.band.absorbance - curve.baseline) / span, 0.0), 1.0),
            from_cm1=each.low,
            to_cm1=each.high,
            shape=each.shape,
            assignment=said.first,
            second=said.second,
            fit=said.fit,
            is_artefact=said.first is not None and said.first.expect == "artefact",
        )
        for number, (each, said) in enumerate(zip(found, matches, strict=True), start=1)
    )


def explain_groups(
    account: Account, said: Prediction, seen: Interpretation, run: Run
) -> tuple[GroupExplanation, ...]:
    """The account of every group by peaks: bias + peaks + no peak = logit, exactly.

    Parameters
    ----------
    account
        Of the logits of ``said``, by columns.
    said
        What the model says of the spectrum.
    seen
        Its peaks.
    run
        Grid vectors (n, points) -> latent matrices (n, channels, positions) of the model.
    """
    owners = nearest(seen.found, account.spec)
    by_peak = _by_peak(account, seen.found, owners, run)
    together = between_bands(account, owners)
    limits = _limits(account.spec, said)
    groups = []
    for at, call in enumerate(said.groups):
        group = _group(call, float(account.head.bias[at]), by_peak[at], seen.peaks)
        threshold, low, high = limits[call.name]
        group = replace(
            group,
            peak_pairs=peak_pairs(together[at], seen.peaks),
            missing=missing(call.name, seen.measured) if call.call != "absent" else (),
            threshold=threshold,
            absent_below=low,
            present_from=high,
        )
        if call.call == "present":
            odd = contradictions(group, seen.peaks, said.phase)
            group = replace(group, contradicts=odd)
        groups.append(group)
    return tuple(groups)


def _by_peak(
    account: Account, found: Sequence[Extent], owners: NDArray[np.float64], run: Run
) -> NDArray[np.float64]:
    """What each peak, and no peak, adds to each logit: (groups, peaks + 1)."""
    if not found:
        shares: NDArray[np.float64] = account.shares.sum(1, keepdims=True)
        return shares
    drawn = straighten(account.grid, found, account.spec)
    return straightened(account, drawn, run(drawn.grids), owners)


def _limits(spec: ModelSpec, said: Prediction) -> dict[str, tuple[float, float, float]]:
    """By name: best guess present from, call absent below, call present from (probabilities)."""
    numbers, weights = spec.confidence, spec.weights_of(said)
    limits = probabilities(np.concatenate(numbers.limits(weights, said.error_rate))).T.tolist()
    thresholds = numbers.mean("threshold", weights)[0].tolist()
    names = (output.name for output in spec.outputs)
    return {
        name: (threshold, low, high)
        for name, threshold, (low, high) in zip(names, thresholds, limits, strict=True)
    }


def _group(
    call: GroupCall, bias: float, shares: NDArray[np.float64], peaks: Sequence[Peak]
) -> GroupExplanation:
    by_peak = tuple(
        PeakShare(peak.number, float(share), remark(peak, call.name, float(share)))
        for peak, share in zip(peaks, shares[:-1], strict=True)
    )
    told = bias + sum(each.contribution for each in by_peak)
    return GroupExplanation(
        name=call.name,
        probability=call.probability,
        call=call.call,
        logit=call.logit,
        bias=bias,
        by_peak=by_peak,
        no_peak=call.logit - told,
        shown=call.shown,
        best_guess=call.best_guess,
    )


def remark(peak: Peak, group: str, contribution: float) -> str:
    """Whose band speaks here, when it is not the group's own: empty when it is."""
    owner = peak.assignment
    if owner is None or owner.group == group or not contribution:
        return ""
    speaks = "for" if contribution > 0 else "against"
    whose = owner.group.replace("_", " ")
    return f"{owner.vibration} of {whose}: counts {speaks} {group.replace('_', ' ')}"
