"""Many spectra as one HTML page: a table to sort and filter, and each spectrum when asked for.

Rows go to a temporary file as they come; the page is put together at the end, when the numbers at
its top are known. What a spectrum's row needs to draw it lies in the row as compact data.
"""

from __future__ import annotations

import base64
import shutil
import tempfile
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from markupsafe import Markup

from irclassify.reports.html.page import page, render
from irclassify.reports.text import domain_line, printable
from irclassify.reports.wording import NO_BAND_KNOWN, candidates, contradictions, missing, textbook
from irclassify.results.explanation import Explanation, GroupExplanation, Region
from irclassify.results.inspection import Inspection, SpectrumReport
from irclassify.results.prediction import Failed

LEVELS = 65535  # of a trace's wavenumbers and absorbances
PROFILE_LEVELS = 127
CALLS = {"present": 2, "uncertain": 1}
# Where the rows belong: no name can hold it, as control characters are made visible.
ROWS = "\x00rows\x00"


@dataclass(frozen=True)
class Provenance:
    """Where a report comes from: shown at its end."""

    tool: str
    model: str
    description: str
    sha256: str
    made: str
    command: str

    @property
    def facts(self) -> dict[str, str]:
        """As the page's end tells them."""
        return {
            "Tool": self.tool,
            "Model": self.model,
            "About the model": self.description,
            "SHA-256 of the model": self.sha256,
            "Made": self.made,
            "Command": self.command,
        }


class HtmlReport:
    """``write`` each row, then ``save`` the page; use it in a ``with``."""

    def __init__(self, groups: Sequence[str], provenance: Provenance) -> None:
        self._groups = groups
        self._provenance = provenance
        self._rows = tempfile.TemporaryFile("w+b")  # noqa: SIM115 - closed by __exit__
        self._columns: tuple[float, ...] = ()
        self._present: Counter[str] = Counter()
        self._grades: Counter[str] = Counter()
        self._total = 0
        self._failed = 0

    def __enter__(self) -> HtmlReport:
        return self

    def __exit__(self, *_error: object) -> None:
        self._rows.close()

    def write(self, row: SpectrumReport | Failed) -> None:
        """Add one spectrum."""
        self._total += 1
        if isinstance(row, Failed):
            self._failed += 1
            text = render("spectra_row.html", number=self._total, failed=row)
        else:
            self._columns = row.explanation.columns_cm1
            self._grades[row.inspection.grade] += 1
            self._present.update(g.name for g in row.explanation.groups if g.call == "present")
            text = render("spectra_row.html", number=self._total, failed=None, **_row(row))
        self._rows.write(text.encode("utf-8"))

    def save(self, stream: BinaryIO) -> None:
        """Write the whole page."""
        columns = [round(centre, 1) for centre in self._columns]
        document = page(
            "spectra.html",
            styles=("page.css", "report.css"),
            scripts=("report.js",),
            common={"groups": self._groups, "columns": columns, "unknown": NO_BAND_KNOWN},
            read=self._total - self._failed,
            failed=self._failed,
            grades=", ".join(f"{self._grades[g]} {g}" for g in "ABCD" if self._grades[g]),
            present=self._present.most_common(),
            origin=self._provenance,
            rows=Markup(ROWS),
        )
        before, _, after = document.partition(ROWS)
        stream.write(before.encode("utf-8"))
        self._rows.seek(0)
        shutil.copyfileobj(self._rows, stream)
        stream.write(after.encode("utf-8"))


def _row(row: SpectrumReport) -> dict[str, Any]:
    """The values of the template of a row."""
    explanation = row.explanation
    called = sorted(
        (g for g in explanation.groups if g.call in CALLS),
        key=lambda g: (-CALLS[g.call], -g.probability),
    )
    return {
        "file": row.inspection.file,
        "title": row.inspection.title,
        "grade": row.inspection.grade,
        "called": called,
        "present": [group.name for group in called if group.call == "present"],
        "warnings": _remarks(explanation),
        "data": _data(row),
    }


# --- the data of a row ---


