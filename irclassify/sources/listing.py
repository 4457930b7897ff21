"""Very many sources in little memory: listed once and gone through several times."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import overload

from irclassify.sources.paths import Source

_IN_BLOCK = 1024

# The sources themselves; or, of plain files, how all their paths begin and the ends of the paths.
_Block = list[Source] | tuple[str, str]


class Listing(Sequence[Source]):
    """Sources in order. A plain file takes the bytes of its name and no more, not an object.

    Sources are made when they are asked for, a block of them at a time.

    Examples
    --------
    >>> listing = Listing(Source(name, name) for name in ("run/1.jdx", "run/2.jdx"))
    >>> len(listing), listing[1].name, [source.path for source in listing]
    (2, 'run/2.jdx', ['run/1.jdx', 'run/2.jdx'])
    """

    def __init__(self, sources: Iterable[Source]) -> None:
        self._blocks: list[_Block] = []
        self._length = 0
        self._unpacked: tuple[int, list[Source]] = (-1, [])
        remaining = iter(sources)
        while some := list(islice(remaining, _IN_BLOCK)):
            self._blocks.append(_packed(some))
            self._length += len(some)

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[Source]:
        for block in self._blocks:
            yield from _sources(block)

    @overload
    def __getitem__(self, index: int) -> Source: ...
    @overload
    def __getitem__(self, index: slice) -> list[Source]: ...
    def __getitem__(self, index: int | slice) -> Source | list[Source]:
        """One source, quickly where the one before it was asked for last; or some of them."""
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(self._length))]
        number, at = divmod(range(self._length)[index], _IN_BLOCK)
        if self._unpacked[0] != number:
            self._unpacked = (number, list(_sources(self._blocks[number])))
        return self._unpacked[1][at]


def _packed(sources: list[Source]) -> _Block:
    paths = [source.path for source in sources if _is_plain(source)]
    if len(paths) < len(sources):
        return sources
    start = os.path.commonprefix(paths)  # noqa: RUF071 - of characters, not of folders
    return start, "\0".join(path[len(start) :] for path in paths)


def _is_plain(source: Source) -> bool:
    """True for a file that its path alone describes. An argument may hold a NUL, no file's path."""
    path = source.path
    return type(source) is Source and source == Source(path, path) and "\0" not in path


def _sources(block: _Block) -> Iterable[Source]:
    if isinstance(block, list):
        return block
    start, ends = block
    paths = (start + end for end in ends.split("\0"))
    return (Source(path, path) for path in paths)
