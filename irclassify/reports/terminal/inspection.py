"""What ``inspect`` found, for people: facts, warnings, a small plot."""

from __future__ import annotations

from typing import TextIO

from rich.console import Console
from rich.text import Text

from irclassify.reports import wording
from irclassify.reports.terminal.charts import plot
from irclassify.reports.terminal.predictions import make_console
from irclassify.results.inspection import Inspection
from irclassify.results.prediction import Failed
from irclassify.text import printable

WIDTH, HEIGHT = 72, 7
_GRADES = {"A": "green", "B": "green", "C": "yellow", "D": "red"}
_SHOWN = ("CAS REGISTRY NO", "MOLFORM", "STATE", "ORIGIN", "OWNER", "SAMPLING PROCEDURE", "DATE")


class InspectionPrinter:
    """Takes rows one by one and prints each at once.

    Examples
    --------
    >>> import io
    >>> from irclassify.results.prediction import Failed
    >>> stream = io.StringIO()
    >>> printer = InspectionPrinter(stream)
    >>> printer.write(Failed("a.jdx", "no_data", "the file is empty"))
    >>> printer.close()
    >>> "the file is empty" in stream.getvalue()
    True
    """

    def __init__(self, stream: TextIO) -> None:
        self._console = make_console(stream)

    def write(self, row: Inspection | Failed) -> None:
        """Print one spectrum, or why there is none."""
        console = self._console
        console.print(Text(printable(row.file), style="bold"), soft_wrap=True)
        if isinstance(row, Failed):
            message = f"✗ {row.code}: {printable(row.message)}"
            console.print(Text(message, style="red"), soft_wrap=True)
        else:
            _print_facts(console, row)
            _print_plot(console, row)
        console.print()

    def close(self) -> None:
        """Nothing to end."""


def _print_facts(console: Console, row: Inspection) -> None:
    if row.title:
        console.print(Text(printable(row.title)))
    console.print(
        Text(
            f"{row.format}; {row.y_unit} against {row.x_unit}\n"
            f"{row.n_points:,} points, {row.first_cm1:.1f} to {row.last_cm1:.1f} cm-1, "
            f"every {row.spacing_cm1:.2f} cm-1; absorbance up to {row.max_absorbance:.3g}"
        )
    )
    header = dict(row.header)
    for label in _SHOWN:
        if header.get(label, "").strip():
            value = printable(" ".join(header[label].split()))
            console.print(Text(f"{label.lower()}: {value}", style="dim"))
    quality = (wording.data_quality(row.grade), f"bold {_GRADES[row.grade]}")
    console.print(Text.assemble("data quality: ", quality))
    for warning in row.warnings:
        console.print(Text(f"! {printable(warning)}", style="yellow"))


def _print_plot(console: Console, row: Inspection) -> None:
    """High wavenumbers on the left, as chemists draw it."""
    width = min(WIDTH, console.width)
    for line in plot(row.profile[::-1], width, HEIGHT):
        console.print(Text(line.rstrip(), style="cyan"))
    left, right = f"{row.last_cm1:.0f}", f"{row.first_cm1:.0f} cm-1"
    console.print(Text(left + right.rjust(width - len(left)), style="dim"))
