"""What a run reads and what it writes: paths are expanded once, and no output destroys an input."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path
from typing import TextIO, TypeVar

from irclassify.cli.closing import heed_closed_window
from irclassify.cli.exit_codes import FAILED, INTERRUPTED, OUTSIDE_DOMAIN
from irclassify.cli.requests import OutputOptions
from irclassify.cli.streams import is_terminal, output, say
from irclassify.errors import UsageError
from irclassify.extras import need_extra
from irclassify.model.folder import ModelSpec
from irclassify.reports import terminal
from irclassify.reports.excel import MARK, for_excel
from irclassify.reports.rows import JsonArray, JsonLines, Rows, Writer, to_json
from irclassify.reports.terminal.progress import Progress
from irclassify.reports.text import plural
from irclassify.results.prediction import OUTSIDE, Failed, Result
from irclassify.sources.listing import Listing
from irclassify.sources.paths import STDIN, Source, expand

_T = TypeVar("_T")

_FORMATS = ("table", "json", "jsonl", "csv", "tsv")

# Formats that are not text, by the suffixes that ask for them.
ARROW = ("parquet", "arrow", "feather")
ARRAYS = (*ARROW, "npy")

# How the results of ``predict``, ``inspect`` and ``report`` begin.
_OUR_RESULTS = (
    *(b"file\tok\t", b"file,ok,", b'{"file": ', b'[\n{"file": ', b"[]\n"),
    b"<!doctype html>\n<!-- irclassify",
)


def plan(
    paths: Sequence[str],
    written: Path | None = None,
    *others: Path,
    option: str = "-o",
    quiet: bool = True,
) -> Listing:
    """What ``paths`` stand for, in order, looked up once.

    Unless ``quiet``, a person at a terminal sees how many files of a folder were found so far.
    ``written``, the output, and ``others``, which are not spectra, may lie in a folder that is
    searched and are left out. Raises UsageError, naming the ``option``, when ``written`` is one of
    the files to read: opening it would destroy it. Results of an earlier run may be written anew.

    Examples
    --------
    >>> [source.name for source in plan(["a.jdx", "b.jdx"])]
    ['a.jdx', 'b.jdx']
    """
    ours = _identity(written) if written else None
    not_spectra = {_identity(path) for path in others} - {None}
    refusal = f"{option} {written}: is one of the files to read; choose another name"
    if ours in not_spectra:
        raise UsageError(refusal)
    quiet = quiet or not any(map(os.path.isdir, paths))
    if not ours and not not_spectra:
        return Listing(counted(expand(paths), None, quiet=quiet))

    def spectra() -> Iterator[Source]:
        for source in expand(paths):
            found = _identity(source.path)
            if written and ours and found == ours and not _is_expendable(written):
                raise UsageError(refusal)
            if found is None or (found != ours and found not in not_spectra):
                yield source

    return Listing(counted(spectra(), None, quiet=quiet))


def _identity(path: str | Path) -> tuple[int, int] | None:
    """What two names of one regular file share; a link is what it leads to."""
    try:
        found = os.stat(0 if path == STDIN else path)  # noqa: PTH116 - Path has no descriptors
    except (OSError, ValueError):
        return None
    return (found.st_dev, found.st_ino) if stat.S_ISREG(found.st_mode) else None


def _is_expendable(file: Path) -> bool:
    """True for results of this tool, which a new run may replace."""
    try:
        if file.suffix.lower() == ".npy":
            return file.with_suffix(".about.npz").exists()
        with file.open("rb") as stream:
            head = stream.read(len(MARK.encode()) + max(map(len, _OUR_RESULTS)))
            if head.startswith((b"PAR1", b"ARROW1")):
                return b"irclassify" in head + stream.read()
    except OSError:
        return False
    return not head or head.removeprefix(MARK.encode()).startswith(_OUR_RESULTS)


class Summary:
    """Counts results and knows the exit code.

    Examples
    --------
    >>> summary = Summary()
    >>> summary.add(Failed("a.jdx", "empty", "the file is empty"))
    >>> summary.count(3, failed=0, outside=1)
    >>> str(summary), summary.exit_code
    ('3 spectra classified, 1 outside what the model knows, 1 failed', 1)
    """

    def __init__(self, strict: bool = False) -> None:
        self.strict = strict
        self.total = 0
        self.failed = 0
        self.outside = 0
        self.interrupted = False

    def __str__(self) -> str:
        head = "interrupted; " if self.interrupted else ""
        read = self.total - self.failed
        strangers = f", {self.outside:,} outside what the model knows" if self.outside else ""
        return f"{head}{plural(read, 'spectrum')} classified{strangers}, {self.failed:,} failed"

    def add(self, result: Result) -> None:
        """Count one result."""
        failed = isinstance(result, Failed)
        domain = None if isinstance(result, Failed) else result.prediction.domain
        outside = domain is not None and domain.verdict == OUTSIDE
        self.count(1, failed=int(failed), outside=int(outside))

    def count(self, rows: int, *, failed: int, outside: int) -> None:
        """Count ``rows`` results, so many of which failed or are outside what the model knows."""
        self.total += rows
        self.failed += failed
        self.outside += outside

    @property
    def exit_code(self) -> int:
        """What the shell is told."""
        if self.interrupted:
            return INTERRUPTED
        if self.strict and self.outside:
            return OUTSIDE_DOMAIN
        return FAILED if self.failed else 0


def say_failed(results: Iterable[object]) -> int:
    """Name the failed ones on stderr, a line each; the exit code: 1 if there are any, else 0.

    Examples
    --------
    >>> say_failed(["whatever could be read"])
    0
    """
    failed = [result for result in results if isinstance(result, Failed)]
    for each in failed:
        say(f"{each.file}: {each.code}: {each.message}")
    return FAILED if failed else 0


def shows_table(form: str | None, file: Path | None = None) -> bool:
    """True for ``table`` and, where no form is stated, for a person at a terminal.

    Examples
    --------
    >>> shows_table("table"), shows_table("json"), shows_table(None, Path("answer.json"))
    (True, False, False)
    """
    return form == "table" if form else file is None and is_terminal(sys.stdout)


def write_json(record: object, file: Path | None = None) -> None:
    """One JSON document, indented, to ``file`` or stdout. Raises UsageError.

    Examples
    --------
    >>> write_json({"ok": True})
    {
      "ok": true
    }
    """
    with output(file, data=True) as stream:
        stream.write(to_json(record, indent=2) + "\n")


def counted(rows: Iterable[_T], total: int | None, *, quiet: bool) -> Iterator[_T]:
    """The same rows; a person at a terminal sees how many of ``total`` there were.

    ``total``: None while files are looked for, which is shown at once.

    Examples
    --------
    >>> list(counted("abc", 3, quiet=True))
    ['a', 'b', 'c']
    """
    progress = progress_bar(total, quiet=quiet)
    if progress and total is None:
        progress.show()
    try:
        for row in rows:
            if progress:
                progress.advance()
            yield row
    finally:
        if progress:
            progress.hide()


def progress_bar(total: int | None, *, quiet: bool) -> Progress | None:
    """What shows a person how far the work is; None where nobody looks.

    Examples
    --------
    >>> progress_bar(12, quiet=True) is None
    True
    """
    return Progress(total, sys.stderr) if not quiet and is_terminal(sys.stderr) else None


@contextmanager
def until_interrupted(summary: Summary, progress: Progress | None) -> Iterator[None]:
    """Ctrl-C ends the work and keeps what was done; the progress line is removed.

    Examples
    --------
    >>> summary = Summary()
    >>> with until_interrupted(summary, None):
    ...     raise KeyboardInterrupt
    >>> summary.exit_code
    130
    """
    heed_closed_window()
    try:
        yield
    except KeyboardInterrupt:
        summary.interrupted = True
    finally:
        if progress:
            progress.hide()


def choose_format(options: OutputOptions, more: Sequence[str] = ()) -> str:
    """What is asked for, or what a terminal, a pipe, the output file's suffix asks for.

    ``more``: suffixes that are formats too. Raises UsageError for another suffix, and where
    --excel does not fit.

    Examples
    --------
    >>> choose_format(OutputOptions(file=Path("answers.csv")))
    'csv'
    """
    form = _form(options, more)
    if options.excel and form not in ("csv", "tsv"):
        raise UsageError(f"--excel: is for csv and tsv, not {form}; say --format csv")
    return form


def _form(options: OutputOptions, more: Sequence[str]) -> str:
    if options.form is not None:
        return options.form
    if options.file is None:
        if options.excel:
            return "csv"
        return "table" if shows_table(None) else "tsv"
    suffix = options.file.suffix.lower().lstrip(".")
    if suffix in (*_FORMATS, *more):
        return suffix
    if suffix not in ("", "txt"):
        known = f"{', '.join(_FORMATS[:-1])} or {_FORMATS[-1]}"
        raise UsageError(f"-o {options.file}: say --format {known}")
    return "tsv"


def binary_file(form: str, options: OutputOptions) -> Path:
    """The file for a format that is not text.

    Raises UsageError without one, or without the package it needs.

    Examples
    --------
    >>> binary_file("npy", OutputOptions(file=Path("answers.npy"))).name
    'answers.npy'
    """
    if options.file is None:
        raise UsageError(f"--format {form}: is not text; say -o FILE.{form}")
    if form in ARROW:
        need_extra("pyarrow", "parquet")
    return options.file


@contextmanager
def open_writer(
    form: str,
    spec: ModelSpec,
    options: OutputOptions,
    *,
    stream: TextIO | None = None,
    labels: Sequence[str] = (),
) -> Iterator[Writer]:
    """What writes results in a text format; its document is ended whatever happens.

    ``stream``: where to, instead of the file or stdout; ``labels``: headings of the tables' label
    columns. Raises UsageError when the file cannot be written.

    Examples
    --------
    >>> from irclassify.model.folder import find_model
    >>> spec, shown = find_model("default"), OutputOptions()
    >>> with open_writer("jsonl", spec, shown, stream=sys.stdout) as rows:
    ...     rows.write(Failed("a.jdx", "empty", "the file is empty"))
    {"file": "a.jdx", "ok": false, ...
    """
    with (
        nullcontext(stream) if stream else output(options.file, data=form != "table") as to,
        closing(_writer(form, for_excel(to, options.excel), spec, options, labels)) as writer,
    ):
        yield writer


def _writer(
    form: str, stream: TextIO, spec: ModelSpec, options: OutputOptions, labels: Sequence[str]
) -> Writer:
    if form == "json":
        return JsonArray(stream)
    if form == "jsonl":
        return JsonLines(stream)
    if form in ("csv", "tsv"):
        names, details = ([one.name for one in part] for part in (spec.groups, spec.details))
        delimiter = "," if form == "csv" else "\t"
        in_words = options.in_words
        return Rows(stream, names, delimiter, details, labels=labels, in_words=in_words)
    shown = terminal.predictions.PredictionTable
    return shown(stream, every_group=options.every_group, warnings=not options.quiet)
