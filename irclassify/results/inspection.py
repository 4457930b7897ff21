"""What one spectrum is like, and all that a report shows of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from irclassify.results.explanation import Explanation


@dataclass(frozen=True)
class Inspection:
    """What one spectrum is like: points as measured, ``first_cm1`` < ``last_cm1``.

    ``x_unit`` and ``y_unit`` say what the file held, ``grade`` is A to D with its reasons among
    the ``warnings``. ``profile`` is the spectrum as 0 to 1 over even stretches, for a small plot.
    """

    file: str
    format: str
    title: str
    n_points: int
    first_cm1: float
    last_cm1: float
    x_unit: str
    y_unit: str
    spacing_cm1: float
    max_absorbance: float
    grade: str
    state: str | None = None
    header: tuple[tuple[str, str], ...] = ()
    profile: tuple[float, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class SpectrumReport:
    """All there is to show of one spectrum: what it is like and why it was called as it was."""

    inspection: Inspection
    explanation: Explanation
