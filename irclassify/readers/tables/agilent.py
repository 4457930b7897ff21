"""Agilent's focal-plane images: a tile (.dat beside .bsp or .seq) or a mosaic of tiles (.dmt).

Read with the package agilent-format (MIT, needs nothing but numpy), one row of tiles at a time.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import agilent_format as agilent
import numpy as np

from irclassify.errors import MalformedFileError
from irclassify.options import TableOptions
from irclassify.readers.tables.table import Table, Values


def open_agilent(path: Path, _options: TableOptions) -> Table:
    """An image in absorbance; lines run from its top.

    Examples
    --------
    >>> open_agilent(getfixture("tmp_path") / "mosaic.dmt", TableOptions())
    Traceback (most recent call last):
        ...
    irclassify.errors.MalformedFileError: not an image that can be read: ...
    """
    try:
        if path.suffix.lower() == ".dmt":
            image = agilent.agilentMosaicTiles(path, MAT=True)
            across, down = image.tiles.shape
        else:
            image = agilent.agilentImage(path, MAT=True)
            across, down = 1, 1
    except Exception as error:  # whatever a package raises at a damaged file
        raise MalformedFileError(f"not an image that can be read: {error}") from error
    x = np.asarray(image.info["wavenumbers"], np.float64)
    edge = image.info["fpasize"] if across * down > 1 or path.suffix == ".dmt" else len(image.data)
    samples = across * edge

    @lru_cache(maxsize=1)
    def strip(row: int) -> np.ndarray:
        """A row of tiles: (edge * samples, points)."""
        if path.suffix.lower() == ".dmt":
            tiles = [np.flipud(image.tiles[column, row]()) for column in range(across)]
        else:
            tiles = [image.data]
        return np.concatenate(tiles, axis=1).reshape(edge * samples, x.size)

    def read(first: int, end: int) -> Values:
        size = edge * samples
        pieces = []
        for row in range(first // size, -(-end // size)):
            low, high = max(first - row * size, 0), min(end - row * size, size)
            pieces.append(strip(row)[low:high])
        return np.concatenate(pieces)

    shape = (down * edge, samples)
    return Table(path.name, x, shape[0] * shape[1], read, "cm-1", "absorbance", shape)
