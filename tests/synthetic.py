"""Spectra made in the tests: Gaussian bands, as arrays or as a JCAMP-DX file."""

from __future__ import annotations

import numpy as np

from irclassify.spectra.spectrum import Spectrum

# name -> bands as (cm-1, height, width); the tiny model names these groups as present.
KETONE = ((1715.0, 1.0, 15.0), (2965.0, 0.4, 30.0))
ESTER = ((1746.0, 1.0, 15.0), (1240.0, 0.9, 20.0), (2965.0, 0.3, 30.0))
ALCOHOL = ((3650.0, 0.8, 15.0), (1050.0, 1.0, 20.0))


def spectrum(bands: tuple[tuple[float, float, float], ...], title: str = "made up") -> Spectrum:
    """600 to 3800 cm-1, every 2 cm-1."""
    x = np.arange(600.0, 3801.0, 2.0)
    y = sum(h * np.exp(-(((x - c) / w) ** 2)) for c, h, w in bands) + np.zeros_like(x)
    return Spectrum(x, y, title=title)


def jdx(bands: tuple[tuple[float, float, float], ...], title: str = "made up") -> str:
    """The same spectrum as a JCAMP-DX file."""
    made = spectrum(bands, title)
    values = np.round(made.absorbance * 1e4).astype(int)
    starts = range(0, len(made), 10)
    lines = (
        f"{made.wavenumber[i]:.1f} " + " ".join(map(str, values[i : i + 10].tolist()))
        for i in starts
    )
    header = {
        "TITLE": title,
        "JCAMP-DX": "4.24",
        "DATA TYPE": "INFRARED SPECTRUM",
        "STATE": "gas",
        "XUNITS": "1/CM",
        "YUNITS": "ABSORBANCE",
        "XFACTOR": "1.0",
        "YFACTOR": "0.0001",
        "FIRSTX": "600.0",
        "LASTX": "3800.0",
        "DELTAX": "2.0",
        "FIRSTY": f"{values[0] * 1e-4:.4f}",
        "NPOINTS": str(len(made)),
    }
    head = "".join(f"##{label}={value}\n" for label, value in header.items())
    return head + "##XYDATA=(X++(Y..Y))\n" + "\n".join(lines) + "\n##END=\n"
