"""``predict -o FILE --resume``: an earlier run that was cut off goes on where it stopped.

Nothing is kept beside the results. Their rows say which files are done; a half-written last line is
dropped. The last portion of files that has rows is classified again and must come out as it stands
in the file: the same words, and numbers that differ by less than _TOLERANCE, as the last digit of a
probability depends on which spectra share a batch. That proves that model, options and files are
those of the earlier run. The finished file is that of a run without a break, to the byte; files
that were added to a folder since come last.
"""

from __future__ import annotations

import csv
import json
import re
from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, TextIO, cast

from irclassify.batch.files import FILES_PER_TASK
from irclassify.batch.outputs.files import open_output
from irclassify.cli.outputs import Summary, open_writer
from irclassify.cli.requests import OutputOptions
from irclassify.cli.streams import as_text
from irclassify.errors import UsageError
from irclassify.model.folder import ModelSpec
from irclassify.reports.excel import MARK
from irclassify.reports.rows import Writer, safe_cell
from irclassify.results.prediction import OUTSIDE
from irclassify.sources.paths import Source
from irclassify.text import printable

_FORMS = ("jsonl", "csv", "tsv")
_TOLERANCE = 1e-4
_ANEW = "leave out --resume to start again"
_GROUP_LISTS = ("present", "uncertain")  # cells whose order depends on the last digit
_DAMAGE = (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError, csv.Error)
_Cells = dict[str, Any]


class _Row(NamedTuple):
    """A row of results: its file, what the summary counts, where its line begins and ends."""

    file: str
    ok: bool
    outside: bool
    begin: int
    end: int


@contextmanager
def resumed(
    sources: Sequence[Source], form: str, spec: ModelSpec, output: OutputOptions, summary: Summary
) -> Iterator[tuple[list[Source], Writer]]:
    """The sources that are left to do, and what adds their rows to the file.

    Rows that stay are counted in ``summary``. Raises UsageError when the file does not hold
    results, or those of another model, other files or other options; it is then as it was.

    Examples
    --------
    >>> from irclassify.cli.requests import OutputOptions
    >>> from irclassify.model.folder import find_model
    >>> output = OutputOptions(file=Path("no_folder/answers.csv"))
    >>> with resumed([], "table", find_model("default"), output, Summary()):
    ...     pass
    Traceback (most recent call last):
        ...
    irclassify.errors.UsageError: --resume continues jsonl, csv, tsv, not table: say --form...
    """
    file = output.file
    if file is None:
        raise UsageError("--resume continues a file: say which with -o FILE")
    if form not in _FORMS:
        raise UsageError(f"--resume continues {', '.join(_FORMS)}, not {form}: say --format jsonl")
    if file.exists() and not file.is_file():
        raise UsageError(f"--resume: {file} is not a regular file")
    with as_text(open_output(file, add=True)) as stream:
        rows, header = _rows(file, form, spec.label)
        _check_excel(file, header, output.excel)
        order, owners = _order(sources, rows, file, escaped=form != "jsonl")
        first = owners[-1] // FILES_PER_TASK * FILES_PER_TASK if owners else 0
        kept = bisect_left(owners, first)
        for row in rows[:kept]:
            summary.count(1, failed=int(not row.ok), outside=int(row.outside))
        again = _lines(file, rows[kept:])
        end = rows[-1].end if rows else len(header)
        lines = [header, *again] if header else again
        checked = _Checked(stream, file, _parser(form, header), lines, end)
        with open_writer(form, spec, output, stream=cast(TextIO, checked)) as sink:
            yield order[first:], sink
        checked.drop_half_line()


class _Checked:
    """The text stream a writer is given: lines the file holds are compared, the rest is added.

    ``end``: where the whole lines of the file end. Raises UsageError when a row comes out
    differently; the file is then as it was.
    """

    def __init__(
        self,
        stream: TextIO,
        file: Path,
        cells: Callable[[str], _Cells],
        lines: Iterable[bytes],
        end: int,
    ) -> None:
        self._stream, self._file, self._cells = stream, file, cells
        self._lines = deque(lines)
        self._end: int | None = end

    def write(self, text: str) -> int:
        """One line or several."""
        for line in text.split("\n")[:-1] if self._lines else ():
            text = text[len(line) + 1 :]
            self._compare(f"{line}\n")
            if not self._lines:
                break
        if text:
            self.drop_half_line()
            self._stream.write(text)
        return len(text)

    def _compare(self, text: str) -> None:
        line = self._lines.popleft().decode("utf-8", "replace")
        written = text.encode("utf-8", "backslashreplace").decode()
        if difference := line != written and self._difference(line, written):
            raise UsageError(
                f"--resume: {self._file}: a row came out differently this time "
                f"({printable(f'{text[:60]}...: {difference}')}): another model, option or "
                f"version, or the file changed; {_ANEW}"
            )

    def _difference(self, line: str, written: str) -> str:
        try:
            return _difference(self._cells(line), self._cells(written))
        except _DAMAGE:  # a header of other columns, and then rows of as many cells as it has
            return f"it was {line.strip()[:60]}"

    def drop_half_line(self) -> None:
        """Cut the file where its whole lines end, once."""
        if self._end is not None:
            self._stream.flush()
            self._stream.buffer.truncate(self._end)
            self._end = None


