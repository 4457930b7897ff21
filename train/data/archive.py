"""Spectra in a zip file or a folder."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path


def read_bytes(spectra: Path) -> Iterator[tuple[str, bytes]]:
    """(file name, content) of every spectrum in a zip or a folder, sorted by name."""
    if spectra.is_dir():
        for file in sorted(spectra.rglob("*.jdx")):
            yield file.name, file.read_bytes()
        return
    with zipfile.ZipFile(spectra) as archive:
        for member in sorted(archive.namelist()):
            if not member.endswith("/"):
                yield Path(member).name, archive.read(member)
