"""What the user tells the tool beside the file."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

# Among spectra with a group, the share that may be called absent; among those without it, present.
DEFAULT_ERROR_RATE = 0.05
LOWEST_ERROR_RATE, HIGHEST_ERROR_RATE = 0.001, 0.5


class ReadOptions(NamedTuple):
    """What the user knows better than the file: units, which spectrum of several (from 1), phase.

    ``phase`` is ``gas``, ``condensed`` (in transmission) or ``atr``; None leaves it to the
    file's own words, and then to the spectrum.
    """

    x_unit: str | None = None
    y_unit: str | None = None
    block: int | None = None
    phase: str | None = None


class TableOptions(NamedTuple):
    """What the user says of a table of many spectra, and asks of it alone.

    ``axis``: its wavenumbers, as a file or ``first:last``; ``dataset``: the array or column that
    holds the spectra; ``contributions``: the width (cm-1) of the regions whose contributions are
    written, 0 for each latent column by itself; ``pictures``: a folder for pictures of a map.
    """

    axis: str | None = None
    dataset: str | None = None
    contributions: float | None = None
    pictures: Path | None = None