def _rows(file: Path, form: str, model: str) -> tuple[list[_Row], bytes]:
    """The rows of the file, and its header line if its form has one. Raises UsageError."""
    rows: list[_Row] = []
    with file.open("rb") as stream:
        header = stream.readline() if form != "jsonl" else b""
        if not header.endswith(b"\n"):
            header = b""
        cells_of, end = _parser(form, header), len(header)
        for line in stream:
            if not line.endswith(b"\n"):
                break
            begin, end = end, end + len(line)
            try:
                row, made_by = _row(cells_of(line.decode()), begin, end)
            except _DAMAGE:
                shown = printable(line[:40].decode("utf-8", "replace"))
                raise UsageError(
                    f"--resume: {file} holds a line that is not a row of results ({shown}); {_ANEW}"
                ) from None
            if made_by not in (None, model):
                raise UsageError(f"--resume: {file} was made by {made_by}, not by {model}; {_ANEW}")
            rows.append(row)
    return rows, header


def _check_excel(file: Path, header: bytes, excel: bool) -> None:
    """Raise UsageError when the rows that are there end otherwise than those to come."""
    if header and header.startswith(MARK.encode()) != excel:
        was, say = ("without", "leave out") if excel else ("with", "say")
        raise UsageError(f"--resume: {file} was written {was} --excel: {say} it here too")


def _lines(file: Path, rows: Sequence[_Row]) -> list[bytes]:
    """The lines of neighbouring rows."""
    with file.open("rb") as stream:
        stream.seek(rows[0].begin if rows else 0)
        return [stream.read(row.end - row.begin) for row in rows]


def _row(cells: _Cells, begin: int, end: int) -> tuple[_Row, str | None]:
    """A row and, where its form says it, the model that made it."""
    file, ok, domain = cells["file"], cells["ok"], cells.get("domain")
    ok = {"true": True, "false": False}.get(ok, ok)
    if not isinstance(file, str) or not isinstance(ok, bool):
        raise TypeError
    verdict = domain.get("verdict") if isinstance(domain, dict) else domain
    return _Row(file, ok, verdict == OUTSIDE, begin, end), cells.get("model")


def _parser(form: str, header: bytes) -> Callable[[str], _Cells]:
    """What reads a line of a form. It raises one of _DAMAGE."""
    if form == "jsonl":
        return cast(Callable[[str], _Cells], json.loads)

    def split(line: str) -> list[str]:
        (cells,) = csv.reader([line], delimiter="," if form == "csv" else "\t")
        return cells

    names = split(header.decode("utf-8", "replace").removeprefix(MARK)) if header else []
    return lambda line: dict(zip(names, split(line), strict=True))


def _order(
    sources: Sequence[Source], rows: Sequence[_Row], file: Path, *, escaped: bool
) -> tuple[list[Source], list[int]]:
    """The sources, those that have rows first, and the place among them of each row's own.

    Raises UsageError for a row of a file that is not among the sources.
    """
    waiting: dict[str, deque[int]] = {}
    for index, source in enumerate(sources):
        name = safe_cell(printable(source.name)) if escaped else source.name
        waiting.setdefault(name, deque()).append(index)
    order: list[int] = []
    owners: list[int] = []
    last = ("", 0)
    for row in rows:
        name, number = _owner(row.file, waiting)
        if name != last[0] or number <= last[1]:  # not the next spectrum of the same file
            if not waiting.get(name):
                raise UsageError(
                    f"--resume: {file} holds a row of {printable(row.file)}, which is not among "
                    f"the files to classify; {_ANEW}"
                )
            order.append(waiting[name].popleft())
        last = (name, number)
        owners.append(len(order) - 1)
    rest = sorted(index for indices in waiting.values() for index in indices)
    return [sources[index] for index in (*order, *rest)], owners


def _owner(file: str, known: dict[str, Any]) -> tuple[str, int]:
    """The name of the file a row is of, and which of its spectra, 0 where it holds one."""
    name, sign, number = file.rpartition("#")
    numbered = file not in known and sign and re.fullmatch(r"[1-9][0-9]{0,9}", number)
    return (name, int(number)) if numbered else (file, 0)


def _difference(old: Any, new: Any, where: str = "") -> str:
    """What differs between two rows, "" for less than _TOLERANCE in every number."""
    if isinstance(old, dict) and isinstance(new, dict) and old.keys() == new.keys():
        label = str(old.get("name", ""))  # of a group
        found = (_difference(old[key], new[key], f"{label} {key}".strip()) for key in old)
        return next(filter(None, found), "")
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        found = (_difference(a, b, where) for a, b in zip(old, new, strict=True))
        return next(filter(None, found), "")
    if where in _GROUP_LISTS and sorted(str(old).split(";")) == sorted(str(new).split(";")):
        return ""
    same = old == new or _nearly(old, new)
    return "" if same else f"{where} {old} is now {new}"


def _nearly(old: Any, new: Any) -> bool:
    try:
        return abs(float(old) - float(new)) < _TOLERANCE
    except (ValueError, TypeError):
        return False
