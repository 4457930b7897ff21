"""Sources -> grid vectors: each step is done for a portion of files before the next is begun.

One step's code fits into a processor's caches, all of it does not: file by file, reading takes half
as long again. A portion ends early when it holds much, so that memory is bounded.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple, ParamSpec, TypeVar

import numpy as np
from numpy.typing import NDArray

from irclassify.batch.cpu_limit import watching, within_limit
from irclassify.batch.stopping import stopping
from irclassify.errors import FaultError, IrclassifyError
from irclassify.model.domain import spectrum_share
from irclassify.model.preprocessing import Preprocessing, to_grids
from irclassify.options import ReadOptions
from irclassify.readers import read_measurements
from irclassify.results.prediction import Failed
from irclassify.sources.paths import Source
from irclassify.spectra.spectrum import Measurement, Spectrum
from irclassify.spectra.units import to_spectrum

if TYPE_CHECKING:
    from irclassify.explain.observed import Bands

T = TypeVar("T")
P = ParamSpec("P")

# A portion holds at most so much of each, or a single file. Small files count as LEAST_BYTES: there
# are at most 64 in a portion.
_MOST_BYTES = 8 * 2**20
_LEAST_BYTES = _MOST_BYTES // 64
_MOST_POINTS = 2**18


class Readable(NamedTuple):
    """A spectrum that became a grid vector; ``covered`` is the share of the grid it measured.

    ``bands``: where they were to be measured too.
    """

    file: str
    warnings: tuple[str, ...]
    state: str | None = None
    covered: float = 1.0
    bands: Bands | None = None


class Gridded(NamedTuple):
    """A spectrum, the grid vector (points,) that the model sees of it, and words for its phase."""

    file: str
    spectrum: Spectrum
    grid: NDArray[np.float32]
    state: str | None


class Readings(NamedTuple):
    """Some files, read: a row per spectrum; ``grids`` (readable rows, points) in their order."""

    rows: list[Readable | Failed]
    grids: NDArray[np.float32]


def read_grids(
    sources: Sequence[Source],
    how: Preprocessing,
    options: ReadOptions,
    measure: Callable[[Spectrum], Bands] | None = None,
) -> Readings:
    """Read files into grid vectors; whatever goes wrong with a file is its row.

    ``measure``: measures the bands of each spectrum too.

    Examples
    --------
    >>> import irclassify
    >>> from irclassify.sources.paths import Source
    >>> how = irclassify.load().spec.preprocessing
    >>> source = Source("a.jdx", "a.jdx", data=b"##TITLE=a")
    >>> rows, grids = read_grids([source], how, ReadOptions())
    >>> rows[0].code, grids.shape == (0, how.grid.points)
    ('no_data', True)
    """
    rows: list[Readable | Failed] = []
    grids: list[NDArray[np.float32]] = []
    with quiet_numbers(), watching():
        for row in _gridded(sources, how, options):
            if isinstance(row, Failed):
                rows.append(row)
                continue
            bands = None if measure is None else _attempt(row.file, measure, row.spectrum)
            if isinstance(bands, Failed):
                rows.append(bands)
                continue
            covered = spectrum_share(row.spectrum, how.grid)
            rows.append(Readable(row.file, row.spectrum.warnings, row.state, covered, bands))
            grids.append(row.grid)
    return Readings(rows, np.array(grids, np.float32).reshape(-1, how.grid.points))


def _gridded(
    sources: Iterable[Source], how: Preprocessing, options: ReadOptions
) -> Iterator[Gridded | Failed]:
    """Every spectrum of every file, ready for the model, or why it is not; in order.

    To be used with ``quiet_numbers`` and ``watching``.
    """
    for files in _portions(_contents(sources), _bytes_held, _MOST_BYTES):
        for found in _portions(_measurements(files, options), _points_held, _MOST_POINTS):
            yield from _on_grid(list(_spectra(found, options)), how, options)


@contextmanager
def quiet_numbers() -> Iterator[None]:
    """Keep numpy's remarks on hostile numbers from the user. Not to be held over a ``yield``.

    Examples
    --------
    >>> with quiet_numbers():
    ...     np.float32(1) / np.float32(0)
    np.float32(inf)
    """
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


def failed(name: str, error: Exception) -> Failed:
    """The row of a file that cannot be used; any but an IrclassifyError is a fault of ours.

    Examples
    --------
    >>> from irclassify.errors import NoDataError
    >>> failed("a.jdx", NoDataError("the file is empty")).code
    'no_data'
    >>> failed("a.jdx", ZeroDivisionError("x")).code
    'internal'
    """
    if isinstance(error, IrclassifyError):
        return Failed(name, error.code, str(error))
    said = " ".join(f"{type(error).__name__}: {error}".split())[:200]
    message = f"an error of irclassify itself ({said}): please report it with the file"
    return Failed(name, FaultError.code, message)


_Named = tuple[str, T | Failed]


def _contents(sources: Iterable[Source]) -> Iterator[_Named[bytes]]:
    for source in sources:
        if stopping():
            return
        yield source.name, _attempt(source.name, source.read)


def _measurements(
    files: Iterable[_Named[bytes]], options: ReadOptions
) -> Iterator[_Named[Measurement]]:
    """A row per spectrum, numbered where a file has several."""
    for name, data in files:
        if stopping():
            return
        if isinstance(data, Failed):
            yield name, data
            continue
        found = _attempt(
            name, within_limit, len(data), read_measurements, data, name, block=options.block
        )
        if isinstance(found, Failed):
            yield name, found
            continue
        several = len(found) > 1 or options.block is not None
        for number, item in enumerate(found, start=options.block or 1):
            label = f"{name}#{number}" if several else name
            yield label, failed(label, item) if isinstance(item, IrclassifyError) else item


def _spectra(
    found: Iterable[_Named[Measurement]], options: ReadOptions
) -> Iterator[_Named[Spectrum]]:
    units = {"x_unit": options.x_unit, "y_unit": options.y_unit}
    for name, item in found:
        yield name, item if isinstance(item, Failed) else _attempt(name, to_spectrum, item, **units)


def _on_grid(
    rows: Sequence[_Named[Spectrum]], how: Preprocessing, options: ReadOptions
) -> Iterator[Gridded | Failed]:
    grids = iter(to_grids([item for _, item in rows if isinstance(item, Spectrum)], how))
    for name, item in rows:
        if isinstance(item, Failed):
            yield item
        elif isinstance(grid := next(grids), IrclassifyError):
            yield failed(name, grid)
        else:
            yield Gridded(name, item, grid, options.phase or item.state)


def _attempt(name: str, step: Callable[P, T], *args: P.args, **options: P.kwargs) -> T | Failed:
    """What ``step`` returns; whatever it raises must not stop a batch."""
    try:
        return step(*args, **options)
    except Exception as error:  # noqa: BLE001 - faults of ours too
        return failed(name, error)


def _portions(items: Iterable[T], weight: Callable[[T], int], most: int) -> Iterator[list[T]]:
    """The items in lists, each ended by the item that makes it weigh ``most`` or more."""
    portion: list[T] = []
    weighs = 0
    for item in items:
        portion.append(item)
        weighs += weight(item)
        if weighs >= most:
            yield portion
            portion, weighs = [], 0
    if portion:
        yield portion


def _bytes_held(file: _Named[bytes]) -> int:
    return _LEAST_BYTES if isinstance(file[1], Failed) else max(len(file[1]), _LEAST_BYTES)


def _points_held(found: _Named[Measurement]) -> int:
    return 0 if isinstance(found[1], Failed) else found[1].y.size
