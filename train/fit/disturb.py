"""What instruments and samples do to spectra, at random, on any device.

No step waits for the device, so that a CUDA graph can record it. Causes: wavenumber calibration
(shift and stretch), coarse sampling, line shape, sample thickness and detector (power, saturation),
penetration depth of ATR (a power of the wavenumber), baseline, noise, water vapour and carbon
dioxide, the absorption of diamond, a range that was cut, and sums of two compounds.

``attenuated`` gives what a spectrum measured in transmission would look like in attenuated total
reflection (ATR). Its bands are not only stronger at low wavenumbers. The refractive index rises
below a strong band and falls above it, and total reflection follows it: strong bands stand some
cm-1 lower and lean to that side. Theory: absorption index from the absorbance of a thin film,
refractive index from it by Kramers and Kronig, reflectance by Fresnel; N. J. Harrick, Internal
Reflection Spectroscopy (1967), chapter II; V. Lucarini et al., Kramers-Kronig Relations in Optical
Materials Research (2005). Unpolarised light, 45 degrees, one reflection.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import torch
from torch import Tensor
from torch.nn import functional

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

# Strong lines of water vapour between 500 and 3900 cm-1 (HITRAN), cm-1.
WATER = (
    *(1419, 1436, 1456, 1472, 1489, 1498, 1507, 1517, 1521, 1533, 1540, 1559, 1570, 1576, 1616),
    *(1623, 1635, 1646, 1653, 1662, 1670, 1675, 1684, 1695, 1700, 1706, 1717, 1734, 1740, 1749),
    *(1761, 1772, 1792, 1798, 1810, 1829, 1844, 1868, 1889, 3567, 3587, 3595, 3612, 3629, 3649),
    *(3670, 3675, 3689, 3710, 3726, 3735, 3744, 3750, 3759, 3779, 3801, 3806, 3816, 3821, 3835),
    *(3853, 3865, 3870, 3880, 3891),
)
CARBON_DIOXIDE = ((2361, 9, 1.0), (2338, 11, 0.8), (668, 3, 0.5))  # cm-1, width, height
DIAMOND = (2150, 130)  # cm-1, width of the region in which little light comes back
MIDDLE = POINTS / 2


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


@dataclass(frozen=True)
class Disturbances:
    """How strong each cause is; the shares are of the spectra that it touches.

    ``shift`` and ``stretch``: standard deviations, in grid points and relative to the middle.
    ``tilt``: standard deviation of the exponent of the wavenumber. ``cut``: share of the ATR
    spectra that begin between 550 and 700 cm-1. ``imitated``: share of the condensed-phase spectra
    turned into ATR. ``mixtures``: share of sums of two. ``strength`` scales everything else.
    """

    strength: float
    shift: float
    stretch: float
    tilt: float
    coarse: float
    saturated: float
    air: float
    cut: float
    mixtures: float
    imitated: float

    def __call__(self, spectra: Tensor, atr: Tensor) -> Tensor:
        """(n, points) with maximum 1, ``atr`` (n, 1) 1 where ATR -> the same, disturbed."""
        n, s, d = len(spectra), self.strength, spectra.device
        axis = _axis(str(d))
        measured = (spectra != 0).float()
        x = broadened(self.resampled(spectra)).clamp(min=0)
        power = self.tilt * (0.5 + _normal(n, d)) * some(n, 0.5, d)
        power = torch.where(atr > 0, 0.3 * self.tilt * _normal(n, d), power)
        x = rescaled(x * (axis.wavenumber / 1500) ** -power)
        x = torch.where(_uniform(n, d) < self.saturated, saturated(x), x)
        x = x ** torch.exp(0.2 * s * _normal(n, d))
        bend = 0.03 * s * torch.randn(n, 3, device=d)
        parabola = bend[:, :1] + bend[:, 1:2] * axis.unit + bend[:, 2:] * axis.unit**2
        x = x + parabola * some(n, 0.5, d) + self.noise(x, atr)
        return rescaled(self.cropped((x + self.atmosphere(atr)) * measured, atr))

    def resampled(self, x: Tensor) -> Tensor:
        """Shifted, stretched; some as if sampled every 6 to 8.4 cm-1."""
        n, d = len(x), x.device
        index = _axis(str(d)).index
        place = index + self.shift * _normal(n, d)
        place = place + self.stretch * _normal(n, d) * (index - MIDDLE) * some(n, 0.3, d)
        coarse = some(n, self.coarse, d)
        step = 1 + coarse * (0.5 + 0.6 * _uniform(n, d))
        phase = coarse * _uniform(n, d) * step
        knot = torch.floor((index - phase) / step) * step + phase
        before = interpolated(x, knot + place - index)
        after = interpolated(x, knot + step + place - index)
        return before + (after - before) * (index - knot) / step

    def noise(self, x: Tensor, atr: Tensor) -> Tensor:
        """White noise for half of them; that of diamond for some of ATR."""
        n, d = len(x), x.device
        level = 10 ** (-3 + 1.3 * _uniform(n, d)) * self.strength * some(n, 0.5, d)
        level = level * (1 + 4 * _axis(str(d)).diamond * atr * some(n, 0.4, d))
        return level * torch.randn_like(x)

    def atmosphere(self, atr: Tensor) -> Tensor:
        """Water vapour and carbon dioxide, too much or too little; the bump of diamond."""
        n, d, axis = len(atr), atr.device, _axis(str(atr.device))
        water = 0.04 * _normal(n, d) * some(n, self.air, d) * axis.water
        dioxide = 0.12 * _normal(n, d) * some(n, self.air, d) * axis.dioxide
        return water + dioxide + 0.03 * _normal(n, d) * some(n, self.air, d) * atr * axis.diamond

    def cropped(self, x: Tensor, atr: Tensor) -> Tensor:
        """Some lose an end: zeros, as unmeasured."""
        n, d = len(x), x.device
        index = _axis(str(d)).index
        low = some(n, 0.12, d) * _uniform(n, d) * 75
        cut = some(n, self.cut, d) * (12 + 38 * _uniform(n, d))
        low = torch.where(atr > 0, torch.maximum(low, cut), low)
        high = POINTS - some(n, 0.06, d) * _uniform(n, d) * 200
        return x * ((index >= low) & (index < high))


def mixed(
    spectra: Tensor, truth: Tensor, known: Tensor, share: float
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """A ``share`` gets up to equal parts of the spectrum half a batch away.

    ``truth`` in [0, 1] and ``known`` 0 or 1, both (n, answers): the sum has what either has, in
    part when faint, and is known where both are or where one is certain to have it. Last comes the
    part (n, 1) of the other spectrum.
    """
    n = len(spectra)
    part = 0.5 * _uniform(n, spectra.device) * some(n, share, spectra.device)
    heard = (4 * part).clamp(max=1)  # a quarter of the sum is taken to be recognisable
    both = 1 - (1 - truth) * (1 - truth.roll(n // 2, 0) * heard)
    sum_of_two = (part > 0).float()
    certain = torch.ones_like(known)
    open_too = known * (1 - sum_of_two + sum_of_two * known.roll(n // 2, 0))
    known = torch.where(both > 0.999, certain, open_too)
    spectra = rescaled(spectra * (1 - part) + spectra.roll(n // 2, 0) * part)
    return spectra, both, known, part


def interpolated(x: Tensor, place: Tensor) -> Tensor:
    """(n, points) at places between grid points (n, m), linearly."""
    place = place.clamp(0, POINTS - 1.001)
    left = place.long()
    part = place - left
    return x.gather(1, left) * (1 - part) + x.gather(1, left + 1) * part


def broadened(x: Tensor) -> Tensor:
    """Half of them in part averaged over three grid points."""
    padded = functional.pad(x[:, None], (1, 1), mode="replicate")[:, 0]
    mean = (padded[:, :-2] + 2 * padded[:, 1:-1] + padded[:, 2:]) / 4
    return x + (mean - x) * some(len(x), 0.5, x.device) * _uniform(len(x), x.device)


def saturated(x: Tensor) -> Tensor:
    """As a thick sample with stray light shows them: strong bands lose their tops."""
    depth = 1 + 2 * _uniform(len(x), x.device)
    stray = 10 ** (-2.5 + 1.7 * _uniform(len(x), x.device))
    return rescaled(-torch.log10(10 ** (-depth * x) * (1 - stray) + stray))


def rescaled(x: Tensor) -> Tensor:
    """Maximum 1 again; a spectrum with nothing left stays zero."""
    return x / x.amax(1, keepdim=True).clamp(min=1e-4)


def some(count: int, share: float, device: torch.device) -> Tensor:
    """(count, 1) of ones and zeros, ones with probability ``share``."""
    return (_uniform(count, device) < share).float()


def _uniform(count: int, device: torch.device) -> Tensor:
    return torch.rand(count, 1, device=device)


def _normal(count: int, device: torch.device) -> Tensor:
    return torch.randn(count, 1, device=device)


@dataclass(frozen=True)
class _Axis:
    index: Tensor
    unit: Tensor  # -1 to 1
    wavenumber: Tensor
    water: Tensor
    dioxide: Tensor
    diamond: Tensor


@cache
def _axis(device: str) -> _Axis:
    index = torch.arange(float(POINTS))
    heights = 0.4 + 0.6 * torch.rand(len(WATER), generator=torch.Generator().manual_seed(0))
    water = sum(h * _bell(w, 4) for h, w in zip(heights, WATER, strict=True))
    dioxide = sum(height * _bell(w, width) for w, width, height in CARBON_DIOXIDE)
    unit, water = (index - MIDDLE) / MIDDLE, water / water.max()
    tensors = (index, unit, WAVENUMBER, water, dioxide, _bell(*DIAMOND))
    return _Axis(*(tensor.to(device) for tensor in tensors))


def _bell(centre: float, width: float) -> Tensor:
    return torch.exp(-0.5 * ((WAVENUMBER - centre) / width) ** 2)
