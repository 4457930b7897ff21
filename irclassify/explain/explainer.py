"""An explanation told by peaks: each band, what it is, and what it adds to each group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from irclassify.explain.by_peak import Run, nearest, peak_pairs, straighten, straightened
from irclassify.explain.groups import Account
from irclassify.explain.matching import Match, match
from irclassify.explain.observed import Observed
from irclassify.explain.peaks import Curve, Extent, extents
from irclassify.explain.summary import Said, summary
from irclassify.results.explanation import Explanation, GroupExplanation, Peak, PeakPair, PeakShare
from irclassify.results.prediction import GroupCall
from irclassify.spectra.spectrum import Spectrum


def with_peaks(
    explanation: Explanation,
    spectrum: Spectrum,
    account: Account,
    run: Run,
    details: Sequence[GroupCall] = (),
) -> Explanation:
    """The same explanation with its peaks and the account by peaks.

    ``account``: of the spectrum's logits; ``run``: grid vectors (n, points) -> latent matrices
    (n, channels, positions) of the model; ``details``: below its groups, they sharpen the names.
    """
    curve = Curve.of(spectrum)
    found = extents(curve)[::-1]
    calls = [Said(group.name, group.probability, group.call) for group in explanation.groups]
    calls += [Said(detail.name, detail.probability, detail.call) for detail in details]
    probabilities = {each.name: each.probability for each in calls}
    bands = Observed.of(found, curve)
    matches = match(bands, probabilities, explanation.phase, spectrum.state or "")
    peaks = peaks_of(found, curve, matches)
    owners = nearest(found, account.view.spec)
    by_peak = _by_peak(account, found, owners, run)
    groups = tuple(
        _with_shares(group, shares, peaks, peak_pairs(account, i, owners, peaks))
        for i, (group, shares) in enumerate(zip(explanation.groups, by_peak, strict=True))
    )
    return replace(
        explanation,
        groups=groups,
        peaks=peaks,
        summary=summary(calls, peaks),
        details=tuple(details),
    )


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


def _by_peak(
    account: Account, found: Sequence[Extent], owners: NDArray[np.float64], run: Run
) -> NDArray[np.float64]:
    """What each peak, and no peak, adds to each logit: (groups, peaks + 1)."""
    if not found:
        shares: NDArray[np.float64] = account.shares.sum(1, keepdims=True)
        return shares
    drawn = straighten(account.view.grid, found, account.view.spec)
    return straightened(account, drawn, run(drawn.grids), owners)


def _with_shares(
    group: GroupExplanation,
    shares: NDArray[np.float64],
    peaks: Sequence[Peak],
    pairs: tuple[PeakPair, ...],
) -> GroupExplanation:
    by_peak = tuple(
        PeakShare(peak.number, float(share), remark(peak, group.name, float(share)))
        for peak, share in zip(peaks, shares[:-1], strict=True)
    )
    told = group.bias + sum(each.contribution for each in by_peak)
    return replace(group, by_peak=by_peak, no_peak=group.logit - told, peak_pairs=pairs)


def remark(peak: Peak, group: str, contribution: float) -> str:
    """Whose band speaks here, when it is not the group's own: empty when it is."""
    owner = peak.assignment
    if owner is None or owner.group == group or not contribution:
        return ""
    speaks = "for" if contribution > 0 else "against"
    whose = owner.group.replace("_", " ")
    return f"{owner.vibration} of {whose}: counts {speaks} {group.replace('_', ' ')}"
