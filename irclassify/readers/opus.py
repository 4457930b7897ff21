"""Bruker OPUS: a directory of blocks; each spectrum has a data block and a block about it.

Block types are packed bit fields; names and values as in Bruker's OPUS reference manual and in
the open readers brukeropus (MIT) and opusreader2 (MIT), against whose test files this is checked.
Only results are read (absorbance, transmittance, ...): the single beams and interferograms that
OPUS keeps beside them are not infrared spectra of a sample.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, replace

import numpy as np

from irclassify.errors import (
    MalformedFileError,
    NotInfraredError,
    UnsupportedFormatError,
)
from irclassify.limits import check_points
from irclassify.readers.binary import Bytes
from irclassify.spectra.spectrum import Measurement

_FORMAT = "Bruker OPUS"

# Bits 10 to 16 of a block type, in the order in which results are preferred.
_RESULTS = {
    4: "ABSORBANCE",
    16: "ABSORBANCE (ATR)",
    15: "LOG(1/R)",
    19: "ABSORBANCE",
    5: "TRANSMITTANCE",
    18: "TRANSMITTANCE",
    12: "REFLECTANCE",
    6: "KUBELKA-MUNK",
}
_REFUSED = {
    1: "single-beam spectra",
    2: "interferograms",
    3: "phase spectra",
    7: "traces",
    10: "Raman spectra",
    11: "emission spectra",
    14: "power spectra",
    17: "photoacoustic spectra",
}
_X_UNITS = {"WN": "1/CM", "MI": "MICROMETERS"}
_SAMPLE_BLOCK = 10
_MAX_BLOCKS = 1000


@dataclass(frozen=True)
class _Block:
    """A directory entry; ``kind`` is what is measured, ``about`` the kind of parameters if any."""

    type: int
    offset: int
    size: int

    @property
    def about(self) -> int:
        return self.type >> 4 & 0x3F

    @property
    def kind(self) -> int:
        return self.type >> 10 & 0x7F

    @property
    def processed(self) -> bool:
        """True for a block that OPUS marks as the result of a manipulation."""
        return bool(self.type >> 22)

    @property
    def derived(self) -> int:
        return self.type >> 17 & 0x1F


def read(data: bytes) -> list[Measurement]:
    r"""The result spectrum of an OPUS file: absorbance if it is there, else what comes nearest.

    Raises NotInfraredError when the file holds only single beams or interferograms.

    Examples
    --------
    >>> read(b"\x0a\x0a\xfe\xfe")
    Traceback (most recent call last):
        ...
    irclassify.errors.MalformedFileError: ...
    """
    file = Bytes(data, _FORMAT)
    blocks = _directory(file)
    for kind, y_unit in _RESULTS.items():
        results = [b for b in blocks if b.kind == kind and b.about == 0 and not b.derived]
        if results:
            chosen = max(results, key=lambda block: block.processed)  # the first of equals
            found = _measurement(file, blocks, chosen, y_unit)
            if len(results) > 1:
                which = "the processed one" if chosen.processed else "the first"
                note = (
                    f"{len(results)} blocks of {y_unit.lower()} are in the file; {which} was read"
                )
                found = replace(found, warnings=(*found.warnings, note))
            return [found]
    held = sorted({_REFUSED[b.kind] for b in blocks if b.kind in _REFUSED and b.about == 0})
    raise NotInfraredError(
        f"the OPUS file holds {' and '.join(held) or 'no spectrum'} and no absorbance or "
        "transmittance: save the result block in OPUS"
    )


def _directory(file: Bytes) -> list[_Block]:
    start, _, count = file.unpack("<3i", 12)
    blocks = []
    for i in range(min(count, _MAX_BLOCKS)):
        kind, words, offset = file.unpack("<3i", start + 12 * i)
        if offset <= 0:
            break
        blocks.append(_Block(kind, offset, 4 * words))
    return blocks


def _measurement(file: Bytes, blocks: list[_Block], block: _Block, y_unit: str) -> Measurement:
    about = _about(file, blocks, block)
    try:
        count, first, last = int(about["NPT"]), float(about["FXV"]), float(about["LXV"])
        scale = float(about.get("CSF", 1.0))
    except (KeyError, ValueError, OverflowError):
        raise MalformedFileError("the OPUS file does not say NPT, FXV and LXV") from None
    check_points(count)
    if block.size // 4 >= 2 * count:
        raise UnsupportedFormatError(
            "an OPUS series (several spectra in one block): extract the spectra in OPUS "
            "(Edit, Extract Data) and save them one by one"
        )
    y = file.array("<i4" if about.get("DPF") == 2 else "<f4", block.offset, count) * scale
    sample = _sample(file, blocks)
    unit = str(about.get("DXU", "WN"))
    return Measurement(
        x=file.axis(first, last, count),
        y=y,
        format=_FORMAT,
        x_unit=_X_UNITS.get(unit, unit),
        y_unit=y_unit,
        data_type="INFRARED SPECTRUM",
        title=sample.get("SNM", ""),
        state=sample.get("SFM") or None,
        header={**sample, **{k: str(v) for k, v in about.items()}},
        warnings=_check(y, about),
    )


def _about(file: Bytes, blocks: list[_Block], block: _Block) -> dict[str, str | int | float]:
    """The parameters of the data status block that belongs to ``block``."""
    for other in blocks:
        if other.about == 1 and other.type & ~(0x3F << 4) == block.type:
            return _parameters(file, other)
    raise MalformedFileError("the OPUS file has data but no block that describes them")


def _sample(file: Bytes, blocks: list[_Block]) -> dict[str, str]:
    for other in blocks:
        if other.about == _SAMPLE_BLOCK:
            return {k: str(v) for k, v in _parameters(file, other).items()}
    return {}


def _parameters(file: Bytes, block: _Block) -> dict[str, str | int | float]:
    """Name and value of every parameter of a block, up to its END."""
    values: dict[str, str | int | float] = {}
    at, end = block.offset, block.offset + block.size
    while at + 8 <= end:
        name = file.text(at, 3)
        if name == "END":
            break
        kind, words = file.unpack("<2H", at + 4)
        raw = file.take(at + 8, 2 * words)
        if kind == 0 and len(raw) >= 4:
            values[name] = struct.unpack_from("<i", raw)[0]
        elif kind == 1 and len(raw) >= 8:
            values[name] = struct.unpack_from("<d", raw)[0]
        else:
            values[name] = raw.split(b"\0")[0].decode("latin-1").strip()
        at += 8 + 2 * words
    return values


def _check(y: np.ndarray, about: dict[str, str | int | float]) -> tuple[str, ...]:
    """MXY and MNY are the file's own word for its extremes."""
    slack = 1e-3 * float(np.ptp(y)) + 1e-6
    for label, found in (("MXY", float(y.max())), ("MNY", float(y.min()))):
        stated = about.get(label)
        if isinstance(stated, float) and abs(stated - found) > slack:
            return (f"{label} is {stated:g} but the data give {found:g}",)
    return ()
