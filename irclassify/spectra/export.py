"""A canonical spectrum as text that other programs read, at full precision.

JCAMP-DX as in McDonald and Wilks, Appl. Spectrosc. 42 (1988) 151: plain numbers (AFFN), no
compression, so that nothing can be lost or misread.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from irclassify.spectra.spectrum import Spectrum
from irclassify.text import printable
from irclassify.version import __version__

# Labels that stay true of the converted spectrum; OWNER above all.
_KEPT = (
    "ORIGIN",
    "OWNER",
    "DATE",
    "TIME",
    "CAS REGISTRY NO",
    "CAS NAME",
    "NAMES",
    "MOLFORM",
    "SOURCE REFERENCE",
    "SAMPLING PROCEDURE",
    "RESOLUTION",
)
_PER_LINE = 4


def to_csv(spectrum: Spectrum) -> str:
    """Two columns under a header line: wavenumber in cm-1, absorbance, at full precision.

    Examples
    --------
    >>> print(to_csv(Spectrum(np.array([400.0, 402.0]), np.array([0.1, 0.25]))), end="")
    wavenumber (cm-1),absorbance
    400.0,0.1
    402.0,0.25
    """
    rows = zip(spectrum.wavenumber.tolist(), spectrum.absorbance.tolist(), strict=True)
    return "wavenumber (cm-1),absorbance\n" + "".join(f"{x!r},{y!r}\n" for x, y in rows)


def to_jdx(spectrum: Spectrum) -> str:
    """A JCAMP-DX 4.24 file: (X++(Y..Y)) where the points are evenly spaced, else (XY..XY).

    References
    ----------
    McDonald and Wilks, Appl. Spectrosc. 42 (1988) 151.

    Examples
    --------
    >>> text = to_jdx(Spectrum(np.array([400.0, 402.0]), np.array([0.1, 0.25]), title="film"))
    >>> text.splitlines()[0], text.splitlines()[-2]
    ('##TITLE=film', '400.0 0.1 0.25')
    """
    even = _is_even(spectrum)
    table = "XYDATA=(X++(Y..Y))" if even else "XYPOINTS=(XY..XY)"
    lines = [
        *(f"##{label}={value}" for label, value in _labels(spectrum)),
        f"$$ written by irclassify {__version__}; the file held {spectrum.y_unit}"
        f" against {spectrum.x_unit} ({_one_line(spectrum.format)})",
        f"##{table}",
        *(_even_lines(spectrum) if even else _pair_lines(spectrum)),
        "##END=",
    ]
    return "\n".join(lines) + "\n"


def _labels(spectrum: Spectrum) -> Iterator[tuple[str, str]]:
    x, y = spectrum.wavenumber.tolist(), spectrum.absorbance.tolist()
    yield "TITLE", _one_line(spectrum.title)
    yield "JCAMP-DX", "4.24"
    yield "DATA TYPE", "INFRARED SPECTRUM"
    for label in _KEPT:
        if label in spectrum.header:
            yield label, _one_line(spectrum.header[label])
    if spectrum.state:
        yield "STATE", _one_line(spectrum.state)
    yield from (("XUNITS", "1/CM"), ("YUNITS", "ABSORBANCE"), ("XFACTOR", "1"), ("YFACTOR", "1"))
    yield "DELTAX", _number((x[-1] - x[0]) / (len(x) - 1))
    yield from (("FIRSTX", _number(x[0])), ("LASTX", _number(x[-1])))
    yield from (("MINX", _number(x[0])), ("MAXX", _number(x[-1])))
    yield from (("FIRSTY", _number(y[0])), ("MINY", _number(min(y))), ("MAXY", _number(max(y))))
    yield "NPOINTS", str(len(x))


def _is_even(spectrum: Spectrum) -> bool:
    """True when FIRSTX, LASTX and NPOINTS say where every point lies, to a millionth of a step."""
    x = spectrum.wavenumber
    step = float(x[-1] - x[0]) / (x.size - 1)
    return bool(np.abs(np.linspace(x[0], x[-1], x.size) - x).max() < 1e-6 * step)


def _even_lines(spectrum: Spectrum) -> Iterator[str]:
    x, y = spectrum.wavenumber.tolist(), spectrum.absorbance.tolist()
    for i in range(0, len(x), _PER_LINE):
        yield " ".join(map(_number, [x[i], *y[i : i + _PER_LINE]]))


def _pair_lines(spectrum: Spectrum) -> Iterator[str]:
    rows = zip(spectrum.wavenumber.tolist(), spectrum.absorbance.tolist(), strict=True)
    return (f"{_number(x)}, {_number(y)}" for x, y in rows)


def _number(value: float) -> str:
    """The shortest text that reads back as the same number; E with a sign, as the standard asks."""
    return repr(value).upper()


def _one_line(text: str) -> str:
    """``text`` without line breaks, comment marks, which end a record, and control characters."""
    return printable(" ".join(text.replace("$$", "$ $").replace("##", "# #").split()))
