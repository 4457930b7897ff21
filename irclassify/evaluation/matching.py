"""Which label belongs to which spectrum: by path, or by file name where that is unique."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from irclassify.errors import UsageError
from irclassify.evaluation.labels import Label, Truth
from irclassify.sources.paths import Source

_NUMBERED = re.compile(r"(.+)#(\d+)")
_SHOWN = 3


@dataclass(frozen=True)
class Matched:
    """``sources`` have a label and are to be read; ``unlabelled`` have none; both in their order.

    ``missing`` are names in the table that no source has. ``truth_of`` finds a result's label.
    """

    sources: tuple[Source, ...]
    unlabelled: tuple[str, ...]
    missing: tuple[str, ...]
    _labels: dict[str, Label] = field(repr=False)

    def truth_of(self, file: str) -> Truth | None:
        """The label of a result: of ``file#2`` its own, else that of the file; None without.

        Examples
        --------
        >>> label = Label("film.csv", 2, (True,))
        >>> matched = match([label], [Source("film.csv", "film.csv")], ["film.csv"])
        >>> matched.truth_of("film.csv"), matched.truth_of("other.csv")
        ((True,), None)
        """
        label = self._labels.get(file) or self._labels.get(_whole(file))
        return label.truth if label else None

    def never_seen(self, files: Sequence[str]) -> tuple[str, ...]:
        """Labels of one spectrum in a file of several (``file#9``) that no result belongs to.

        Examples
        --------
        >>> label = Label("run.spc#9", 2, (True,))
        >>> matched = match([label], [Source("run.spc", "run.spc")], ["run.spc"])
        >>> matched.never_seen(["run.spc#1", "run.spc#2"])
        ('run.spc#9',)
        """
        seen = {*files, *map(_whole, files)}
        return tuple(
            label.file
            for name, label in self._labels.items()
            if name not in seen and _whole(name) not in files
        )


def match(rows: Sequence[Label], sources: Iterable[Source], paths: Sequence[str]) -> Matched:
    """Find the source of every label.

    A name in the table is a path as the tool shows it, a path from the folder (or archive) that was
    given, or a file name that only one source has; ``#2`` after it is that file's second spectrum.

    Parameters
    ----------
    rows : sequence of Label
    sources : iterable of Source
    paths : sequence of str
        The PATHs that the sources come from.

    Raises
    ------
    UsageError
        When a name fits several sources, or two lines are about one spectrum.

    Examples
    --------
    >>> label = Label("film.csv", 2, (True, False))
    >>> found = match([label], [Source("run/film.csv", "run/film.csv")], ["run"])
    >>> [source.name for source in found.sources], found.missing
    (['run/film.csv'], ())
    """
    by_name = {source.name: source for source in sources}
    names = _Names(paths, by_name)
    labels: dict[str, Label] = {}
    missing = []
    for row in rows:
        name = names.find(row)
        if name is None:
            missing.append(row.file)
        elif name in labels:
            raise UsageError(f"lines {labels[name].line} and {row.line} are both about {name}")
        else:
            labels[name] = row
    wanted = {*labels, *map(_whole, labels)}
    return Matched(
        sources=tuple(source for name, source in by_name.items() if name in wanted),
        unlabelled=tuple(name for name in by_name if name not in wanted),
        missing=tuple(missing),
        _labels=labels,
    )


class _Names:
    """The ways to name a source, closest first."""

    def __init__(self, paths: Sequence[str], sources: Iterable[str]) -> None:
        self._by_path: dict[str, set[str]] = {}
        self._by_file: dict[str, set[str]] = {}
        tops = [_slashed(path).rstrip("/") + "/" for path in paths]
        for name in sources:
            path = _slashed(name)
            for key in {path, *(path[len(top) :] for top in tops if path.startswith(top))}:
                self._by_path.setdefault(key, set()).add(name)
            self._by_file.setdefault(path.rpartition("/")[2], set()).add(name)

    def find(self, row: Label) -> str | None:
        """The source a label names, with ``#N`` when it names a spectrum of several."""
        name = self._source(row, _slashed(row.file))
        numbered = _NUMBERED.fullmatch(_slashed(row.file))
        if name is None and numbered:
            name = self._source(row, numbered[1])
            return f"{name}#{int(numbered[2])}" if name else None
        return name

    def _source(self, row: Label, key: str) -> str | None:
        found = self._by_path.get(key) or self._by_file.get(key) or set()
        if len(found) > 1:
            shown = ", ".join(sorted(found)[:_SHOWN]) + (", ..." if len(found) > _SHOWN else "")
            raise UsageError(f"line {row.line}: {row.file} fits {shown}: give its path")
        return next(iter(found), None)


def _whole(name: str) -> str:
    """``file#2`` -> ``file``; other names stay."""
    numbered = _NUMBERED.fullmatch(name)
    return numbered[1] if numbered else name


def _slashed(name: str) -> str:
    return name.replace("\\", "/").removeprefix("./")
