"""Results as data: json, jsonl, csv and tsv, each row written as soon as it is known."""

from __future__ import annotations

import csv
import json
import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import Any, Protocol, TextIO

import numpy as np
from numpy.typing import NDArray

from irclassify.reports.call_text import CallText, marked
from irclassify.reports.json import details_record, plain, record_of
from irclassify.results.prediction import Failed, GroupCall, Ok, Result
from irclassify.text import printable


class Answers(Protocol):
    """Results of many spectra, and the arrays from which they are made.

    ``probabilities``, ``calls`` and ``guesses``: (n, outputs), as ``CallText`` takes them; a row
    for each result that is no Failed. ``outputs``: a call of each group and detail without its
    answer; the first ``groups`` of them are groups.
    """

    @property
    def groups(self) -> int: ...
    @property
    def outputs(self) -> Sequence[GroupCall]: ...
    @property
    def probabilities(self) -> NDArray[np.float64]: ...
    @property
    def calls(self) -> NDArray[np.int8]: ...
    @property
    def guesses(self) -> NDArray[np.bool_]: ...

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[Result]:
        """Every result, in order."""

    def without_calls(self) -> Iterator[Result]:
        """The same, predictions without their groups and details."""


class Writer(ABC):
    """Takes answers; ``close`` ends the document, also after an interruption.

    Examples
    --------
    >>> from irclassify.results.prediction import Failed, Prediction
    >>> class Names(Writer):
    ...     def write(self, result):
    ...         print(result.file)
    ...     def close(self):
    ...         print("end")
    >>> names = Names()
    >>> names.write(Failed("a.jdx", "no_data", "the file is empty"))
    a.jdx
    >>> said = Prediction("default@2.0.0", ())
    >>> names.write_answers([Ok("b.jdx", said), Ok("c.jdx", said)])
    b.jdx
    c.jdx
    >>> class Block:
    ...     def results(self, table):
    ...         yield Ok(f"{table}#1", said)
    >>> names.write_block(Block(), "t.npy")
    t.npy#1
    >>> names.close()
    end
    """

    @abstractmethod
    def write(self, result: Result) -> None:
        """Add one result."""

    def write_answers(self, answers: Answers) -> None:
        """Add the results of some files."""
        for result in answers:
            self.write(result)

    def write_block(self, block: Any, table: Any) -> None:
        """Add a ``batch.tables.Block`` of a table; a row of it is a result like any other."""
        for result in block.results(table):
            self.write(result)

    @abstractmethod
    def close(self) -> None:
        """Write what the format needs at its end; the stream stays open."""


def to_json(record: Any, *, indent: int | None = None, dense: bool = False) -> str:
    """``record`` as JSON, letters as they are, ``dense`` without blanks between the parts.

    Raises ValueError for a number JSON has not.

    Examples
    --------
    >>> to_json({"name": "C≡N", "probability": 0.5}, dense=True)
    '{"name":"C≡N","probability":0.5}'
    """
    encoder = _DENSE if dense else _ENCODER if indent is None else _encoder(indent)
    text = encoder.encode(record)
    if text.isascii() and "\x7f" not in text:
        return text
    return re.sub(_STEERING, lambda found: f"\\u{ord(found[0]):04x}", text)


def _encoder(indent: int | None) -> json.JSONEncoder:
    return json.JSONEncoder(ensure_ascii=False, allow_nan=False, indent=indent)


_ENCODER = _encoder(None)
_DENSE = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))

# What json.dumps leaves as it is and terminals obey: control characters, line ends, and marks that
# turn the direction of writing.
_STEERING = "[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]"


def safe_cell(text: str) -> str:
    """``text`` for a cell, an apostrophe before what a spreadsheet would take for a formula.

    Examples
    --------
    >>> safe_cell("=1+1"), safe_cell("ketone")
    ("'=1+1", 'ketone')
    """
    return (
        f"'{text}" if len(text) > 1 and text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
    )


class JsonLines(Writer):
    """One object a line.

    Examples
    --------
    >>> import sys
    >>> from irclassify.results.prediction import Failed
    >>> lines = JsonLines(sys.stdout)
    >>> lines.write(Failed("a.jdx", "no_data", "the file is empty"))
    {"file": "a.jdx", "ok": false, "error": {"code": "no_data", "message": "the file is empty"}}
    >>> lines.close()
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._records = _Records()

    def write(self, result: Result) -> None:
        """Add one line."""
        self._stream.write(to_json(record_of(result)) + "\n")

    def write_answers(self, answers: Answers) -> None:
        """Add many lines at once.

        Examples
        --------
        >>> import io
        >>> from irclassify import load, samples
        >>> from irclassify.batch.files import answer_sources
        >>> from irclassify.sources.paths import expand
        >>> sources = expand([str(samples.spectra()[0])])
        >>> stream = io.StringIO()
        >>> lines = JsonLines(stream)
        >>> for answers in answer_sources(sources, load().spec, workers=1):
        ...     lines.write_answers(answers)
        >>> [json.loads(line)["ok"] for line in stream.getvalue().splitlines()]
        [True]
        """
        self._stream.write("".join(f"{record}\n" for record in self._records(answers)))

    def close(self) -> None:
        """Nothing to end."""


class JsonArray(Writer):
    """The same objects in one array, a line each; whole even when it ends early.

    Examples
    --------
    >>> import sys
    >>> from irclassify.results.prediction import Failed
    >>> array = JsonArray(sys.stdout)
    >>> array.write(Failed("a.jdx", "no_data", "the file is empty"))
    [
    {"file": "a.jdx", "ok": false, "error": {"code": "no_data", "message": "the file is empty"}}
    >>> array.close()
    <BLANKLINE>
    ]
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._before = "[\n"
        self._records = _Records()

    def write(self, result: Result) -> None:
        """Add one element."""
        self._add(to_json(record_of(result)))

    def write_answers(self, answers: Answers) -> None:
        """Add many elements.

        Examples
        --------
        >>> import io
        >>> from irclassify import load, samples
        >>> from irclassify.batch.files import answer_sources
        >>> from irclassify.sources.paths import expand
        >>> sources = expand([str(samples.spectra()[0])])
        >>> stream = io.StringIO()
        >>> array = JsonArray(stream)
        >>> for answers in answer_sources(sources, load().spec, workers=1):
        ...     array.write_answers(answers)
        >>> array.close()
        >>> [record["ok"] for record in json.loads(stream.getvalue())]
        [True]
        """
        for record in self._records(answers):
            self._add(record)

    def _add(self, record: str) -> None:
        self._stream.write(self._before + record)
        self._before = ",\n"

    def close(self) -> None:
        """Close the array."""
        self._stream.write("[]\n" if self._before == "[\n" else "\n]\n")


