"""Answers to very many spectra as files: Parquet, Arrow, NumPy, pictures of maps."""
