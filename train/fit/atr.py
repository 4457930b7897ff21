"""What a spectrum measured in transmission would look like in attenuated total reflection (ATR).

The bands of an ATR spectrum are not only stronger at low wavenumbers. The refractive index rises
below a strong band and falls above it, and total reflection follows it: strong bands stand some
cm-1 lower and lean to that side. Theory: absorption index from the absorbance of a thin film,
refractive index from it by Kramers and Kronig, reflectance by Fresnel; N. J. Harrick, Internal
Reflection Spectroscopy (1967), chapter II; V. Lucarini et al., Kramers-Kronig Relations in Optical
Materials Research (2005). Unpolarised light, 45 degrees, one reflection.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from irclassify.model.preprocessing import Grid
from train.settings import SETTINGS

GRID = Grid(**SETTINGS["grid"])
POINTS = GRID.points
WAVENUMBER = torch.linspace(GRID.first_cm1, GRID.last_cm1, POINTS)
BELOW = round(GRID.first_cm1 / GRID.spacing_cm1)  # grid points between 0 cm-1 and the grid
HALF = 2048  # grid points from 0 cm-1 on, beyond the grid's end

# Absorption index of the strongest band of an organic compound, and refractive index around it.
STRONGEST = (0.05, 0.6)
AROUND = (1.42, 1.6)
CRYSTALS = ((2.40, 0.8), (4.0, 0.2))  # diamond or ZnSe, germanium: refractive index and share


def attenuated(spectra: Tensor) -> Tensor:
    """Absorbances of thin films (n, points) -> of ATR, at random strengths; maximum 1.

    What is zero was not measured and stays zero.
    """
    n = len(spectra)
    low, high = map(math.log, STRONGEST)
    strongest = torch.exp(low + (high - low) * torch.rand(n, 1))
    index = spectra.clamp(min=0) / WAVENUMBER
    index = strongest * index / index.amax(1, keepdim=True).clamp(min=1e-12)
    around = AROUND[0] + (AROUND[1] - AROUND[0]) * torch.rand(n, 1)
    crystals, shares = zip(*CRYSTALS, strict=True)
    chosen = torch.multinomial(torch.tensor(shares), n, replacement=True)
    crystal = torch.tensor(crystals)[chosen][:, None]
    absorbance = reflected(torch.complex(around + dispersion(index), index), crystal)
    absorbance = (absorbance - absorbance.amin(1, keepdim=True)) * (spectra > 0)
    return absorbance / absorbance.amax(1, keepdim=True).clamp(min=1e-12)


def dispersion(index: Tensor) -> Tensor:
    """What absorption indices (n, points) add to the refractive index, by Kramers and Kronig."""
    whole = torch.zeros(len(index), 2 * HALF)
    whole[:, BELOW : BELOW + POINTS] = index
    whole[:, -(BELOW + POINTS) + 1 : -BELOW + 1] = -index.flip(1)  # odd in the wavenumber
    half = torch.fft.rfft(whole) * -1j
    half[:, 0] = 0
    return -torch.fft.irfft(half, n=2 * HALF)[:, BELOW : BELOW + POINTS]


def reflected(sample: Tensor, crystal: Tensor) -> Tensor:
    """ATR absorbance, -lg R, of complex refractive indices (n, points) on crystals (n, 1)."""
    cosine = math.sqrt(0.5)
    below = torch.sqrt(sample**2 - crystal**2 * 0.5)
    s = (crystal * cosine - below) / (crystal * cosine + below)
    p = (sample**2 * cosine - crystal * below) / (sample**2 * cosine + crystal * below)
    return -torch.log10((s.abs() ** 2 + p.abs() ** 2) / 2)
