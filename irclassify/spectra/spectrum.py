"""The two forms of a spectrum: as a file states it, and as the rest of the tool uses it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from irclassify.errors import MalformedFileError, UnfitSpectrumError
from irclassify.spectra.extremes import greatest, least
from irclassify.spectra.order import ascends


@dataclass(frozen=True, eq=False)
class Measurement:
    """What a reader found, before units are settled: one per spectrum in a file.

    ``x`` and ``y`` are float64 of equal length in the file's own order and units, scale factors
    already applied. ``x_unit`` and ``y_unit`` are the file's own words, None when it has none.
    ``data_type`` is the file's own word for the kind of data ("INFRARED SPECTRUM").
    """

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    format: str
    x_unit: str | None = None
    y_unit: str | None = None
    data_type: str | None = None
    title: str = ""
    state: str | None = None
    header: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Spectrum:
    """A canonical infrared spectrum: strictly ascending wavenumbers (cm-1) and absorbance.

    ``wavenumber`` and ``absorbance``: float64, equal length >= 2, finite, not writable.
    ``x_unit`` and ``y_unit`` say what the file held (``cm-1``, ``um``, ``nm``; ``absorbance``,
    ``transmittance``, ``percent transmittance``, ...). ``state`` is the file's own word for the
    sample's phase, None when it has none. ``warnings`` are plain sentences for the user.

    Raises MalformedFileError or UnfitSpectrumError when the arrays break these rules.
    """

    wavenumber: NDArray[np.float64]
    absorbance: NDArray[np.float64]
    title: str = ""
    format: str = ""
    x_unit: str = "cm-1"
    y_unit: str = "absorbance"
    state: str | None = None
    warnings: tuple[str, ...] = ()
    header: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        x = np.array(self.wavenumber, dtype=np.float64)
        y = np.array(self.absorbance, dtype=np.float64)
        if x.ndim != 1 or x.shape != y.shape:
            raise MalformedFileError(
                f"{x.size} wavenumbers but {y.size} values: one value for each is needed"
            )
        if x.size < 2:
            raise UnfitSpectrumError(f"{x.size} point(s): a spectrum needs at least two")
        ends = (least(x), greatest(x), least(y), greatest(y))  # NaN where one is
        if not all(map(math.isfinite, ends)):
            raise MalformedFileError("the data hold values that are not finite numbers")
        if not ascends(x):
            raise MalformedFileError("the wavenumbers do not ascend: two points share one position")
        x.setflags(write=False)
        y.setflags(write=False)
        object.__setattr__(self, "wavenumber", x)
        object.__setattr__(self, "absorbance", y)

    def __len__(self) -> int:
        """Number of measured points."""
        return int(self.wavenumber.size)
