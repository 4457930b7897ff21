"""What the user tells the reader about a file."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ReadOptions:
    """What the user knows better than the file: units, and which spectrum of several (from 1)."""

    x_unit: str | None = None
    y_unit: str | None = None
    block: int | None = None
