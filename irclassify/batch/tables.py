"""Tables -> answers, some rows at a time: the next rows are classified while these are written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from irclassify.batch.reading import quiet_numbers
from irclassify.classifier import Classifier, Predicted
from irclassify.errors import AmbiguousUnitError, IrclassifyError, UnfitSpectrumError
from irclassify.explain.contributions import Stretches
from irclassify.model.preprocessing import Preprocessing
from irclassify.model.session import BATCH
from irclassify.model.shared_axis import Columns
from irclassify.options import DEFAULT_ERROR_RATE, ReadOptions, TableOptions
from irclassify.readers.tables import Table, open_table
from irclassify.readers.tables.table import rows_at_once
from irclassify.results.prediction import Failed, Ok
from irclassify.spectra.constant_ends import measured_part
from irclassify.spectra.spectrum import Measurement, Spectrum
from irclassify.spectra.units import is_wide_enough, row_faults, settle_axis, to_spectrum
from irclassify.spectra.y_units import settle_y

T = TypeVar("T")

# Spectra looked at to find out the unit of a table that does not state it.
_LOOKED_AT = 200


@dataclass(frozen=True, eq=False)
class Block:
    """Neighbouring rows of a table, from number ``first`` (counted from 0).

    ``regions``: what stretches of the axis add to the logits, (n, groups, stretches), if asked for.
    ``warnings``: by row, of those whose constant ends were cut off.

    Examples
    --------
    >>> import irclassify
    >>> classifier = irclassify.load()
    >>> x = np.linspace(400.0, 4000.0, 901)
    >>> rows = np.exp(-(((x - [[1710], [2250]]) / 10) ** 2))
    >>> table = Table("t.npy", x, 2, lambda first, end: rows[first:end], y_words="absorbance")
    >>> columns = settle(table, classifier.spec.preprocessing, ReadOptions())
    >>> (block,) = classify_table(table, classifier, columns)
    >>> block.failed, block.outside < 3
    (0, True)
    >>> [result.file for result in block.results(table)]
    ['t.npy#1', 't.npy#2']
    """

    first: int
    found: Predicted
    regions: NDArray[np.float32] | None = None
    warnings: Mapping[int, str] = field(default_factory=dict)

    @property
    def failed(self) -> int:
        """How many rows have no answer."""
        return int((~self.found.ok).sum())

    @property
    def outside(self) -> int:
        """How many rows are outside what the model knows."""
        return self.found.outside

    def results(self, table: Table) -> Iterator[Ok | Failed]:
        """One result a row, named ``table#number``, counted from 1 as in files."""
        found, name = self.found, table.name
        for row, said in enumerate(found.predictions()):
            number = self.first + row
            label = f"{name}#{number + 1}"
            labels = {heading: words[number] for heading, words in table.labels.items()}
            if said is not None:
                warning = self.warnings.get(row)
                yield Ok(label, said, (warning,) if warning else (), labels=labels)
            else:
                yield Failed(label, str(found.errors[row]), found.message(row), labels)


class BlockSink(Protocol):
    """Takes answers to a table, block by block."""

    def write_block(self, block: Block, table: Table) -> None:
        """Add rows of a table."""


def settle(table: Table, how: Preprocessing, options: ReadOptions) -> Columns:
    """The units of a table, by what the user says, the file says, the values show, in this order.

    Raises AmbiguousUnitError, naming the option, or another IrclassifyError.

    Examples
    --------
    >>> from irclassify.model.folder import find_model
    >>> x = np.linspace(4000.0, 400.0, 901)
    >>> table = Table("t.npy", x, 1, lambda first, end: np.full((1, 901), 90.0))
    >>> how = find_model("default").preprocessing
    >>> settle(table, how, ReadOptions(y_unit="percent transmittance")).range_cm1
    (400.0, 4000.0)
    """
    y_unit = _unit_of_values(table, options)
    return Columns(table.x, how, x_words=table.x_words, x_unit=options.x_unit, y_unit=y_unit)


def classify_table(
    table: Table,
    classifier: Classifier,
    columns: Columns,
    *,
    pieces: Stretches | None = None,
    phase: str | None = None,
    error_rate: float = DEFAULT_ERROR_RATE,
    part: tuple[int, int | None] = (0, None),
) -> Generator[Block]:
    """The answers to the rows of a table, in order; ``part``: from which row to before which.

    ``pieces``: the stretches whose contributions are asked for.

    Examples
    --------
    >>> import irclassify
    >>> classifier = irclassify.load()
    >>> x = np.linspace(400.0, 4000.0, 901)
    >>> rows = np.exp(-(((x - [[1710], [2250]]) / 10) ** 2))
    >>> table = Table("t.npy", x, 2, lambda first, end: rows[first:end], y_words="absorbance")
    >>> columns = settle(table, classifier.spec.preprocessing, ReadOptions())
    >>> [(block.first, len(block.found)) for block in classify_table(table, classifier, columns)]
    [(0, 2)]
    """

    terms: Any = {"phase": phase, "error_rate": error_rate}

    def classified() -> Iterator[Block]:
        for first, values in table.blocks(BATCH, *part):
            matrix = columns.rows(values)
            regions: NDArray[np.float32] | None = None
            if pieces is None:
                found = classifier.predict_rows(matrix, columns, **terms)
            else:
                found, regions = classifier.explain_rows(matrix, columns, pieces, **terms)
            yield Block(first, found, regions, columns.cut(matrix))

    return _one_ahead(classified())


