"""Tables of peaks whose columns are exact sums: which rows to show, and the rows below them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rich.table import Table
from rich.text import Text

_FAINT_BELOW = 0.05  # a contribution that hardly moves a logit
_BEFORE = ("", "", "")  # the columns before that of the assignment


def added(contribution: float) -> Text:
    """A term of the sum, with its sign; blue and red differ to every eye.

    Examples
    --------
    >>> added(2.5).plain, added(-0.25).plain
    ('+2.50', '-0.25')
    """
    faint = is_faint(contribution)
    style = "dim" if faint else "cyan" if contribution > 0 else "red"
    return Text(f"{contribution:+.2f}", style=style)


def is_faint(contribution: float) -> bool:
    """True of what hardly moves a logit.

    Examples
    --------
    >>> is_faint(-0.04), is_faint(0.05)
    (True, False)
    """
    return abs(contribution) < _FAINT_BELOW


def most_telling(heights: Sequence[float], adds: Sequence[Sequence[float]], most: int) -> list[int]:
    """The places of ``most`` peaks, in their order: the highest and those that add most.

    ``heights``: of n peaks, share of the highest; ``adds``: n logit units for each group.

    Examples
    --------
    >>> most_telling([1.0, 0.1, 0.2], [[0.0, 3.0, 0.1]], most=2)
    [0, 1]
    """
    largest = [max(map(abs, column), default=0.0) for column in adds]

    def weight(at: int) -> float:
        shares = (abs(own[at]) / top for own, top in zip(adds, largest, strict=True) if top)
        return heights[at] + max(shares, default=0.0)

    return sorted(sorted(range(len(heights)), key=lambda at: -weight(at))[:most])


def add_rest(
    table: Table, words: str, adds: Sequence[Sequence[float]], shown: Sequence[int]
) -> None:
    """A row for the peaks that are not shown; ``adds`` as in ``most_telling``.

    Examples
    --------
    >>> table = Table("", "cm-1", "Height", "Assignment", "ketone")
    >>> add_rest(table, "1 smaller peak (-v)", [[2.0, 0.1]], shown=[0])
    >>> table.row_count
    1
    """
    sums = (added(sum(each for at, each in enumerate(own) if at not in shown)) for own in adds)
    table.add_row(*_BEFORE, Text(words, style="dim"), *sums)


def add_terms(
    table: Table, terms: Mapping[str, Iterable[float]], total: str, logits: Iterable[float]
) -> None:
    """The rows that make the sums whole: other ``terms`` for each group, and their ``total``.

    Examples
    --------
    >>> table = Table("", "cm-1", "Height", "Assignment", "ketone")
    >>> add_terms(table, {"outside of the peaks": [0.1], "bias": [-2.0]}, "= logit", [1.5])
    >>> table.row_count
    3
    """
    table.add_section()
    for title, values in terms.items():
        table.add_row(*_BEFORE, Text(title, style="dim"), *map(added, values))
    bold = (Text(f"{logit:+.2f}", style="bold") for logit in logits)
    table.add_row(*_BEFORE, Text(total, style="bold"), *bold)
