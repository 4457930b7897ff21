"""Thermo OMNIC .spa (one spectrum) and .spg (a group): a table of sections, keyed by number.

The format is not published; the section keys and the codes for the units are those found by the
open readers spectrochempy (CeCILL-B) and wai.spectralio (MIT), and checked here on their files.
"""

from __future__ import annotations

from irclassify.errors import IrclassifyError, NotInfraredError, UnsupportedUnitError
from irclassify.limits import check_points, check_spectra, check_total
from irclassify.readers.binary import Bytes
from irclassify.spectra.spectrum import Measurement

_FORMAT = "Thermo OMNIC"

_PARAMETERS, _VALUES, _TITLE = 2, 3, 107
_X_UNITS = {1: "1/CM", 3: "NANOMETERS", 4: "MICROMETERS", 32: "RAMAN SHIFT"}
_Y_UNITS = {
    11: "%R",
    12: "LOG(1/R)",
    16: "%T",
    17: "ABSORBANCE",
    20: "KUBELKA-MUNK",
    21: "REFLECTANCE",
}
_REFUSED = {
    15: "a single-beam spectrum",
    22: "a detector signal (an interferogram)",
    26: "a photoacoustic spectrum",
    31: "a Raman spectrum",
}


def read(data: bytes) -> list[Measurement | IrclassifyError]:
    """Every spectrum of an OMNIC file, in order; one of another kind gives its error.

    Examples
    --------
    >>> read(b"Spectral Data File")
    Traceback (most recent call last):
        ...
    irclassify.errors.MalformedFileError: ...
    """
    file = Bytes(data, _FORMAT)
    sections = _sections(file)
    titles = [file.text(at, size) for at, size in sections.get(_TITLE, [])]
    pairs = list(zip(sections.get(_PARAMETERS, []), sections.get(_VALUES, []), strict=False))
    check_spectra(len(pairs))
    check_total(sum(size for _, (_, size) in pairs) / 4)
    if not pairs:
        raise NotInfraredError("the OMNIC file holds no spectrum: save it again as .spa or .csv")
    found: list[Measurement | IrclassifyError] = []
    for i, ((parameters, _), (values, size)) in enumerate(pairs):
        title = titles[i] if len(titles) == len(pairs) else file.text(30, 256)
        try:
            found.append(_measurement(file, parameters, values, size, title))
        except IrclassifyError as error:
            found.append(error.kept())
    return found


def _sections(file: Bytes) -> dict[int, list[tuple[int, int]]]:
    """Offset and size of every section, by key, in the order of the table at byte 304."""
    sections: dict[int, list[tuple[int, int]]] = {}
    for i in range(file.integer("<H", 294)):
        key, offset, size = file.unpack("<HII", 304 + 16 * i)
        if key == 0 and offset == 0:
            break
        sections.setdefault(key, []).append((offset, size))
    return sections


def _measurement(file: Bytes, at: int, values: int, size: int, title: str) -> Measurement:
    count, x_code, y_code = file.unpack("<I B3x B", at + 4)
    first, last = file.unpack("<2f", at + 16)
    if y_code in _REFUSED:
        raise NotInfraredError(
            f"the OMNIC file holds {_REFUSED[y_code]}: save the absorbance or transmittance"
        )
    if x_code not in _X_UNITS or y_code not in _Y_UNITS:
        raise UnsupportedUnitError(
            f"OMNIC's codes for X ({x_code}) and Y ({y_code}) are not known: export it as CSV"
        )
    check_points(count)
    y = file.array("<f4", values, min(count, size // 4))
    x = file.axis(first, last, count)[: y.size]
    return Measurement(
        x=x,
        y=y,
        format=_FORMAT,
        x_unit=_X_UNITS[x_code],
        y_unit=_Y_UNITS[y_code],
        title=title,
        warnings=(f"{count} points are stated but {y.size} follow",) if y.size != count else (),
    )
