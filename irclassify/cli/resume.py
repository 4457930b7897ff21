"""``predict -o FILE --resume``: an earlier run that was cut off goes on where it stopped.

Nothing is kept beside the results. Their rows say which files are done; a half-written last line is
dropped. The last portion of files that has rows is classified again and must come out as it stands
in the file: the same words, and numbers that differ by less than _TOLERANCE, as the last digit of a
probability depends on which spectra share a batch. That proves that model, options and files are
those of the earlier run. The finished file is that of a run without a break, to the byte; files
that were added to a folder since come last.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any, TextIO, cast

from irclassify.batch.files import FILES_PER_TASK
from irclassify.batch.outputs.files import open_output
from irclassify.cli.earlier_rows import (
    ANEW,
    DAMAGE,
    Cells,
    EarlierRow,
    earlier_rows,
    header_of,
    parser,
)
from irclassify.cli.outputs import Summary, open_writer
from irclassify.cli.requests import OutputOptions
from irclassify.cli.streams import as_text
from irclassify.errors import UsageError
from irclassify.model.folder import ModelSpec
from irclassify.reports.excel import MARK
from irclassify.reports.rows import Writer, safe_cell
from irclassify.reports.terminal.progress import Progress
from irclassify.sources.paths import Source
from irclassify.text import printable

_FORMS = ("jsonl", "csv", "tsv")
_TOLERANCE = 1e-4
_GROUP_LISTS = ("present", "uncertain")  # cells whose order depends on the last digit
_NUMBERED = re.compile(r"(.+)#([1-9][0-9]{0,9})", re.DOTALL)


@contextmanager
def resumed(
    sources: Sequence[Source],
    form: str,
    spec: ModelSpec,
    output: OutputOptions,
    summary: Summary,
    progress: Progress | None = None,
) -> Iterator[tuple[Iterator[Source], Writer]]:
    """The sources that are left to do, and what adds their rows to the file.

    Rows that stay are counted in ``summary`` and shown by ``progress``. Raises UsageError when the
    file does not hold results, or those of another model, other files or other options; it is then
    as it was.

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
        header = header_of(file, form)
        _check_excel(file, header, output.excel)
        waiting = _Waiting(sources, file, escaped=form != "jsonl")
        rows = earlier_rows(file, form, header, spec.label)
        portion, again = _last_portion(rows, waiting, summary, progress)
        lines = _lines(file, again)
        end = again[-1].end if again else len(header)
        lines = [header, *lines] if header else lines
        checked = _Checked(stream, file, parser(form, header), lines, end)
        left = (sources[index] for index in chain(portion, waiting.rest()))
        with open_writer(form, spec, output, stream=cast(TextIO, checked)) as sink:
            yield left, sink
        checked.drop_half_line()


class _Waiting:
    """The sources that have no rows yet.

    Rows mostly stand in the order of the sources, so the names are gone through once, and only
    those that were passed without a row are kept.
    """

    def __init__(self, sources: Sequence[Source], file: Path, *, escaped: bool) -> None:
        """``file``: the one with the rows; ``escaped``: names stand there as in csv."""

        def name(source: Source) -> str:
            return _bare(printable(source.name)) if escaped else source.name

        self._ahead = enumerate(map(name, sources))
        self._passed: dict[str, deque[int]] = {}
        self._file = file
        self._escaped = escaped
        self._like_numbered = {
            each for each in map(name, sources) if "#" in each and _NUMBERED.fullmatch(each)
        }

    def owner(self, file: str) -> tuple[str, int]:
        """The name of the source a row is of, and which of its spectra, 0 where it holds one."""
        file = _bare(file) if self._escaped else file
        if "#" not in file or file in self._like_numbered:
            return file, 0
        found = _NUMBERED.fullmatch(file)
        return (found[1], int(found[2])) if found else (file, 0)

    def take(self, name: str) -> int:
        """The place of the first source of this name. Raises UsageError when there is none."""
        if (passed := self._passed.get(name)) is not None:
            index = passed.popleft()
            if not passed:
                del self._passed[name]
            return index
        for index, other in self._ahead:
            if other == name:
                return index
            self._passed.setdefault(other, deque()).append(index)
        raise UsageError(
            f"--resume: {self._file} holds a row of {printable(name)}, which is not among "
            f"the files to classify; {ANEW}"
        )

    def rest(self) -> Iterator[int]:
        """The places of all that were not taken, in order."""
        yield from sorted(chain.from_iterable(self._passed.values()))
        yield from (index for index, _ in self._ahead)


def _bare(cell: str) -> str:
    """A name in a cell without the apostrophe that ``safe_cell`` may have put before it."""
    bare = cell.removeprefix("'")
    return bare if safe_cell(f"{bare} ") != f"{bare} " else cell


class _Checked:
    """The text stream a writer is given: lines the file holds are compared, the rest is added.

    ``end``: where the whole lines of the file end. Raises UsageError when a row comes out
    differently; the file is then as it was.
    """

    def __init__(
        self,
        stream: TextIO,
        file: Path,
        cells: Callable[[str], Cells],
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
                f"version, or the file changed; {ANEW}"
            )

    def _difference(self, line: str, written: str) -> str:
        try:
            return _difference(self._cells(line), self._cells(written))
        except DAMAGE:  # a header of other columns, and then rows of as many cells as it has
            return f"it was {line.strip()[:60]}"

    def drop_half_line(self) -> None:
        """Cut the file where its whole lines end, once."""
        if self._end is not None:
            self._stream.flush()
            self._stream.buffer.truncate(self._end)
            self._end = None


def _check_excel(file: Path, header: bytes, excel: bool) -> None:
    """Raise UsageError when the rows that are there end otherwise than those to come."""
    if header and header.startswith(MARK.encode()) != excel:
        was, say = ("without", "leave out") if excel else ("with", "say")
        raise UsageError(f"--resume: {file} was written {was} --excel: {say} it here too")


def _lines(file: Path, rows: Sequence[EarlierRow]) -> list[bytes]:
    """The lines of neighbouring rows."""
    with file.open("rb") as stream:
        stream.seek(rows[0].begin if rows else 0)
        return [stream.read(row.end - row.begin) for row in rows]


def _last_portion(
    rows: Iterable[EarlierRow], waiting: _Waiting, summary: Summary, progress: Progress | None
) -> tuple[list[int], list[EarlierRow]]:
    """The sources of the last portion that has rows, and these rows; those before are counted.

    A portion is what ``answer_sources`` classifies at once: FILES_PER_TASK sources. Raises
    UsageError for a row of a file that is not among the sources.
    """
    portion: list[int] = []
    again: list[EarlierRow] = []
    last = ("", 0)
    for row in rows:
        name, number = waiting.owner(row.file)
        if name != last[0] or number <= last[1]:  # not the next spectrum of the same file
            if len(portion) == FILES_PER_TASK:
                for kept in again:
                    summary.count(1, failed=int(not kept.ok), outside=int(kept.outside))
                if progress:
                    progress.skip(len(portion))
                portion, again = [], []
            portion.append(waiting.take(name))
        last = (name, number)
        again.append(row)
    return portion, again


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
