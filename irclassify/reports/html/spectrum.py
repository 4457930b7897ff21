"""One spectrum as compact data for ``assets/spectrum.js``, which draws it.

The report holds these data in the spectrum's row, the local page asks for them. Wavenumbers and
absorbances are packed as 16-bit levels between their ends: 5 bytes a point instead of 15.
"""

from __future__ import annotations

import base64
from array import array
from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Any

from irclassify.reports import wording
from irclassify.reports.text import domain_line
from irclassify.results.explanation import Explanation, GroupExplanation, Peak, Trace
from irclassify.results.inspection import Inspection, SpectrumReport
from irclassify.results.nouns import phase_word, spoken
from irclassify.text import printable

_LEVELS = 65535
_THOUSANDTHS = 1000  # contributions are integers: thousandths of the logit
_CALLED = ("present", "uncertain")


def spectrum_data(report: SpectrumReport) -> dict[str, Any]:
    """What the page needs to draw one spectrum and to tell what each peak adds to each group.

    Returns
    -------
    dict
        ``trace`` (x in cm-1 and y in absorbance, packed), ``peaks`` (see ``_peak``), ``groups``
        (see ``_group``), and the texts: ``title``, ``summary``, ``warnings``, ``facts``,
        ``unexplained``.

    Examples
    --------
    >>> from irclassify.results.explanation import Explanation
    >>> seen = Inspection(
    ...     "a.csv", "text", "acetone", 901, 400.0, 4000.0, "cm-1", "absorbance", 4.0, 1.0, "A"
    ... )
    >>> told = Explanation("a.csv", "default@2.0.0", "acetone", (), summary="A ketone.")
    >>> data = spectrum_data(SpectrumReport(seen, told))
    >>> data["title"], data["summary"], data["facts"][0]
    ('acetone', 'A ketone.', ('Data quality', 'good'))
    """
    explanation = report.explanation
    return {
        "title": printable(report.inspection.title),
        "summary": printable(explanation.summary),
        "facts": _facts(report.inspection, explanation),
        "warnings": remarks(explanation),
        "trace": _packed_trace(explanation.trace),
        "peaks": [_peak(peak) for peak in explanation.peaks],
        "groups": [_group(group) for group in explanation.by_probability],
        "unexplained": [
            [
                round(odd.peak.cm1, 1),
                round(odd.peak.height, 3),
                round(odd.peak.width_cm1),
                wording.candidates(odd),
            ]
            for odd in wording.not_explained(explanation.unexplained)
        ],
    }


def remarks(explanation: Explanation) -> list[str]:
    """The warnings, after what is unusual about the spectrum.

    Examples
    --------
    >>> remarks(Explanation("a.jdx", "default", "", (), warnings=("noisy",)))
    ['noisy']
    """
    domain = domain_line(explanation.domain)
    return [*filter(None, [domain]), *(printable(text) for text in explanation.warnings)]


def _packed_trace(trace: Trace | None) -> dict[str, Any] | None:
    """A curve for ``spectrum.js``; None without one."""
    if trace is None:
        return None
    x = trace.wavenumber_cm1
    return {"x": packed_steps(x) or packed(x), "y": packed(trace.absorbance)}


def packed_steps(values: Sequence[float]) -> list[Any] | None:
    """[first, last, base64 of bytes, their sum]: how many equal steps each value is from the last.

    For some of the values of an even axis, in half of the space of ``packed`` and no less exact.
    None where they are not such.

    Examples
    --------
    >>> packed_steps([0.0, 1.0, 3.0])
    [0.0, 3.0, 'AQI=', 3]
    """
    gaps = [after - before for before, after in pairwise(values)]
    least = min(gaps, default=0.0)
    if least <= 0:
        return None
    low, span = values[0], values[-1] - values[0]
    steps = [round(gap / least) for gap in gaps]
    total = sum(steps)
    places = zip(values[1:], accumulate(steps), strict=True)
    exact = all(abs(low + span * at / total - value) <= span / _LEVELS for value, at in places)
    if max(steps) > 255 or not exact or total == len(steps):  # all even: packed needs no bytes
        return None
    return [low, values[-1], base64.b64encode(bytes(steps)).decode("ascii"), total]


def packed(values: Sequence[float]) -> list[Any]:
    """[lowest, highest, base64 of little-endian uint16 from 0 to LEVELS between them].

    Values that rise evenly need no levels: [first, last, how many].

    Examples
    --------
    >>> packed([0.0, 1.0, 2.0])
    [0.0, 2.0, 3]
    """
    low, high = min(values), max(values)
    step = (high - low) / _LEVELS or 1.0
    levels = [round((value - low) / step) for value in values]
    last = len(values) - 1
    if last and all(abs(level - i * _LEVELS / last) <= 1 for i, level in enumerate(levels)):
        return [low, high, len(values)]
    numbers = array("H", levels)
    if _BIG_ENDIAN:
        numbers.byteswap()
    return [low, high, base64.b64encode(numbers.tobytes()).decode("ascii")]


_BIG_ENDIAN = array("H", [1]).tobytes()[0] == 0


def _facts(found: Inspection, explanation: Explanation) -> list[tuple[str, str]]:
    facts = [
        ("Data quality", wording.data_quality(found.grade)),
        ("Phase", phase_word(explanation.phase)),
        ("Range", f"{found.first_cm1:.0f} to {found.last_cm1:.0f} cm⁻¹"),
        ("Points", f"{found.n_points:,}, {found.spacing_cm1:.3g} cm⁻¹ apart"),
        ("As recorded", f"{found.y_unit} against {found.x_unit}"),
        ("Format", found.format),
    ]
    return [(name, printable(value)) for name, value in facts]


def _peak(peak: Peak) -> list[Any]:
    """[cm-1, height, from, to, shape, assignment or null, its range, second or null, artefact]."""
    return [
        round(peak.cm1, 1),
        round(peak.height, 3),
        round(peak.from_cm1),
        round(peak.to_cm1),
        peak.shape,
        peak.assignment.words if peak.assignment else None,
        wording.textbook_range(peak),
        peak.second.words if peak.second else None,
        int(peak.is_artefact),
    ]


def _group(group: GroupExplanation) -> list[Any]:
    """[name, probability, call, limits, bias, outside, logit, adds, notes] of one group.

    bias + outside + adds = logit; ``adds`` has a value for each peak, in thousandths.
    """
    return [
        spoken(group.name),
        round(group.probability, 4),
        group.call,
        [float(f"{group.absent_below:.2g}"), float(f"{group.present_from:.2g}")],
        round(group.bias, 3),
        round(group.no_peak, 3),
        round(group.logit, 3),
        [round(share.contribution * _THOUSANDTHS) for share in group.by_peak],
        [*wording.contradictions(group), *wording.missing(group)],
    ]
