"""The peaks of one spectrum as a table for other programs: csv, one row a peak."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from typing import TextIO

from irclassify.results.explanation import Explanation, Peak
from irclassify.text import printable

_COLUMNS = (
    "number",
    "cm1",
    "absorbance",
    "height",
    "width_cm1",
    "from_cm1",
    "to_cm1",
    "shape",
    "assignment",
    "textbook_from_cm1",
    "textbook_to_cm1",
    "second_assignment",
    "artefact",
)


def write_peaks(explanation: Explanation, stream: TextIO, groups: Sequence[str] = ()) -> None:
    """Write every peak, from high to low wavenumber.

    Parameters
    ----------
    explanation
        Of the spectrum.
    stream
        Where to write csv; lines end in ``\\n``.
    groups
        Names of the groups whose contributions follow as columns ``adds_GROUP`` (logit units);
        empty: all, in the model's order.

    Examples
    --------
    >>> import io
    >>> from irclassify.results.explanation import GroupExplanation
    >>> ketone = GroupExplanation("ketone", 0.97, "present", logit=3.5, bias=-2.0, shown="present")
    >>> told = Explanation("a.jdx", "default@2.0.0", "acetone", (ketone,))
    >>> stream = io.StringIO()
    >>> write_peaks(told, stream)
    >>> stream.getvalue().split(",")[:2]
    ['number', 'cm1']
    """
    chosen = [group for group in explanation.groups if not groups or group.name in groups]
    rows = csv.writer(stream, lineterminator="\n")
    rows.writerow([*_COLUMNS, *(f"adds_{group.name}" for group in chosen)])
    for i, peak in enumerate(explanation.peaks):
        adds = (round(group.by_peak[i].contribution, 6) for group in chosen)
        rows.writerow([*_cells(peak), *adds])


def _cells(peak: Peak) -> list[object]:
    band, second = peak.assignment, peak.second
    return [
        peak.number,
        round(peak.cm1, 2),
        float(f"{peak.absorbance:.6g}"),
        round(peak.height, 4),
        round(peak.width_cm1, 2),
        round(peak.from_cm1, 2),
        round(peak.to_cm1, 2),
        peak.shape,
        printable(band.words) if band else "",
        f"{band.low:g}" if band else "",
        f"{band.high:g}" if band else "",
        printable(second.words) if second else "",
        "true" if peak.is_artefact else "false",
    ]
