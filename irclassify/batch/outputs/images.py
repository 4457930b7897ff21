"""A map as one picture a group: probability by colour, transparent where there is no answer."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from irclassify.batch.outputs.files import whole_file
from irclassify.batch.tables import Block
from irclassify.errors import UsageError
from irclassify.readers.tables import Table

# Colours from 0 to 1, even to the eye and in print: ten of matplotlib's viridis (CC0).
_COLOURS = np.array(
    [
        (68, 1, 84),
        (72, 40, 120),
        (62, 74, 137),
        (49, 104, 142),
        (38, 130, 142),
        (31, 158, 137),
        (53, 183, 121),
        (110, 206, 88),
        (181, 222, 43),
        (253, 231, 37),
    ]
)
_NONE = 255  # the last colour, transparent
_SMALLEST = 256  # pixels along the longer side


class Pictures:
    """Collects a map's answers; ``close`` writes ``GROUP.png`` for every group.

    Examples
    --------
    >>> import irclassify
    >>> from tempfile import TemporaryDirectory
    >>> classifier = irclassify.load()
    >>> x = np.linspace(400.0, 4000.0, 901)
    >>> rows = np.exp(-(((x - [[1710], [2250]]) / 10) ** 2))
    >>> table = Table("t.npy", x, 2, lambda first, end: rows[first:end], shape=(1, 2))
    >>> block = Block(0, classifier.predict(x, rows))
    >>> with TemporaryDirectory() as folder:
    ...     pictures = Pictures(Path(folder), tuple(g.name for g in classifier.spec.groups), table)
    ...     pictures.write_block(block, table)
    ...     pictures.close()
    ...     print((Path(folder) / "ketone.png").read_bytes()[1:4])
    b'PNG'
    """

    def __init__(self, folder: Path, groups: tuple[str, ...], table: Table) -> None:
        """Raises UsageError when ``table`` is no map or the folder cannot be made."""
        if table.shape is None:
            raise UsageError(f"--png: {table.name} is a list of spectra, not a map of pixels")
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(f"--png {folder}: cannot be made: {error.strerror}") from error
        self._folder, self._groups, self._shape = folder, groups, table.shape
        self._levels = np.full((len(groups), table.count), _NONE, np.uint8)

    def write_block(self, block: Block, _table: Table) -> None:
        """Add rows."""
        rows = slice(block.first, block.first + len(block.found))
        values = np.rint(block.found.probabilities.T * (_NONE - 1))
        self._levels[:, rows] = np.where(np.isnan(values), _NONE, values).astype(np.uint8)

    def close(self) -> None:
        """Write the pictures; what was not reached is transparent."""
        scale = max(_SMALLEST // max(self._shape), 1)
        for group, levels in zip(self._groups, self._levels, strict=True):
            pixels = levels.reshape(self._shape).repeat(scale, axis=0).repeat(scale, axis=1)
            with whole_file(self._folder / f"{group}.png", "--png") as stream:
                stream.write(indexed_png(pixels, palette()))


def palette() -> NDArray[np.uint8]:
    """(256, 3): the colours of the levels 0 to 254, and the one for no answer.

    Examples
    --------
    >>> palette().shape, palette()[-1].tolist()
    ((256, 3), [0, 0, 0])
    """
    at = np.linspace(0, 1, _NONE)
    knots = np.linspace(0, 1, len(_COLOURS))
    channels = [np.interp(at, knots, channel) for channel in _COLOURS.T]
    colours = np.stack(channels, axis=1).round().astype(np.uint8)
    return np.concatenate([colours, np.zeros((1, 3), np.uint8)])


def indexed_png(pixels: NDArray[np.uint8], colours: NDArray[np.uint8]) -> bytes:
    """A picture (height, width) of indices into ``colours`` (256, 3), the last one transparent.

    PNG, W3C Recommendation, third edition: colour type 3, eight bits, no filter.

    Examples
    --------
    >>> indexed_png(np.zeros((2, 3), np.uint8), palette())[1:4]
    b'PNG'
    """
    height, width = pixels.shape
    rows = np.zeros((height, width + 1), np.uint8)  # each begins with its filter, 0
    rows[:, 1:] = pixels
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
        (b"PLTE", colours.tobytes()),
        (b"tRNS", bytes([255] * (len(colours) - 1) + [0])),
        (b"IDAT", zlib.compress(rows.tobytes(), 6)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
