"""What a command is asked to do: handed from ``commands``, which reads it, to ``work``."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple


class OutputOptions(NamedTuple):
    """How the answers are to be shown: ``form`` one of outputs.FORMATS, None for what suits.

    ``resume``: ``file`` may hold the answers of an earlier run, which stay. ``in_words``: answers
    hold a summary and the strong bands that no present group explains. ``labels``: the label
    columns of tables come back in csv, tsv, Parquet and Arrow. ``excel``: csv or tsv as Excel opens
    it.
    """

    form: str | None = None
    file: Path | None = None
    every_group: bool = False
    quiet: bool = False
    resume: bool = False
    in_words: bool = False
    labels: bool = True
    excel: bool = False


class ExplainOptions(NamedTuple):
    """What to show: ``groups`` by name (empty: all, in the table those present), as table or json,
    to a file or stdout; ``plot`` is drawn to, ``peaks`` gets the peaks as csv (``excel``: as Excel
    opens it); ``every_group``: account for absent ones too."""

    groups: tuple[str, ...] = ()
    form: str | None = None
    file: Path | None = None
    plot: Path | None = None
    peaks: Path | None = None
    every_group: bool = False
    excel: bool = False


class EvaluateOptions(NamedTuple):
    """How to show it: ``form`` table, json or html, None for what suits; ``worst`` files named."""

    form: str | None = None
    file: Path | None = None
    worst: int = 10
    quiet: bool = False


class Stated(NamedTuple):
    """The structure of one spectrum, or a table of the structures of many."""

    smiles: str | None
    labels: Path | None


class CheckOptions(NamedTuple):
    """As table or json (None: as suits the output), to a file or stdout."""

    form: str | None
    file: Path | None
