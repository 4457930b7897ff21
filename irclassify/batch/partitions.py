"""Very much work cut into parts that any machine can do: spectra in, one Parquet file a part out.

The parts of a data set, their order and their batches depend on nothing but the data set, so the
answers are those of a single machine, bit for bit. A part that is done is a whole file of the
result; doing it again gives the same file, and finding it there is as good as doing it.
"""

from __future__ import annotations

import hashlib
import io
import json
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from tempfile import TemporaryDirectory
from typing import Any

import fsspec
import pyarrow as pa
from pyarrow import parquet

from irclassify.batch.files import FILES_PER_TASK, Answered, answer_sources
from irclassify.batch.output_folder import Store
from irclassify.batch.outputs import columns
from irclassify.batch.outputs.arrow import parquet_writer
from irclassify.batch.tables import classify_table, settle
from irclassify.classifier import Classifier
from irclassify.errors import IrclassifyError, ModelError, UnreadableFileError, UsageError
from irclassify.explain.contributions import stretches
from irclassify.model.folder import ModelSpec, find_model
from irclassify.model.session import BATCH
from irclassify.model.threads import one_core_a_thread
from irclassify.options import DEFAULT_ERROR_RATE, ReadOptions, TableOptions
from irclassify.readers.tables import SUFFIXES, is_table, open_table
from irclassify.results.prediction import OUTSIDE, Failed
from irclassify.sources.paths import Source, expand
from irclassify.sources.remote import expand_url, url_of
from irclassify.version import __version__

# A part takes seconds: long beside what handing it out costs, short beside losing it.
FILES_IN_PART = 16 * FILES_PER_TASK
ROWS_IN_PART = 256 * BATCH
_MANIFEST = "_irclassify.json"


@dataclass(frozen=True)
class Job:
    """What is to be done to every part. Small and picklable."""

    model: str
    sha256: str
    store: Store
    options: ReadOptions
    table: TableOptions
    error_rate: float = DEFAULT_ERROR_RATE


@dataclass(frozen=True)
class Part:
    """One file of the result: some files, or rows ``first`` to before ``end`` of a table.

    ``table`` is a path or a URL; all of its rows for ``end`` None.

    Examples
    --------
    >>> Part(3).name
    'part-0000003.parquet'
    """

    number: int
    files: tuple[Source, ...] = ()
    table: str | None = None
    first: int = 0
    end: int | None = None

    @property
    def name(self) -> str:
        """Its file."""
        return f"part-{self.number:07}.parquet"


@dataclass(frozen=True)
class Done:
    """A part that is there: its rows, how many failed, how many are outside what the model knows.

    ``seconds`` it took, 0 when it was found done.
    """

    number: int
    rows: int
    failed: int
    outside: int
    seconds: float


def fingerprint(spec: ModelSpec) -> str:
    """What tells two models apart, whatever they are called.

    Examples
    --------
    >>> fingerprint(find_model("default")) == fingerprint(find_model("rieger2023"))
    False
    """
    stored = json.dumps(spec.definition, sort_keys=True)
    return hashlib.sha256(stored.encode()).hexdigest()


def parts_of(paths: Iterable[str], options: TableOptions) -> Iterator[Part]:
    """The parts of a data set, in order: files together, a table by some of its rows at a time.

    A table at a URL is a part by itself: store large ones as many files.

    Examples
    --------
    >>> from irclassify import samples
    >>> paths = [str(path) for path in samples.spectra()]
    >>> [(part.name, len(part.files)) for part in parts_of(paths, TableOptions())]
    [('part-0000000.parquet', 14)]
    """
    number = 0
    for kind, items in _runs(paths):
        pieces: Iterable[dict[str, Any]] = (
            _table_pieces(str(items[0]), options)
            if kind == "table"
            else (
                {"files": tuple(items[at : at + FILES_IN_PART])}
                for at in range(0, len(items), FILES_IN_PART)
            )
        )
        for piece in pieces:
            yield Part(number, **piece)
            number += 1