class _Records:
    """Many results as JSON: the text of each is that of ``record_of``."""

    def __init__(self) -> None:
        self._texts: tuple[CallText, CallText] | None = None

    def __call__(self, answers: Answers) -> Iterator[str]:
        """The text of each result. Raises ValueError for a number JSON has not."""
        first = answers.groups
        if self._texts is None:
            outputs = tuple(map(marked, answers.outputs))
            groups, details = outputs[:first], outputs[first:]
            self._texts = (
                CallText(to_json(plain(groups))),
                CallText(to_json(details_record(details))),
            )
        p, called, guessed = answers.probabilities, answers.calls, answers.guesses
        groups_text, details_text = self._texts
        calls = zip(
            groups_text(p[:, :first], called[:, :first], guessed[:, :first]),
            details_text(p[:, first:], called[:, first:], guessed[:, first:]),
            strict=True,
        )
        for result in answers.without_calls():
            text = to_json(record_of(result))
            if isinstance(result, Ok):
                of_groups, of_details = next(calls)
                before, between, after = _around_calls(text)
                text = f'{before}"groups": {of_groups}{between}"details": {of_details}{after}'
            yield text


def _around_calls(text: str) -> tuple[str, str, str]:
    """What stands before, between and after the empty groups and details of an answer.

    No text of a value holds these: in a string, JSON has a backslash before a quotation mark.
    """
    before, _, rest = text.partition('"groups": []')
    between, _, after = rest.partition('"details": []')
    return before, between, after


class Rows(Writer):
    """csv and tsv: a header, then one row a spectrum.

    Columns: file, ok, present (the groups called present, most probable first, joined by ``;``),
    uncertain (likewise; all others are absent), one probability per group, warnings (joined by
    `` | ``), error (its code), message, domain (in_domain, unusual, outside; empty from a model
    that cannot tell), domain_reasons (joined by `` | ``), one probability per detail; with
    ``in_words`` also summary and unexplained (wavenumbers in cm-1, joined by ``;``); at the end
    ``label_NAME`` for each label column of the tables. The cells of a file that failed are empty
    but for file, ok, error, message and labels. A row is a line: control
    characters, in names above all, are written as escapes. Text that a spreadsheet would take for a
    formula begins with an apostrophe.

    Examples
    --------
    >>> import sys
    >>> from irclassify.results.prediction import Failed
    >>> rows = Rows(sys.stdout, ["ketone"], ",")
    file,ok,present,uncertain,ketone,warnings,error,message,domain,domain_reasons
    >>> rows.write(Failed("a.jdx", "no_data", "the file is empty"))
    a.jdx,false,,,,,no_data,the file is empty,,
    >>> rows.close()
    """

    def __init__(
        self,
        stream: TextIO,
        groups: Sequence[str],
        delimiter: str,
        details: Sequence[str] = (),
        *,
        labels: Sequence[str] = (),
        in_words: bool = False,
    ) -> None:
        self._rows = csv.writer(stream, delimiter=delimiter, lineterminator="\n")
        self._groups, self._details = len(groups), len(details)
        self._labels, self._in_words = labels, in_words
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
                *(("summary", "unexplained") if in_words else ()),
                *(_cell(f"label_{label}") for label in labels),
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
                    *[""] * (self._details + 2 * self._in_words),
                    *self._label_cells(result),
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
                *(_words(result) if self._in_words else ()),
                *self._label_cells(result),
            ]
        )

    def _label_cells(self, result: Result) -> Iterator[str]:
        own = result.labels or {}
        return (_cell(own.get(label, "")) for label in self._labels)

    def close(self) -> None:
        """Nothing to end."""


def _cell(text: str) -> str:
    return safe_cell(printable(text))


def _words(result: Ok) -> tuple[str, str]:
    places = ";".join(f"{odd.peak.cm1:.0f}" for odd in result.unexplained)
    return _cell(result.summary or ""), places


def _names(result: Ok, call: str) -> str:
    return ";".join(group.name for group in result.prediction.called(call))
