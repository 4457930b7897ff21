"""A local page to drop spectra on, and a folder that is watched."""
