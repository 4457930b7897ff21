"""What the bands of a spectrum are, and what each of them adds to each group. Pure.

``interpret`` names the bands and sums up the answer in some milliseconds; no model is asked.
``explain_groups`` accounts for each logit by these bands and asks the model for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from irclassify.explain.account import SpectrumAccount
from irclassify.explain.assignment import Measured, contradictions, missing, unexplained
from irclassify.explain.bands import OPEN
from irclassify.explain.by_peak import (
    Run,
    between_bands,
    nearest,
    peak_pairs,
    straighten,
    straightened,
)
from irclassify.explain.matching import SURE_OF_STRONGEST, Match, match
from irclassify.explain.observed import Bands, Observed
from irclassify.explain.peaks import Extent
from irclassify.explain.summary import Said, summary
from irclassify.model.calibration import probabilities
from irclassify.model.folder import ModelSpec
from irclassify.results.explanation import GroupExplanation, Peak, PeakShare, Unexplained
from irclassify.results.nouns import spoken
from irclassify.results.prediction import GroupCall, Prediction


@dataclass(frozen=True)
class Interpretation:
    """The peaks of a spectrum with their assignments, and the answer in words."""

    peaks: tuple[Peak, ...]
    unexplained: tuple[Unexplained, ...]
    summary: str


def interpret(bands: Bands, said: Prediction) -> Interpretation:
    """Name the bands of a spectrum by what a model says of it.

    Parameters
    ----------
    bands
        As measured.
    said
        Probabilities of groups and details, and the phase that they hold for.

    Examples
    --------
    >>> from irclassify.spectra.spectrum import Spectrum
    >>> x = np.arange(500.0, 3900.0, 2.0)
    >>> nitrile = Spectrum(x, np.exp(-(((x - 2250) / 10) ** 2)))
    >>> call = GroupCall("nitrile", 0.99, "present", 4.6, "present")
    >>> interpret(Bands.of(nitrile), Prediction("m@1", (call,))).summary
    'A nitrile: C≡N 2250.'
    """
    calls = [
        Said(each.name, each.probability, each.call, each.parent)
        for each in (*said.groups, *said.details)
    ]
    matches = match(
        Observed.of(bands.found, bands),
        {each.name: _believed(each) for each in calls},
        said.phase,
        bands.state,
    )
    peaks = _peaks_of(bands, matches)
    likely = sorted(said.groups, key=lambda group: -group.probability)
    called = [group.name for group in likely if group.call == "present"]
    names = [group.name for group in likely]
    details = [each.name for each in said.details if each.call == "present"]
    odd = unexplained(peaks, bands.span, said.phase, called, names, details)
    told = summary(calls, peaks, [each.peak for each in odd])
    return Interpretation(peaks, odd, told)


def _believed(said: Said) -> float:
    """The probability that names go by: what is called present is said to be there already."""
    return max(said.probability, SURE_OF_STRONGEST if said.call == "present" else 0.0)


def _peaks_of(bands: Bands, matches: Sequence[Match]) -> tuple[Peak, ...]:
    """Numbered peaks from high to low wavenumber; ``matches``: one for each band."""
    span = bands.span or 1.0
    return tuple(
        Peak(
            number=number,
            cm1=each.band.cm1,
            absorbance=each.band.absorbance,
            width_cm1=each.band.width_cm1,
            prominence=each.band.prominence,
            height=min(max((each.band.absorbance - bands.baseline) / span, 0.0), 1.0),
            from_cm1=each.low,
            to_cm1=each.high,
            shape=each.shape,
            assignment=said.first,
            second=said.second,
            fit=said.fit,
            is_artefact=said.first is not None and said.first.expect == "artefact",
        )
        for number, (each, said) in enumerate(zip(bands.found, matches, strict=True), start=1)
    )


def explain_groups(
    account: SpectrumAccount,
    said: Prediction,
    measured: Measured,
    found: Sequence[Extent],
    peaks: Sequence[Peak],
    run: Run,
) -> tuple[GroupExplanation, ...]:
    """The account of every group by peaks: bias + peaks + no peak = logit, exactly.

    Parameters
    ----------
    account
        Of the logits of ``said``, by columns.
    said
        What the model says of the spectrum.
    measured
        The spectrum and its maxima, to see what is missing.
    found, peaks
        Its peaks and how far each reaches, in the same order.
    run
        Grid vectors (n, points) -> latent matrices (n, channels, positions) of the model.

    Examples
    --------
    >>> import irclassify
    >>> from irclassify.spectra.spectrum import Spectrum
    >>> classifier = irclassify.load()
    >>> x = classifier.spec.preprocessing.grid.wavenumber
    >>> y = np.exp(-(((x - 1744) / 15) ** 2)).astype(np.float32)
    >>> grid = y / y.max()
    >>> (said,) = classifier.predict(x, y[None]).predictions()
    >>> spectrum = Spectrum(x, y.astype(float))
    >>> bands = Bands.of(spectrum)
    >>> seen = interpret(bands, said)
    >>> account = SpectrumAccount.of(grid, classifier.spec, classifier.latent(grid[None])[0], said)
    >>> measured = Measured.of(spectrum, bands, said.phase)
    >>> groups = explain_groups(account, said, measured, bands.found, seen.peaks, classifier.latent)
    >>> told = groups[0].bias + sum(share.contribution for share in groups[0].by_peak)
    >>> round(told + groups[0].no_peak - groups[0].logit, 6)
    0.0
    """
    owners = nearest(found, account.spec)
    by_peak = _by_peak(account, found, owners, run)
    together = between_bands(account, owners)
    limits = _limits(account.spec, said)
    groups = []
    for at, call in enumerate(said.groups):
        group = _group(call, float(account.head.bias[at]), by_peak[at], peaks)
        threshold, low, high = limits[call.name]
        group = replace(
            group,
            peak_pairs=peak_pairs(together[at], peaks),
            missing=missing(call.name, measured) if call.call != "absent" else (),
            threshold=threshold,
            absent_below=low,
            present_from=high,
        )
        if call.call == "present":
            odd = contradictions(group, peaks, said.phase)
            group = replace(group, contradicts=odd)
        groups.append(group)
    return tuple(groups)


def _by_peak(
    account: SpectrumAccount, found: Sequence[Extent], owners: NDArray[np.float64], run: Run
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
        PeakShare(peak.number, float(share), _remark(peak, call.name, float(share)))
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
        covers=call.covers,
    )


def _remark(peak: Peak, group: str, contribution: float) -> str:
    """Whose band speaks here, when it is not the group's own: empty when it is."""
    owner = peak.assignment
    if owner is None or owner.expect == OPEN or owner.group == group or not contribution:
        return ""
    speaks = "for" if contribution > 0 else "against"
    return f"{owner.vibration} of {owner.owner}: counts {speaks} {spoken(group)}"
