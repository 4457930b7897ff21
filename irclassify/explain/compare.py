"""Two spectra, one model: the exact difference of every group's logit, peak by peak. Pure.

Each logit is bias + peaks + no peak, so the difference of two logits is the sum of the differences
of these terms, whichever peaks are taken for the same one.
"""

from __future__ import annotations

from collections.abc import Sequence

from irclassify.results.comparison import Comparison, GroupContrast, PeakContrast, PeakMatch
from irclassify.results.explanation import Explanation, GroupExplanation, Peak

# Two peaks are the same one within this distance, cm-1; two of the same vibration within the
# second: a band may shift so much between phases and neighbours.
SAME_CM1, SAME_VIBRATION_CM1 = 12.0, 40.0


def compare(a: Explanation, b: Explanation) -> Comparison:
    """What made the calls differ; ``a`` and ``b`` are of the same model and of the same groups.

    Examples
    --------
    >>> of_a = GroupExplanation("ketone", 0.1, "absent", logit=-2.0, bias=-2.0)
    >>> of_b = GroupExplanation("ketone", 0.9, "present", logit=2.0, bias=-2.0, no_peak=4.0)
    >>> a, b = (Explanation(f, "default", "", (g,)) for f, g in (("a.jdx", of_a), ("b.jdx", of_b)))
    >>> [(group.name, group.difference) for group in compare(a, b).groups]
    [('ketone', 4.0)]
    """
    peaks = _matched(a.peaks, b.peaks)
    groups = tuple(
        GroupContrast(of_a.name, of_a, of_b, tuple(_contrast(each, of_a, of_b) for each in peaks))
        for of_a, of_b in zip(a.groups, b.groups, strict=True)
    )
    return Comparison(a, b, peaks, groups)


def _matched(a: Sequence[Peak], b: Sequence[Peak]) -> tuple[PeakMatch, ...]:
    """The peaks of both spectra, from high to low wavenumber: shared ones once, nearest first.

    Parameters
    ----------
    a, b
        The peaks of the two spectra.

    Examples
    --------
    >>> def peak(number, cm1):
    ...     return Peak(number, cm1, 0.5, 20.0, 0.5, 1.0, cm1 - 20, cm1 + 20, "")
    >>> found = _matched([peak(1, 1745.0)], [peak(1, 2950.0), peak(2, 1750.0)])
    >>> [(each.one.cm1, each.shown_by) for each in found]
    [(2950.0, 'b'), (1750.0, 'both')]
    """
    pairs = sorted(
        (abs(one.cm1 - other.cm1), i, j)
        for i, one in enumerate(a)
        for j, other in enumerate(b)
        if _are_same(one, other)
    )
    of_a: dict[int, int] = {}
    of_b: dict[int, int] = {}
    for _, i, j in pairs:
        if i not in of_a and j not in of_b:
            of_a[i], of_b[j] = j, i
    found = [PeakMatch(one, b[of_a[i]] if i in of_a else None) for i, one in enumerate(a)]
    found += [PeakMatch(None, other) for j, other in enumerate(b) if j not in of_b]
    return tuple(sorted(found, key=lambda each: -each.one.cm1))


def _are_same(one: Peak, other: Peak) -> bool:
    apart = abs(one.cm1 - other.cm1)
    alike = one.assignment is not None and _vibration(one) == _vibration(other)
    return apart <= (SAME_VIBRATION_CM1 if alike else SAME_CM1)


def _vibration(peak: Peak) -> tuple[str, str] | None:
    return (peak.assignment.group, peak.assignment.vibration) if peak.assignment else None


def _contrast(match: PeakMatch, a: GroupExplanation, b: GroupExplanation) -> PeakContrast:
    first, second = (None if peak is None else peak.number for peak in (match.a, match.b))
    return PeakContrast(first, second, _adds(a, first), _adds(b, second))


def _adds(group: GroupExplanation, number: int | None) -> float:
    return 0.0 if number is None else group.by_peak[number - 1].contribution
