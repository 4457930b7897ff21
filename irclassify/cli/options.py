"""Options that several commands share, declared once, and the words they take."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from irclassify.options import HIGHEST_ERROR_RATE, LOWEST_ERROR_RATE


class Format(StrEnum):
    """Forms of ``predict``'s answer."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    TSV = "tsv"


class _TableOrJson(StrEnum):
    """Forms of the answers that are not one row a file."""

    TABLE = "table"
    JSON = "json"


class TableOrLines(StrEnum):
    """Forms of ``inspect``'s answer."""

    TABLE = "table"
    JSONL = "jsonl"


class EvaluationForm(StrEnum):
    """Forms of ``evaluate``'s answer."""

    TABLE = "table"
    JSON = "json"
    HTML = "html"


class Phase(StrEnum):
    """What the user may say of the sample's phase.

    Examples
    --------
    >>> Phase("atr").stated, Phase.AUTO.stated
    ('atr', None)
    """

    AUTO = "auto"
    GAS = "gas"
    CONDENSED = "condensed"
    ATR = "atr"

    @property
    def stated(self) -> str | None:
        """The phase, None where the file is to say it."""
        return None if self is Phase.AUTO else self.value


class Target(StrEnum):
    """What ``convert`` writes."""

    CSV = "csv"
    JDX = "jdx"


class _XUnit(StrEnum):
    """Units of X the user may state."""

    CM1 = "cm-1"
    UM = "um"
    NM = "nm"


class _YUnit(StrEnum):
    """Units of Y the user may state."""

    ABSORBANCE = "absorbance"
    MILLIABSORBANCE = "milliabsorbance"
    NAPIERIAN_ABSORBANCE = "napierian-absorbance"
    TRANSMITTANCE = "transmittance"
    PERCENT_TRANSMITTANCE = "percent-transmittance"
    REFLECTANCE = "reflectance"
    PERCENT_REFLECTANCE = "percent-reflectance"
    KUBELKA_MUNK = "kubelka-munk"
    ABSORPTION_COEFFICIENT = "absorption-coefficient"


def _check_error_rate(rate: float) -> float:
    if not LOWEST_ERROR_RATE <= rate <= HIGHEST_ERROR_RATE:  # nan included
        raise typer.BadParameter(f"must be {LOWEST_ERROR_RATE} to {HIGHEST_ERROR_RATE}")
    return rate


READING = "Reading"
TABLES = "Tables and maps: many spectra in one file"

Paths = Annotated[
    list[str],
    typer.Argument(
        metavar="PATH",
        help="Files, folders (searched recursively), globs, zip archives, - for stdin.",
        show_default=False,
    ),
]
Model = Annotated[
    str, typer.Option("--model", "-m", metavar="NAME|FOLDER", help="A model by name or folder.")
]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write here, not to stdout.")
]
JsonForm = Annotated[
    _TableOrJson | None,
    typer.Option("--format", "-f", help="Default: table in a terminal, json in a pipe."),
]
Excel = Annotated[
    bool,
    typer.Option(
        "--excel", help="Write csv as Excel opens it: with a byte order mark, lines end in CRLF."
    ),
]
InWords = Annotated[
    bool,
    typer.Option(
        "--summary", "-s", help="Add the answer in words and the strong bands not explained."
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress or summary.")]
Workers = Annotated[
    int | None,
    typer.Option(
        "--workers",
        "-w",
        min=1,
        help="Reading processes. Default: one per core for many files.",
    ),
]
ErrorRate = Annotated[
    float,
    typer.Option(
        "--error-rate",
        metavar="RATE",
        callback=_check_error_rate,
        help="Share of wrong calls allowed, among spectra with a group and among those without: "
        "a smaller share makes more calls uncertain.",
    ),
]

StatedPhase = Annotated[
    Phase,
    typer.Option(
        "--phase",
        help="The sample's phase; auto: as the file states, else inferred.",
        rich_help_panel=READING,
    ),
]
StatedXUnit = Annotated[
    _XUnit | None,
    typer.Option(
        "--x-unit", help="The unit of X, in place of the file's.", rich_help_panel=READING
    ),
]
StatedYUnit = Annotated[
    _YUnit | None,
    typer.Option(
        "--y-unit",
        metavar="UNIT",
        help="The unit of Y, in place of the file's: " + ", ".join(_YUnit) + ".",
        rich_help_panel=READING,
    ),
]
Block = Annotated[
    int | None,
    typer.Option(
        "--block",
        "--row",
        min=1,
        help="Only the Nth spectrum of a file or row of a table.",
        rich_help_panel=READING,
    ),
]

Axis = Annotated[
    str | None,
    typer.Option(
        "--axis",
        metavar="FILE|FIRST:LAST",
        help="The wavenumbers of a table's columns, for a table without them.",
        rich_help_panel=TABLES,
    ),
]
Dataset = Annotated[
    str | None,
    typer.Option(
        "--dataset",
        metavar="NAME",
        help="The array or column that holds the spectra.",
        rich_help_panel=TABLES,
    ),
]
