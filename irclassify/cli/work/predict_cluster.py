"""``irclassify predict --dask``: a Dask cluster classifies and stores Parquet files."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from typing import TYPE_CHECKING

from irclassify.batch.dask import run_parts
from irclassify.batch.output_folder import Store
from irclassify.batch.partitions import Job, fingerprint, parts_of
from irclassify.cli.outputs import Summary, progress_bar, until_interrupted
from irclassify.cli.requests import OutputOptions
from irclassify.cli.streams import say
from irclassify.errors import UsageError

if TYPE_CHECKING:
    from irclassify.cli.work.predict import Work


def run_on_cluster(
    paths: Sequence[str],
    address: str,
    work: Work,
    *,
    model: str,
    output: OutputOptions,
    strict: bool,
) -> int:
    """Let a Dask cluster classify and store Parquet files; the exit code as for ``predict.run``.

    Raises UsageError, or IrclassifyError when a part could not be done at all.

    Examples
    --------
    >>> from irclassify.cli.work.predict_tables import _example
    >>> _, work = _example(getfixture("tmp_path"))
    >>> shown = OutputOptions()
    >>> run_on_cluster(["map.npy"], "host:8786", work, model="default", output=shown, strict=False)
    Traceback (most recent call last):
        ...
    irclassify.errors.UsageError: --dask: say where the Parquet files go with -o FOLDER or ...
    """
    if output.file is None or output.form is not None:
        raise UsageError("--dask: say where the Parquet files go with -o FOLDER or -o URL")
    if work.asked.pictures is not None:
        raise UsageError("--png: draws a single map, without --dask")
    if output.in_words:
        raise UsageError("--summary: is for files, without --dask")
    store = Store(str(output.file))
    job = Job(model, fingerprint(work.spec), store, work.options, work.asked, work.error_rate)
    parts = list(parts_of(paths, work.asked))
    summary = Summary(strict)
    found = 0
    progress = progress_bar(len(parts), quiet=output.quiet)
    with until_interrupted(summary, progress), closing(run_parts(job, parts, address)) as done:
        for part in done:
            summary.count(part.rows, failed=part.failed, outside=part.outside)
            found += not part.seconds
            if progress:
                progress.advance()
    if not output.quiet:
        already = f", {found} parts of {len(parts)} were done by an earlier run" if found else ""
        say(f"{summary}{already} (model {work.spec.label})")
    return summary.exit_code