def check_manifest(job: Job, parts: Sequence[Part]) -> None:
    """Say in the store what its parts are, or see that it holds parts of this very work.

    Raises UsageError when it holds those of another.

    Examples
    --------
    >>> with TemporaryDirectory() as folder:
    ...     job = Job("default", "0", Store(folder), ReadOptions(), TableOptions())
    ...     check_manifest(job, [Part(0)])
    ...     print(job.store.names())
    ...     check_manifest(job, [Part(0)])  # the same work goes on
    {'_irclassify.json'}
    """
    options = [job.options._asdict(), job.table._replace(pictures=None)._asdict(), job.error_rate]
    names: list[Any] = [[s.name for s in p.files] or [p.table, p.first, p.end] for p in parts]
    digest = hashlib.sha256(json.dumps([options, names]).encode()).hexdigest()
    said = {"irclassify": __version__, "model": job.sha256, "parts": len(parts), "work": digest}
    if job.store.has(_MANIFEST):
        with job.store.open(_MANIFEST) as file:
            if json.load(file) != said:
                raise UsageError(
                    f"-o {job.store.place}: holds answers for other files, or with another model "
                    "or other options; choose another folder"
                )
    elif job.store.names():
        raise UsageError(f"-o {job.store.place}: holds other files; choose another folder")
    else:
        job.store.put(_MANIFEST, json.dumps(said, indent=1).encode() + b"\n")


@one_core_a_thread()
def do_part(job: Job, part: Part) -> Done:
    """Do one part, anywhere. What is already done is left; what cannot be read is a row.

    Raises ModelError when this machine has another model, UsageError when a table needs an option.

    Examples
    --------
    >>> from irclassify import samples
    >>> sha256 = fingerprint(find_model("default"))
    >>> with TemporaryDirectory() as folder:
    ...     job = Job("default", sha256, Store(folder), ReadOptions(), TableOptions())
    ...     (part,) = parts_of([str(samples.spectra()[0])], TableOptions())
    ...     done = do_part(job, part)
    ...     print(done.rows, done.failed, done.outside)
    ...     print(found_done(job, part) == replace(done, seconds=0.0))
    1 0 0
    True
    """
    if job.store.has(part.name):
        return found_done(job, part)
    start = time.perf_counter()
    classifier = _classifier(job.model, job.sha256)
    sink = _Parquet(classifier.spec, job)
    if part.table is None:
        answers = answer_sources(
            part.files,
            classifier.spec,
            options=job.options,
            error_rate=job.error_rate,
            workers=1,
        )
        with closing(answers):
            sink.add_answers(answers)
    else:
        try:
            with _here(part.table) as path:
                sink.add_table(path, part, classifier)
        except UsageError as error:
            raise UsageError(f"{part.table}: {error}") from error
        except IrclassifyError as error:
            sink.add_failed(Failed(part.table, error.code, str(error)))
    counts = sink.finish(part)
    return replace(counts, seconds=time.perf_counter() - start)


def found_done(job: Job, part: Part) -> Done:
    """What a part that is there says of itself.

    Examples
    --------
    >>> with TemporaryDirectory() as folder:
    ...     job = Job("default", "0", Store(folder), ReadOptions(), TableOptions())
    ...     _Parquet(find_model("default"), job).finish(Part(3))
    ...     found_done(job, Part(3))
    Done(number=3, rows=0, failed=0, outside=0, seconds=0.0)
    Done(number=3, rows=0, failed=0, outside=0, seconds=0.0)
    """
    with job.store.open(part.name) as file:
        about = parquet.read_schema(file).metadata[b"irclassify_part"]
    return Done(part.number, seconds=0.0, **json.loads(about))


