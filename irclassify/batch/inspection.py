"""What a file holds and how good it is, without any model."""

from __future__ import annotations

from collections.abc import Iterator

from irclassify.batch.spectra import spectra_of
from irclassify.errors import IrclassifyError
from irclassify.options import ReadOptions, TableOptions
from irclassify.results.inspection import Inspection
from irclassify.results.prediction import Failed
from irclassify.sources.paths import Source
from irclassify.spectra.summary import inspect_spectrum


def inspect_source(
    source: Source, options: ReadOptions | None = None, asked: TableOptions | None = None
) -> Iterator[Inspection | Failed]:
    """One row for each spectrum of a file or a table; what cannot be read says why.

    Examples
    --------
    >>> [row] = inspect_source(Source("no.jdx", "no.jdx"), ReadOptions())
    >>> row.code
    'unreadable'
    """
    for name, item in spectra_of(source, options or ReadOptions(), asked):
        if isinstance(item, IrclassifyError):
            yield Failed(name, item.code, str(item))
        else:
            yield inspect_spectrum(name, item)
