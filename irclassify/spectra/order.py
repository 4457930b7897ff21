"""The points of a spectrum in ascending order: sorted, merged and joined where that is safe."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from irclassify.errors import MalformedFileError

Floats = NDArray[np.float64]

MIN_POINTS = 50
_FARTHEST_BACK = 0.005  # of the range of X: 18 cm-1 in 3600
_MOST_PIECES = 10
_LONGEST_OVERLAP = 0.35  # of the shorter of two pieces
_LARGEST_DIFFERENCE = 0.05  # of the range of Y, where two pieces overlap


def in_ascending_order(x: Floats, y: Floats) -> tuple[Floats, Floats, list[str]]:
    """Both in ascending order of ``x``, each position once, and warnings about what was mended.

    Parameters
    ----------
    x, y : (n,)

    Raises
    ------
    MalformedFileError
        Where they are not one curve.

    Examples
    --------
    >>> in_ascending_order(np.array([402.0, 400.0]), np.array([0.2, 0.1]))
    (array([400., 402.]), array([0.1, 0.2]), [])
    """
    if ascends(x):
        return x, y, []
    if ascends(x[::-1]):
        return x[::-1], y[::-1], []
    x, y, notes = _mended(x, y)
    order = np.argsort(x, kind="stable")
    x, y = x[order], y[order]
    first = np.concatenate([[True], x[1:] > x[:-1]])
    if first.all():
        return x, y, notes
    merged = _merged(x, y, np.flatnonzero(first))
    if (y[1:] != y[:-1])[~first[1:]].any():
        notes.append(f"{x.size - merged[0].size} points share their X with another: averaged")
    return *merged, notes


def ascends(x: Floats) -> bool:
    """True when each of ``x``, (n,), lies above the one before it.

    Examples
    --------
    >>> ascends(np.array([400.0, 402.0])), ascends(np.array([400.0, 400.0]))
    (True, False)
    """
    rising = int(np.count_nonzero(x[1:] > x[:-1]))  # in less than half the time of all()
    return rising == x.size - 1


def _mended(x: Floats, y: Floats) -> tuple[Floats, Floats, list[str]]:
    """Both as one curve, and a warning, where X steps back a little or starts anew in pieces.

    Small steps back are those of a curve that was digitised by hand. Pieces are those of detectors
    or pages, in any order; each stays as far as it reaches, and the next goes on from there.
    """
    steps = np.diff(x)
    rising = x if np.count_nonzero(steps > 0) >= np.count_nonzero(steps < 0) else -x
    back, far = _goes_back(rising), _FARTHEST_BACK * float(np.ptp(x))
    turns = int(np.count_nonzero(np.diff(np.sign(steps[steps != 0]))))
    if back <= far:
        said = f"X steps back by up to {back:.3g} in {turns // 2 or 1} places"
        return x, y, [f"{said}; the points were sorted"] if back > 0 else []
    starts = np.flatnonzero(np.diff(rising) < -far) + 1
    bounds = [0, *starts.tolist(), x.size]
    pieces = [slice(a, b) for a, b in pairwise(bounds)]
    if len(pieces) > _MOST_PIECES or any(_goes_back(rising[piece]) > far for piece in pieces):
        raise MalformedFileError(
            f"X changes direction {turns} times: not one spectrum, or X is not the first column"
        )
    pieces.sort(key=lambda piece: float(rising[piece][0]))
    kept = _end_to_end(rising, y, pieces)
    return x[kept], y[kept], [f"{len(pieces)} pieces of the spectrum were joined"]


def _goes_back(x: Floats) -> float:
    """By how much ``x`` falls below what it has reached before."""
    return float((np.maximum.accumulate(x) - x).max())


def _end_to_end(x: Floats, y: Floats, pieces: list[slice]) -> NDArray[np.intp]:
    """The points of rising ``pieces`` without those that an earlier piece has measured.

    Raises MalformedFileError where pieces overlap by much, or differ where they overlap.
    """
    kept = [np.arange(pieces[0].start, pieces[0].stop)]
    for before, piece in pairwise(pieces):
        end, start = float(x[before].max()), float(x[piece][0])
        shorter = min(float(np.ptp(x[p])) for p in (before, piece))
        if end - start > _LONGEST_OVERLAP * shorter or x[piece].max() <= end:
            raise MalformedFileError(
                f"X starts again at {abs(x[piece.start]):g}: several spectra below one another? "
                "Put a line of text between them, or one in each file"
            )
        twice = x[piece] <= end
        order = np.argsort(x[before], kind="stable")
        there = np.interp(x[piece][twice], x[before][order], y[before][order])
        if twice.any() and np.abs(there - y[piece][twice]).max() > _LARGEST_DIFFERENCE * np.ptp(y):
            raise MalformedFileError(
                f"two pieces differ where they overlap ({abs(start):g} to {abs(end):g}): one "
                "spectrum in each file, or cut the pieces"
            )
        kept.append(np.arange(piece.start, piece.stop)[~twice])
    return np.concatenate(kept)


def _merged(x: Floats, y: Floats, first: NDArray[np.intp]) -> tuple[Floats, Floats]:
    """The mean of the values that share a position, each run starting at an index of ``first``.

    Rounded positions and seams of a stitched spectrum share X; their values differ no more than
    those of neighbours. Two spectra in one column differ more, and are refused.
    """
    sizes = np.diff(first, append=x.size)
    mean = np.add.reduceat(y, first) / sizes
    spread = np.maximum.reduceat(y, first) - np.minimum.reduceat(y, first)
    shared = spread[sizes > 1]
    usual = float(np.median(np.abs(np.diff(mean)))) if mean.size > 1 else 0.0
    few = shared.size <= 0.02 * mean.size and shared.max() <= 0.2 * np.ptp(y)
    alike = mean.size >= MIN_POINTS and (few or float(np.median(shared)) <= 4 * usual)
    if not alike and shared.max() > 0:
        at = first[int(np.argmax(spread > 0))]
        raise MalformedFileError(
            f"two different values at {x[at]:g} cm-1, and at other places: two spectra in one?"
        )
    return x[first], mean
