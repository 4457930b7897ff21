"""Patterns as they are written on Windows."""

from __future__ import annotations

import pytest

from irclassify.sources.patterns import _split


@pytest.mark.parametrize(
    ("pattern", "head", "rest"),
    [
        ("C:\\data\\**\\*.jdx", "C:/data", "*.jdx"),
        ("C:\\**\\*.jdx", "C:/", "*.jdx"),
        ("\\\\server\\share\\**\\x.spa", "//server/share", "x.spa"),
        ("**\\*.jdx", "", "*.jdx"),
        ("C:/data\\a/**/*.jdx", "C:/data/a", "*.jdx"),
    ],
)
def test_backslashes_separate_folders(pattern: str, head: str, rest: str) -> None:
    assert _split(pattern, "\\") == (head, True, rest)
