"""Results as data: json, jsonl, csv and tsv, each row written as soon as it is known."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Sequence
from typing import Any, Protocol, TextIO

from irclassify.reports.json import result_record
from irclassify.results.prediction import Failed, Ok, Result
from irclassify.text import printable


class Writer(Protocol):
    """Takes results one by one; ``close`` ends the document, also after an interruption."""

    def write(self, result: Result) -> None:
        """Add one result."""

    def close(self) -> None:
        """Write what the format needs at its end; the stream stays open."""


def to_json(record: Any, *, indent: int | None = None, dense: bool = False) -> str:
    """``record`` as JSON, letters as they are, ``dense`` without blanks between the parts.

    Raises ValueError for a number JSON has not.
    """
    encoder = _DENSE if dense else _ENCODER if indent is None else _encoder(indent)
    text = encoder.encode(record)
    if text.isascii() and "\x7f" not in text:
        return text
    return _STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _encoder(indent: int | None) -> json.JSONEncoder:
    return json.JSONEncoder(ensure_ascii=False, allow_nan=False, indent=indent)


_ENCODER = _encoder(None)
_DENSE = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))

# What json.dumps leaves as it is and terminals obey: control characters, line ends, and marks that
# turn the direction of writing.
_STEERING = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def safe_cell(text: str) -> str:
    """``text`` for a cell, an apostrophe before what a spreadsheet would take for a formula."""
    return (
        f"'{text}" if len(text) > 1 and text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
    )


class JsonLines:
    """One object a line."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, result: Result) -> None:
        """Add one line."""
        self._stream.write(to_json(result_record(result)) + "\n")

    def close(self) -> None:
        """Nothing to end."""


class JsonArray:
    """The same objects in one array, a line each; whole even when it ends early."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._before = "[\n"

    def write(self, result: Result) -> None:
        """Add one element."""
        self._stream.write(self._before + to_json(result_record(result)))
        self._before = ",\n"

    def close(self) -> None:
        """Close the array."""
        self._stream.write("[]\n" if self._before == "[\n" else "\n]\n")


class Rows:
    """csv and tsv: a header, then one row a spectrum.

    Columns: file, ok, present (the groups called present, most probable first, joined by ``;``),
    uncertain (likewise; all others are absent), one probability per group, warnings (joined by
    `` | ``), error (its code), message, domain (in_domain, unusual, outside; empty from a model
    that cannot tell), domain_reasons (joined by `` | ``), one probability per detail. The cells of
    a file that failed are empty but for file, ok, error and message. A row is a line: control
    characters, in names above all, are written as escapes. Text that a spreadsheet would take for a
    formula begins with an apostrophe.
    """

    def __init__(
        self, stream: TextIO, groups: Sequence[str], delimiter: str, details: Sequence[str] = ()
    ) -> None:
        self._rows = csv.writer(stream, delimiter=delimiter, lineterminator="\n")
        self._groups, self._details = len(groups), len(details)
        self._rows.writerow(
            [
                "file",
                "ok",
                "present",
                "uncertain",
                *groups,
                "warnings",
                "error",
                "message",
                "domain",
                "domain_reasons",
                *details,
            ]
        )

    def write(self, result: Result) -> None:
        """Add one row."""
        if isinstance(result, Failed):
            empty = [""] * (self._groups + 3)
            self._rows.writerow(
                [
                    _cell(result.file),
                    "false",
                    *empty,
                    result.code,
                    _cell(result.message),
                    "",
                    "",
                    *[""] * self._details,
                ]
            )
            return
        domain = result.prediction.domain
        self._rows.writerow(
            [
                _cell(result.file),
                "true",
                *(_names(result, call) for call in ("present", "uncertain")),
                *(round(group.probability, 6) for group in result.prediction.groups),
                _cell(" | ".join(result.warnings)),
                "",
                "",
                domain.verdict if domain else "",
                _cell(" | ".join(domain.reasons)) if domain else "",
                *(round(detail.probability, 6) for detail in result.prediction.details),
            ]
        )

    def close(self) -> None:
        """Nothing to end."""


def _cell(text: str) -> str:
    return safe_cell(printable(text))


def _names(result: Ok, call: str) -> str:
    return ";".join(group.name for group in result.prediction.called(call))
