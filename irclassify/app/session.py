"""The spectra of one session: bytes in memory, a small answer a row, explanations on demand."""

from __future__ import annotations

import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from itertools import takewhile
from pathlib import Path

from irclassify.batch.checks import check_source, structures_of
from irclassify.batch.explanations import explain_sources
from irclassify.batch.files import classify
from irclassify.batch.reading import read_grids
from irclassify.classifier import Classifier
from irclassify.errors import IrclassifyError, TooLargeError, UsageError
from irclassify.limits import MAX_BINARY_BYTES
from irclassify.options import DEFAULT_ERROR_RATE, ReadOptions
from irclassify.results.check import Check
from irclassify.results.inspection import SpectrumReport
from irclassify.results.prediction import Failed, Ok
from irclassify.sources.paths import Source

# What a session keeps, at most: rows, and compressed bytes of their files.
MOST_ROWS = 50_000
MOST_BYTES = 2**30


@dataclass(frozen=True)
class File:
    """A file as it was dropped: ``packed`` is its content, compressed.

    Examples
    --------
    >>> File("a.csv", zlib.compress(b"400,0.1")).source().read()
    b'400,0.1'
    """

    name: str
    packed: bytes

    def source(self) -> Source:
        """The file, ready to be read."""
        return Source(self.name, self.name, data=zlib.decompress(self.packed))


@dataclass(frozen=True)
class Row:
    """A spectrum and its answer.

    ``block`` is its number in a file of several, from 1. ``when`` is the time in seconds since 1970
    at which it was dropped or, in a watched folder, written.
    """

    id: int
    file: File
    block: int
    when: float
    options: ReadOptions
    result: Ok | Failed

    @property
    def asked(self) -> ReadOptions:
        """The options that read this spectrum of its file alone, or from it on.

        Examples
        --------
        >>> failed = Failed("a.jdx#2", "no_data", "no data")
        >>> Row(1, File("a.jdx", b""), 2, 0.0, ReadOptions(), failed).asked.block
        2
        """
        return self.options._replace(block=self.block if self.block > 1 else None)


