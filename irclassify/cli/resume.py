"""``predict -o FILE --resume``: an earlier run that was cut off goes on where it stopped.

Nothing is kept beside the results. Their rows say which files are done, a half-written last line
is dropped, and the last portion of files that has any rows is read and classified again: its rows
must come out as they stand there, to the byte. That proves at once that model, options, files and
tool are those of the earlier run; and because portions are the same as in a run without a break,
so are the batches the model sees, and the finished file.
"""

from __future__ import annotations

import csv
import json
import re
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import TextIO, cast

from irclassify.errors import UsageError
from irclassify.reports.text import printable
from irclassify.results.prediction import OUTSIDE
from irclassify.sources.paths import Source

FORMS = ("jsonl", "csv", "tsv")


@dataclass(frozen=True)
class Row:
    """What a row of results says of itself; ``model`` None where its form does not say."""

    line: bytes
    file: str
    ok: bool
    outside: bool
    model: str | None = None


@dataclass(frozen=True)
class Done:
    """A row that stays, as the summary counts it."""

    ok: bool
    outside: bool


@dataclass
class Earlier:
    """What an earlier run left in ``file``: rows that stay, and lines to come out ``again``.

    ``sources`` are those still to be read, ``end`` is where in the file the whole lines end.
    """

    file: Path
    sources: Iterator[Source]
    done: Counter[Done] = field(default_factory=Counter)
    again: deque[bytes] = field(default_factory=deque)
    end: int = 0

    @contextmanager
    def continued(self) -> Iterator[TextIO]:
        """The stream that adds to the file. Raises UsageError as ``_Continued`` does."""
        with closing(_Continued(self)) as stream:
            yield cast(TextIO, stream)  # writers use its ``write`` and nothing else


def take_up(
    file: Path, form: str, sources: Iterator[Source], *, model: str, portion: int
) -> Earlier:
    """What is left to do of ``sources`` when ``file`` holds the rows of some, in their order.

    ``form``: one of FORMS; ``portion``: how many sources are classified together. A file that is
    not there is an empty one. Raises UsageError when the rows are none, or those of another model
    or of other files.
    """
    if form not in FORMS:
        raise UsageError(f"--resume continues {', '.join(FORMS)}, not {form}: say --format jsonl")
    lines = _whole_lines(file)
    earlier = Earlier(file, sources)
    if form != "jsonl":
        earlier.again.extend(islice(lines, 1))  # the header, which the writer writes first
        earlier.end = sum(map(len, earlier.again))
    rows = _Rows(file, _rows(file, form, lines), model, escaped=form != "jsonl")
    while some := list(islice(sources, portion)):
        mine = list(chain.from_iterable(map(rows.of, some)))
        earlier.end += sum(len(row.line) for row in mine)
        if rows.exhausted:
            earlier.again.extend(row.line for row in mine)
            earlier.sources = chain(some, sources)
            return earlier
        earlier.done.update(Done(row.ok, row.outside) for row in mine)
    raise UsageError(f"--resume: {file} holds rows of more files than there are now; {_ANEW}")


class _Continued:
    """The text stream a writer is given: what stands in the file already, then what is new.

    Raises UsageError when a row comes out differently; the file is then as it was.
    """

    def __init__(self, earlier: Earlier) -> None:
        self._file, self._earlier = earlier.file, earlier
        self._stream: TextIO | None = None

    def write(self, text: str) -> int:
        """One row."""
        if self._earlier.again:
            line = self._earlier.again.popleft()
            if text.encode("utf-8", "backslashreplace") != line:
                raise UsageError(
                    f"--resume: {self._file}: a row came out differently this time "
                    f"({printable(text[:60])}...): another model, option, version, or the file "
                    f"changed; {_ANEW}"
                )
            return len(text)
        if self._stream is None:
            self._stream = self._open()
        return self._stream.write(text)

    def close(self) -> None:
        """Close the file."""
        if self._stream is not None:
            self._stream.close()

    def _open(self) -> TextIO:
        try:
            with self._file.open("ab") as stream:
                stream.truncate(self._earlier.end)  # without a half-written line
            return self._file.open("a", encoding="utf-8", errors="backslashreplace", buffering=1)
        except OSError as error:
            raise UsageError(f"-o {self._file}: cannot be written: {error.strerror}") from error


_ANEW = "leave out --resume to write it anew"


class _Rows:
    """Rows in the order of the sources that they are of."""

    def __init__(self, file: Path, rows: Iterator[Row], model: str, *, escaped: bool) -> None:
        self._file, self._rows, self._model = file, rows, model
        self._name: Callable[[str], str] = printable if escaped else str
        self._number = 0
        self._next = self._advance()

    @property
    def exhausted(self) -> bool:
        """True when no row is left."""
        return self._next is None

    def of(self, source: Source) -> Iterator[Row]:
        """The rows of the source that is next: its own, or file#1, file#2 ... where it has several.

        None when there are no more rows at all. Raises UsageError when they are another's.
        """
        name, block = self._name(source.name), 0
        while self._next is not None:
            row = self._next
            number = _block(row.file, name)
            if number is None or number < block or (number == 0 and block > 0):
                break
            block = number + 1
            self._next = self._advance()
            yield row
            if number == 0:
                return
        if block == 0 and self._next is not None:
            raise UsageError(
                f"--resume: {self._file}: row {self._number} is of {printable(self._next.file)}, "
                f"but {printable(name)} was due: it was made from other files; {_ANEW}"
            )

    def _advance(self) -> Row | None:
        self._number += 1
        row = next(self._rows, None)
        if row and row.model not in (None, self._model):
            raise UsageError(
                f"--resume: {self._file} was made by {row.model}, not by {self._model}; {_ANEW}"
            )
        return row


def _block(file: str, name: str) -> int | None:
    """0 for the name itself, N for name#N, None for anything else."""
    if file == name:
        return 0
    numbered = re.fullmatch(r"#([1-9]\d*)", file[len(name) :]) if file.startswith(name) else None
    return int(numbered[1]) if numbered else None


def _whole_lines(file: Path) -> Iterator[bytes]:
    if not file.exists():
        return
    try:
        with file.open("rb") as stream:
            yield from (line for line in stream if line.endswith(b"\n"))
    except OSError as error:
        raise UsageError(f"-o {file}: cannot be read: {error.strerror}") from error


def _rows(file: Path, form: str, lines: Iterable[bytes]) -> Iterator[Row]:
    read = _from_json if form == "jsonl" else _from_cells("," if form == "csv" else "\t")
    for line in lines:
        try:
            yield read(line)
        except (ValueError, KeyError, TypeError, IndexError, AttributeError, csv.Error):
            shown = printable(line[:40].decode("utf-8", "replace"))
            raise UsageError(
                f"--resume: {file} holds a line that is no row of results ({shown}); {_ANEW}"
            ) from None


def _from_json(line: bytes) -> Row:
    record = json.loads(line)
    outside = (record.get("domain") or {}).get("verdict") == OUTSIDE
    return Row(line, record["file"], record["ok"], outside, record.get("model"))


def _from_cells(delimiter: str) -> Callable[[bytes], Row]:
    def read(line: bytes) -> Row:
        (cells,) = csv.reader([line.decode()], delimiter=delimiter)
        file, ok, *_, domain, _reasons = cells
        return Row(line, file, {"true": True, "false": False}[ok], domain == OUTSIDE)

    return read
