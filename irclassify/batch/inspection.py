"""What a file holds and how good it is, without any model."""

from __future__ import annotations

from irclassify.errors import IrclassifyError
from irclassify.options import ReadOptions
from irclassify.readers import read_spectra
from irclassify.results.inspection import Inspection
from irclassify.results.prediction import Failed
from irclassify.spectra.spectrum import Spectrum
from irclassify.spectra.summary import inspect_spectrum


def inspect_file(
    data: bytes, name: str, options: ReadOptions | None = None
) -> list[Inspection | Failed]:
    """One row for each spectrum in the bytes of a file; what cannot be read says why."""
    how = options or ReadOptions()
    try:
        found = read_spectra(data, name, x_unit=how.x_unit, y_unit=how.y_unit, block=how.block)
    except IrclassifyError as error:
        return [Failed(name, error.code, str(error))]
    several = len(found) > 1 or how.block is not None
    return [
        _row(f"{name}#{number}" if several else name, item)
        for number, item in enumerate(found, start=how.block or 1)
    ]


def _row(name: str, item: Spectrum | IrclassifyError) -> Inspection | Failed:
    if isinstance(item, IrclassifyError):
        return Failed(name, item.code, str(item))
    return inspect_spectrum(name, item)
