"""Many spectra as one HTML page: a table to sort and filter, and each spectrum when asked for.

Rows go to a temporary file as they come; the page is put together at the end, when the numbers at
its top are known. What a spectrum's row needs to draw it lies in the row as compact data.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from markupsafe import Markup

from irclassify.reports import wording
from irclassify.reports.html.page import page, render
from irclassify.reports.html.spectrum import remarks, spectrum_data
from irclassify.results.explanation import GroupExplanation
from irclassify.results.inspection import SpectrumReport
from irclassify.results.prediction import Failed

_CALLS = {"present": 2, "uncertain": 1}
# Where the rows belong: no name can hold it, as control characters are made visible.
_ROWS = "\x00rows\x00"


@dataclass(frozen=True)
class Provenance:
    """Where a report comes from: shown at its end.

    Examples
    --------
    >>> Provenance("irclassify 0.1", "default@2.0.0", "", "", "", "").facts["Tool"]
    'irclassify 0.1'
    """

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
    """``write`` each row, then ``save`` the page; use it in a ``with``.

    ``waiting`` holds the rows meanwhile: a temporary file unless another place is given.

    Examples
    --------
    >>> import io
    >>> from irclassify.results.prediction import Failed
    >>> origin = Provenance("irclassify 0.1", "default@2.0.0", "", "", "", "")
    >>> with HtmlReport(["ketone"], origin) as report:
    ...     report.write(Failed("a.jdx", "no_data", "the file is empty"))
    ...     stream = io.BytesIO()
    ...     report.save(stream)
    >>> b"the file is empty" in stream.getvalue()
    True
    """

    def __init__(
        self, groups: Sequence[str], provenance: Provenance, waiting: BinaryIO | None = None
    ) -> None:
        self._groups = groups
        self._provenance = provenance
        self._rows = waiting or tempfile.TemporaryFile("w+b")  # noqa: SIM115 - see __exit__
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
            self._grades[row.inspection.grade] += 1
            self._present.update(g.name for g in row.explanation.groups if g.call == "present")
            text = render("spectra_row.html", number=self._total, failed=None, **_row(row))
        self._rows.write(text.encode("utf-8"))

    def save(self, stream: BinaryIO) -> None:
        """Write the whole page."""
        document = page(
            "spectra.html",
            styles=("page.css", "spectrum.css", "report.css"),
            scripts=("spectrum.js", "report.js"),
            read=self._total - self._failed,
            failed=self._failed,
            quality=_counted(self._grades),
            present=self._present.most_common(),
            origin=self._provenance,
            rows=Markup(_ROWS),
        )
        before, _, after = document.partition(_ROWS)
        stream.write(before.encode("utf-8"))
        self._rows.seek(0)
        shutil.copyfileobj(self._rows, stream)
        stream.write(after.encode("utf-8"))


def _is_named(group: GroupExplanation) -> bool:
    """Present, or uncertain with some sign of it in the spectrum."""
    return group.shown in _CALLS


def _counted(grades: Counter[str]) -> str:
    """``12 good, 1 poor``."""
    words = wording.QUALITY.items()
    return ", ".join(f"{grades[grade]:,} {word}" for grade, word in words if grades[grade])


def _row(row: SpectrumReport) -> dict[str, Any]:
    """The values of the template of a row."""
    explanation = row.explanation
    called = sorted(
        (g for g in explanation.groups if _is_named(g)),
        key=lambda g: (-_CALLS[g.call], -g.probability),
    )
    return {
        "file": row.inspection.file,
        "title": row.inspection.title,
        "grade": row.inspection.grade,
        "quality": wording.data_quality(row.inspection.grade),
        "summary": explanation.summary,
        "unexplained": [
            f"{odd.peak.cm1:.0f}" for odd in wording.not_explained(explanation.unexplained)
        ],
        "called": [
            (
                g,
                explanation.details_of(g.name) if g.call == "present" else (),
                explanation.held_by(g),
            )
            for g in called
        ],
        "alone": explanation.details_of(None),
        "present": [group.name for group in called if group.call == "present"],
        "warnings": remarks(explanation),
        "data": spectrum_data(row),
    }