class _Parquet:
    """One part's answers, until they are stored."""

    def __init__(self, spec: ModelSpec, job: Job) -> None:
        width = job.table.contributions
        self._pieces = None if width is None else stretches(spec, width or None)
        self._schema = columns.schema_of(spec, self._pieces, job.options.phase)
        self._job = job
        self._batches: list[Any] = []

    def add_answers(self, answers: Iterable[Answered]) -> None:
        """Spectra of single files."""
        batch = columns.batch_of_answers(list(answers), self._schema)
        self._batches.append(batch)

    def add_failed(self, failed: Failed) -> None:
        """A table that cannot be read."""
        self._batches.append(columns.batch_of_results([failed], self._schema))

    def add_table(self, path: str, part: Part, classifier: Classifier) -> None:
        """Rows of a table."""
        table = replace(open_table(path, self._job.table), name=part.table or path)
        settled = settle(table, classifier.spec.preprocessing, self._job.options)
        blocks = classify_table(
            table,
            classifier,
            settled,
            pieces=self._pieces,
            phase=self._job.options.phase,
            error_rate=self._job.error_rate,
            part=(part.first, part.end),
        )
        with closing(blocks):
            for block in blocks:
                batch = columns.batch_of_block(block, table, self._schema)
                self._batches.append(batch)

    def finish(self, part: Part) -> Done:
        """Store it."""
        rows = pa.Table.from_batches(self._batches, self._schema)
        failed = rows.num_rows - rows["error"].null_count
        outside = sum(verdict == OUTSIDE for verdict in rows["domain"].to_pylist())
        counts = {"rows": rows.num_rows, "failed": failed, "outside": outside}
        about = {**self._schema.metadata, b"irclassify_part": json.dumps(counts).encode()}
        stream = io.BytesIO()
        with parquet_writer(stream, self._schema.with_metadata(about)) as writer:
            writer.write_table(rows.replace_schema_metadata(about))
        self._job.store.put(part.name, stream.getvalue())
        return Done(part.number, seconds=0.0, **counts)


@lru_cache(maxsize=2)
def _classifier(model: str, sha256: str) -> Classifier:
    """The model, once a process. Raises ModelError when it is another one than is asked for."""
    spec = find_model(model)
    if fingerprint(spec) != sha256:
        raise ModelError(f"{spec.label} differs on this worker: install the same version")
    return Classifier(spec, threads=1)


def _runs(paths: Iterable[str]) -> Iterator[tuple[str, list[Any]]]:
    """("table", [path]) and ("files", [sources]) in turn, in the order of the paths."""
    files: list[Source] = []
    for source in _sources(paths):
        path = source.path
        if source.problem is None and _is_table(path):
            if files:
                yield "files", files
                files = []
            yield "table", [path]
        else:
            files.append(source)
    if files:
        yield "files", files


def _sources(paths: Iterable[str]) -> Iterator[Source]:
    for path in paths:
        url = url_of(path)
        yield from expand_url(url) if url else expand([path])


def _is_table(path: str) -> bool:
    """Of a URL, the suffix alone tells."""
    return path.lower().endswith(SUFFIXES) if url_of(path) else is_table(path)


def _table_pieces(path: str, options: TableOptions) -> Iterator[dict[str, Any]]:
    try:
        count = 0 if url_of(path) else open_table(path, options).count
    except UsageError as error:
        raise UsageError(f"{path}: {error}") from error
    except IrclassifyError:
        count = 0  # whoever does the part will say so
    if count == 0:
        yield {"table": path}
    for first in range(0, count, ROWS_IN_PART):
        yield {"table": path, "first": first, "end": min(first + ROWS_IN_PART, count)}


@contextmanager
def _here(table: str) -> Iterator[str]:
    """A table as a file on this machine, fetched for as long as it is needed."""
    if not url_of(table):
        yield table
        return
    with TemporaryDirectory() as folder:
        files, path = fsspec.core.url_to_fs(table)
        local = f"{folder}/{path.rsplit('/', 1)[-1]}"
        try:
            files.get_file(path, local)
        except Exception as error:  # each kind of storage raises its own
            said = " ".join(str(error).split())[:200]
            raise UnreadableFileError(f"cannot be fetched: {said}") from error
        yield local
