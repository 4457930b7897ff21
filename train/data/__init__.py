"""Spectra and structures -> the dataset, its folds and its splits."""
