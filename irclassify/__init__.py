"""Functional groups from infrared spectra, with the wavenumbers that are the evidence."""

__version__ = "0.1.0"
