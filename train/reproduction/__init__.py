"""The figures and tables of Rieger et al. 2023, from our fits."""