class Session:
    """Answers what is dropped, and keeps it for explanations and corrections.

    Safe to use from several threads. Nothing touches the disk.

    Examples
    --------
    >>> import irclassify
    >>> from irclassify import samples
    >>> session = Session(irclassify.load("default", threads=1))
    >>> sample = samples.spectra()[0]
    >>> [row] = session.add(sample.name, sample.read_bytes())
    >>> [group.name for group in row.result.prediction.present]
    ['alkene', 'alkane', 'methyl']
    >>> session.correct(row.id, ReadOptions(phase="gas")).result.prediction.phase
    'gas'
    >>> session.row(row.id).options.phase
    'gas'
    >>> session.explain(row.id).explanation.summary
    'A vinyl group: ...'
    >>> len(session.add_source(Source("b.jdx", "b.jdx", data=b"##TITLE=x")))
    1
    >>> [result.file for result in session.results()]
    ['1_hexene.jdx', 'b.jdx']
    >>> session.remove(row.id)
    >>> [row.file.name for row in session.rows(after=0)]
    ['b.jdx']
    """

    def __init__(
        self,
        classifier: Classifier,
        error_rate: float = DEFAULT_ERROR_RATE,
        *,
        watched: str | None = None,
    ) -> None:
        self.classifier = classifier
        self.error_rate = error_rate
        self.watched = watched  # the folder whose files are added, as the page names it
        self._structures = structures_of(classifier.spec)
        self._rows: dict[int, Row] = {}
        self._next = 1
        self._bytes = 0
        self._lock = threading.Lock()

    def add(
        self,
        name: str,
        data: bytes,
        options: ReadOptions | None = None,
        *,
        when: float | None = None,
    ) -> list[Row]:
        """Answer every spectrum of a file; a bad file is one row that says why.

        Raises TooLargeError when the file or the session is larger than a session may be.
        """
        if len(data) > MAX_BINARY_BYTES:
            raise TooLargeError(f"{name}: {len(data):,} bytes, more than {MAX_BINARY_BYTES:,}")
        file = File(name, zlib.compress(data, 1))
        options = options or ReadOptions()
        return self._keep(file, self._answer(file, options), options, when)

    def add_source(self, source: Source) -> list[Row]:
        """The same for a file on disk; one that cannot be read is a row too."""
        when = None
        with suppress(OSError, ValueError):
            when = Path(source.path).stat().st_mtime
        try:
            data = source.read()
        except IrclassifyError as error:
            failed = Failed(source.name, error.code, str(error))
            return self._keep(File(source.name, zlib.compress(b"")), [failed], ReadOptions(), when)
        return self.add(source.name, data, when=when)

    def _keep(
        self,
        file: File,
        results: list[Ok | Failed],
        options: ReadOptions,
        when: float | None = None,
    ) -> list[Row]:
        moment = time.time() if when is None else when
        with self._lock:
            if len(self._rows) + len(results) > MOST_ROWS or self._bytes > MOST_BYTES:
                raise TooLargeError(f"at most {MOST_ROWS:,} spectra in a session: start a new one")
            self._bytes += len(file.packed)
            rows = [
                Row(self._next + i, file, i + 1, moment, options, result)
                for i, result in enumerate(results)
            ]
            self._next += len(rows)
            self._rows.update((row.id, row) for row in rows)
        return rows

    def correct(self, number: int, options: ReadOptions) -> Row:
        """Answer a row anew under other options. Raises UsageError when there is no such row."""
        row = self.row(number)
        results = self._answer(row.file, options)
        result = results[min(row.block, len(results)) - 1]
        fresh = replace(row, options=options, result=result)
        with self._lock:
            self._rows[row.id] = fresh
        return fresh

    def explain(self, number: int) -> SpectrumReport | Failed:
        """The full account of a row. Raises UsageError when there is no such row."""
        row = self.row(number)
        found = explain_sources(
            [row.file.source()],
            self.classifier.spec,
            options=row.asked,
            error_rate=self.error_rate,
        )
        with closing(found):
            return next(found)  # the others of a file of several are not explained

    def check(self, number: int, smiles: str) -> Check:
        """Does the spectrum of a row fit a structure?

        Raises UsageError for what is no SMILES, IrclassifyError when the file has no one spectrum.

        Examples
        --------
        >>> import irclassify
        >>> Session(irclassify.load("default", threads=1)).check(1, "CCO")
        Traceback (most recent call last):
        ...
        irclassify.errors.UsageError: there is no spectrum 1 in this session
        """
        row = self.row(number)
        return check_source(
            row.file.source(),
            self.classifier.spec,
            smiles,
            self._structures,
            options=row.asked,
            error_rate=self.error_rate,
        )

    def row(self, number: int) -> Row:
        """The row of a number. Raises UsageError when there is none."""
        try:
            return self._rows[number]
        except KeyError:
            raise UsageError(f"there is no spectrum {number} in this session") from None

    def remove(self, number: int) -> None:
        """Forget a row; nothing happens when there is none."""
        with self._lock:
            self._rows.pop(number, None)

    def rows(self, after: int = 0) -> list[Row]:
        """The rows with a number above ``after``, in order."""
        with self._lock:
            newer = takewhile(lambda row: row.id > after, reversed(self._rows.values()))
            return list(newer)[::-1]

    def results(self) -> Iterator[Ok | Failed]:
        """The answers, in order."""
        return (row.result for row in self.rows())

    def _answer(self, file: File, options: ReadOptions) -> list[Ok | Failed]:
        preprocessing = self.classifier.spec.preprocessing
        readings = read_grids([file.source()], preprocessing, options)
        return list(classify(readings, self.classifier, self.error_rate))
