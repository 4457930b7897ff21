"""``irclassify predict DATASET --dask ADDRESS -o FOLDER``: a Dask cluster does the work."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import closing

from irclassify.batch.dask import run_parts
from irclassify.batch.output_folder import Store
from irclassify.batch.partitions import Job, fingerprint, parts_of
from irclassify.cli.predict import Printing, Tally, check_strict, until_interrupted
from irclassify.cli.streams import is_terminal, say
from irclassify.errors import UsageError
from irclassify.extras import need_extra
from irclassify.model.folder import find_model
from irclassify.options import ReadOptions, TableOptions
from irclassify.reports.terminal.progress import Progress


def run(  # noqa: PLR0913 - every option has its say
    paths: Sequence[str],
    address: str,
    *,
    model: str,
    options: ReadOptions,
    error_rate: float,
    printing: Printing,
    strict: bool,
    asked: TableOptions,
) -> int:
    """Classify and store; the exit code as for ``predict``.

    Raises UsageError, ModelError, or IrclassifyError when a part could not be done at all.
    """
    for package in ("distributed", "fsspec", "pyarrow"):
        need_extra(package, "dask")
    if printing.file is None or printing.form is not None:
        raise UsageError("--dask: say where the Parquet files go with -o FOLDER or -o URL")
    if asked.pictures is not None:
        raise UsageError("--png: draws a single map, without --dask")
    spec = find_model(model)
    check_strict(strict, spec)
    store = Store(str(printing.file))
    job = Job(model, fingerprint(spec), store, options, asked, error_rate)
    parts = list(parts_of(paths, asked))
    tally = Tally(strict)
    found = 0
    show = not printing.quiet and is_terminal(sys.stderr)
    progress = Progress(len(parts), sys.stderr) if show else None
    with until_interrupted(tally, progress), closing(run_parts(job, parts, address)) as done:
        for part in done:
            tally.total += part.rows
            tally.failed += part.failed
            tally.outside += part.outside
            found += not part.seconds
            if progress:
                progress.advance()
    if not printing.quiet:
        already = f", {found} parts of {len(parts)} were done before" if found else ""
        say(f"{tally}{already} (model {spec.label})")
    return tally.exit_code
