"""What the local page can ask for: one small function a route."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from importlib.util import find_spec
from typing import Any

from irclassify.app.provenance import provenance
from irclassify.app.session import Row, Session
from irclassify.errors import UsageError
from irclassify.options import ReadOptions
from irclassify.reports.excel import for_excel
from irclassify.reports.html.page import page
from irclassify.reports.html.spectra import HtmlReport
from irclassify.reports.json import record_of
from irclassify.reports.rows import JsonArray, Rows, Writer, to_json
from irclassify.reports.wording import data_quality, not_explained, unexplained
from irclassify.results.inspection import SpectrumReport
from irclassify.results.nouns import in_phase, phase_word, spoken
from irclassify.results.prediction import Failed, GroupCall, holder_of
from irclassify.spectra.x_units import X_UNITS
from irclassify.spectra.y_words import Y_UNITS
from irclassify.text import printable

HTML = "text/html; charset=utf-8"
JSON = "application/json; charset=utf-8"
TEXT = "text/plain; charset=utf-8"
SAVED = {"csv": "text/csv; charset=utf-8", "json": JSON, "html": HTML}

# Rows that one reply holds.
AT_A_TIME = 500

# An uncertain group below this probability is not named in a row.
NAMED_FROM = 0.05


@dataclass(frozen=True)
class Requested:
    """``query`` of the address, ``body`` of the request, and ``stop``, which ends the server.

    Examples
    --------
    >>> asked = Requested({"id": "7", "phase": "gas", "x_unit": ""}, b"", stop=print)
    >>> asked.row
    7
    >>> asked.options.phase, asked.options.x_unit
    ('gas', None)
    """

    query: Mapping[str, str]
    body: bytes
    stop: Callable[[], None]

    @property
    def row(self) -> int:
        """The number of the row that is asked for. Raises UsageError when it is no number."""
        text = self.query.get("id", "")
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            raise UsageError(f"id {text[:20]!r}: a number is needed")
        return int(text)

    @property
    def options(self) -> ReadOptions:
        """What the user said about the file; an empty word is nothing said."""
        said = {name: self.query.get(name) or None for name in ("x_unit", "y_unit", "phase")}
        return ReadOptions(**said)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Reply:
    """A response: bytes, their media type, a status, more headers.

    Examples
    --------
    >>> Reply.plain("stopped").body
    b'stopped'
    >>> Reply.json({"rows": []}).body
    b'{"rows":[]}'
    """

    body: bytes
    kind: str = TEXT
    status: HTTPStatus = HTTPStatus.OK
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def plain(cls, text: str, status: HTTPStatus = HTTPStatus.OK) -> Reply:
        """A sentence."""
        return cls(text.encode(), status=status)

    @classmethod
    def json(cls, record: Any, status: HTTPStatus = HTTPStatus.OK) -> Reply:
        """A JSON document."""
        return cls(to_json(record, dense=True).encode(), JSON, status)


def _add(session: Session, asked: Requested) -> Reply:
    """A dropped file -> the rows of its spectra."""
    rows = session.add(asked.query.get("name", "") or "spectrum", asked.body, asked.options)
    return Reply.json({"rows": [_row_record(row) for row in rows]})


def _rows(session: Session, asked: Requested) -> Reply:
    """Rows that came after a number: what a watched folder brought."""
    after = Requested({"id": asked.query.get("after", "0")}, b"", asked.stop).row
    found = session.rows(after)
    some = [_row_record(row) for row in found[:AT_A_TIME]]
    return Reply.json({"rows": some, "more": len(found) > AT_A_TIME})


def _correct(session: Session, asked: Requested) -> Reply:
    """A row answered anew under the units and the phase that the user says."""
    return Reply.json({"rows": [_row_record(session.correct(asked.row, asked.options))]})


def _home(session: Session, _asked: Requested) -> Reply:
    """The page itself."""
    spec = session.classifier.spec
    common = {
        "titles": {output.name: spoken(output.name) for output in spec.outputs},
        "phases": {each: phase_word(each) for each in sorted(spec.phases, reverse=True)},
        "x_units": X_UNITS,
        "y_units": [unit.replace(" ", "-") for unit in Y_UNITS],  # as on the command line
        "structures": find_spec("rdkit") is not None,
        "watched": bool(session.watched),
    }
    text = page(
        "app.html",
        styles=("page.css", "app.css"),
        scripts=("app.js",),
        more_policy="connect-src 'self'; frame-src 'self'; ",
        common=common,
        model=f"Model {spec.label}",
        watched=session.watched,
    )
    return Reply(text.encode(), HTML)


def _sheet(session: Session, asked: Requested) -> Reply:
    """The report of one spectrum, as ``irclassify report`` makes it."""
    return Reply(_report(session, [session.explain(asked.row)]), HTML)


def _trace(session: Session, asked: Requested) -> Reply:
    """The curve of one spectrum: wavenumbers in cm-1, ascending, and absorbances."""
    found = session.explain(asked.row)
    if isinstance(found, Failed) or found.explanation.trace is None:
        raise UsageError(f"spectrum {asked.row} cannot be drawn")
    curve = found.explanation.trace
    return Reply.json({"trace": [curve.wavenumber_cm1, curve.absorbance]})


def _words(session: Session, asked: Requested) -> Reply:
    """What was read of a spectrum and its answer in words: more than a row needs to appear."""
    found = session.explain(asked.row)
    if isinstance(found, Failed):
        raise UsageError(found.message)
    seen, said = found.inspection, found.explanation
    read = f"{seen.n_points:,} points of {seen.y_unit}, "
    read += f"{seen.first_cm1:.0f} to {seen.last_cm1:.0f} cm⁻¹"
    if seen.x_unit != "cm-1":
        read += f" (from {seen.x_unit})"
    texts = {"title": seen.title, "read": read, "quality": data_quality(seen.grade)}
    texts |= {"summary": said.summary, "phase": _phase(session.row(asked.row))}
    odd = [unexplained(each) for each in not_explained(said.unexplained)]
    return Reply.json(
        {name: printable(text) for name, text in texts.items()} | {"unexplained": odd}
    )


def _phase(row: Row) -> str:
    """``gas phase, as stated``; empty for a model of one phase."""
    if isinstance(row.result, Failed) or not row.result.prediction.phase:
        return ""
    said = row.result.prediction
    return f"{in_phase(said.phase)}, {said.phase_source or 'assumed'}"


def _check(session: Session, asked: Requested) -> Reply:
    """Does a structure, a SMILES in the body, fit the spectrum?"""
    found = session.check(asked.row, asked.body.decode("utf-8", "replace").strip()[:2000])
    words = ". ".join([f"{found.verdict.capitalize()}", *found.reasons])
    return Reply.json(record_of(found) | {"words": f"{words}."})


def _remove(session: Session, asked: Requested) -> Reply:
    """Take a row off the page."""
    session.remove(asked.row)
    return Reply.json({"rows": []})


def _save(session: Session, asked: Requested) -> Reply:
    """All answers as a file: csv, json or an HTML report."""
    form = asked.query.get("form", "csv")
    if form not in SAVED:
        raise UsageError(f"form {form[:20]!r}: {', '.join(SAVED)}")
    named = {"Content-Disposition": f'attachment; filename="irclassify.{form}"'}
    if form == "html":
        sheets = [session.explain(row.id) for row in session.rows()]
        return Reply(_report(session, sheets), HTML, headers=named)
    stream = io.StringIO()
    csv = form == "csv"
    details = [detail.name for detail in session.classifier.spec.details]
    writer: Writer = (
        Rows(for_excel(stream), session.classifier.groups, ",", details)
        if csv
        else JsonArray(stream)
    )
    for result in session.results():
        writer.write(result)
    writer.close()
    return Reply(stream.getvalue().encode(), SAVED[form], headers=named)


def _report(session: Session, sheets: Sequence[SpectrumReport | Failed]) -> bytes:
    spec = session.classifier.spec
    origin = provenance(spec, "irclassify app")
    in_memory = io.BytesIO()  # what is dropped never touches the disk
    with HtmlReport(list(session.classifier.groups), origin, in_memory) as report:
        for each in sheets:
            report.write(each)
        stream = io.BytesIO()
        report.save(stream)
    return stream.getvalue()


def _stop(_session: Session, asked: Requested) -> Reply:
    """End the server."""
    asked.stop()
    return Reply.plain("stopped")


def _row_record(row: Row) -> dict[str, Any]:
    """What the page shows of a row before it is opened."""
    record = {"id": row.id, "when": row.when, **record_of(row.result)}
    if not isinstance(row.result, Failed):
        said = row.result.prediction
        called = (*said.present, *said.called("uncertain"))
        record["shown"] = [
            _group_record(group) | {"holder": holder_of(group, said.groups, said.details)}
            for group in called
            if group.probability >= NAMED_FROM
        ]
        finer = [detail for detail in said.details if detail.call == "present"]
        record["finer"] = [_group_record(detail) | {"parent": detail.parent} for detail in finer]
    shown: dict[str, Any] = _visible(record)
    return shown


def _visible(found: Any) -> Any:
    """``found`` with printable text: a file name may hold marks that turn what is read around."""
    if isinstance(found, str):
        return printable(found)
    if isinstance(found, dict):
        return {name: _visible(each) for name, each in found.items()}
    if isinstance(found, list | tuple):
        return [_visible(each) for each in found]
    return found


def _group_record(group: GroupCall) -> dict[str, Any]:
    """A group as a row names it."""
    return {"name": group.name, "call": group.call, "probability": group.probability}


def routes() -> dict[tuple[str, str], Callable[[Session, Requested], Reply]]:
    """Method and path -> what answers.

    Examples
    --------
    >>> sorted(path for method, path in routes() if method == "POST")
    ['/check', '/correct', '/remove', '/spectra', '/stop']
    """
    return {
        ("POST", "/spectra"): _add,
        ("GET", "/rows"): _rows,
        ("POST", "/correct"): _correct,
        ("GET", "/"): _home,
        ("GET", "/sheet"): _sheet,
        ("GET", "/trace"): _trace,
        ("GET", "/words"): _words,
        ("POST", "/check"): _check,
        ("POST", "/remove"): _remove,
        ("GET", "/save"): _save,
        ("POST", "/stop"): _stop,
    }
