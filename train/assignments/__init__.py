"""Assignments of bands, measured on spectra of known structure."""
