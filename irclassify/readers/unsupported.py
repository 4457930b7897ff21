"""Formats that are recognised but not read: the answer says how to get a readable file."""

from __future__ import annotations

from irclassify.errors import IrclassifyError, UnknownFormatError, UnsupportedFormatError

_EXPORT = "open it in {program} and save it as {target}"

# (what the file starts with, what it is, program, what to save as)
_BY_CONTENT = (
    (b"WDF1", "a Renishaw .wdf file (Raman)", "WiRE", "text"),
    (b"PEPEDataSet - 4D", "a PerkinElmer .fsm image", "Spectrum Image", "one .sp per spectrum"),
    (b"Agilent Cary", "an Agilent image", "Resolutions Pro", "CSV or .spc"),
    (b"\x89HDF", "an HDF5 file", "the program that wrote it", "CSV or JCAMP-DX"),
    (b"MATLAB ", "a MATLAB .mat file", "MATLAB", "CSV, or as .npz or .h5 with scipy"),
    (b"HORIBA", "a HORIBA LabSpec file", "LabSpec", "text"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OMNIC_SERIES = b"Spectral Exte"
_BY_SUFFIX = {
    ".jws": ("a JASCO .jws file of this kind", "JASCO Spectra Manager", "text or JCAMP-DX"),
    ".jwb": ("a JASCO book of spectra", "JASCO Spectra Manager", "one .jws or text a spectrum"),
    ".fsm": ("a PerkinElmer .fsm image", "Spectrum Image", "one .sp per spectrum"),
    ".dmt": ("an Agilent .dmt mosaic", "Resolutions Pro", "CSV or .spc"),
    ".dmd": ("an Agilent .dmd mosaic tile", "Resolutions Pro", "CSV or .spc"),
    ".wdf": ("a Renishaw .wdf file (Raman)", "WiRE", "text"),
    ".ispd": ("a Shimadzu .ispd file", "LabSolutions IR", "text or JCAMP-DX"),
    ".smf": ("a Shimadzu .smf file", "IRsolution", "text or JCAMP-DX"),
    ".srs": ("a Thermo OMNIC series", "OMNIC", "one .spa per spectrum"),
    ".map": ("a Thermo OMNIC map", "OMNIC", "one .spa per spectrum, or CSV"),
    ".bsp": ("the header of an Agilent image", "Resolutions Pro", "CSV or .spc"),
    ".xls": ("an old Excel workbook", "Excel", ".xlsx or CSV"),
    ".doc": ("a Word document", "the program that measured", "JCAMP-DX or CSV"),
    ".opj": ("an Origin project", "Origin", "CSV"),
}
# What an OLE container is by its suffix, where that differs from other files of that suffix.
_OLE_BY_SUFFIX = {".spc": ("a Shimadzu .spc file", "UVProbe or LabSolutions", "text or JCAMP-DX")}
# Streams whose names tell an OLE container apart, whatever it is called.
_OLE_STREAMS = (("Workbook", ".xls"), ("Book", ".xls"), ("WordDocument", ".doc"))
_NOT_SPECTRA = (
    (b"PK\x03\x04", "an archive: unpack it first, or name it .zip"),
    (b"\x1f\x8b", "a compressed file: unpack it first"),
    (b"7z\xbc\xaf", "a compressed file: unpack it first"),
    (b"Rar!", "a compressed file: unpack it first"),
    (b"%PDF", "a PDF document: the numbers of the spectrum are needed, not its picture"),
    (b"\x89PNG", "a picture: the numbers of the spectrum are needed"),
    (b"\xff\xd8\xff", "a picture: the numbers of the spectrum are needed"),
    (b"GIF8", "a picture: the numbers of the spectrum are needed"),
    (b"II*\0", "a picture: the numbers of the spectrum are needed"),
)


def recognise(data: bytes, suffix: str) -> IrclassifyError | None:
    """The error that names the format of ``data``; None when it is not one of these.

    ``suffix`` is lower case with its dot. Content counts first.

    Examples
    --------
    >>> recognise(b"%PDF-1.7", ".pdf").code, recognise(b"400,0.1", ".csv") is None
    ('unknown_format', True)
    """
    for start, what, program, target in _BY_CONTENT:
        if data.startswith(start):
            return _unsupported(what, program, target)
    for start, what in _NOT_SPECTRA:
        if data.startswith(start):
            return UnknownFormatError(what)
    if data.startswith(_OMNIC_SERIES):
        return _unsupported(*_BY_SUFFIX[suffix if suffix in (".srs", ".map") else ".srs"])
    if data.startswith(_OLE):
        return _ole(data, suffix)
    return _other_text(data[:1000].lstrip().lower())


def _ole(data: bytes, suffix: str) -> UnsupportedFormatError:
    """The error for an OLE container, by the streams it has, then by its suffix."""
    for stream, kind in _OLE_STREAMS:
        if stream.encode("utf-16-le") + b"\0\0" in data:
            return _unsupported(*_BY_SUFFIX[kind])
    known = {**_BY_SUFFIX, **_OLE_BY_SUFFIX}
    other = ("an OLE container", "the program that wrote it", "JCAMP-DX or CSV")
    return _unsupported(*known.get(suffix, other))


def _other_text(head: bytes) -> IrclassifyError | None:
    """The error for a page, XML or JSON, by how the text starts in small letters."""
    if head.startswith((b"<!doctype html", b"<html")) or b"<html" in head:
        return UnknownFormatError("a web page, not a spectrum: download the file itself again")
    if head.startswith((b"<?xml", b"<cml", b"<animl", b"<spectr")):
        return UnknownFormatError(
            "an XML file (such as CML, AnIML or mzML) is not read: export as JCAMP-DX or CSV"
        )
    if head.startswith(b"{"):
        return UnknownFormatError("a JSON file is not read: export as JCAMP-DX or CSV")
    return None


def by_suffix(suffix: str) -> IrclassifyError | None:
    """The error for a file that nothing but its suffix tells of.

    Examples
    --------
    >>> by_suffix(".jdx") is None
    True
    """
    return _unsupported(*_BY_SUFFIX[suffix]) if suffix in _BY_SUFFIX else None


def _unsupported(what: str, program: str, target: str) -> UnsupportedFormatError:
    return UnsupportedFormatError(
        f"{what} is not read: " + _EXPORT.format(program=program, target=target)
    )
