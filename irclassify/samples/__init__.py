"""Simulated sample spectra, to show the tool without data at hand: JCAMP-DX, see their headers.

Made by train/samples from published band positions; none is a measurement.
"""

from __future__ import annotations

import csv
from importlib.resources import files
from importlib.resources.abc import Traversable


def spectra() -> list[Traversable]:
    """The JCAMP-DX files, by name.

    Examples
    --------
    >>> spectra()[0].name
    '1_hexene.jdx'
    """
    found = (file for file in files(__name__).iterdir() if file.name.endswith(".jdx"))
    return sorted(found, key=lambda file: file.name)


def expected() -> dict[str, frozenset[str]]:
    """File name -> the groups its molecule has, by the SMARTS of the models.

    Examples
    --------
    >>> sorted(expected()["ethanol.jdx"])
    ['alcohol', 'alkane', 'methyl']
    """
    table = (files(__name__) / "expected.csv").read_text(encoding="ascii")
    return {
        row["file"]: frozenset(row["groups"].split()) for row in csv.DictReader(table.splitlines())
    }
