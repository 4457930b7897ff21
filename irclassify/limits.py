"""How large a file, a table or a set of blocks may be before it is refused unread.

A spectrum from 400 to 4400 cm-1 at a hundredth of the width of a gas line (0.004 cm-1) has a
million points; series have some hundred spectra. Beyond these caps a file could not be handled
within the 2 seconds and 500 MB that any input is allowed, so it is refused with ``too_large``.
"""

from __future__ import annotations

from irclassify.errors import TooLargeError

MAX_TEXT_BYTES = 16 * 2**20
MAX_BINARY_BYTES = 64 * 2**20
MAX_POINTS = 1_000_000
MAX_SPECTRA = 1_000
MAX_POINTS_IN_FILE = 2_000_000
SECONDS_A_MIB = 5.0


def seconds_for(size: int) -> float:
    """The processor time that reading a file of ``size`` bytes may take, in seconds.

    Examples
    --------
    >>> seconds_for(2**20)
    5.0
    """
    return SECONDS_A_MIB * max(size / 2**20, 1.0)


def check_bytes(data: bytes, limit: int) -> None:
    """Raise TooLargeError when ``data`` holds more than ``limit`` bytes.

    Examples
    --------
    >>> check_bytes(b"400,0.1", limit=2**20)
    """
    if len(data) > limit:
        raise TooLargeError(
            f"{len(data) / 2**20:.0f} MB: files of this kind are read up to {limit / 2**20:.0f} MB;"
            " export a single spectrum"
        )


def check_points(count: float) -> None:
    """Raise TooLargeError when a spectrum declares or holds more than MAX_POINTS points.

    Examples
    --------
    >>> check_points(1801)
    """
    if count > MAX_POINTS:
        raise TooLargeError(
            f"{count:.0f} points in one spectrum: at most {MAX_POINTS} are read; export it coarser"
        )


def check_spectra(count: int) -> None:
    """Raise TooLargeError when a file holds more than MAX_SPECTRA spectra.

    Examples
    --------
    >>> check_spectra(12)
    """
    if count > MAX_SPECTRA:
        raise TooLargeError(
            f"{count} spectra in one file: at most {MAX_SPECTRA} are read; split the file"
        )


def check_total(points: float) -> None:
    """Raise TooLargeError when all spectra of a file together hold too many points.

    Examples
    --------
    >>> check_total(12 * 1801)
    """
    if points > MAX_POINTS_IN_FILE:
        raise TooLargeError(f"more than {MAX_POINTS_IN_FILE} points in one file: split the file")
