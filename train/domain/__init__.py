"""What the models do not know: corrupted and foreign spectra, and the detector of them."""