def _data(row: SpectrumReport) -> dict[str, Any]:
    explanation = row.explanation
    return {
        "title": printable(row.inspection.title),
        "facts": _facts(row.inspection, explanation),
        "warnings": [printable(text) for text in _remarks(explanation)],
        "trace": _trace(explanation),
        "groups": [_group(group) for group in explanation.groups],
        "unexplained": [
            [round(b.band.cm1, 1), round(b.height, 3), round(b.band.width_cm1), candidates(b)]
            for b in explanation.unexplained
        ],
    }


def _remarks(explanation: Explanation) -> list[str]:
    """The warnings, after what is odd about such a spectrum."""
    return [*filter(None, [domain_line(explanation.domain)]), *explanation.warnings]


def _facts(found: Inspection, explanation: Explanation) -> list[tuple[str, str]]:
    facts = [
        ("Format", found.format),
        ("Range", f"{found.first_cm1:.0f} to {found.last_cm1:.0f} cm-1"),
        ("Points", f"{found.n_points:,}, {found.spacing_cm1:.3g} cm-1 apart"),
        ("As recorded", f"{found.y_unit} against {found.x_unit}"),
        ("Phase", found.state or "not stated"),
        ("Evidence located to within", f"{explanation.resolution_cm1:.0f} cm-1"),
        ("Quality", found.grade),
    ]
    return [(name, printable(value)) for name, value in facts]


def _trace(explanation: Explanation) -> dict[str, Any] | None:
    trace = explanation.trace
    if trace is None:
        return None
    x, y = trace.wavenumber_cm1, trace.absorbance
    return {"x": _packed(x), "y": _packed(y)}


def _packed(values: Sequence[float]) -> list[Any]:
    """[lowest, highest, base64 of little-endian uint16 from 0 to LEVELS between them]."""
    low, high = min(values), max(values)
    step = (high - low) / LEVELS or 1.0
    return [low, high, _base64("H", (round((v - low) / step) for v in values))]


def _base64(kind: str, values: Iterable[int]) -> str:
    numbers = array(kind, values)
    if numbers.itemsize > 1 and _BIG_ENDIAN:
        numbers.byteswap()
    return base64.b64encode(numbers.tobytes()).decode("ascii")


_BIG_ENDIAN = array("H", [1]).tobytes()[0] == 0


def _group(group: GroupExplanation) -> dict[str, Any]:
    top = max(map(abs, group.profile), default=0.0)
    return {
        "p": round(group.probability, 6),
        "call": group.call,
        "limits": [round(group.absent_below, 3), round(group.present_from, 3)],
        "sum": [
            round(term, 3)
            for term in (
                group.bias,
                sum(region.contribution for region in group.regions),
                sum(pair.contribution for pair in group.pairs),
                group.remainder,
                group.logit,
            )
        ],
        "top": _short(top),
        "profile": _base64("b", (round(v / (top or 1.0) * PROFILE_LEVELS) for v in group.profile)),
        "notes": [*contradictions(group), *missing(group)],
        "regions": [_region(region, group.name) for region in group.regions],
        "pairs": [
            [
                pair.words if pair.a_is else f"{_place(pair.a)} with {_place(pair.b)}",
                _short(pair.contribution),
            ]
            for pair in group.pairs
        ],
    }


def _place(edges: tuple[float, float]) -> str:
    return f"{edges[1]:.0f}-{edges[0]:.0f}"


def _region(region: Region, group: str) -> list[Any]:
    """[from, to, contribution, share, band, its absorbance, its width (these or null), words]."""
    band, absorbance, width = region.band_cm1, region.band_absorbance, region.band_width_cm1
    return [
        round(region.from_cm1),
        round(region.to_cm1),
        round(region.contribution, 3),
        round(region.share, 3),
        None if band is None else round(band, 1),
        None if absorbance is None else _short(absorbance),
        None if width is None else round(width),
        region.pattern,
        textbook(region, group) if region.known_bands else None,
    ]


def _short(value: float) -> float:
    return float(f"{value:.5g}")
