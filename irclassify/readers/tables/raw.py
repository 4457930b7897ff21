"""Numbers that lie in a file as they are, read in runs.

They are not mapped into memory: a file that another program shortens meanwhile would end the
process by a signal, where reading it says that it ends too soon.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from irclassify.errors import MalformedFileError


def read_runs(
    path: Path, dtype: np.dtype[Any], begin: int, *, count: int, length: int, step: int
) -> NDArray[Any]:
    """``count`` runs of ``length`` neighbouring numbers, as (count, length).

    The first run begins at byte ``begin``, each other one ``step`` numbers after the last. Raises
    MalformedFileError when the file ends before the last one.

    Examples
    --------
    >>> file = getfixture("tmp_path") / "numbers.dat"
    >>> np.arange(12, dtype="i2").tofile(file)
    >>> read_runs(file, np.dtype("i2"), 2, count=2, length=3, step=4).tolist()
    [[1, 2, 3], [5, 6, 7]]
    """
    found = np.empty((count, length), dtype)
    runs = found.reshape(1, -1) if step == length else found
    with path.open("rb", buffering=0) as file:
        for number, run in enumerate(runs):
            file.seek(begin + number * step * dtype.itemsize)
            if _fill(file, memoryview(run).cast("B")) < run.nbytes:
                raise MalformedFileError(f"{path.name} ends before its last spectrum")
    return found


def _fill(file: Any, room: memoryview) -> int:
    """Read until there is no room; how many bytes there were."""
    at = 0
    while at < len(room) and (size := file.readinto(room[at:])):
        at += size
    return at
