"""``irclassify predict``: files in, functional groups out."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from irclassify.artifact import ModelSpec, find_model
from irclassify.commands.inputs import sources_beside
from irclassify.commands.streams import is_terminal, output, say
from irclassify.commands.usage import INTERRUPTED, OUTSIDE_DOMAIN
from irclassify.errors import UsageError
from irclassify.options import ReadOptions
from irclassify.pipeline import predict_sources
from irclassify.report.lines import JsonArray, JsonLines, Rows, Writer
from irclassify.report.progress import Progress
from irclassify.report.text import plural
from irclassify.results import OUTSIDE, Failed, Result
from irclassify.sources import count

FORMATS = ("table", "json", "jsonl", "csv", "tsv")


@dataclass(frozen=True)
class Printing:
    """How the answers are to be shown: ``form`` one of FORMATS, None for the natural one."""

    form: str | None = None
    file: Path | None = None
    every_group: bool = False
    quiet: bool = False


def run(
    paths: Sequence[str],
    *,
    model: str,
    options: ReadOptions,
    printing: Printing,
    workers: int | None = None,
    strict: bool = False,
) -> int:
    """Classify and print; the exit code: 0 all read, 1 some file failed, 130 interrupted.

    ``strict``: 3 where some are outside what the model knows, whether or not others failed. Raises
    UsageError or ModelError when the output file or the model cannot be used, UsageError for
    ``strict`` with a model that cannot tell.
    """
    spec = find_model(model)
    if strict and spec.detector is None:
        raise UsageError(f"--strict: {spec.label} cannot tell what is outside what it knows")
    tally = _Tally(strict)
    show_progress = not printing.quiet and is_terminal(sys.stderr)
    progress = Progress(count(paths), sys.stderr) if show_progress else None
    form = printing.form or _natural_form(printing.file)
    with output(printing.file, data=form != "table", inputs=paths) as stream:
        writer = _writer(form, stream, spec, printing)
        sources = sources_beside(printing.file, paths)
        results = predict_sources(sources, spec, options=options, workers=workers)
        with closing(writer), closing(results):
            _write_all(results, writer, tally, progress)
    if not printing.quiet and (tally.failed or tally.total > 1 or tally.interrupted):
        say(f"{tally} (model {spec.label})")
    return tally.exit_code


class _Tally:
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
        self.total += 1
        if isinstance(result, Failed):
            self.failed += 1
        elif result.prediction.domain and result.prediction.domain.verdict == OUTSIDE:
            self.outside += 1

    @property
    def exit_code(self) -> int:
        """What the shell is told."""
        if self.interrupted:
            return INTERRUPTED
        if self.strict and self.outside:
            return OUTSIDE_DOMAIN
        return 1 if self.failed else 0


def _write_all(
    results: Iterable[Result], writer: Writer, tally: _Tally, progress: Progress | None
) -> None:
    """Write each result as it comes; Ctrl-C ends the work, not what was done."""
    shared_screen = is_terminal(sys.stdout)
    try:
        for result in results:
            if progress and shared_screen:
                progress.hide()
            writer.write(result)
            tally.add(result)
            if progress:
                progress.advance()
    except KeyboardInterrupt:
        tally.interrupted = True
    finally:
        if progress:
            progress.hide()


def _writer(form: str, stream: TextIO, spec: ModelSpec, printing: Printing) -> Writer:
    if form == "json":
        return JsonArray(stream)
    if form == "jsonl":
        return JsonLines(stream)
    if form in ("csv", "tsv"):
        names = [group.name for group in spec.groups]
        return Rows(stream, names, "," if form == "csv" else "\t")
    # rich takes a while to import: data formats do without it.
    from irclassify.report.table import PredictionTable  # noqa: PLC0415

    return PredictionTable(stream, every_group=printing.every_group, warnings=not printing.quiet)


def _natural_form(file: Path | None) -> str:
    """What a person at a terminal, a pipe, or the output file's suffix asks for."""
    if file is not None:
        suffix = file.suffix.lower().lstrip(".")
        if suffix in FORMATS:
            return suffix
        if suffix not in ("", "txt"):
            raise UsageError(f"-o {file}: say --format {', '.join(FORMATS[:-1])} or {FORMATS[-1]}")
        return "tsv"
    return "table" if is_terminal(sys.stdout) else "tsv"
