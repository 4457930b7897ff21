"""Every spectrum of a file or a table by itself, in canonical form: one way for all commands."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from irclassify import batch, readers
from irclassify.batch.cpu_limit import within_limit
from irclassify.batch.reading import failed
from irclassify.errors import FaultError, IrclassifyError
from irclassify.options import ReadOptions, TableOptions
from irclassify.readers import read_spectra
from irclassify.sources.held import wait_for
from irclassify.sources.paths import Source
from irclassify.sources.suffixes import may_be_table
from irclassify.spectra.spectrum import Spectrum

_Named = tuple[str, Spectrum | IrclassifyError]


def is_table(source: Source) -> bool:
    """True when a source is read as a table of many spectra.

    Examples
    --------
    >>> is_table(Source("ethanol.jdx", "ethanol.jdx"))
    False
    """
    if source.problem or source.data is not None or source.member is not None:
        return False
    if not may_be_table(source.path):
        return False
    wait_for(Path(source.path))
    try:
        return readers.tables.is_table(source.path)
    except OSError:
        return False  # reading it as a file says why


def spectra_of(
    source: Source, options: ReadOptions, asked: TableOptions | None = None
) -> Iterator[_Named]:
    """The spectra of a source with their names, or the error that stands in a place.

    A name is that of the source; ``#N`` follows where there are several, in a table always.
    ``options.block`` keeps the Nth spectrum of a file, the Nth row of a table. Nothing is raised.

    Examples
    --------
    >>> [(name, error)] = spectra_of(Source("no.jdx", "no.jdx"), ReadOptions())
    >>> name, error.code
    ('no.jdx', 'unreadable')
    """
    try:
        rows = _of_table if is_table(source) else _of_file
        yield from rows(source, options, asked or TableOptions())
    except IrclassifyError as error:
        yield source.name, error
    except Exception as error:  # noqa: BLE001 - a fault of ours must not stop a batch either
        yield source.name, FaultError(failed(source.name, error).message)


def _of_file(source: Source, options: ReadOptions, _asked: TableOptions) -> Iterator[_Named]:
    data = source.read()
    found = within_limit(
        len(data),
        read_spectra,
        data,
        source.name,
        x_unit=options.x_unit,
        y_unit=options.y_unit,
        block=options.block,
    )
    several = len(found) > 1 or options.block is not None
    for number, item in enumerate(found, start=options.block or 1):
        yield (f"{source.name}#{number}" if several else source.name), item


def _of_table(source: Source, options: ReadOptions, asked: TableOptions) -> Iterator[_Named]:
    for number, item in batch.tables.spectra_of_table(source.path, options, asked):
        yield f"{source.name}#{number}", item
