"""How far the explanations can be trusted, measured on held-out spectra."""
