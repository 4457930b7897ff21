"""A table of known structures -> which groups each named spectrum has, has not, or may have.

Three forms, told apart by the header: a column per group, a column ``groups`` of names, or a column
``smiles``. What is wrong with the table is one error that names the lines: a wrong truth is worse
than none.
"""

from __future__ import annotations

import csv
import difflib
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from irclassify.errors import TooLargeError, UsageError
from irclassify.limits import MAX_BINARY_BYTES, check_bytes
from irclassify.readers.encoding import decode, normalise
from irclassify.results.nouns import spoken
from irclassify.sources.held import patiently
from irclassify.text import group_key

Truth = tuple[bool | None, ...]  # one a group, in the model's order; None: not known
_Reader = Callable[[Mapping[str, str]], Truth]

_MAX_BYTES = MAX_BINARY_BYTES  # a line for each of a million spectra
_FILE_COLUMNS = ("file", "filename", "path")
_NONE = "none"  # in the column groups: a structure with none of them
_YES = frozenset(("1", "1.0", "yes", "y", "true", "t", "present"))
_NO = frozenset(("0", "0.0", "no", "n", "false", "f", "absent"))
_UNKNOWN = frozenset(("", "?", "na", "n/a", "nan", "unknown"))
_SHOWN = 3
_MANY = 0.8  # structures a spectrum, from which repeats are not worth a word

# By the SMARTS of every model, the first group is always also the second.
IMPLIED = {"ester": "ether", "carboxylic_acid": "alcohol", "acyl_halide": "alkyl_halide"}


@dataclass(frozen=True)
class Label:
    """What line ``line`` says of ``file``, a name as the table has it."""

    file: str
    line: int
    truth: Truth


@dataclass(frozen=True)
class Labels:
    """The table: ``form`` is columns, groups or smiles; ``notes`` are for the user to read."""

    form: str
    rows: tuple[Label, ...]
    notes: tuple[str, ...] = ()


def text_of(file: Path) -> str:
    """The text of a table of labels, whatever its encoding. Raises UsageError, naming ``file``.

    Examples
    --------
    >>> text_of(Path("no_such_table.csv"))
    Traceback (most recent call last):
        ...
    irclassify.errors.UsageError: --labels no_such_table.csv: cannot be read: No such fi...
    """
    try:
        data = patiently(lambda: _start_of(file))
        check_bytes(data, _MAX_BYTES)
    except OSError as error:
        raise UsageError(f"--labels {file}: cannot be read: {error.strerror}") from error
    except TooLargeError as error:
        raise UsageError(f"--labels {file}: {error}") from error
    return decode(normalise(data))


def _start_of(file: Path) -> bytes:
    """The bytes of a file, and not many more than may be read where it never ends."""
    with file.open("rb") as stream:
        return stream.read(_MAX_BYTES + 1)


