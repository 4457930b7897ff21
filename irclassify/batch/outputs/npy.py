"""Answers as NumPy arrays that grow on disk.

``-o out.npy`` gives the probabilities, float32 (spectra, groups), of a map (lines, samples,
groups), NaN where there is no answer. Beside it: ``out.calls.npy``, int8 of the same shape (1
present, 0 uncertain, -1 absent, -128 no answer); ``out.about.npz`` with ``groups`` and ``model``;
with contributions ``out.contributions.npy`` (spectra, groups, regions), and in ``out.about.npz``
``regions_cm1`` (regions, 2) and ``bias`` (groups,).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from irclassify.batch.outputs.files import open_output, whole_file
from irclassify.batch.tables import Block
from irclassify.errors import UsageError
from irclassify.explain.contributions import Stretches, edges_cm1, stated_bias
from irclassify.model.folder import ModelSpec
from irclassify.readers.tables import Table

_HEADER = 256  # bytes, so that it can be written anew


class NumpyFiles:
    """The files of one table.

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
    ...     answers = NumpyFiles(Path(folder) / "a.npy", classifier.spec, table)
    ...     answers.write_block(block, table)
    ...     answers.close()
    ...     print(np.load(Path(folder) / "a.npy").shape)
    (1, 2, 17)
    """

    def __init__(
        self,
        path: Path,
        spec: ModelSpec,
        table: Table,
        pieces: Stretches | None = None,
        phase: str | None = None,
    ) -> None:
        """Raises UsageError when a file cannot be written."""
        groups = (len(spec.groups),)
        rows = table.shape or (table.count,)
        about: dict[str, Any] = {"groups": [g.name for g in spec.groups], "model": spec.label}
        try:
            self._probability = GrowingArray(path, np.float32, rows, groups)
            self._calls = GrowingArray(path.with_suffix(".calls.npy"), np.int8, rows, groups)
            self._parts = None
            if pieces is not None:
                file = path.with_suffix(".contributions.npy")
                self._parts = GrowingArray(file, np.float32, rows, (*groups, len(pieces)))
                about["regions_cm1"] = edges_cm1(spec, pieces)
                bias = stated_bias(spec, phase)
                about |= {} if bias is None else {"bias": bias}
            with whole_file(path.with_suffix(".about.npz")) as stream:
                np.savez(stream, **about)
        except OSError as error:
            raise UsageError(f"-o {path}: cannot be written: {error.strerror}") from error

    def write_block(self, block: Block, _table: Table) -> None:
        """Add rows."""
        self._probability.add(block.found.probabilities)
        self._calls.add(block.found.calls)
        if self._parts is not None and block.regions is not None:
            self._parts.add(block.regions)

    def close(self) -> None:
        """Make the files whole, also when they end early: then with the rows they hold."""
        for file in (self._probability, self._calls, self._parts):
            if file is not None:
                file.close()


class GrowingArray:
    """A .npy file of ``rows`` (one number or two) times ``row`` values, written in order.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     array = GrowingArray(Path(folder) / "a.npy", np.float32, (5,), (2,))
    ...     array.add(np.ones((3, 2)))
    ...     array.close()
    ...     print(np.load(Path(folder) / "a.npy").shape)
    (3, 2)
    """

    def __init__(self, path: Path, dtype: Any, rows: tuple[int, ...], row: tuple[int, ...]) -> None:
        self._dtype, self._rows, self._row = np.dtype(dtype), rows, row
        self._file = open_output(path)
        self._written = 0
        self._begin(rows)

    def add(self, values: NDArray[Any]) -> None:
        """The next rows, (m, *row)."""
        self._file.write(np.ascontiguousarray(values, self._dtype).data)
        self._written += len(values)

    def close(self) -> None:
        """Say how many rows there are, if they are fewer than was thought."""
        if self._written != int(np.prod(self._rows)):
            self._file.seek(0)
            self._begin((self._written,))
        self._file.close()

    def _begin(self, rows: tuple[int, ...]) -> None:
        shape = (*rows, *self._row)
        said = f"{{'descr': {self._dtype.str!r}, 'fortran_order': False, 'shape': {shape}, }}"
        self._file.write(b"\x93NUMPY\x01\x00" + (_HEADER - 10).to_bytes(2, "little"))
        self._file.write(said.ljust(_HEADER - 11).encode("ascii") + b"\n")
