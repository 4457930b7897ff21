"""``irclassify predict``: files in, functional groups out."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from irclassify.batch.files import FILES_PER_TASK, predict_sources
from irclassify.cli.exit_codes import INTERRUPTED, OUTSIDE_DOMAIN
from irclassify.cli.inputs import refuse_inputs, sources_beside
from irclassify.cli.streams import is_terminal, output, say
from irclassify.errors import UsageError
from irclassify.extras import need_extra
from irclassify.model.folder import ModelSpec, find_model
from irclassify.options import ReadOptions, TableOptions
from irclassify.reports.rows import JsonArray, JsonLines, Rows, Writer
from irclassify.reports.terminal.progress import Progress
from irclassify.reports.text import plural
from irclassify.results.prediction import OUTSIDE, Failed, Result
from irclassify.sources.paths import Source, count

if TYPE_CHECKING:
    from irclassify.cli.resume import Earlier

FORMATS = ("table", "json", "jsonl", "csv", "tsv")

# Formats that are no text, by the suffixes that ask for them.
ARROW = ("parquet", "arrow", "feather")

# Files that may be tables of many spectra; irclassify.readers.tables looks closer.
_TABLES: tuple[str, ...] = (
    ".npy",
    ".npz",
    ".parquet",
    ".arrow",
    ".feather",
    ".h5",
    ".hdf5",
    ".dmt",
)
_TABLES += (".hdr", ".dat", ".img", ".raw", ".bsq", ".bil", ".bip", ".csv", ".tsv", ".txt")


@dataclass(frozen=True)
class Printing:
    """How the answers are to be shown: ``form`` one of FORMATS, None for the natural one.

    ``resume``: ``file`` may hold the answers of an earlier run, which stay.
    """

    form: str | None = None
    file: Path | None = None
    every_group: bool = False
    quiet: bool = False
    resume: bool = False


def run(  # noqa: PLR0913 - every option has its say
    paths: Sequence[str],
    *,
    model: str,
    options: ReadOptions,
    error_rate: float,
    printing: Printing,
    workers: int | None = None,
    strict: bool = False,
    asked: TableOptions | None = None,
) -> int:
    """Classify and print; the exit code: 0 all read, 1 some file failed, 130 interrupted.

    ``strict``: 3 where some are outside what the model knows, whether or not others failed.
    ``asked``: what is asked of tables of many spectra. Raises UsageError or ModelError when the
    output file or the model cannot be used, UsageError for ``strict`` with a model that cannot
    tell.
    """
    spec = find_model(model)
    check_strict(strict, spec)
    tally = Tally(strict)
    asked = asked or TableOptions()
    if asked != TableOptions() or any(path.lower().endswith(_TABLES) for path in paths):
        from irclassify.cli import tables  # noqa: PLC0415 - which imports this module

        if any(map(tables.is_table, paths)):
            if printing.resume:
                raise UsageError(f"--resume: {paths[0]} is a table; only files can be resumed")
            return tables.run(
                paths,
                spec,
                tally,
                options=options,
                error_rate=error_rate,
                printing=printing,
                asked=asked,
            )
        if asked != TableOptions():
            raise UsageError(f"{paths[0]} is no table: --axis, --png, ... are for tables and maps")
    show_progress = not printing.quiet and is_terminal(sys.stderr)
    progress = Progress(count(paths), sys.stderr) if show_progress else None
    form = natural_form(printing, ARROW)
    earlier = None
    if printing.resume:
        earlier = _earlier(form, sources_beside(printing.file, paths), spec, printing)
    for row, times in earlier.done.items() if earlier else ():
        tally.count(times, ok=row.ok, outside=row.outside)
    with writing(form, spec, printing, paths, earlier) as writer:
        # Looked for now: the output is one of the files of a searched folder once it is there.
        results = predict_sources(
            earlier.sources if earlier else sources_beside(printing.file, paths),
            spec,
            options=options,
            error_rate=error_rate,
            workers=workers,
        )
        with closing(results):
            _write_all(results, writer, tally, progress)
    if not printing.quiet and (tally.failed or tally.total > 1 or tally.interrupted):
        say(f"{tally} (model {spec.label})")
    return tally.exit_code


def check_strict(strict: bool, spec: ModelSpec) -> None:
    """Raises UsageError when --strict is asked of a model without a detector."""
    if strict and spec.detector is None:
        raise UsageError(f"--strict: {spec.label} cannot tell what is outside what it knows")


class Tally:
    """Counts results and knows the exit code."""

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
        ok = not isinstance(result, Failed)
        domain = None if isinstance(result, Failed) else result.prediction.domain
        self.count(ok=ok, outside=domain is not None and domain.verdict == OUTSIDE)

    def count(self, rows: int = 1, *, ok: bool, outside: bool) -> None:
        """Count rows of results."""
        self.total += rows
        self.failed += rows * (not ok)
        self.outside += rows * outside

    @property
    def exit_code(self) -> int:
        """What the shell is told."""
        if self.interrupted:
            return INTERRUPTED
        if self.strict and self.outside:
            return OUTSIDE_DOMAIN
        return 1 if self.failed else 0


@contextmanager
def until_interrupted(tally: Tally, progress: Progress | None) -> Iterator[None]:
    """Ctrl-C ends the work, not what was done; the progress line goes with the work."""
    try:
        yield
    except KeyboardInterrupt:
        tally.interrupted = True
    finally:
        if progress:
            progress.hide()


def _write_all(
    results: Iterable[Result], writer: Writer, tally: Tally, progress: Progress | None
) -> None:
    """Write each result as it comes."""
    shared_screen = is_terminal(sys.stdout)
    with until_interrupted(tally, progress):
        for result in results:
            if progress and shared_screen:
                progress.hide()
            writer.write(result)
            tally.add(result)
            if progress:
                progress.advance()


def _earlier(form: str, sources: Iterator[Source], spec: ModelSpec, printing: Printing) -> Earlier:
    from irclassify.cli.resume import take_up  # noqa: PLC0415 - seldom needed

    if printing.file is None:
        raise UsageError("--resume continues a file: say which with -o FILE")
    return take_up(printing.file, form, sources, model=spec.label, portion=FILES_PER_TASK)


@contextmanager
def writing(
    form: str,
    spec: ModelSpec,
    printing: Printing,
    inputs: Sequence[str],
    earlier: Earlier | None = None,
) -> Iterator[Writer]:
    """What writes results in a format; its document is ended whatever happens.

    ``earlier``: what is in the file already and stays. Raises UsageError when the file cannot be
    written, or would be written over an input.
    """
    if form in ARROW:
        from irclassify.batch.outputs.arrow import ArrowFile  # noqa: PLC0415 - an extra

        with closing(ArrowFile(binary_file(form, printing, inputs), spec)) as arrow:
            yield arrow
        return
    with (
        earlier.continued()
        if earlier
        else output(printing.file, data=form != "table", inputs=inputs) as stream,
        closing(_writer(form, stream, spec, printing)) as writer,
    ):
        yield writer


def binary_file(form: str, printing: Printing, inputs: Sequence[str]) -> Path:
    """The file for a format that is no text.

    Raises UsageError without one, or without the package it needs.
    """
    if printing.file is None:
        raise UsageError(f"--format {form}: is no text; say -o FILE.{form}")
    refuse_inputs(printing.file, inputs)
    if form in ARROW:
        need_extra("pyarrow", "parquet")
    return printing.file


def _writer(form: str, stream: TextIO, spec: ModelSpec, printing: Printing) -> Writer:
    if form == "json":
        return JsonArray(stream)
    if form == "jsonl":
        return JsonLines(stream)
    if form in ("csv", "tsv"):
        names, details = ([one.name for one in part] for part in (spec.groups, spec.details))
        return Rows(stream, names, "," if form == "csv" else "\t", details)
    # rich takes a while to import: data formats do without it.
    from irclassify.reports.terminal.predictions import PredictionTable  # noqa: PLC0415

    return PredictionTable(stream, every_group=printing.every_group, warnings=not printing.quiet)


def natural_form(printing: Printing, more: Sequence[str] = ()) -> str:
    """What is asked for, or what a terminal, a pipe, the output file's suffix asks for.

    ``more``: suffixes that are formats too. Raises UsageError for another suffix.
    """
    if printing.form is not None:
        return printing.form
    if printing.file is None:
        return "table" if is_terminal(sys.stdout) else "tsv"
    suffix = printing.file.suffix.lower().lstrip(".")
    if suffix in (*FORMATS, *more):
        return suffix
    if suffix not in ("", "txt"):
        known = f"{', '.join(FORMATS[:-1])} or {FORMATS[-1]}"
        raise UsageError(f"-o {printing.file}: say --format {known}")
    return "tsv"
