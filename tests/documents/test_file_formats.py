"""The page of file formats names every suffix and every format that the readers know."""

from __future__ import annotations

from pathlib import Path

import pytest
import seeds

from irclassify.errors import IrclassifyError
from irclassify.readers import read_measurements, unsupported
from irclassify.sources.suffixes import KNOWN_SUFFIXES, TABLE_SUFFIXES

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "file-formats.md").read_text("utf-8")


@pytest.mark.parametrize("suffix", sorted(KNOWN_SUFFIXES | set(TABLE_SUFFIXES)))
def test_every_suffix_that_is_looked_for_is_on_the_page(suffix: str):
    assert f"`{suffix}`" in PAGE


@pytest.mark.parametrize("suffix", sorted(unsupported._BY_SUFFIX))
def test_every_refused_suffix_is_on_the_page(suffix: str):
    assert f"`{suffix}`" in PAGE


def test_every_format_of_the_seeds_is_on_the_page():
    files = {name: data for name, data in seeds.SEEDS.items() if not name.endswith(".sheet")}
    for name, data in files.items():  # a sheet is the inside of a workbook
        for item in read_measurements(data, name):
            assert not isinstance(item, IrclassifyError)
            words = (
                item.format.removesuffix(" SP").removesuffix(" ASP").replace("JASCO text", "JASCO")
            )
            assert words.partition(",")[0] in PAGE