def _one_ahead(items: Iterator[T]) -> Generator[T]:
    """The same items, the next one being made while the last one is used."""
    end = object()
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, items, end)
        while (item := coming.result()) is not end:
            coming = pool.submit(next, items, end)
            yield item  # type: ignore[misc]


def part_of(table: Table, options: ReadOptions) -> tuple[int, int | None]:
    """From which row of a table to before which: all, or the one that ``options.block`` names.

    Raises UnfitSpectrumError when the table has fewer rows.

    Examples
    --------
    >>> table = Table("t.npy", np.linspace(400.0, 4000.0, 100), 3, lambda first, end: np.zeros(0))
    >>> part_of(table, ReadOptions()), part_of(table, ReadOptions(block=2))
    ((0, None), (1, 2))
    """
    if options.block is None:
        return 0, None
    if options.block > table.count:
        raise UnfitSpectrumError(f"--block {options.block}: the table has {table.count} spectra")
    return options.block - 1, options.block


def _unit_of_values(table: Table, options: ReadOptions) -> str:
    """The unit of a table's values, one of Y_UNITS: stated, or what its first spectra agree on.

    Raises AmbiguousUnitError, or another IrclassifyError for values that cannot be read.

    Examples
    --------
    >>> x = np.linspace(400.0, 4000.0, 100)
    >>> table = Table("t.npy", x, 1, lambda first, end: np.ones((1, 100)), y_words="absorbance")
    >>> _unit_of_values(table, ReadOptions())
    'absorbance'
    """
    told = options.y_unit
    wavenumber, order, _ = settle_axis(
        np.asarray(table.x, np.float64), words=table.x_words, told=options.x_unit
    )
    rows = min(_LOOKED_AT, table.count, rows_at_once(table.x.size))
    sample = np.asarray(table.read(0, rows), np.float64)
    good = sample[row_faults(sample) == 0]
    if told is not None or table.y_words is not None or good.size == 0:
        values = good.ravel() if good.size else np.zeros(1)
        unit, _ = settle_y(values, table.y_words, told or (None if good.size else "absorbance"))
        return unit
    votes: Counter[str] = Counter()
    for row in good:
        try:
            part = measured_part(wavenumber, row[order])
            part = part if is_wide_enough(wavenumber[part]) else slice(None)
            votes[settle_y(row[order][part], None, None, wavenumber[part])[0]] += 1
        except AmbiguousUnitError as error:
            doubt = error
    if len(votes) == 1 and votes.total() >= len(good) / 2:
        return next(iter(votes))
    if not votes:
        raise doubt
    found = ", ".join(f"{count} like {unit}" for unit, count in votes.items())
    raise AmbiguousUnitError(
        f"the table states no Y unit and its first {len(good)} spectra do not agree ({found}); "
        "say --y-unit absorbance|percent-transmittance|transmittance|..."
    )


def spectra_of_table(
    path: str, options: ReadOptions, asked: TableOptions
) -> Iterator[tuple[int, Spectrum | IrclassifyError]]:
    """The rows of the table at ``path`` as spectra, or what is wrong with one, with their numbers.

    Numbers count from 1. Raises IrclassifyError when it cannot be opened or turns out damaged.

    Examples
    --------
    >>> next(spectra_of_table("no.npy", ReadOptions(), TableOptions()))
    Traceback (most recent call last):
    irclassify.errors.UnreadableFileError: cannot be read: No such file or directory
    """
    table = open_table(path, asked)
    part = part_of(table, options)
    y_unit = _unit_of_values(table, options)
    for first, values in table.blocks(1, *part):
        for number, row in enumerate(values, start=first + 1):
            words = [column[number - 1] for column in table.labels.values()]
            measured = Measurement(
                table.x,
                np.asarray(row, np.float64),
                "table",
                x_unit=table.x_words,
                y_unit=table.y_words,
                title=" ".join(word for word in words if word),
            )
            yield number, _canonical(measured, options.x_unit, y_unit)


def _canonical(
    measured: Measurement, x_unit: str | None, y_unit: str
) -> Spectrum | IrclassifyError:
    try:
        with quiet_numbers():
            return to_spectrum(measured, x_unit=x_unit, y_unit=y_unit)
    except IrclassifyError as error:
        return error.kept()
