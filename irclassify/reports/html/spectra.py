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

from irclassify.reports.html.page import asset, embed, escape, page_end, page_start
from irclassify.reports.text import domain_line, plural, printable
from irclassify.reports.wording import NO_BAND_KNOWN, candidates, contradictions, missing, textbook
from irclassify.results.explanation import Explanation, GroupExplanation, Region
from irclassify.results.inspection import Inspection, SpectrumReport
from irclassify.results.prediction import Failed

LEVELS = 65535  # of a trace's wavenumbers and absorbances
PROFILE_LEVELS = 127
CALLS = {"present": 2, "uncertain": 1}


@dataclass(frozen=True)
class Provenance:
    """Where a report comes from: shown at its end."""

    tool: str
    model: str
    description: str
    sha256: str
    made: str
    command: str


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
            text = _failed_row(row, self._total)
        else:
            self._columns = row.explanation.columns_cm1
            self._grades[row.inspection.grade] += 1
            self._present.update(g.name for g in row.explanation.groups if g.call == "present")
            text = _row(row, self._total)
        self._rows.write(text.encode("utf-8"))

    def save(self, stream: BinaryIO) -> None:
        """Write the whole page."""
        style, script = asset("page.css") + asset("report.css"), asset("report.js")
        read = self._total - self._failed
        columns = [round(centre, 1) for centre in self._columns]
        common = {"groups": self._groups, "columns": columns, "unknown": NO_BAND_KNOWN}
        head = [
            page_start(f"irclassify report: {plural(read, 'spectrum')}", style, script),
            embed(common, id="common"),
            self._summary(read),
            _TABLE_START,
        ]
        stream.write("\n".join(head).encode("utf-8"))
        self._rows.seek(0)
        shutil.copyfileobj(self._rows, stream)
        foot = "</tbody>\n</table>\n</main>\n" + _footer(self._provenance) + page_end(script)
        stream.write(foot.encode("utf-8"))

    def _summary(self, read: int) -> str:
        grades = ", ".join(f"{self._grades[g]} {g}" for g in "ABCD" if self._grades[g])
        failed = f", <strong>{self._failed:,} failed</strong>" if self._failed else ""
        quality = f". Quality: {grades}" if grades else ""
        model = escape(self._provenance.model)
        return (
            "<header>\n<h1>Functional groups from infrared spectra</h1>\n"
            f"<p>{plural(read, 'spectrum')} classified{failed}{quality}. "
            f"Model {model}, {escape(self._provenance.made)}.</p>\n"
            f"{self._group_counts(read)}</header>\n<main>\n"
        )

    def _group_counts(self, read: int) -> str:
        items = "".join(
            f'<li><button type="button" disabled aria-pressed="false" data-group="{escape(name)}">'
            f"{_words(name)} <b>{count:,}</b></button>"
            f'<svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">'
            f'<rect width="{100 * count / read:.1f}" height="6"/></svg></li>\n'
            for name, count in self._present.most_common()
        )
        return f'<h2 id="found">Groups found</h2>\n<ul class="counts">\n{items}</ul>\n'


_TABLE_START = """<form class="controls" role="search">
<label>Find <input type="search" name="text" placeholder="file, title, group, warning"></label>
<label>Show <select name="only">
<option value="">all</option><option value="failed">failed</option>
<option value="warned">with warnings</option><option value="poor">quality C or D</option>
</select></label>
<button type="button" name="open">Open all shown</button>
<button type="button" name="close">Close all</button>
<p role="status"></p>
</form>
<p class="hint">Tab and Enter open a spectrum; up and down arrows go from row to row; / searches;
in a spectrum, left and right arrows read values off.</p>
<table class="rows">
<caption>One row a spectrum. A chip is a group called present, with its probability; a dashed one
with a question mark is uncertain.</caption>
<thead><tr>
<th scope="col" aria-sort="ascending" data-sort="order">File</th>
<th scope="col" data-sort="present">Groups</th>
<th scope="col" data-sort="grade">Quality</th>
<th scope="col" data-sort="warnings">Warnings</th>
</tr></thead>
<tbody>
"""


def _failed_row(row: Failed, number: int) -> str:
    return (
        f'<tr id="r{number}" data-failed="1" data-order="{number}">'
        f'<th scope="row">{escape(row.file)}</th>'
        f'<td colspan="3"><strong>Failed</strong> <code>{escape(row.code)}</code> '
        f"{escape(row.message)}</td></tr>\n"
    )


def _row(row: SpectrumReport, number: int) -> str:
    explanation, grade = row.explanation, row.inspection.grade
    called = sorted(
        (g for g in explanation.groups if g.call in CALLS),
        key=lambda g: (-CALLS[g.call], -g.probability),
    )
    present = [g.name for g in called if g.call == "present"]
    title = f'<span class="title">{escape(row.inspection.title)}</span>'
    remarks = _remarks(explanation)
    warned = "".join(f"<li>{escape(text)}</li>" for text in remarks)
    return (
        f'<tr id="r{number}" data-order="{number}" data-present="{len(present)}" '
        f'data-grade="{escape(grade)}" data-warnings="{len(remarks)}" '
        f'data-groups="{escape(" ".join(present))}">'
        f'<th scope="row"><span class="file">{escape(row.inspection.file)}</span>{title}'
        f"{embed(_data(row))}</th>"
        f"<td>{''.join(map(_chip, called)) or _NONE}</td>"
        f'<td class="grade">{escape(grade)}</td><td><ul>{warned}</ul></td></tr>\n'
    )


_NONE = '<span class="none">none called present</span>'


def _chip(group: GroupExplanation) -> str:
    unsure = "" if group.call == "present" else "?"
    return (
        f'<span class="chip {escape(group.call)}">{_words(group.name)}{unsure} '
        f"<b>{group.probability:.2f}</b></span> "
    )


def _footer(origin: Provenance) -> str:
    facts = {
        "Tool": origin.tool,
        "Model": origin.model,
        "About the model": origin.description,
        "SHA-256 of the model": origin.sha256,
        "Made": origin.made,
        "Command": origin.command,
    }
    items = "".join(f"<dt>{name}</dt><dd>{escape(value)}</dd>\n" for name, value in facts.items())
    return (
        "<footer>\n<h2>Where this comes from</h2>\n"
        f"<dl>\n{items}</dl>\n<p>Probabilities are calibrated on spectra of molecules that the "
        "model had not seen. A contribution says how far a place of the spectrum moves a group's "
        "logit from that of an empty spectrum; bias and contributions add up to the logit.</p>\n"
        "</footer>\n"
    )


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


def _words(name: str) -> str:
    return escape(name.replace("_", " "))
