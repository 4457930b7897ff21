"""Options that several commands share, and the words they take."""

from __future__ import annotations

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


class TableOrJson(StrEnum):
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
    """What the user may say of the sample's phase."""

    AUTO = "auto"
    GAS = "gas"
    CONDENSED = "condensed"

    @property
    def stated(self) -> str | None:
        """The phase, None where the file is to say it."""
        return None if self is Phase.AUTO else self.value


class Target(StrEnum):
    """What ``convert`` writes."""

    CSV = "csv"
    JDX = "jdx"


class XUnit(StrEnum):
    """Units of X the user may state."""

    CM1 = "cm-1"
    UM = "um"
    NM = "nm"


class YUnit(StrEnum):
    """Units of Y the user may state."""

    ABSORBANCE = "absorbance"
    TRANSMITTANCE = "transmittance"
    PERCENT_TRANSMITTANCE = "percent-transmittance"
    REFLECTANCE = "reflectance"
    PERCENT_REFLECTANCE = "percent-reflectance"
    KUBELKA_MUNK = "kubelka-munk"
    ABSORPTION_COEFFICIENT = "absorption-coefficient"


ModelOption = Annotated[
    str, typer.Option("--model", "-m", metavar="NAME|FOLDER", help="A model by name or folder.")
]
OutputOption = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write here, not to stdout.")
]
PlotOption = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Draw it too: .png, .svg or .pdf (needs the extra irclassify\\[plot]).",
    ),
]
WorkersOption = Annotated[
    int | None,
    typer.Option(
        "--workers", "-w", min=1, help="Reading processes. Default: one a core if many files."
    ),
]
READING = "Reading"


def _sensible_rate(rate: float) -> float:
    if not LOWEST_ERROR_RATE <= rate <= HIGHEST_ERROR_RATE:  # nan included
        raise typer.BadParameter(f"must be {LOWEST_ERROR_RATE} to {HIGHEST_ERROR_RATE}")
    return rate


ErrorRateOption = Annotated[
    float,
    typer.Option(
        "--error-rate",
        metavar="RATE",
        callback=_sensible_rate,
        help="Share of wrong calls allowed among spectra with, and without, a group: "
        "the smaller, the more is called uncertain.",
    ),
]
PhaseOption = Annotated[
    Phase, typer.Option(help="The sample's phase; auto goes by the file.", rich_help_panel=READING)
]
TABLES = "Tables and maps: many spectra in one file"
AxisOption = Annotated[
    str | None,
    typer.Option(
        metavar="FILE|FIRST:LAST",
        help="The wavenumbers of a table's columns, if it holds none.",
        rich_help_panel=TABLES,
    ),
]
DatasetOption = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="Which array or column of it.", rich_help_panel=TABLES),
]
ContributionsOption = Annotated[
    float | None,
    typer.Option(
        metavar="CM-1",
        min=0,
        help="Write what each region of this width adds to each logit; 0: every position.",
        rich_help_panel=TABLES,
    ),
]
PicturesOption = Annotated[
    Path | None,
    typer.Option(
        "--png", metavar="FOLDER", help="Draw each group of a map.", rich_help_panel=TABLES
    ),
]
DaskOption = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS",
        help="Let this Dask cluster do it; -o is a folder or URL for Parquet files.",
        rich_help_panel="Cluster",
    ),
]
XUnitOption = Annotated[
    XUnit | None,
    typer.Option(help="The unit of X, whatever the file says.", rich_help_panel=READING),
]
YUnitOption = Annotated[
    YUnit | None,
    typer.Option(
        metavar="UNIT",
        help="The unit of Y, whatever the file says: " + ", ".join(YUnit) + ".",
        rich_help_panel=READING,
    ),
]
BlockOption = Annotated[
    int | None,
    typer.Option(min=1, help="Only the Nth spectrum of a file.", rich_help_panel=READING),
]