def read_labels(
    text: str, groups: Sequence[str], of_smiles: Callable[[str], tuple[bool, ...] | None]
) -> Labels:
    r"""Read a table of known structures; separated by comma, semicolon or tab, by its header.

    Parameters
    ----------
    text : str
        The table. Rows that say nothing of any group are left out.
    groups : sequence of str
    of_smiles : callable
        The groups of a structure; None for text that is not a SMILES.

    Raises
    ------
    UsageError
        When the table contradicts itself or has no usable column.

    Examples
    --------
    >>> table = "file,groups\nfilm.csv,ketone;alkane\n"
    >>> read_labels(table, ["alkane", "ketone", "alcohol"], lambda smiles: None).rows
    (Label(file='film.csv', line=2, truth=(True, True, False)),)
    """
    delimiter = max(",;\t", key=text.split("\n", 1)[0].count)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        header = [name.strip() for name in next(lines, [])]
        cells = [(lines.line_num, row) for row in lines if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise UsageError(f"line {lines.line_num}: {error}") from error
    file = _file_column(header)
    form, used, read = _form(header, groups, of_smiles)
    unused = [name for name in header if name and name not in (file, *used)]
    notes = [f"columns not used: {', '.join(unused)}"] if unused else []
    rows = tuple(_rows(cells, header, file, read))
    if not rows:
        raise UsageError("no line has a label for any group")
    if form == "smiles":
        notes += _repeats(rows, len({row[header.index(used[0])] for _, row in cells} - {""}))
    return Labels(form, rows, (*notes, *_contradictions(rows, groups)))


def _file_column(header: Sequence[str]) -> str:
    found = [name for name in header if name.casefold() in _FILE_COLUMNS]
    if len(found) != 1:
        said = ", ".join(name for name in header if name) or "nothing"
        raise UsageError(f"the header needs one column {' or '.join(_FILE_COLUMNS)}; it has {said}")
    return found[0]


def _form(
    header: Sequence[str],
    groups: Sequence[str],
    of_smiles: Callable[[str], tuple[bool, ...] | None],
) -> tuple[str, list[str], _Reader]:
    """The table's form, the columns it uses, and how to read a row of it."""
    columns = {name: folded for name in header if (folded := group_key(name)) in groups}
    if columns:
        repeated = sorted({f for f in columns.values() if list(columns.values()).count(f) > 1})
        if repeated or len(set(header)) < len(header):
            raise UsageError(f"columns appear twice: {', '.join(repeated) or 'see the header'}")
        _refuse_misspelt((name for name in header if name not in columns), groups)
        return "columns", list(columns), lambda row: _by_columns(row, columns, groups)
    by_name = {name.casefold(): name for name in reversed(header)}
    names = by_name.get("groups")
    if names is not None:
        return "groups", [names], lambda row: _by_names(row[names], groups)
    smiles = by_name.get("smiles")
    if smiles is not None:
        return "smiles", [smiles], lambda row: _by_smiles(row[smiles], groups, of_smiles)
    raise UsageError(
        "the header needs a column for each group (1/0, yes/no), a column groups (names separated "
        f"by ;) or a column smiles; groups are {', '.join(groups)}"
    )


def _refuse_misspelt(others: Iterable[str], groups: Sequence[str]) -> None:
    for name in others:
        near = difflib.get_close_matches(group_key(name), groups, 1, 0.8)
        if near:
            raise UsageError(f"no group {name!r}: is the column {near[0]}?")


def _rows(
    cells: Sequence[tuple[int, list[str]]], header: Sequence[str], file: str, read: _Reader
) -> Iterator[Label]:
    """The labels; problems of single rows are collected, so that they can be mended at once."""
    problems: list[str] = []
    for line, values in cells:
        row = dict.fromkeys(header, "") | {
            name: value.strip() for name, value in zip(header, values, strict=False)
        }
        try:
            if len(values) > len(header):
                raise ValueError(f"{len(values)} cells under a header of {len(header)}")
            if not row[file]:
                raise ValueError("no file is named")
            truth = read(row)
        except ValueError as error:
            problems.append(f"line {line}: {error}")
            continue
        if any(known is not None for known in truth):
            yield Label(row[file], line, truth)
    if problems:
        more = f"; and {len(problems) - _SHOWN} more lines" if len(problems) > _SHOWN else ""
        raise UsageError("; ".join(problems[:_SHOWN]) + more)


def _by_columns(row: Mapping[str, str], columns: Mapping[str, str], groups: Sequence[str]) -> Truth:
    said = {group: _yes_or_no(row[name], name) for name, group in columns.items()}
    return tuple(said.get(group) for group in groups)


def _yes_or_no(cell: str, column: str) -> bool | None:
    word = cell.casefold()
    if word in _YES | _NO:
        return word in _YES
    if word in _UNKNOWN:
        return None
    raise ValueError(f"{cell!r} in column {column}: say 1 or 0, yes or no, or leave it empty")


def _by_names(cell: str, groups: Sequence[str]) -> Truth:
    """Groups not named are absent; an empty cell says nothing, ``none`` says none of them."""
    if not cell:
        return (None,) * len(groups)
    whole = group_key(cell)
    if whole == _NONE or whole in groups:
        named = {whole} - {_NONE}
    else:
        parts = cell.split(";") if ";" in cell else cell.replace(",", " ").split()
        named = {_known(part, groups) for part in parts if part.strip()}
    return tuple(group in named for group in groups)


def _known(name: str, groups: Sequence[str]) -> str:
    folded = group_key(name)
    if folded in groups:
        return folded
    near = difflib.get_close_matches(folded, groups, 1, 0.6)
    hint = f"is it {near[0]}?" if near else f"groups are {', '.join(groups)}"
    raise ValueError(f"no group {name.strip()!r}: {hint}")


def _by_smiles(
    cell: str, groups: Sequence[str], of_smiles: Callable[[str], tuple[bool, ...] | None]
) -> Truth:
    if not cell:
        return (None,) * len(groups)
    found = of_smiles(cell)
    if found is None:
        raise ValueError(
            f"{cell!r} is not a SMILES string: correct it, or leave the cell empty to leave the "
            "file out"
        )
    return found


def _repeats(rows: Sequence[Label], structures: int) -> list[str]:
    if structures > _MANY * len(rows):
        return []
    return [
        f"{len(rows)} lines, {structures} structures: spectra of one structure are not independent "
        "evidence, so the intervals are too narrow"
    ]


def _contradictions(rows: Sequence[Label], groups: Sequence[str]) -> Iterator[str]:
    """Labels that no structure can have, by the definitions of the groups."""
    for first, second in IMPLIED.items():
        if first in groups and second in groups:
            i, j = groups.index(first), groups.index(second)
            wrong = [row.line for row in rows if row.truth[i] and row.truth[j] is False]
            if wrong:
                many = f"on {len(wrong)} lines, the first is" if wrong[1:] else "on"
                yield (
                    f"{spoken(first)} without {spoken(second)} {many} line {wrong[0]}: by "
                    f"the model's definitions every {spoken(first)} is also "
                    f"{'an' if second[0] in 'ae' else 'a'} {spoken(second)}; the "
                    "labels are used as they are"
                )
