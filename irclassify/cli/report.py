"""``irclassify report``: many spectra, one HTML page."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from irclassify.app.provenance import provenance
from irclassify.batch.explanations import explain_sources
from irclassify.cli.inputs import refuse_inputs, sources_beside
from irclassify.cli.streams import is_terminal, say, whole_file
from irclassify.model.folder import ModelSpec, find_model
from irclassify.options import ReadOptions
from irclassify.reports.html.spectra import HtmlReport
from irclassify.reports.terminal.progress import Progress
from irclassify.reports.text import plural
from irclassify.results.inspection import SpectrumReport
from irclassify.results.prediction import Failed
from irclassify.sources.paths import count


def run(
    paths: Sequence[str],
    *,
    file: Path,
    model: str,
    options: ReadOptions,
    error_rate: float,
    top: int,
    quiet: bool,
) -> int:
    """Write the page; the exit code: 0 all read, 1 some file failed.

    An interruption leaves no page, or the one that was there. Raises UsageError, ModelError.
    """
    spec = find_model(model)
    refuse_inputs(file, paths)
    progress = None
    if not quiet and is_terminal(sys.stderr):
        progress = Progress(count(paths), sys.stderr)
    total = failed = 0
    with (
        whole_file(file) as stream,
        HtmlReport(
            _names(spec), provenance(spec, shlex.join(["irclassify", *sys.argv[1:]]))
        ) as page,
    ):
        sources = sources_beside(file, paths)
        results = explain_sources(sources, spec, options=options, error_rate=error_rate, top=top)
        with closing(results) as rows:
            for row in _watched(rows, progress):
                page.write(row)
                total += 1
                failed += isinstance(row, Failed)
        page.save(stream)
    if not quiet:
        read = plural(total - failed, "spectrum")
        say(f"{read} classified, {failed:,} failed (model {spec.label}): {file}")
    return int(failed > 0)


def _watched(
    rows: Iterator[SpectrumReport | Failed], progress: Progress | None
) -> Iterator[SpectrumReport | Failed]:
    try:
        for row in rows:
            yield row
            if progress:
                progress.advance()
    except KeyboardInterrupt:
        say("interrupted; no report written")
        raise
    finally:
        if progress:
            progress.hide()


def _names(spec: ModelSpec) -> list[str]:
    return [group.name for group in spec.groups]
