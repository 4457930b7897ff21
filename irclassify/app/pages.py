"""What the local page can ask for: one small function a route."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from irclassify.app.session import Row, Session
from irclassify.errors import UsageError
from irclassify.options import ReadOptions
from irclassify.reports.json import explanation_record, inspection_record, result_record
from irclassify.reports.rows import JsonArray, Rows, Writer, to_json
from irclassify.results.prediction import Failed

JSON = "application/json; charset=utf-8"
TEXT = "text/plain; charset=utf-8"


@dataclass(frozen=True)
class Requested:
    """``query`` of the address, ``body`` of the request, and ``stop``, which ends the server."""

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
    """A response: bytes, their media type, a status, more headers."""

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


def add(session: Session, asked: Requested) -> Reply:
    """A dropped file -> the rows of its spectra."""
    rows = session.add(asked.query.get("name", "") or "spectrum", asked.body, asked.options)
    return Reply.json({"rows": [row_record(row) for row in rows]})


def rows(session: Session, asked: Requested) -> Reply:
    """Rows that came after a number: what a watched folder brought."""
    after = Requested({"id": asked.query.get("after", "0")}, b"", asked.stop).row
    return Reply.json({"rows": [row_record(row) for row in session.rows(after)[:500]]})


def correct(session: Session, asked: Requested) -> Reply:
    """A row answered anew under the units and the phase that the user says."""
    return Reply.json({"rows": [row_record(session.correct(asked.row, asked.options))]})


def detail(session: Session, asked: Requested) -> Reply:
    """The account of one spectrum, with what was read from its file."""
    sheet = session.explain(asked.row)
    if isinstance(sheet, Failed):
        return Reply.json(result_record(sheet))
    explanation = sheet.explanation
    record = explanation_record(explanation)
    record["inspection"] = inspection_record(sheet.inspection)
    trace = explanation.trace
    record["trace"] = [trace.wavenumber_cm1, trace.absorbance] if trace else [(), ()]
    return Reply.json(record)


def remove(session: Session, asked: Requested) -> Reply:
    """Take a row off the page."""
    session.remove(asked.row)
    return Reply.json({"rows": []})


def save(session: Session, asked: Requested) -> Reply:
    """All answers as a file: csv or json."""
    form = asked.query.get("form", "csv")
    stream = io.StringIO()
    writer: Writer
    if form == "csv":
        writer = Rows(stream, session.classifier.groups, ",")
    elif form == "json":
        writer = JsonArray(stream)
    else:
        raise UsageError(f"form {form[:20]!r}: csv or json")
    for result in session.results():
        writer.write(result)
    writer.close()
    kind = "text/csv; charset=utf-8" if form == "csv" else JSON
    named = {"Content-Disposition": f'attachment; filename="irclassify.{form}"'}
    return Reply(stream.getvalue().encode(), kind, headers=named)


def stop(_session: Session, asked: Requested) -> Reply:
    """End the server."""
    asked.stop()
    return Reply.plain("stopped")


def row_record(row: Row) -> dict[str, Any]:
    """What the page shows of a row before it is opened."""
    return {"id": row.id, **result_record(row.result)}


def routes() -> dict[tuple[str, str], Callable[[Session, Requested], Reply]]:
    """Method and path -> what answers."""
    return {
        ("POST", "/spectra"): add,
        ("GET", "/rows"): rows,
        ("POST", "/correct"): correct,
        ("GET", "/detail"): detail,
        ("POST", "/remove"): remove,
        ("GET", "/save"): save,
        ("POST", "/stop"): stop,
    }
