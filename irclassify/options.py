"""What the user tells the reader about a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class ReadOptions:
    """What the user knows better than the file: units, and which spectrum of several (from 1)."""

    x_unit: str | None = None
    y_unit: str | None = None
    block: int | None = None


@dataclass(frozen=True)
class TableOptions:
    """What the user says of a table of many spectra, and asks of it alone.

    ``axis``: its wavenumbers, as a file or ``first:last``; ``dataset``: the array or column that
    holds the spectra; ``contributions``: the width (cm-1) of the regions whose contributions are
    written, 0 for each latent column by itself; ``pictures``: a folder for pictures of a map.
    """

    axis: str | None = None
    dataset: str | None = None
    contributions: float | None = None
    pictures: Path | None = None
