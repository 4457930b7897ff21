"""What Rieger et al. 2023 published, for comparison.

Table 1 as its authors keep it (github.com/laura-rieger/SpectraML-Classification,
eval_notebooks/final.latex): share of the spectra, F1, AUC, accuracy, precision, recall. The mean of
its F1 is the 0.828 that others quote.
"""

from __future__ import annotations

MEASURES = ("f1", "auc", "accuracy", "precision", "recall")
TABLE_1 = {
    "alkane": (0.68, 0.93, 0.96, 0.90, 0.93, 0.92),
    "methyl": (0.64, 0.93, 0.96, 0.90, 0.92, 0.94),
    "alkene": (0.13, 0.77, 0.95, 0.93, 0.76, 0.77),
    "alkyne": (0.02, 0.83, 0.97, 0.99, 0.90, 0.78),
    "alcohol": (0.27, 0.93, 0.98, 0.96, 0.93, 0.92),
    "amine": (0.09, 0.83, 0.97, 0.96, 0.84, 0.83),
    "nitrile": (0.04, 0.67, 0.97, 0.98, 0.72, 0.63),
    "aromatic": (0.57, 0.97, 0.99, 0.97, 0.97, 0.97),
    "alkyl_halide": (0.27, 0.75, 0.92, 0.86, 0.72, 0.78),
    "ester": (0.11, 0.91, 0.98, 0.97, 0.89, 0.93),
    "ketone": (0.09, 0.80, 0.97, 0.96, 0.79, 0.81),
    "aldehyde": (0.02, 0.88, 0.98, 0.99, 0.92, 0.85),
    "carboxylic_acid": (0.07, 0.90, 0.99, 0.98, 0.91, 0.89),
    "ether": (0.24, 0.91, 0.98, 0.95, 0.91, 0.92),
    "acyl_halide": (0.01, 0.59, 0.99, 0.99, 0.54, 0.67),
    "amide": (0.01, 0.53, 0.93, 0.97, 0.50, 0.57),
    "nitro": (0.05, 0.94, 0.99, 0.99, 0.97, 0.92),
}

# (molecular perfection, molecular F1, mean F1 over groups), None where nothing is printed.
TABLE_2 = {
    "Rieger et al. 2023": ("0.589 ± 0.015", "0.896 ± 0.003", "0.828"),
    "Fine et al. 2020": ("0.63", "0.905", ""),
}
