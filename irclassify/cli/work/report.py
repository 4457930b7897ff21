"""``irclassify report``: many spectra, one HTML page."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from irclassify.app.provenance import provenance
from irclassify.batch.explanations import explain_sources
from irclassify.batch.outputs.files import whole_file
from irclassify.cli.outputs import counted, plan
from irclassify.cli.streams import say
from irclassify.model.folder import find_model
from irclassify.options import ReadOptions, TableOptions
from irclassify.reports.html.spectra import HtmlReport
from irclassify.reports.text import plural
from irclassify.results.prediction import Failed


def run(
    paths: Sequence[str],
    *,
    file: Path,
    model: str,
    options: ReadOptions,
    error_rate: float,
    quiet: bool,
    asked: TableOptions | None = None,
) -> int:
    """Write the page; the exit code: 0 all read, 1 some file failed.

    An interruption leaves no page, or the one that was there. Raises UsageError, ModelError.
    """
    spec = find_model(model)
    inputs = plan(paths, file, quiet=quiet)
    total = failed = 0
    names = [group.name for group in spec.groups]
    said = provenance(spec, _command_line())
    with _no_page(), whole_file(file) as stream, HtmlReport(names, said) as page:
        results = explain_sources(
            inputs,
            spec,
            options=options,
            asked=asked,
            error_rate=error_rate,
            warn=say,
        )
        with closing(results) as rows:
            for row in counted(rows, len(inputs), quiet=quiet):
                page.write(row)
                total += 1
                failed += isinstance(row, Failed)
        page.save(stream)
    if not quiet:
        read = plural(total - failed, "spectrum")
        say(f"{read} classified, {failed:,} failed (model {spec.label}): {file}")
    return int(failed > 0)


@contextmanager
def _no_page() -> Iterator[None]:
    """Ctrl-C says that there is no page, wherever the work is at."""
    try:
        yield
    except KeyboardInterrupt:
        raise KeyboardInterrupt("no report written") from None


def _command_line() -> str:
    """What was typed, as this system's console takes it again."""
    words = ["irclassify", *sys.argv[1:]]
    if sys.platform != "win32":
        return shlex.join(words)
    return " ".join(f'"{word}"' if " " in word else word for word in words)
